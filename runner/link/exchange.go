package link

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

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

// departures reports what an expression has beyond the grammar (D5 to D8).
func (at *site) departures(r expression.Reference, in *source.Value, known *names) {
	for _, d := range r.Departures(known.meant(r.Expression)) {
		x := &source.Diagnostic{
			Code: "arazzo/" + string(d.Kind), Severity: source.Warning,
			Position: in.Offset(r.Offset + d.Offset), Expected: d.Instead,
		}
		switch d.Kind {
		case expression.BareExpression:
			x.Message = fmt.Sprintf("the expression %s stands in text without braces", r.Text)
			x.Edit = in.EditAt(r.Offset, r.Text, d.Instead)
		case expression.DottedAccess:
			x.Message = fmt.Sprintf("%s reaches into the value with a dot or an index", r.Text)
			if x.Expected = "a value that nothing reaches into"; d.Instead != "" {
				x.Expected = "a JSON Pointer: " + d.Instead
			}
			if !r.Bare && d.Instead != "" { // without braces the pointer could go on in the text
				x.Edit = in.EditAt(r.Offset, r.Text, d.Instead)
			}
		case expression.WholeObject:
			x.Severity, x.Message = source.Info, fmt.Sprintf("%s names no one of them, but all at once", r.Text)
			whole, _, _ := strings.Cut(r.Text, "#")
			x.Expected = whole + ".NAME"
			if d.Instead != "" {
				x.Expected = d.Instead
				x.Edit = in.EditAt(r.Offset, r.Text, d.Instead)
			}
		case expression.PointerBraces:
			if at.document().Minor() == 0 {
				continue
			}
			x.Severity, x.Message = source.Info, fmt.Sprintf("the pointer of %s has braces, which the grammar of Arazzo 1.1 leaves out", r.Text)
		}
		at.report(x)
	}
}
