package runner

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// visit runs a step until it needs no further attempt, and returns the action
// that decides where the workflow goes on; nil means the next step, or for a
// failure the end. The workflow's error is set when the run ended meanwhile.
func (x *workflowRun) visit(ctx context.Context, s *step) (*StepResult, *link.Action) {
	result := &StepResult{StepID: s.StepID, Operation: s.Operation.Method + " " + s.Operation.Path, Outputs: map[string]any{}}
	retries := map[string]int{}
	for {
		attempt, seen := x.attempt(ctx, s)
		result.Attempts = append(result.Attempts, attempt)
		result.Status = judge(s, attempt, seen)
		next, considered := x.next(s, result.Status, seen, retries)
		attempt.Considered = x.mask(considered)
		if next == nil || next.Type != arazzo.Retry {
			result.Action = actionResult(next)
			result.Handled = result.Status == Failed && next != nil && next.Type == arazzo.Goto
			x.leave(result, s, seen, x.unmatched(result, s, next))
			return result, next
		}
		retries[next.Name]++
		if x.result.Error = x.pause(ctx, next, seen.response); x.result.Error != nil {
			x.leave(result, s, seen, nil)
			return result, nil
		}
		attempt.Action = actionResult(next)
	}
}

// next chooses what follows an attempt.
func (x *workflowRun) next(s *step, status Status, seen *scope, retries map[string]int) (*link.Action, []Considered) {
	if status == Succeeded {
		return choose(s.OnSuccess, seen, retries)
	}
	return choose(s.OnFailure, seen, retries)
}

// leave ends a visit: its outputs become what later steps see.
func (x *workflowRun) leave(result *StepResult, s *step, seen *scope, notes source.Diagnostics) {
	if seen.request != nil {
		notes = append(seen.request.notes, notes...)
	}
	delete(x.steps, s.StepID) // what an earlier visit said is no longer true
	if seen.response != nil {
		shown, absent := x.stepOutputs(s, seen)
		result.Outputs = shown
		notes = append(notes, absent...)
	}
	last := result.Attempts[len(result.Attempts)-1]
	notes = append(notes, absentOperands(s, last)...)
	if result.Status == Failed && !result.Handled {
		notes = append(notes, x.run.failure(s, last)...)
	}
	x.note(notes)
	result.Notes = notes
}

// absentOperands warns of criteria that hold although an operand of theirs has
// no value: "$response.body#/stauts != 'failed'" holds for every response; and of
// those that may have overlooked names.
func absentOperands(s *step, last *Attempt) source.Diagnostics {
	var notes source.Diagnostics
	for i, c := range last.Criteria {
		if c.Passed && len(c.Absent) > 0 {
			notes = append(notes, &source.Diagnostic{
				Code: "absent-operand", Severity: source.Warning, Position: s.Criteria[i].At("condition"),
				Message:  fmt.Sprintf("the condition %s holds, and there is no %s", c.Condition, strings.Join(c.Absent, " and no ")),
				Expected: "a value, or a comparison with null",
			})
		}
		if c.Passed && c.Hint != "" {
			notes = append(notes, &source.Diagnostic{
				Code: "overlooked-names", Severity: source.Warning, Position: s.Criteria[i].At("condition"),
				Message: fmt.Sprintf("the condition %s holds, and may have overlooked something: %s", c.Condition, c.Hint),
			})
		}
	}
	return notes
}

// note adds diagnostics to the result, without the secrets in them.
func (x *workflowRun) note(notes source.Diagnostics) {
	for _, n := range notes {
		n.Message = x.run.secrets.text(n.Message)
	}
	x.run.result.Diagnostics = append(x.run.result.Diagnostics, diagnostics(notes)...)
}

// unmatched notes that a step has actions for what happened, and none of them
// was taken (D19): the workflow goes on as if there were none.
func (x *workflowRun) unmatched(result *StepResult, s *step, next *link.Action) source.Diagnostics {
	actions, field, then := s.OnSuccess, "onSuccess", "the next step follows"
	if result.Status == Failed {
		actions, field, then = s.OnFailure, "onFailure", "the workflow fails"
	}
	if next != nil || len(actions) == 0 {
		return nil
	}
	return source.Diagnostics{{
		Code: "no-action-matched", Severity: source.Info, Position: s.At(field),
		Message: fmt.Sprintf("no action of the step %q matched: %s", s.StepID, then),
	}}
}

// attempt makes one exchange. What goes wrong with it stands in the attempt.
func (x *workflowRun) attempt(ctx context.Context, s *step) (*Attempt, *scope) {
	x.run.attempts++
	started := time.Now()
	attempt := &Attempt{Criteria: []CriterionResult{}, Considered: []Considered{}}
	seen := &scope{workflowRun: x}
	var problem *Problem
	if seen.request, problem = x.build(s, seen); problem == nil {
		attempt.Request = x.run.shownRequest(seen.request)
		seen.response, problem = x.run.exchange(ctx, s, seen)
	}
	if problem != nil {
		problem.Message = x.run.secrets.text(problem.Message)
	}
	attempt.Error = problem
	attempt.Response = x.run.shownResponse(seen.response)
	for _, c := range s.Criteria {
		attempt.Criteria = append(attempt.Criteria, x.maskCriterion(judged(c, seen)))
	}
	attempt.DurationMS = milliseconds(time.Since(started))
	return attempt, seen
}

// judge says whether an attempt succeeded: nothing went wrong, and every
// criterion holds. Without criteria the status has to be 2xx or 3xx (S-061).
func judge(s *step, attempt *Attempt, seen *scope) Status {
	if attempt.Error != nil || seen.response == nil {
		return Failed
	}
	if len(s.Criteria) == 0 && (seen.response.status < 200 || seen.response.status > 399) {
		return Failed
	}
	for _, c := range attempt.Criteria {
		if !c.Passed {
			return Failed
		}
	}
	return Succeeded
}

// mask hides the secrets in what the actions' criteria said.
func (x *workflowRun) mask(considered []Considered) []Considered {
	if considered == nil {
		return []Considered{}
	}
	for i := range considered {
		for j, c := range considered[i].Criteria {
			considered[i].Criteria[j] = x.maskCriterion(c)
		}
	}
	return considered
}

func (x *workflowRun) maskCriterion(c CriterionResult) CriterionResult {
	secrets := x.run.secrets
	actual := make(map[string]any, len(c.Actual))
	for operand, value := range c.Actual {
		if _, isText := value.(string); isText && secret.Named(operand) && !secrets.show {
			value = secret.Masked
		}
		actual[operand] = secrets.value(value)
	}
	if context, ok := c.Actual["context"].(string); ok && secrets.text(context) != context && actual["match"] != nil {
		actual["match"] = secret.Masked // it may be a part of the secret
	}
	c.Actual, c.Hint = actual, secrets.text(c.Hint)
	if c.Error != nil {
		text := secrets.text(*c.Error)
		c.Error = &text
	}
	return c
}
