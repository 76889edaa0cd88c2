package link

import (
	"fmt"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Input is what is known of a workflow's input before its schema is asked.
type Input struct {
	Name     string
	Position source.Position
	// Schema is where the input is declared; root its document.
	Schema *source.Value
	root   *source.Value
	// Required tells that the workflow's schema demands the input.
	Required bool
}

// Keyword is the value of a keyword of the input's schema, its own or that of the
// schema it refers to, or nil.
func (i Input) Keyword(name string) *source.Value {
	schema := i.Schema
	for range maxReferences {
		if v := schema.Get(name); v != nil {
			return v
		}
		schema = follow(i.root, schema.Get("$ref"))
	}
	return nil
}

// Member is the member of that name, of an input that is an object.
func (i Input) Member(name string) Input {
	return Input{Name: name, Schema: i.Keyword("properties").Get(name), root: i.root}
}

// Types are the JSON types that the schema names; none where it names none.
func (i Input) Types() []string { return typesOf(i.Keyword("type")) }

// Default is the input's preset, or nil.
func (i Input) Default() *source.Value { return i.Keyword("default") }

// inputs reads what the workflow's schema declares, and compiles it (S-041).
func (l *Linker) inputs(w *Workflow) {
	root := w.Document.Root
	w.Inputs = declaredInputs(root, w.Workflow.Inputs)
	required := requiredInputs(root, w.Workflow.Inputs)
	for i := range w.Inputs {
		w.Inputs[i].Required = slices.Contains(required, w.Inputs[i].Name)
	}
	if w.Workflow.Inputs == nil {
		return
	}
	var err error
	if w.Schema, err = compile(w); err != nil {
		l.report(&source.Diagnostic{
			Code: "arazzo/inputs-schema", Position: w.At("inputs"),
			Message:  fmt.Sprintf("the inputs of the workflow %q are not a valid schema: %s", w.WorkflowID, oneLine(err)),
			Expected: "a schema of JSON Schema 2020-12",
		})
	}
}
