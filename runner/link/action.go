package link

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Action is a success or failure action of a step, or one of its workflow that
// serves the step.
type Action struct {
	*arazzo.Action
	Criteria []Criterion
	// Step and Workflow are where the action goes; nil where it goes to none.
	Step     *Step
	Workflow *Workflow
	// Parameters are the inputs of that workflow.
	Parameters []Parameter
	// After is the pause before a retry, Limit how many there may be.
	After time.Duration
	Limit int
	// Inherited tells that the action is the workflow's.
	Inherited bool
}

// defaultRetries is the number of retries without a retryLimit (S-124).
const defaultRetries = 1

// maxRetryAfter bounds the pause before a retry: a longer one is a mistake, or
// outlives the pipeline that waits for it.
const maxRetryAfter = 24 * time.Hour

// maxActions bounds the actions of a step for one outcome: which of them can be taken
// is judged for each by those before it. Written ones stay below ten.
const maxActions = 1000

// actions links a step's actions: its own first, then those of the workflow that
// it does not override by name (S-110).
func (at *site) actions(own, inherited []*arazzo.Action) []*Action {
	if len(own)+len(inherited) > maxActions {
		at.report(&source.Diagnostic{
			Code: "arazzo/document-too-large", Position: at.step.Position(),
			Message:  fmt.Sprintf("the step %q has %d actions for one outcome", at.step.StepID, len(own)+len(inherited)),
			Expected: fmt.Sprintf("at most %d", maxActions), Fix: "say more with the criteria of one action, or divide the step",
		})
		return nil
	}
	var linked []*Action
	for _, a := range own {
		linked = append(linked, at.action(a))
	}
	overridden := map[string]bool{}
	for _, a := range own {
		overridden[a.Name] = true
	}
	at.inherited = true
	for _, a := range inherited {
		if !overridden[a.Name] {
			linked = append(linked, at.action(a))
		}
	}
	at.inherited = false
	return linked
}

func (at *site) action(a *arazzo.Action) *Action {
	linked := &Action{Action: a, Criteria: at.criteria(a.Criteria), Inherited: at.inherited, Limit: defaultRetries}
	if a.Type == arazzo.End {
		return linked // it has no target: the reader warned of one
	}
	if a.StepID != "" {
		linked.Step = at.actionStep(a)
	}
	if a.WorkflowID != "" {
		linked.Workflow = at.named(at.document(), a.WorkflowID, a.At("workflowId"))
	}
	if linked.Workflow != nil {
		at.actionParameters(linked)
	}
	if a.Type == arazzo.Retry {
		at.retry(linked)
	}
	return linked
}

func (at *site) retry(a *Action) {
	if a.RetryAfter != "" {
		seconds, err := a.RetryAfter.Float64()
		if err != nil || seconds > maxRetryAfter.Seconds() {
			at.wrongRetry(a, "retryAfter", fmt.Sprintf("at most %.0f seconds", maxRetryAfter.Seconds()))
		} else {
			a.After = time.Duration(seconds * float64(time.Second))
		}
	}
	if a.RetryLimit != "" {
		limit, err := strconv.Atoi(a.RetryLimit.String())
		if err != nil {
			at.wrongRetry(a, "retryLimit", "a number of retries that a run can make")
		} else {
			a.Limit = limit
		}
	}
}

func (at *site) wrongRetry(a *Action, field, expected string) {
	at.report(&source.Diagnostic{
		Code: "arazzo/wrong-value", Position: a.At(field), Message: fmt.Sprintf("%s is %s", field, a.Field(field).Scalar), Expected: expected,
		Fix: "write a smaller number",
	})
}

func (at *site) actionStep(a *arazzo.Action) *Step {
	if s := at.workflow.Step(a.StepID); s != nil {
		return s
	}
	ids := at.workflow.stepIDs
	at.report(&source.Diagnostic{
		Code: "arazzo/goto-unknown-step", Position: a.At("stepId"),
		Message:  fmt.Sprintf("the action %q names the step %q, which the workflow %q does not have", a.Name, a.StepID, at.workflow.WorkflowID),
		Expected: oneOf(ids), Fix: cmp.Or(at.didYouMean(a.StepID, ids), "name one of these, or add the step"),
	})
	return nil
}

// actionParameters are the inputs of the workflow that an action goes to (1.1,
// S-119). In 1.0 no action could give any: what is not given is the caller's input
// of the same name (S-118).
func (at *site) actionParameters(linked *Action) {
	for _, p := range linked.Action.Parameters {
		if p.Value != nil {
			linked.Parameters = append(linked.Parameters, Parameter{Parameter: p, Value: at.value(p.Value)})
		}
	}
	at.knownInputs(linked.Workflow, linked.Parameters)
	given := slices.Clone(linked.Action.Parameters)
	for _, i := range at.workflow.Inputs {
		given = append(given, &arazzo.Parameter{Name: i.Name})
	}
	at.requiredInputs(linked.Workflow, given, linked.Position())
}
