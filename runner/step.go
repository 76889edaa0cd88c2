package runner

import (
	"context"
	"fmt"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// visit is one visit of a step: as many attempts as its retries ask for.
type visit struct {
	*workflowRun
	step   *step
	result *StepResult
	// retries counts those of each action, by its name.
	retries map[string]int
	// bound tells that where the workflow goes on is not for this visit to say: another
	// step waits for it before its retry (S-127), or the workflow has no step left.
	bound bool
	// seen is what the last attempt left for expressions to see.
	seen *scope
	// next decides where the workflow goes on; nil means the next step, or for a
	// failure the end. To is the workflow that it goes to.
	next *link.Action
	to   *call
	// told and ran are how many diagnostics and workflows the report had when the
	// visit began.
	told, ran int
	// toldOf is the last attempt that the observer was told of.
	toldOf *Attempt
}

// visit runs a step until it needs no further attempt. One in the background is in
// flight then. The workflow's error is set when the run ended
// meanwhile.
func (x *workflowRun) visit(ctx context.Context, s *step) *visit {
	v := x.arrive(s)
	if s.Background {
		return v.takeOff(ctx)
	}
	v.settle(ctx, v.attempt(ctx))
	return v
}

// arrive begins a visit. The report has visits in the order in which they begin.
func (x *workflowRun) arrive(s *step) *visit {
	v := &visit{
		workflowRun: x, step: s, retries: map[string]int{}, told: len(x.diagnostics), ran: len(x.results),
		result: &StepResult{StepID: s.StepID, Operation: s.operation(), Attempts: []*Attempt{}, Outputs: map[string]any{}},
	}
	x.result.Steps = append(x.result.Steps, v.result)
	x.tell(StepStarted{x.result.WorkflowID, s.StepID, v.result.Operation, x.depth})
	return v
}

// operation is what the step calls, for a person.
func (s *step) operation() string {
	if s.Called != nil {
		return "workflow " + s.Called.WorkflowID
	}
	return s.Operation.Method + " " + s.Operation.Path
}

// completed tells whether the workflow may go on behind the step.
func (v *visit) completed() bool { return v.result.Status == Succeeded || v.result.Handled }

// settle judges an attempt, and makes others while an action asks for them.
func (v *visit) settle(ctx context.Context, attempt *Attempt) {
	for {
		v.weigh(attempt)
		if ctx.Err() != nil {
			v.workflowRun.fail(interruption(ctx))
			v.leave(nil)
			return
		}
		next, considered := v.choose()
		attempt.Considered = v.mask(considered)
		if next == nil || next.Type != arazzo.Retry {
			v.conclude(next)
			return
		}
		v.tellAttempt(attempt, next)
		if problem := v.prepareRetry(ctx, next); problem != nil {
			if v.workflowRun.result.Error == nil {
				v.result.Error = problem
			}
			v.leave(nil)
			return
		}
		v.forgive()
		attempt.Action = actionResult(next)
		attempt.Workflow, v.result.Workflow = v.result.Workflow, nil
		attempt = v.attempt(ctx)
	}
}

// weigh says what the visit comes to by an attempt, so far.
func (v *visit) weigh(attempt *Attempt) {
	v.result.Attempts = append(v.result.Attempts, attempt)
	v.result.Status = judge(v.step, attempt, v.seen)
}

// tellAttempt tells the observer of an attempt, once, and of the retry that follows.
func (v *visit) tellAttempt(x *Attempt, retry *link.Action) {
	if v.toldOf == x {
		return
	}
	v.toldOf = x
	so := *x // what followed it is added later
	e := AttemptEnded{
		WorkflowID: v.workflowRun.result.WorkflowID, StepID: v.step.StepID, Operation: v.result.Operation, Via: v.result.Via,
		Attempt: &so, Workflow: v.result.Workflow, Retry: actionResult(retry), Depth: v.depth,
	}
	if retry != nil {
		e.Pause = v.wait(retry.After, v.seen.response)
	}
	v.tell(e)
}

// prepareRetry waits for as long as the action says, and runs what it names before
// the retry. It says why there is none.
func (v *visit) prepareRetry(ctx context.Context, a *link.Action) *Problem {
	v.retries[a.Name]++
	problem := v.pause(ctx, a.After, v.seen.response)
	if problem == nil {
		if unhelped := v.help(ctx, a); unhelped != nil {
			return unhelped
		}
		problem = v.spend(ctx)
	}
	v.workflowRun.fail(problem)
	return problem
}

// conclude ends a visit with the action that was chosen, if one was.
func (v *visit) conclude(next *link.Action) {
	v.next = next
	v.result.Action = actionResult(next)
	v.result.Handled = v.result.Status == Failed && next != nil && next.Type == arazzo.Goto
	if v.result.Handled {
		v.forgive()
	}
	notes := v.unmatched(next)
	if next != nil && next.Workflow != nil {
		var problem *Problem
		if v.to, problem = v.departure(next); problem != nil {
			v.workflowRun.fail(problem)
		}
	}
	v.leave(notes)
}

// leave ends a visit: its outputs become what later steps see.
func (v *visit) leave(notes source.Diagnostics) {
	notes = append(v.seen.notes, notes...)
	if v.seen.request != nil {
		notes = append(v.seen.request.notes, notes...)
	}
	delete(v.steps, v.step.StepID) // what an earlier visit said is no longer true
	if v.seen.response != nil || v.seen.called != nil {
		shown, absent := v.stepOutputs()
		v.result.Outputs = shown
		notes = append(notes, absent...)
	}
	v.workflowRun.completed[v.step.Step] = v.completed()
	last := v.result.Attempts[len(v.result.Attempts)-1]
	notes = append(notes, absentOperands(v.step, last)...)
	if v.result.Status == Failed && !v.result.Handled {
		notes = append(notes, v.failure(v.step, v.result)...)
	}
	notes = v.once(notes)
	v.note(notes)
	v.result.Notes = notes
	v.tellAttempt(last, nil)
	v.tell(StepEnded{v.workflowRun.result.WorkflowID, v.result, v.depth})
	v.forget()
}

// stepOutputs evaluates the step's outputs, and returns them to be shown. One whose
// value is absent is shown as null, with a warning (S-205, D16); for the steps
// after it there is none, so that no request is made of it. What a called workflow
// gave can be seen without being mapped (S-215).
func (v *visit) stepOutputs() (map[string]any, source.Diagnostics) {
	outputs, shown := map[string]any{}, make(map[string]any, len(v.step.Outputs))
	if v.seen.called != nil {
		for name, value := range v.seen.called.outputs {
			outputs[name] = value
		}
	}
	var notes source.Diagnostics
	for _, o := range v.step.Outputs {
		value, err := o.Evaluate(v.seen)
		if shown[o.Name] = value; err != nil {
			notes = append(notes, absentOutput(o, fmt.Sprintf("the step %q", v.step.StepID), err))
			continue
		}
		outputs[o.Name] = value
	}
	v.steps[v.step.StepID] = outputs
	return v.secrets.object(shown), notes
}

// attempt makes one exchange, or runs the workflow that the step calls. What goes
// wrong with it stands in the attempt.
func (v *visit) attempt(ctx context.Context) *Attempt {
	x := v.begin()
	v.perform(ctx, x)
	return v.judged(x)
}

// perform does what the step is there for, unless something kept it from that.
func (v *visit) perform(ctx context.Context, x *Attempt) {
	switch {
	case x.Error != nil:
	case v.step.Called != nil:
		x.Error = v.call(ctx)
	default:
		x.Error = v.exchange(ctx, x)
	}
	x.DurationMS = v.millisecondsSince(x.started)
}

// begin begins an attempt, unless what the step depends on is not there.
func (v *visit) begin() *Attempt {
	v.seen = &scope{workflowRun: v.workflowRun}
	return &Attempt{Criteria: []CriterionResult{}, Considered: []Considered{}, Error: v.unmet(), started: v.options.Clock.Now()}
}

// exchange sends the step's request and receives what is answered.
func (v *visit) exchange(ctx context.Context, x *Attempt) (problem *Problem) {
	if problem = v.authorize(ctx, v.step, v.seen); problem != nil {
		return problem
	}
	if v.seen.request, problem = v.build(v.step, v.seen); problem != nil {
		return problem
	}
	if problem = v.checkRequest(x); problem != nil {
		return problem
	}
	x.Request = v.shownRequest(v.seen.request)
	v.seen.response, problem = v.run.exchange(ctx, v.step, v.seen)
	if problem == nil {
		v.checkResponse(x)
	}
	v.rejected(v.seen)
	return problem
}

// judged asks the success criteria, which ends an attempt.
func (v *visit) judged(x *Attempt) *Attempt {
	if x.Error != nil {
		x.Error.Message = v.secrets.message(x.Error.Message)
	}
	x.Response = v.shownResponse(v.seen.response)
	for _, c := range v.step.Criteria {
		x.Criteria = append(x.Criteria, v.maskCriterion(judged(c, v.seen)))
	}
	return x
}

// unmet says which step that this one depends on has not completed (S-066, S-068).
func (v *visit) unmet() *Problem {
	for _, before := range v.step.DependsOn {
		run := v.ended[before.Workflow]
		if before.Workflow == v.workflow.Workflow {
			run = v.workflowRun
		}
		if run == nil || !run.completed[before] {
			return &Problem{Code: "dependency-not-met", Message: fmt.Sprintf(
				"the step %q of the workflow %q, on which it depends, has not completed", before.StepID, before.Workflow.WorkflowID)}
		}
	}
	return nil
}

// judge says whether an attempt succeeded: nothing went wrong, every criterion
// holds, and no contract check that is an error found something. Without criteria the status has to be 2xx or 3xx (S-061).
func judge(s *step, attempt *Attempt, seen *scope) Status {
	switch {
	case attempt.Error != nil, seen.response == nil && seen.called == nil:
		return Failed
	case len(s.Criteria) == 0 && seen.response != nil && (seen.response.status < 200 || seen.response.status > 399):
		return Failed
	}
	for _, c := range attempt.Criteria {
		if !c.Passed {
			return Failed
		}
	}
	if slices.ContainsFunc(attempt.Contract, ContractFinding.isError) {
		return Failed
	}
	return Succeeded
}
