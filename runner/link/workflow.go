package link

import (
	"fmt"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Workflow is a workflow with everything that it refers to.
type Workflow struct {
	*arazzo.Workflow
	Document *description.Document
	// Inputs are those that the schema declares, each once.
	Inputs []Input
	// Schema judges the inputs; nil where the workflow has none, or a wrong one.
	Schema *jsonschema.Schema
	// DependsOn are the workflows that have to have completed before (S-042).
	DependsOn []*Workflow
	// Steps are in the order of execution, which is the document's unless dependsOn
	// asks for another (S-066).
	Steps   []*Step
	Outputs []Output
	// References are the expressions of the outputs.
	References []Reference

	inputs  map[string]Input
	steps   map[string]*Step
	stepIDs []string
	// inputNames and outputNames are what expressions can name.
	inputNames, outputNames *names
	// unresolved are the references of the inputs' schema that lead nowhere.
	unresolved []fault
	led        bool
	// schemas are those of the document.
	schemas *schemas
}

func newWorkflow(d *description.Document, described *arazzo.Workflow, inputs []Input) *Workflow {
	w := &Workflow{
		Workflow: described, Document: d, Inputs: inputs,
		inputs: map[string]Input{}, steps: map[string]*Step{}, outputNames: newNames(outputNames(described.Outputs)),
	}
	var declared []string
	for _, i := range inputs {
		w.inputs[i.Name] = i
		declared = append(declared, i.Name)
	}
	w.inputNames = newNames(declared)
	for _, s := range described.Steps {
		linked := &Step{Step: s, Workflow: w}
		w.Steps = append(w.Steps, linked)
		if w.steps[s.StepID] == nil {
			w.steps[s.StepID] = linked
			w.stepIDs = append(w.stepIDs, s.StepID)
		}
	}
	return w
}

// Step is the step of that id, or nil. Of several with one id, which is an error
// of the document, it is the first.
func (w *Workflow) Step(id string) *Step { return w.steps[id] }

func (l *Linker) link(w *Workflow) {
	l.compile(w)
	for _, v := range w.Workflow.DependsOn {
		text, _ := v.Text()
		if other := l.named(w.Document, text, v.Position); other != nil {
			w.DependsOn = append(w.DependsOn, other)
		}
	}
	// What the steps call is known before any expression is judged: it may be
	// about the outputs of a later step, which a goto came back from.
	for _, s := range w.Steps {
		at := &site{Linker: l, workflow: w, step: s}
		at.target()
	}
	shared := l.shared(w)
	for _, s := range w.Steps {
		l.step(s, shared)
	}
	w.order()
	l.unused(shared.parameters, w)
	at := &site{Linker: l, workflow: w}
	w.Outputs = at.outputs(w.Workflow.Outputs)
}

// shared is what a workflow gives to all of its steps.
type shared struct {
	parameters           []*arazzo.Parameter
	onSuccess, onFailure []*arazzo.Action
}

// maxShared bounds the steps of a workflow times what it gives to each of them:
// all of that is linked, and kept, for every step. Written ones stay below a
// thousand.
const maxShared = 100_000

func (l *Linker) shared(w *Workflow) shared {
	s := shared{w.Parameters, w.SuccessActions, w.FailureActions}
	given := len(s.parameters) + len(s.onSuccess) + len(s.onFailure)
	if given*len(w.Steps) <= maxShared {
		return s
	}
	l.report(&source.Diagnostic{
		Code: "arazzo/document-too-large", Position: w.Position(),
		Message:  fmt.Sprintf("%d parameters and actions of the workflow %q are for each of its %d steps", given, w.WorkflowID, len(w.Steps)),
		Expected: fmt.Sprintf("at most %d in all", maxShared), Fix: "divide the workflow",
	})
	return shared{}
}

// unused judges the workflow's parameters that no step takes: those without a
// place are inputs of the workflows that its steps call (S-046). One without a
// place where no step calls a workflow was reported by the reader.
func (l *Linker) unused(parameters []*arazzo.Parameter, w *Workflow) {
	called := 0
	for _, s := range w.Steps {
		if s.Field("workflowId") != nil {
			called++
		}
	}
	for _, p := range parameters {
		if !isKnown(p) || p.In == "" || called == 0 || called < len(w.Steps) {
			continue
		}
		l.report(&source.Diagnostic{
			Code: "arazzo/unused-parameter", Severity: source.Warning, Position: used(p, ""),
			Message:  fmt.Sprintf("every step of the workflow calls a workflow, and none takes the parameter %s in the %s", p.Name, p.In),
			Expected: "a parameter without in, which becomes an input", Fix: "remove in, or the parameter",
		})
	}
}

// isUncertain tells whether nobody knows which inputs there are: their schema is
// damaged, or lets in what it does not name.
func (w *Workflow) isUncertain() bool {
	inputs := w.Workflow.Inputs
	return len(w.unresolved) > 0 || inputs != nil && (inputs.Kind != source.Object || isOpen(inputs))
}

// Declares tells whether the workflow's schema names the input.
func (w *Workflow) Declares(input string) bool { return w.inputNames.set[input] }

// AcceptsInput tells whether the workflow may be given an input of that name: one
// that it declares, or any where its schema says that it has others.
func (w *Workflow) AcceptsInput(name string) bool {
	return w.Declares(name) || w.Workflow.Inputs != nil && isOpen(w.Workflow.Inputs)
}

// Other is what the workflow's schema says of an input that it does not name; it
// says nothing where several schemas might.
func (w *Workflow) Other(name string) Input {
	input := Input{Name: name, Position: w.At("inputs")}
	patterns, others := w.Workflow.Inputs.Get("patternProperties"), w.Workflow.Inputs.Get("additionalProperties")
	input.in = w.schemas
	switch {
	case patterns == nil && others != nil && others.Kind == source.Object:
		input.Schema = others
	case patterns != nil && len(patterns.Members) == 1 && others == nil:
		input.Schema = patterns.Members[0].Value
	}
	return input
}

// isOpen tells whether a schema says that there are members of other names. One
// that is merely silent about them names all that its author means.
func isOpen(schema *source.Value) bool {
	others := schema.Get("additionalProperties")
	return schema.Get("patternProperties") != nil || others != nil && others.Scalar != false
}
