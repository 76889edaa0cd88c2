package runner

import (
	"cmp"
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// choose takes the first action whose criteria all hold. A retry whose limit is
// spent gives way to the action after it (S-125). It also tells what the
// criteria of the actions it came by said.
func (v *visit) choose() (*link.Action, []Considered) {
	actions := v.step.OnSuccess
	if v.result.Status == Failed {
		actions = v.step.OnFailure
	}
	var considered []Considered
	for _, a := range actions {
		if v.bound && !helps(a, v.step) {
			continue
		}
		c := Considered{Name: a.Name, Type: string(a.Type), Taken: true, Criteria: []CriterionResult{}}
		for _, x := range a.Criteria {
			verdict := judged(x, v.seen)
			c.Criteria = append(c.Criteria, verdict)
			c.Taken = c.Taken && verdict.Passed
		}
		if a.Type == arazzo.Retry && v.retries[a.Name] >= a.Limit {
			c.Taken, c.Spent = false, true
		}
		considered = append(considered, c)
		if c.Taken {
			return a, considered
		}
	}
	return nil, considered
}

func actionResult(a *link.Action) *ActionResult {
	if a == nil {
		return nil
	}
	return &ActionResult{Name: a.Name, Type: string(a.Type), Target: cmp.Or(a.StepID, a.WorkflowID)}
}

// unmatched notes that a step has actions for what happened, and none of them
// was taken (D19): the workflow goes on as if there were none.
func (v *visit) unmatched(next *link.Action) source.Diagnostics {
	actions, field, then := v.step.OnSuccess, "onSuccess", "the next step follows"
	if v.result.Status == Failed {
		actions, field, then = v.step.OnFailure, "onFailure", "the workflow fails"
	}
	if next != nil || len(actions) == 0 || v.bound {
		return nil
	}
	return source.Diagnostics{{
		Code: "no-action-matched", Severity: source.Info, Position: v.step.At(field),
		Message: fmt.Sprintf("no action of the step %q matched: %s", v.step.StepID, then),
	}}
}
