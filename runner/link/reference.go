package link

import (
	"fmt"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Reference is an expression of a step, or of a workflow's outputs, with the place
// and the phase in which it is evaluated.
type Reference struct {
	*expression.Expression
	At    source.Position
	Phase Phase
	// Inherited tells that it stands in an action of the workflow.
	Inherited bool
}

// check judges what an expression in a string refers to: a declared input, a step,
// its declared output, and so on. What does not exist can never have a value.
func (at *site) check(r expression.Reference, in *source.Value) {
	place := in.Offset(r.Offset)
	names := at.names(r)
	at.departures(r, in, names)
	at.keep(Reference{r.Expression, place, at.Phase, at.inherited})
	switch r.Root {
	case expression.Inputs:
		at.checkInput(r, place, at.workflow)
	case expression.Outputs:
		at.checkOutputs(r, place)
	case expression.Steps:
		at.checkStep(r, place, names)
	case expression.Workflows:
		at.checkWorkflow(r, place)
	case expression.SourceDescriptions:
		at.checkSource(r, place)
	case expression.Components:
		at.report(&source.Diagnostic{
			Code: "arazzo/no-value-here", Position: place, Message: r.Text + " is a component, and no value",
			Expected: "a reference to it from a list of parameters or actions: {reference: " + r.Text + "}",
		})
	case expression.Self:
		if at.document().Minor() == 0 {
			at.later("the expression "+r.Text, place)
		}
	default:
		at.checkExchange(r, place)
	}
}

// later refuses in a document of 1.0 what came with 1.1 (S-001).
func (at *site) later(what string, place source.Position) {
	at.report(&source.Diagnostic{
		Code: "arazzo/later-version", Position: place, Message: what + " came with Arazzo 1.1",
		Expected: "what Arazzo 1.0 has", Fix: "write arazzo: 1.1.0, or do without it",
	})
}

func (at *site) keep(r Reference) {
	if at.step != nil {
		at.step.References = append(at.step.References, r)
	} else {
		at.workflow.References = append(at.workflow.References, r)
	}
}

// names are those that exist where the expression looks: the inputs, the outputs
// of the step, and so on. They are nil where that is not known.
func (at *site) names(r expression.Reference) *names {
	switch r.Root {
	case expression.Inputs:
		return at.workflow.inputNames
	case expression.Outputs:
		if w := at.outputsOf(); w != nil {
			return w.outputNames
		}
	case expression.Steps:
		if s := at.workflow.Step(r.ID); s != nil {
			return s.outputs()
		}
	case expression.Workflows:
		if w := at.ofWorkflow(r.ID); w != nil && r.Part == "inputs" {
			return w.inputNames
		} else if w != nil {
			return w.outputNames
		}
	}
	return nil
}

// ofWorkflow is a workflow of the document, not necessarily linked, or nil.
func (at *site) ofWorkflow(id string) *Workflow {
	if w := at.index().workflows[id]; w != nil {
		return at.described(at.document(), w)
	}
	return nil
}

// checkName looks for the name, or for a beginning of it that a member of the
// value may follow (S-189).
func (at *site) checkName(r expression.Reference, place source.Position, code, what, owner string, known *names) {
	if r.Name == "" || len(known.meant(r.Expression)) > 0 {
		return
	}
	at.report(&source.Diagnostic{
		Code: code, Position: place, Message: fmt.Sprintf("%s has no %s %q", owner, what, r.Name),
		Expected: oneOfIts(owner, what, known.list), Fix: at.didYouMean(r.Name, known.list),
	})
}

// checkInput judges $inputs, and the inputs of another workflow. Where their
// schema is damaged nobody knows which there are.
func (at *site) checkInput(r expression.Reference, place source.Position, w *Workflow) {
	if !w.isUncertain() {
		at.checkName(r, place, "arazzo/unknown-input", "input", owner(w), w.inputNames)
	}
}

func (at *site) checkStep(r expression.Reference, place source.Position, known *names) {
	s := at.workflow.Step(r.ID)
	if s == nil {
		at.unknownStep(at.workflow, r.ID, place)
		return
	}
	if s.WorkflowID == "" || s.Called != nil { // else what it would give is not known
		at.checkName(r, place, "arazzo/unknown-output", "output", fmt.Sprintf("the step %q", r.ID), known)
	}
	if at.Phase == Judging && at.step == s && !at.inherited {
		at.report(&source.Diagnostic{
			Code: "arazzo/own-outputs", Severity: source.Warning, Position: place,
			Message:  fmt.Sprintf("%s is what the step's last visit came to: its outputs are evaluated after its criteria", r.Text),
			Expected: "what the response says, such as $response.body#/…",
		})
	}
}

// outputsOf is the workflow whose outputs $outputs means: the one that the step
// has called (S-190), else the site's own. It is nil where that is unknown.
func (at *site) outputsOf() *Workflow {
	if at.hasCalled() {
		return at.step.Called
	}
	return at.workflow
}

// hasCalled tells whether the step has called a workflow by now.
func (at *site) hasCalled() bool {
	return at.step != nil && at.step.WorkflowID != "" && at.Phase != Building
}

// checkOutputs judges $outputs. The workflow's own are evaluated when it ends, and
// would be null in a step. In an action of the workflow it depends on the step
// which they are.
func (at *site) checkOutputs(r expression.Reference, place source.Position) {
	w := at.outputsOf()
	if w == nil || at.inherited {
		return
	}
	if at.step != nil && !at.hasCalled() {
		at.report(&source.Diagnostic{
			Code: "arazzo/no-outputs-here", Position: place, Message: fmt.Sprintf("%s has no value before the workflow ends", r.Text),
			Expected: "an input, or an output of a step: $steps.ID.outputs.NAME",
		})
		return
	}
	at.checkName(r, place, "arazzo/unknown-output", "output", owner(w), w.outputNames)
}

func (at *site) checkWorkflow(r expression.Reference, place source.Position) {
	w := at.ofWorkflow(r.ID)
	switch {
	case w == nil:
		ids := at.index().workflowIDs
		at.report(&source.Diagnostic{
			Code: "arazzo/unknown-workflow", Position: place, Message: fmt.Sprintf("the document has no workflow %q", r.ID),
			Expected: oneOf(ids), Fix: at.didYouMean(r.ID, ids),
		})
	case r.Part == "inputs":
		at.checkInput(r, place, w)
	default:
		at.checkName(r, place, "arazzo/unknown-output", "output", owner(w), w.outputNames)
	}
}

// checkSource judges $sourceDescriptions: what a name behind the source's means is
// an operation or workflow first, then a field (1.1.0, section 5.7, S-193). Only
// the field is a value.
func (at *site) checkSource(r expression.Reference, place source.Position) {
	fields := []string{"url", "name", "type"}
	in := at.source(r.ID, place)
	if in == nil || slices.Contains(fields, r.Name) {
		return
	}
	d := &source.Diagnostic{
		Code: "arazzo/unknown-field", Position: place, Message: fmt.Sprintf("the source %q has no field %q", r.ID, r.Name),
		Expected: oneOf(fields), Fix: at.didYouMean(r.Name, fields),
	}
	isWorkflow := in.Arazzo != nil && at.Linker.index(in.Arazzo).workflows[r.Name] != nil
	if isWorkflow || slices.Contains(at.index().operations[r.Name], in) {
		d.Code, d.Message, d.Fix = "arazzo/no-value-here", r.Text+" is an operation or a workflow, and no value", ""
	}
	at.report(d)
}
