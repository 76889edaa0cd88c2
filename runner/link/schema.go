package link

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// visit walks a schema through $ref within the document and allOf. A schema that
// leads back to itself is visited once.
func visit(root, schema *source.Value, see func(*source.Value)) {
	seen := map[*source.Value]bool{nil: true}
	var walk func(v *source.Value)
	walk = func(v *source.Value) {
		if seen[v] {
			return
		}
		seen[v] = true
		walk(follow(root, v.Get("$ref")))
		if all := v.Get("allOf"); all != nil {
			for _, part := range all.Items {
				walk(part)
			}
		}
		see(v)
	}
	walk(schema)
}

// declaredInputs lists the inputs that a schema declares.
func declaredInputs(root, schema *source.Value) []Input {
	var found []Input
	visit(root, schema, func(v *source.Value) {
		if properties := v.Get("properties"); properties != nil {
			for _, m := range properties.Members {
				found = append(found, Input{Name: m.Key, Position: m.Position, Schema: m.Value, root: root})
			}
		}
	})
	return found
}

func requiredInputs(root, schema *source.Value) []string {
	var names []string
	visit(root, schema, func(v *source.Value) {
		if required := v.Get("required"); required != nil {
			for _, item := range required.Items {
				name, _ := item.Text()
				names = append(names, name)
			}
		}
	})
	return names
}

func namesOf(inputs []Input) []string {
	var names []string
	for _, i := range inputs {
		names = append(names, i.Name)
	}
	return names
}

func inputNames(w *Workflow) []string { return namesOf(w.Inputs) }

// maxReferences bounds a chain of $ref.
const maxReferences = 20

// follow finds the value that a local reference such as
// #/components/inputs/page points at, or nil. A plain name is an $anchor of one
// of the document's input schemas (S-026).
func follow(root, reference *source.Value) *source.Value {
	text, _ := reference.Text()
	fragment, ok := strings.CutPrefix(text, "#")
	if !ok || fragment == "" {
		return nil
	}
	if fragment[0] != '/' {
		return anchored(root.Get("components").Get("inputs"), fragment)
	}
	pointer, err := expression.ParsePointer(fragment)
	if err != nil {
		return nil
	}
	target := root
	for _, token := range pointer {
		target = target.Get(token)
	}
	return target
}

// anchored finds the schema with that $anchor.
func anchored(v *source.Value, name string) *source.Value {
	if v == nil {
		return nil
	}
	if text, _ := v.Get("$anchor").Text(); text == name {
		return v
	}
	for _, m := range v.Members {
		if found := anchored(m.Value, name); found != nil {
			return found
		}
	}
	return nil
}

func typesOf(t *source.Value) []string {
	if text, ok := t.Text(); ok {
		return []string{text}
	}
	var types []string
	if t != nil {
		for _, item := range t.Items {
			text, _ := item.Text()
			types = append(types, text)
		}
	}
	return types
}

// closed refuses every schema that is not in the document: inputs are judged
// without reading files or the network.
type closed struct{}

func (closed) Load(url string) (any, error) {
	return nil, fmt.Errorf("the schema %s is outside the document", url)
}

// documentURL names the document among the schemas. It leads nowhere.
const documentURL = "arazzo:///document"

// compile makes a judge of the workflow's inputs, by JSON Schema 2020-12. Its
// references may point into the document.
func compile(w *Workflow) (*jsonschema.Schema, error) {
	shared := w.Document.Root.Get("components").Get("inputs")
	if n := Immense([]any{w.Workflow.Inputs.Data(), shared.Data()}); n != "" {
		return nil, fmt.Errorf("the number %.40s is too large, or too close to zero, to be compared", n)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.UseLoader(closed{})
	if err := compiler.AddResource(documentURL, w.Document.Root.Data()); err != nil {
		return nil, err
	}
	for i, candidate := range w.Document.Root.Get("workflows").Items {
		if candidate.Get("inputs") == w.Workflow.Inputs {
			return compiler.Compile(fmt.Sprintf("%s#/workflows/%d/inputs", documentURL, i))
		}
	}
	return nil, errors.New("the workflow is not in the document")
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

// oneLine joins the lines of an error that lists its causes.
func oneLine(err error) string {
	var lines []string
	for line := range strings.Lines(err.Error()) {
		lines = append(lines, strings.TrimLeft(strings.TrimSpace(line), "- "))
	}
	return strings.Join(lines, "; ")
}
