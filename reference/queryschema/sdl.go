package queryschema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// SDL is the query schema in GraphQL's schema definition language, the same text for
// the same schema. GraphQL has no unions of input types: where several are taken, the
// text has the one that says most, and in a description what else there may be. See
// sdl_input.go.
//
// What has no name in GraphQL, as a table of an unusual name, is left out.
func SDL(schema *prisma.Schema) string {
	w := &sdl{
		types: newTypes(schema), names: map[any]string{}, taken: map[string]bool{},
		given: map[*inputObject]bool{}, answered: map[*outputObject]bool{},
	}
	for _, name := range []string{"Query", "Mutation", "Int", "Float", "String", "Boolean", "ID"} {
		w.taken[name] = true
	}
	w.scalars()
	for _, model := range schema.Models {
		w.output(outputType{object: w.types.record(model)}, false)
	}
	w.roots(ast.Query)
	w.roots(ast.Mutation)
	// What is written names more.
	for len(w.waiting) > 0 {
		write := w.waiting[0]
		w.waiting = w.waiting[1:]
		write()
	}
	return w.text.String()
}

// sdl is the text in the making: each type is written once, after it was first named.
type sdl struct {
	types   *types
	text    strings.Builder
	names   map[any]string
	taken   map[string]bool
	waiting []func()
	// given and answered tell which objects have members.
	given    map[*inputObject]bool
	answered map[*outputObject]bool
}

// name is what a type is called, and nothing else is. When it is new, write is put on
// the list.
func (w *sdl) name(of any, wanted string, write func(name string)) string {
	if name, ok := w.names[of]; ok {
		return name
	}
	for w.taken[wanted] {
		wanted += "_"
	}
	w.names[of], w.taken[wanted] = wanted, true
	w.waiting = append(w.waiting, func() { write(wanted) })
	return wanted
}

// isName tells whether a name is one in GraphQL, October 2021, section 2.1.9. Those
// that begin with two underscores are its own.
func isName(name string) bool {
	if name == "" || strings.HasPrefix(name, "__") || name[0] >= '0' && name[0] <= '9' {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// block writes a type.
func (w *sdl) block(head, description string, members []string) {
	if description != "" {
		fmt.Fprintf(&w.text, "%q\n", description)
	}
	fmt.Fprintf(&w.text, "%s {\n  %s\n}\n\n", head, strings.Join(members, "\n  "))
}

// scalars writes those that GraphQL does not have.
func (w *sdl) scalars() {
	for _, s := range [][2]string{
		{"BigInt", "A whole number within 64 bits: given as a number or a string, answered as a string."},
		{"Bytes", "A string of base64."},
		{"DateTime", "A string of RFC 3339."},
		{"Decimal", "A number: given as a number or a string, answered as a string."},
		{"Json", "A string of JSON text."},
	} {
		w.taken[s[0]] = true
		fmt.Fprintf(&w.text, "%q\nscalar %s\n\n", s[1], s[0])
	}
}

func (w *sdl) roots(operation ast.Operation) {
	var fields []string
	for _, f := range w.types.ordered {
		if f.operation != operation || !isName(f.name) {
			continue
		}
		if output, ok := w.output(f.output, f.isRequired); ok {
			fields = append(fields, f.name+w.arguments(f.arguments)+": "+output)
		}
	}
	// Of a schema without a name there is nothing to ask but raw SQL, and GraphQL wants
	// a query.
	if len(fields) == 0 {
		fields = []string{"_: Boolean"}
	}
	w.block("type "+capital(string(operation)), "", fields)
}

// output is the type of an answer. It is not ok where nothing in it has a name.
func (w *sdl) output(o outputType, isRequired bool) (string, bool) {
	name := o.scalar
	switch {
	case o.object != nil:
		if !w.answers(o.object) {
			return "", false
		}
		name = w.name(o.object, o.object.name, func(name string) { w.outputObject(name, o.object) })
	case o.enum != nil:
		name = w.enum(o.enum)
	}
	if o.isList {
		name = "[" + name + "!]"
	}
	if isRequired {
		name += "!"
	}
	return name, true
}

func (w *sdl) outputObject(name string, o *outputObject) {
	var fields []string
	for _, f := range o.fields().ordered {
		if !isName(f.name) {
			continue
		}
		if output, ok := w.output(f.output, f.isRequired); ok {
			fields = append(fields, f.name+w.arguments(f.arguments)+": "+output)
		}
	}
	w.block("type "+name, "", fields)
}

// answers tells whether an object has a member with a name. That a record leads to
// another is not enough: that may have nothing but the way back.
func (w *sdl) answers(o *outputObject) bool {
	has, ok := w.answered[o]
	if !ok {
		has = isName(o.name) && slices.ContainsFunc(o.fields().ordered, func(f *outputField) bool {
			return isName(f.name) && (f.output.object == nil || f.relation == nil && w.answers(f.output.object))
		})
		w.answered[o] = has
	}
	return has
}

// enum is the name of an enum, or of text where none of its values has a name.
func (w *sdl) enum(e *enum) string {
	values := slices.DeleteFunc(slices.Clone(e.values), func(v string) bool {
		return !isName(v) || v == "true" || v == "false" || v == "null"
	})
	if len(values) == 0 || !isName(e.name) {
		return string(prisma.String)
	}
	return w.name(e, e.name, func(name string) { w.block("enum "+name, "", values) })
}
