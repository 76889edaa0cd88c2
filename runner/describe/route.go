package describe

import (
	"slices"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/secret"
)

// leads is where an action of the step goes.
func (s *survey) leads(step *link.Step, a *link.Action, failure bool) string {
	switch a.Type {
	case arazzo.End:
		if failure {
			return "→ the workflow fails" // S-120
		}
		return "→ the workflow ends"
	case arazzo.Goto:
		return "→ " + s.aim(step, a)
	case arazzo.Retry:
		return "↻ " + s.again(step, a)
	default:
		return "→ unknown type " + strconv.Quote(string(a.Type))
	}
}

// aim is the step or workflow that an action names. A goto to a step that does
// not come later has an arrow up.
func (s *survey) aim(step *link.Step, a *link.Action) string {
	switch {
	case a.Step != nil:
		steps := step.Workflow.Steps
		if a.Type == arazzo.Goto && !a.Inherited && slices.Index(steps, a.Step) <= slices.Index(steps, step) {
			return short(a.Step.StepID) + " ↑"
		}
		return short(a.Step.StepID)
	case a.Workflow != nil:
		return "workflow " + short(a.Workflow.WorkflowID) + s.of(a.Workflow, step.Workflow.Document) + with(step.Workflow.Document, a.Parameters)
	case a.StepID != "":
		return short(a.StepID) + ": not found"
	case a.WorkflowID != "":
		return "workflow " + short(a.WorkflowID) + ": not found"
	default:
		return "nowhere"
	}
}

// with is what an action gives to the workflow that it goes to.
func with(d *description.Document, given []link.Parameter) string {
	var list []string
	for _, p := range given {
		list = append(list, short(p.Name)+" "+flow(d.Document, p.Parameter.Value, secret.Named(p.Name)))
	}
	if len(list) == 0 {
		return ""
	}
	return " with " + strings.Join(list, ", ")
}

// again is when and how often a step is tried again.
func (s *survey) again(step *link.Step, a *link.Action) string {
	text := "at once"
	if a.After > 0 {
		text = "after " + strconv.FormatFloat(a.After.Seconds(), 'f', -1, 64) + " s"
	}
	switch a.Limit {
	case 0:
		return "never: its retryLimit is 0"
	case 1:
		text += ", at most once"
	default:
		text += ", at most " + strconv.Itoa(a.Limit) + " times"
	}
	if a.WorkflowID != "" || a.StepID != "" && a.Step != step {
		text += ", by way of " + s.aim(step, a)
	}
	return text
}
