package link

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Reference is an expression of a step, with the place and the phase in which it
// is evaluated.
type Reference struct {
	*expression.Expression
	At    source.Position
	Phase Phase
}

// check judges what an expression in a string refers to: a declared input, a step,
// its declared output, and so on. What does not exist can never have a value.
func (at *site) check(r expression.Reference, in *source.Value) {
	place := in.Offset(r.Offset)
	names := at.names(r)
	at.departures(r, in, names)
	if at.step != nil {
		at.step.References = append(at.step.References, Reference{r.Expression, place, at.Phase})
	}
	switch r.Root {
	case expression.Inputs:
		at.checkName(r, place, "arazzo/unknown-input", "input", owner(at.workflow), names)
	case expression.Outputs:
		at.checkOutputs(r, place, names)
	case expression.Steps:
		at.checkStep(r, place, names)
	case expression.Workflows:
		at.checkWorkflow(r, place, names)
	case expression.SourceDescriptions:
		if at.source(r.ID, place) != nil {
			at.checkName(r, place, "arazzo/unknown-field", "field", fmt.Sprintf("the source %q", r.ID), names)
		}
	case expression.Components:
		at.report(&source.Diagnostic{
			Code: "arazzo/no-value-here", Position: place, Message: r.Text + " is a component, and no value",
			Expected: "a reference to it from a list of parameters or actions: {reference: " + r.Text + "}",
		})
	case expression.Self:
	default:
		at.checkExchange(r, place)
	}
}

// names are those that exist where the expression looks: the inputs, the outputs
// of the step, and so on.
func (at *site) names(r expression.Reference) []string {
	switch r.Root {
	case expression.Inputs:
		return inputNames(at.workflow)
	case expression.Outputs:
		if at.outputsOf() != nil {
			return outputNames(at.outputsOf().Workflow.Outputs)
		}
	case expression.Steps:
		if s := at.workflow.Step(r.ID); s != nil {
			// What a called workflow gives can be seen without a map of its own (S-215).
			return append(outputNames(s.Step.Outputs), calledOutputs(s)...)
		}
	case expression.Workflows:
		if w, ok := at.document().Workflow(r.ID); ok && r.Part == "inputs" {
			return namesOf(declaredInputs(at.document().Root, w.Inputs))
		} else if ok {
			return outputNames(w.Outputs)
		}
	case expression.SourceDescriptions:
		return []string{"url", "name", "type"}
	}
	return nil
}

func owner(w *Workflow) string { return fmt.Sprintf("the workflow %q", w.WorkflowID) }

// checkName looks for the name, or for a beginning of it that a member of the
// value may follow (S-189).
func (at *site) checkName(r expression.Reference, place source.Position, code, what, owner string, names []string) {
	if _, _, ok := r.Split(names); ok || r.Name == "" {
		return
	}
	expected := fmt.Sprintf("%s has no %ss", owner, what)
	if len(names) > 0 {
		expected = oneOf(names)
	}
	at.report(&source.Diagnostic{
		Code: code, Position: place, Message: fmt.Sprintf("%s has no %s %q", owner, what, r.Name),
		Expected: expected, Fix: didYouMean(r.Name, names),
	})
}

func (at *site) checkStep(r expression.Reference, place source.Position, names []string) {
	s := at.workflow.Step(r.ID)
	if s == nil {
		at.unknownStep(at.workflow, r.ID, place)
		return
	}
	at.checkName(r, place, "arazzo/unknown-output", "output", fmt.Sprintf("the step %q", r.ID), names)
	if at.Phase == Judging && at.step == s {
		at.report(&source.Diagnostic{
			Code: "arazzo/own-outputs", Severity: source.Warning, Position: place,
			Message:  fmt.Sprintf("%s is what the step's last visit came to: its outputs are evaluated after its criteria", r.Text),
			Expected: "what the response says, such as $response.body#/…",
		})
	}
}

func calledOutputs(s *Step) []string {
	if s.Called == nil {
		return nil
	}
	return outputNames(s.Called.Workflow.Outputs)
}

// outputsOf is the workflow whose outputs $outputs means: the one that the step
// has called (S-190), else the site's own. It is nil where that is unknown.
func (at *site) outputsOf() *Workflow {
	if at.step != nil && at.step.WorkflowID != "" && at.Phase != Building {
		return at.step.Called
	}
	return at.workflow
}

// checkOutputs judges $outputs. The workflow's own are evaluated when it ends, and
// would be null in a step.
func (at *site) checkOutputs(r expression.Reference, place source.Position, names []string) {
	w := at.outputsOf()
	if w == nil {
		return
	}
	if at.step != nil && w == at.workflow {
		at.report(&source.Diagnostic{
			Code: "arazzo/no-outputs-here", Position: place, Message: fmt.Sprintf("%s has no value before the workflow ends", r.Text),
			Expected: "an input, or an output of a step: $steps.ID.outputs.NAME",
		})
	}
	at.checkName(r, place, "arazzo/unknown-output", "output", owner(w), names)
}

func (at *site) checkWorkflow(r expression.Reference, place source.Position, names []string) {
	if _, ok := at.document().Workflow(r.ID); !ok {
		ids := workflowIDs(at.document())
		at.report(&source.Diagnostic{
			Code: "arazzo/unknown-workflow", Position: place, Message: fmt.Sprintf("the document has no workflow %q", r.ID),
			Expected: oneOf(ids), Fix: didYouMean(r.ID, ids),
		})
		return
	}
	code, what := "arazzo/unknown-output", "output"
	if r.Part == "inputs" {
		code, what = "arazzo/unknown-input", "input"
	}
	at.checkName(r, place, code, what, fmt.Sprintf("the workflow %q", r.ID), names)
}

// checkExchange refuses to look at a request, response or message where there is
// none: while it is built, in the outputs of a workflow, and in a step that calls
// something else.
func (at *site) checkExchange(r expression.Reference, place source.Position) {
	where := ""
	switch {
	case at.step == nil:
		where = "in the outputs of a workflow"
	case at.Phase == Building:
		where = "while the request is built"
	case at.step.WorkflowID != "":
		where = "in a step that calls a workflow"
	case at.step.Message != nil && r.Root != expression.Message:
		where = "in a step that sends or receives a message"
	case at.step.Message == nil && at.step.Operation != nil && r.Root == expression.Message:
		where = "in a step that calls an HTTP operation"
	}
	// An action of the workflow serves steps of every kind: where it asks for what
	// this step does not have, it does not match.
	if where == "" || at.inherited {
		return
	}
	at.report(&source.Diagnostic{
		Code: "arazzo/no-response-here", Position: place, Message: fmt.Sprintf("%s has no value %s", r.Text, where),
		Expected: "an input, or an output of a step: $steps.ID.outputs.NAME",
	})
}

func outputNames(outputs []arazzo.Output) []string {
	var names []string
	for _, o := range outputs {
		names = append(names, o.Name)
	}
	return names
}

// departures reports what an expression has beyond the grammar (D5 to D8).
func (at *site) departures(r expression.Reference, in *source.Value, names []string) {
	for _, d := range r.Departures(names) {
		x := &source.Diagnostic{
			Code: "arazzo/" + string(d.Kind), Severity: source.Warning,
			Position: in.Offset(r.Offset + d.Offset), Expected: d.Instead,
		}
		if d.Instead != "" {
			x.Edit = in.EditAt(r.Offset+d.Offset, d.Found, d.Instead)
		}
		switch d.Kind {
		case expression.BareExpression:
			x.Message = fmt.Sprintf("the expression %s stands in text without braces", r.Text)
		case expression.DottedAccess:
			x.Message = fmt.Sprintf("%s reaches into the value with a dot or an index", r.Text)
			x.Expected = "a JSON Pointer: " + d.Instead
		case expression.WholeObject:
			x.Severity, x.Message = source.Info, fmt.Sprintf("%s names no one of them, but all at once", r.Text)
			x.Expected = r.Text + ".NAME"
		case expression.PointerBraces:
			if at.document().Minor() == 0 {
				continue
			}
			x.Severity, x.Message = source.Info, fmt.Sprintf("the pointer of %s has braces, which the grammar of Arazzo 1.1 leaves out", r.Text)
		}
		at.report(x)
	}
}
