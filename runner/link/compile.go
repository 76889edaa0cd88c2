package link

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// compile makes a judge of the workflow's inputs, by JSON Schema 2020-12 (S-041).
func (l *Linker) compile(w *Workflow) {
	inputs := w.Workflow.Inputs
	if inputs == nil || inputs.Kind != source.Object && inputs.Kind != source.Boolean {
		return // the reader reported what is no schema
	}
	s := l.schemasOf(w.Document)
	wrong := w.unresolved
	if s.left <= 0 {
		wrong = append(wrong, fault{w.At("inputs"), fmt.Sprintf("the inputs of the document are more than %d schemas", maxListed)})
	}
	if len(wrong) == 0 {
		var err error
		if w.Schema, err = s.compile(inputs); err != nil {
			wrong = s.faults(err, w.At("inputs"))
		}
	}
	for _, f := range wrong {
		l.report(&source.Diagnostic{
			Code: "arazzo/inputs-schema", Position: f.at,
			Message:  fmt.Sprintf("the inputs of the workflow %q are not a valid schema: %s", w.WorkflowID, f.message),
			Expected: "a schema of JSON Schema 2020-12, which refers to schemas of the same document alone",
		})
	}
}

// judge is the library of schemas, with all those of one document.
type judge struct {
	*jsonschema.Compiler
	// number is that of the workflow whose inputs a schema is.
	number map[*source.Value]int
	// immense is a number among the components that cannot be compared.
	immense json.Number
}

// documentURL names the document among the schemas. It leads nowhere.
const documentURL = "arazzo:///document"

// closed refuses every schema that is not in the document.
type closed struct{}

func (closed) Load(url string) (any, error) {
	return nil, fmt.Errorf("the schema %s is outside the document", strings.TrimPrefix(url, "arazzo:///"))
}

func (s *schemas) newJudge() *judge {
	j := &judge{Compiler: jsonschema.NewCompiler(), number: map[*source.Value]int{}}
	j.DefaultDraft(jsonschema.Draft2020)
	j.UseLoader(closed{})
	components := s.data(s.root.Get("components").Get("inputs"))
	j.immense = Immense(components)
	var workflows []any
	if list := s.root.Get("workflows"); list != nil {
		for i, w := range list.Items {
			inputs := w.Get("inputs")
			j.number[inputs] = i
			workflows = append(workflows, map[string]any{"inputs": s.data(inputs)})
		}
	}
	// The URL is one, and new: nothing can go wrong.
	_ = j.AddResource(documentURL, map[string]any{"components": map[string]any{"inputs": components}, "workflows": workflows})
	return j
}

func (s *schemas) compile(inputs *source.Value) (*jsonschema.Schema, error) {
	if s.judge == nil {
		s.judge = s.newJudge()
	}
	n := s.judge.immense
	if n == "" {
		n = Immense(inputs.Data())
	}
	if n != "" {
		return nil, fmt.Errorf("the number %.40s is too large, or too close to zero, to be compared", n)
	}
	return s.judge.Compile(fmt.Sprintf("%s#/workflows/%d/inputs", documentURL, s.judge.number[inputs]))
}

// data is a schema's plain value. The library looks for an $anchor in what it
// knows to be a schema, and the document is none: references by anchor are
// written as pointers, and the anchors left out. Under an $id it finds them.
func (s *schemas) data(v *source.Value) any {
	switch {
	case v == nil:
		return nil
	case v.Kind == source.Array:
		list := make([]any, len(v.Items))
		for i, item := range v.Items {
			list[i] = s.data(item)
		}
		return list
	case v.Kind != source.Object || v.Get("$id") != nil:
		return v.Data()
	}
	object := make(map[string]any, len(v.Members))
	for _, m := range v.Members {
		text, isText := m.Value.Text()
		name, isFragment := strings.CutPrefix(text, "#")
		switch anchor := s.anchors[name]; {
		case m.Key == "$anchor" && isText:
		case m.Key == "$ref" && isFragment && anchor.schema != nil:
			object[m.Key] = "#" + fragment(anchor.pointer)
		default:
			object[m.Key] = s.data(m.Value)
		}
	}
	return object
}

// Immense finds a number that the library of schemas cannot take: it compares
// fractions, and Go makes none of an exponent beyond a million or so.
func Immense(value any) json.Number {
	switch v := value.(type) {
	case json.Number:
		if _, ok := new(big.Rat).SetString(v.String()); !ok {
			return v
		}
	case []any:
		for _, item := range v {
			if n := Immense(item); n != "" {
				return n
			}
		}
	case map[string]any:
		for _, member := range v {
			if n := Immense(member); n != "" {
				return n
			}
		}
	}
	return ""
}
