package runner

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
)

// flight is a visit whose stream is read while other steps run.
type flight struct {
	*visit
	attempt *Attempt
	// landed gives what went wrong with the exchange, or nil, when it is over; the
	// fault is set then, where the exchange panicked.
	landed chan *Problem
	fault  any
	stop   context.CancelCauseFunc
}

// errWorkflowEnded stops a stream that no step waited for.
var errWorkflowEnded = errors.New("the workflow ended")

// takeOff sends the step's request, and leaves the visit in flight when the headers
// of a stream are there. Without them the step is judged at once, like any other.
func (v *visit) takeOff(ctx context.Context) *visit {
	aloft, stop := context.WithCancelCause(ctx)
	f := &flight{visit: v, attempt: v.begin(), landed: make(chan *Problem, 1), stop: stop}
	opened := make(chan struct{})
	v.seen.workflowRun, v.seen.opened = v.snapshot(), func() { close(opened) }
	go func() {
		problem := f.attempt.Error
		defer func() {
			f.fault = recover()
			f.landed <- problem
		}()
		if problem == nil {
			problem = v.exchange(aloft, f.attempt)
		}
	}()
	select {
	case <-opened:
	case problem := <-f.landed:
		f.landed <- problem
	}
	select {
	case <-opened: // whether or not it is over already
		v.result.Status = Succeeded // so far
		v.flights[v.step.Step] = f
	default:
		f.settle(ctx, f.touchDown())
	}
	return v
}

// snapshot is what the run has come to so far, for expressions that are evaluated
// while it goes on.
func (x *workflowRun) snapshot() *workflowRun {
	frozen, strand := *x, *x.strand
	strand.ended = maps.Clone(strand.ended)
	frozen.strand, frozen.steps = &strand, maps.Clone(x.steps)
	return &frozen
}

// touchDown waits for the end of a flight's exchange. Its criteria see the run as it
// is then.
func (f *flight) touchDown() *Attempt {
	f.attempt.Error = <-f.landed
	f.stop(nil)
	rethrow(f.fault)
	f.seen.workflowRun = f.workflowRun
	return f.judged(f.attempt)
}

// join waits for the flights that a step depends on or whose outputs it refers to,
// and for one of its own. It returns the first that does not let the workflow go on
// to the step.
func (x *workflowRun) join(ctx context.Context, s *step) *visit {
	for _, f := range x.inFlight() {
		if f.step != s && !slices.Contains(s.DependsOn, f.step.Step) && !refers(s.References, f.step) {
			continue
		}
		delete(x.flights, f.step.Step)
		f.settle(ctx, f.touchDown())
		if x.result.Error != nil || !f.completed() || f.next != nil {
			return f.visit
		}
	}
	return nil
}

// land ends the flights of a workflow that has no step left: it waits for those that
// its outputs refer to, and stops the others. Where the workflow would go on is no
// question any more, so that their actions are not asked.
func (x *workflowRun) land(ctx context.Context) {
	for _, f := range x.inFlight() {
		if x.result.Status == Failed || !refers(x.workflow.References, f.step) {
			f.stop(errWorkflowEnded)
		}
		last := f.touchDown()
		f.result.Attempts = append(f.result.Attempts, last)
		if f.result.Status = judge(f.step, last, f.seen); f.result.Status == Failed {
			x.result.Status = Failed
		}
		f.leave(nil)
	}
	clear(x.flights)
}

// inFlight are the flights in the order in which they took off.
func (x *workflowRun) inFlight() []*flight {
	if len(x.flights) == 0 {
		return nil
	}
	order := func(f *flight) int { return slices.Index(x.result.Steps, f.visit.result) }
	return slices.SortedFunc(maps.Values(x.flights), func(a, b *flight) int { return order(a) - order(b) })
}

// refers tells whether some of the expressions ask for the outputs of a step.
func refers(references []link.Reference, s *step) bool {
	return slices.ContainsFunc(references, func(r link.Reference) bool { return r.Root == expression.Steps && r.ID == s.StepID })
}
