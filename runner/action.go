package runner

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// action is a planned success or failure action.
type action struct {
	*arazzo.Action
	criteria []criterion
	// after is the pause before a retry, limit how many there may be.
	after time.Duration
	limit int
}

// defaultRetries is the number of retries without a retryLimit (S-124).
const defaultRetries = 1

// maxRetryAfter bounds the pause before a retry: a longer one is a mistake, or
// outlives the pipeline that waits for it.
const maxRetryAfter = 24 * time.Hour

// actions plans a step's actions: its own first, then those of the workflow
// that it does not override by name (S-110).
func (c *scoped) actions(own, inherited []*arazzo.Action) []*action {
	given := slices.Clone(own)
	for _, a := range inherited {
		if !slices.ContainsFunc(own, func(o *arazzo.Action) bool { return o.Name == a.Name }) {
			given = append(given, a)
		}
	}
	var planned []*action
	for _, a := range given {
		planned = append(planned, c.action(a))
	}
	return planned
}

func (c *scoped) action(a *arazzo.Action) *action {
	planned := &action{Action: a, criteria: c.criteria(a.Criteria), limit: defaultRetries}
	if a.Type == arazzo.End {
		return planned // it has no target: the reader warned of one
	}
	c.refuse(a.Object, "workflowId", "actions that go to a workflow")
	if a.StepID != "" {
		c.actionStep(a)
	}
	if a.Type == arazzo.Retry {
		c.retry(planned)
	}
	return planned
}

func (c *scoped) retry(a *action) {
	if a.RetryAfter != "" {
		seconds, err := a.RetryAfter.Float64()
		if err != nil || seconds > maxRetryAfter.Seconds() {
			c.wrongRetry(a, "retryAfter", fmt.Sprintf("at most %.0f seconds", maxRetryAfter.Seconds()))
			return
		}
		a.after = time.Duration(seconds * float64(time.Second))
	}
	if a.RetryLimit != "" {
		limit, err := strconv.Atoi(a.RetryLimit.String())
		if err != nil {
			c.wrongRetry(a, "retryLimit", "a number of retries that a run can make")
		}
		a.limit = limit
	}
}

func (c *scoped) wrongRetry(a *action, field, expected string) {
	c.report(&source.Diagnostic{
		Code: "arazzo/wrong-value", Position: a.At(field), Message: fmt.Sprintf("%s is %s", field, a.Field(field).Scalar), Expected: expected,
	})
}

func (c *scoped) actionStep(a *arazzo.Action) {
	if _, ok := c.workflow.Step(a.StepID); !ok {
		ids := stepIDs(c.workflow)
		c.report(&source.Diagnostic{
			Code: "arazzo/goto-unknown-step", Position: a.At("stepId"),
			Message:  fmt.Sprintf("the action %q names the step %q, which the workflow %q does not have", a.Name, a.StepID, c.workflow.WorkflowID),
			Expected: "one of " + list(ids), Fix: cmp.Or(didYouMean(a.StepID, ids), "name one of these, or add the step"),
		})
	}
	if a.Type == arazzo.Retry && a.StepID != c.current.StepID {
		c.refuse(a.Object, "stepId", "another step before a retry")
	}
}

// choose takes the first action whose criteria all hold. A retry whose limit is
// spent gives way to the action after it (S-125). It also tells what the
// criteria of the actions it came by said.
func choose(actions []*action, s *scope, retries map[string]int) (*action, []Considered) {
	var considered []Considered
	for _, a := range actions {
		c := Considered{Name: a.Name, Type: string(a.Type), Taken: true, Criteria: []CriterionResult{}}
		for _, x := range a.criteria {
			verdict := x.holds(s)
			c.Criteria = append(c.Criteria, verdict)
			c.Taken = c.Taken && verdict.Passed
		}
		if a.Type == arazzo.Retry && retries[a.Name] >= a.limit {
			c.Taken, c.Spent = false, true
		}
		considered = append(considered, c)
		if c.Taken {
			return a, considered
		}
	}
	return nil, considered
}

func (a *action) result() *ActionResult {
	if a == nil {
		return nil
	}
	return &ActionResult{Name: a.Name, Type: string(a.Type), Target: a.StepID}
}
