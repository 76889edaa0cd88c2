package queryschema

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// notation writes the query schema as the captures do that were taken of Prisma's own:
// in the order in which a walk from the root fields, breadth first, comes to a type.
type notation struct {
	text    strings.Builder
	inputs  []*inputObject
	outputs []*outputObject
	enums   []*enum
	seen    map[any]bool
}

func notationOf(t *types) string {
	n := &notation{seen: map[any]bool{}}
	n.enums = append(n.enums, &enum{name: "TransactionIsolationLevel", values: []string{"ReadUncommitted", "ReadCommitted", "RepeatableRead", "Serializable"}})
	for _, operation := range []ast.Operation{ast.Query, ast.Mutation} {
		n.roots(t, operation)
	}
	// Models come before what is made up, each in the order of the walk.
	var models, others strings.Builder
	for i := 0; i < len(n.outputs); i++ {
		o := n.outputs[i]
		to := &others
		if _, ok := t.schema.Model(o.name); ok {
			to = &models
		}
		fmt.Fprintf(to, "type %s { %s }\n", o.name, n.outputFields(o))
	}
	n.text.WriteString(models.String() + others.String())
	for i := 0; i < len(n.inputs); i++ {
		o := n.inputs[i]
		fmt.Fprintf(&n.text, "input %s%s { %s }\n", o.name, limits(o), n.inputFields(o, "; "))
	}
	for _, e := range n.enums {
		fmt.Fprintf(&n.text, "enum %s { %s }\n", e.name, strings.Join(e.values, " "))
	}
	return n.text.String()
}

func (n *notation) roots(t *types, operation ast.Operation) {
	fmt.Fprintf(&n.text, "type %s {\n", capital(string(operation)))
	for _, f := range t.ordered {
		if f.operation != operation {
			continue
		}
		fmt.Fprintf(&n.text, "  %s(%s): %s", f.name, n.inputFields(f.arguments, ", "), n.output(f.output))
		if f.isRequired {
			n.text.WriteString("!")
		}
		n.text.WriteString("\n")
	}
	n.text.WriteString("}\n")
}

func limits(o *inputObject) string {
	if o.least == 0 && o.most == 0 {
		return ""
	}
	return fmt.Sprintf(" /* min %d max %d */", o.least, o.most)
}

func (n *notation) outputFields(o *outputObject) string {
	var fields []string
	for _, f := range o.fields().ordered {
		text := f.name
		if f.arguments != nil {
			text += "(" + n.inputFields(f.arguments, ", ") + ")"
		}
		fields = append(fields, text+": "+n.output(f.output))
	}
	return strings.Join(fields, "; ")
}

func (n *notation) output(o outputType) string {
	name := o.scalar
	if o.object != nil {
		name = o.object.name
		if !n.seen[o.object] {
			n.seen[o.object] = true
			n.outputs = append(n.outputs, o.object)
		}
	}
	if o.isList {
		return "[" + name + "]"
	}
	return name
}

func (n *notation) inputFields(o *inputObject, separator string) string {
	var fields []string
	for _, f := range o.fields().ordered {
		text := f.name
		if f.isRequired {
			text += "!"
		}
		var types []string
		for _, t := range f.types {
			types = append(types, n.input(t))
		}
		fields = append(fields, text+": "+strings.Join(types, " | "))
	}
	return strings.Join(fields, separator)
}

func (n *notation) input(t inputType) string {
	if t.object != nil && !n.seen[t.object.name] {
		n.seen[t.object.name] = true
		n.inputs = append(n.inputs, t.object)
	}
	if t.enum != nil && !t.enum.isModels && !n.seen[t.enum] {
		n.seen[t.enum] = true
		n.enums = append(n.enums, t.enum)
	}
	return t.String()
}
