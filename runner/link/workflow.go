package link

import (
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Workflow is a workflow with everything that it refers to.
type Workflow struct {
	*arazzo.Workflow
	Document *description.Document
	// Inputs are those that the schema declares, through $ref and allOf.
	Inputs []Input
	// Schema judges the inputs; nil where the workflow has none, or a wrong one.
	Schema *jsonschema.Schema
	// DependsOn are the workflows that have to have completed before (S-042).
	DependsOn []*Workflow
	// Steps are in the order of execution, which is the document's unless dependsOn
	// asks for another (S-066).
	Steps   []*Step
	Outputs []Output
}

// Step is the step of that id, or nil.
func (w *Workflow) Step(id string) *Step {
	for _, s := range w.Steps {
		if s.StepID == id {
			return s
		}
	}
	return nil
}

// input is the declared input of that name.
func (w *Workflow) input(name string) (Input, bool) {
	for _, i := range w.Inputs {
		if i.Name == name {
			return i, true
		}
	}
	return Input{}, false
}

func (l *Linker) link(w *Workflow) {
	l.inputs(w)
	for _, s := range w.Workflow.Steps {
		w.Steps = append(w.Steps, &Step{Step: s, Workflow: w})
	}
	for _, v := range w.Workflow.DependsOn {
		text, _ := v.Text()
		if other := l.named(w.Document, text, v.Position); other != nil {
			w.DependsOn = append(w.DependsOn, other)
		}
	}
	for _, s := range w.Steps {
		l.step(s)
	}
	w.order()
	l.unusable(w)
	at := &site{Linker: l, workflow: w}
	w.Outputs = at.outputs(w.Workflow.Outputs)
}

// unusable judges the workflow's parameters that no step takes: those without a
// place are inputs of the workflows that its steps call (S-046).
func (l *Linker) unusable(w *Workflow) {
	for _, p := range w.Parameters {
		taken := false
		for _, s := range w.Steps {
			taken = taken || (p.In == "") == (s.WorkflowID != "")
		}
		if !taken {
			l.report(&source.Diagnostic{
				Code: "arazzo/unused-parameter", Severity: source.Warning, Position: p.Position(),
				Message:  "no step of the workflow takes the parameter " + p.Name,
				Expected: "with in for steps that call an operation, without it for those that call a workflow", Fix: "remove it",
			})
		}
	}
}
