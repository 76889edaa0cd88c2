package runner

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// call runs the workflow that the step calls. Its failure is the step's (S-211).
func (v *visit) call(ctx context.Context) *Problem {
	called := v.workflows[v.step.Called]
	if v.depth == maxDepth {
		return &Problem{Code: "calls-too-deep", Message: fmt.Sprintf(
			"workflows call one another more than %d deep: is there an end to it?", maxDepth)}
	}
	given, problem := v.arguments(v.step.Parameters, nil)
	if problem != nil {
		return problem
	}
	c := call{workflow: called, depth: v.depth + 1}
	if c.inputs, problem = v.inputsOf(called, given); problem != nil {
		return problem
	}
	if limit, own := v.step.timeLimit(); own {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, limit, &Problem{Code: "timeout", Message: fmt.Sprintf(
			"the workflow %q was not over within %s, the step's timeout", called.WorkflowID, limit)})
		defer cancel()
	}
	problem = v.strand.prepare(ctx, c)
	nested := v.strand.open(c)
	v.result.Workflow = nested.result
	v.goOn(ctx, nested, nested.execute(ctx, problem))
	v.seen.called = nested
	switch {
	case nested.succeeded():
		return nil
	case ctx.Err() != nil:
		return interruption(ctx)
	}
	return &Problem{Code: "workflow-failed", Message: fmt.Sprintf("the workflow %q failed", called.WorkflowID)}
}

// forgive makes warnings of what the called workflow, and those that it went to, told
// as errors: the step makes their failure good, which decides nothing any more.
func (v *visit) forgive() {
	for i := range v.diagnostics[v.told:] {
		if d := &v.diagnostics[v.told+i]; d.Severity == string(source.Error) {
			d.Severity = string(source.Warning)
		}
	}
	v.teller.mu.Lock() // the observer may be reading them
	defer v.teller.mu.Unlock()
	ran := v.results[v.ran:len(v.results):len(v.results)]
	for _, w := range ran {
		w.Handled = w.Status == Failed
	}
	for _, w := range append(ran, v.result.Workflow) {
		for _, n := range w.notes() {
			if n.Severity == source.Error {
				n.Severity = source.Warning
			}
		}
	}
}

// longestTimeout is beyond what anybody waits for, and within what a timer holds.
const longestTimeout = 365 * 24 * time.Hour

// timeLimit is the step's own for each attempt, and whether it has one (S-065). 0 is
// one that allows no time.
func (s *step) timeLimit() (time.Duration, bool) {
	if s.Step.Timeout == "" {
		return 0, false
	}
	ms, err := s.Step.Timeout.Int64()
	if most := longestTimeout.Milliseconds(); err != nil || ms > most {
		ms = most // the reader let nothing pass but whole numbers
	}
	return time.Duration(ms) * time.Millisecond, true
}

// departure is the workflow that an action goes to, with its inputs: those that the
// action gives, else the caller's of the same name (S-118, S-119).
func (v *visit) departure(a *link.Action) (*call, *Problem) {
	target := v.workflows[a.Workflow]
	given, problem := v.arguments(a.Parameters, v.inheritable(target))
	c := &call{workflow: target, depth: v.depth, via: v.via(a)}
	if problem == nil {
		c.inputs, problem = v.inputsOf(target, given)
	}
	if problem != nil {
		problem.at = a.Position()
		problem.Message = fmt.Sprintf("the action %q cannot go to the workflow %q: %s", a.Name, target.WorkflowID, problem.Message)
		return nil, problem
	}
	return c, nil
}

func (v *visit) via(a *link.Action) *Via {
	return &Via{WorkflowID: v.workflow.WorkflowID, StepID: v.step.StepID, Action: a.Name}
}

// inheritable are the inputs of this workflow that another one declares too.
func (v *visit) inheritable(target *workflow) map[string]any {
	shared := map[string]any{}
	for name, value := range v.inputs.values {
		if target.Declares(name) {
			shared[name] = value
		}
	}
	return shared
}

// arguments evaluates parameters that become inputs, over those that are given
// already. An input that nobody gave is none here either (S-096).
func (v *visit) arguments(parameters []link.Parameter, given map[string]any) (map[string]any, *Problem) {
	if given == nil {
		given = map[string]any{}
	}
	for _, p := range parameters {
		value, err := p.Value.Evaluate(v.seen, leftOut(p.Value, &v.seen.notes, "the input %q", p.Name))
		switch {
		case expression.IsOptional(err):
		case err != nil:
			problem := unresolved(fmt.Sprintf("the input %q", p.Name), err)
			problem.Message, problem.at = fmt.Sprintf("there is no value for the input %q: %v", p.Name, err), p.Parameter.Value.Position
			return nil, problem
		default:
			given[p.Name] = value
		}
	}
	return given, nil
}

// inputsOf gives a workflow its inputs while the run goes on.
func (v *visit) inputsOf(w *workflow, given map[string]any) (*inputs, *Problem) {
	b := bind(w, given, v.secrets)
	if b.validate(); len(b.wrong) == 0 {
		return b.inputs, nil
	}
	var messages []string
	for _, d := range b.wrong {
		messages = append(messages, d.Message)
	}
	return nil, &Problem{Code: b.wrong[0].Code, Message: strings.Join(messages, "; ")}
}

// help runs the step or workflow that a retry names before it (S-127). Its failure
// is this step's: there is no retry then.
func (v *visit) help(ctx context.Context, a *link.Action) *Problem {
	switch {
	case a.Workflow != nil:
		return v.helpedByWorkflow(ctx, a)
	case a.Step != nil && a.Step != v.step.Step:
		return v.helpedByStep(ctx, a)
	default:
		return nil
	}
}

func (v *visit) helpedByStep(ctx context.Context, a *link.Action) *Problem {
	s := v.workflow.steps[v.workflow.index(a.Step)]
	if awaited := v.join(ctx, s); awaited != nil {
		return v.unhelped(a, fmt.Sprintf("the step %q, which the step %q waits for", awaited.step.StepID, a.StepID))
	}
	if problem := v.spend(ctx); problem != nil {
		v.workflowRun.fail(problem)
		return problem
	}
	helper := v.arrive(s)
	helper.bound, helper.result.Via = true, v.via(a)
	helper.settle(ctx, helper.attempt(ctx))
	if helper.result.Status == Succeeded {
		return nil
	}
	return v.unhelped(a, fmt.Sprintf("the step %q", a.StepID))
}

func (v *visit) helpedByWorkflow(ctx context.Context, a *link.Action) *Problem {
	if v.depth == maxDepth {
		return v.unhelped(a, fmt.Sprintf("the workflow %q, more than %d calls deep", a.WorkflowID, maxDepth))
	}
	c, problem := v.departure(a)
	if problem != nil {
		v.workflowRun.fail(problem)
		return problem
	}
	c.depth++
	if v.enter(ctx, *c).succeeded() {
		return nil
	}
	return v.unhelped(a, fmt.Sprintf("the workflow %q", a.WorkflowID))
}

// unhelped says that there is no retry.
func (v *visit) unhelped(a *link.Action, helper string) *Problem {
	return &Problem{Code: "helper-failed", at: a.Position(), Message: fmt.Sprintf("the action %q makes no retry: %s, which runs before it, failed", a.Name, helper)}
}

// helps tells whether an action may be taken by a step that another one waits for:
// a mere retry.
func helps(a *link.Action, s *step) bool {
	return a.Type == arazzo.Retry && a.Workflow == nil && (a.Step == nil || a.Step == s.Step)
}
