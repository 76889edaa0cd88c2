package runner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// check judges what an expression refers to: a declared input, a step, its
// declared output, and so on. What does not exist can never have a value.
func (c *scoped) check(r expression.Reference, at source.Position) {
	if r.Bare {
		c.dialect(&source.Diagnostic{
			Code: "arazzo/bare-expression", Position: at,
			Message:  fmt.Sprintf("the expression %s stands in text without braces", r.Text),
			Expected: "{" + r.Text + "}",
		})
	}
	switch r.Root {
	case expression.Inputs:
		c.checkName(r, at, "arazzo/unknown-input", "input", fmt.Sprintf("the workflow %q", c.workflow.WorkflowID), inputNames(c.root, c.workflow.Inputs))
	case expression.Outputs:
		c.checkOutputs(r, at)
		c.checkName(r, at, "arazzo/unknown-output", "output", fmt.Sprintf("the workflow %q", c.workflow.WorkflowID), outputNames(c.workflow.Outputs))
	case expression.Steps:
		c.checkStep(r, at)
	case expression.Workflows:
		c.checkWorkflow(r, at)
	case expression.SourceDescriptions:
		c.checkSource(r, at)
	case expression.Self, expression.Message, expression.Components:
		c.report(&source.Diagnostic{
			Code: "unsupported", Position: at, Message: fmt.Sprintf("this version of the runner does not evaluate $%s", r.Root),
		})
	case expression.Response, expression.StatusCode, expression.Request, expression.URL, expression.Method:
		c.checkExchange(r, at)
	}
}

// checkName looks for the name, or for a beginning of it that a member of the
// value may follow.
func (c *scoped) checkName(r expression.Reference, at source.Position, code, what, owner string, names []string) {
	if r.Name == "" || slices.Contains(names, r.Name) {
		return
	}
	for end := len(r.Name); end > 0; end = strings.LastIndexAny(r.Name[:end], ".[") {
		if slices.Contains(names, r.Name[:end]) {
			c.checkAccess(r, at, what, r.Name[end:])
			return
		}
	}
	expected := fmt.Sprintf("%s has no %ss", owner, what)
	if len(names) > 0 {
		expected = "one of " + list(names)
	}
	c.report(&source.Diagnostic{
		Code: code, Position: at, Message: fmt.Sprintf("%s has no %s %q", owner, what, r.Name),
		Expected: expected, Fix: didYouMean(r.Name, names),
	})
}

// checkAccess reports a dot or an index that reaches into a value. They belong
// to conditions, not to expressions (S-157, S-189).
func (c *scoped) checkAccess(r expression.Reference, at source.Position, what, access string) {
	if c.phase == judging && c.current != nil {
		return
	}
	c.dialect(&source.Diagnostic{
		Code: "arazzo/dotted-access", Position: at,
		Message:  fmt.Sprintf("%s reaches into the %s with a dot or an index", r.Text, what),
		Expected: "a JSON Pointer: " + pointerForm(r, access),
	})
}

// pointerForm spells an access with dots and indexes as a JSON Pointer.
func pointerForm(r expression.Reference, rest string) string {
	pointer := strings.NewReplacer("].", "/", "][", "/", ".", "/", "[", "/", "]", "").Replace(rest)
	text, own, _ := strings.Cut(r.Text, "#")
	return strings.TrimSuffix(text, rest) + "#" + pointer + own
}

func (c *scoped) checkStep(r expression.Reference, at source.Position) {
	s, ok := c.workflow.Step(r.ID)
	if !ok {
		ids := stepIDs(c.workflow)
		c.report(&source.Diagnostic{
			Code: "arazzo/unknown-step", Position: at,
			Message:  fmt.Sprintf("the workflow %q has no step %q", c.workflow.WorkflowID, r.ID),
			Expected: "one of " + list(ids), Fix: didYouMean(r.ID, ids),
		})
		return
	}
	c.checkName(r, at, "arazzo/unknown-output", "output", fmt.Sprintf("the step %q", r.ID), outputNames(s.Outputs))
	if c.phase == judging && c.current != nil && c.current.StepID == r.ID {
		c.report(&source.Diagnostic{
			Code: "arazzo/own-outputs", Severity: source.Warning, Position: at,
			Message:  fmt.Sprintf("%s is what the step's last visit came to: its outputs are evaluated after its criteria", r.Text),
			Expected: "what the response says, such as $response.body#/…",
		})
	}
}

// checkOutputs refuses the workflow's outputs in its steps: they are evaluated
// when it ends, and would be null.
func (c *scoped) checkOutputs(r expression.Reference, at source.Position) {
	if c.current != nil {
		c.report(&source.Diagnostic{
			Code: "arazzo/no-outputs-here", Position: at, Message: fmt.Sprintf("%s has no value before the workflow ends", r.Text),
			Expected: "an input, or an output of a step: $steps.ID.outputs.NAME",
		})
	}
}

func (c *scoped) checkWorkflow(r expression.Reference, at source.Position) {
	w, ok := c.document.Workflow(r.ID)
	if !ok {
		c.report(&source.Diagnostic{
			Code: "arazzo/unknown-workflow", Position: at, Message: fmt.Sprintf("the document has no workflow %q", r.ID),
			Expected: "one of " + list(c.workflowIDs()), Fix: didYouMean(r.ID, c.workflowIDs()),
		})
		return
	}
	owner := fmt.Sprintf("the workflow %q", r.ID)
	if r.Part == "inputs" {
		c.checkName(r, at, "arazzo/unknown-input", "input", owner, inputNames(c.root, w.Inputs))
		return
	}
	c.checkName(r, at, "arazzo/unknown-output", "output", owner, outputNames(w.Outputs))
}

func (c *scoped) checkSource(r expression.Reference, at source.Position) {
	if c.sourceNamed(r.ID) == nil {
		c.report(&source.Diagnostic{
			Code: "arazzo/unknown-source", Position: at, Message: fmt.Sprintf("the document has no source %q", r.ID),
			Expected: "one of " + c.sourceNames(),
		})
		return
	}
	c.checkName(r, at, "arazzo/unknown-field", "field", fmt.Sprintf("the source %q", r.ID), []string{"url", "name", "type"})
}

// checkExchange refuses to look at a request or response where there is none:
// in the request itself, and in the outputs of a workflow.
func (c *scoped) checkExchange(r expression.Reference, at source.Position) {
	if c.current != nil && c.phase != building {
		if r.Part == "body" && r.Name != "" {
			c.checkAccess(r, at, "body", accessOf(r))
		}
		return
	}
	where := "while the request is built"
	if c.current == nil {
		where = "in the outputs of a workflow"
	}
	c.report(&source.Diagnostic{
		Code: "arazzo/no-response-here", Position: at, Message: fmt.Sprintf("%s has no value %s", r.Text, where),
		Expected: "an input, or an output of a step: $steps.ID.outputs.NAME",
	})
}

// accessOf is what follows the word body.
func accessOf(r expression.Reference) string {
	text, _, _ := strings.Cut(r.Text, "#")
	return text[len(r.Root)+len("$.body"):]
}

func stepIDs(w *arazzo.Workflow) []string {
	var ids []string
	for _, s := range w.Steps {
		ids = append(ids, s.StepID)
	}
	return ids
}

func outputNames(outputs []arazzo.Output) []string {
	var names []string
	for _, o := range outputs {
		names = append(names, o.Name)
	}
	return names
}
