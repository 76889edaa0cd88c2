package runner

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
)

// flight is a visit whose exchange goes on while other steps run.
type flight struct {
	*visit
	attempt *Attempt
	// landed is closed when the exchange is over; the fault is set then, where it
	// panicked.
	landed chan struct{}
	fault  any
	stop   context.CancelCauseFunc
}

// errWorkflowEnded stops a stream that no step waited for.
var errWorkflowEnded = errors.New("the workflow ended")

// takeOff begins the step's exchange, and leaves the visit in flight when its request is
// sent; of a step that reads a stream, when the headers of one are there. What does not
// come that far is judged at once, like any other step.
func (v *visit) takeOff(ctx context.Context) *visit {
	aloft := make(chan struct{})
	tell := sync.OnceFunc(func() { close(aloft) })
	flying, stop := context.WithCancelCause(ctx)
	f := &flight{visit: v, attempt: v.begin(), landed: make(chan struct{}), stop: stop}
	v.seen.workflowRun = v.snapshot()
	if v.seen.sent = tell; v.step.Stream.Given {
		v.seen.sent, v.seen.opened = nil, tell
	}
	go f.fly(flying)
	select {
	case <-aloft:
	case <-f.landed:
	}
	select {
	case <-aloft: // whether or not it is over already
		v.result.Status, v.result.Background = Succeeded, true // so far
		v.flights[v.step.Step] = f
	default:
		f.settle(ctx, f.touchDown())
	}
	return v
}

// fly makes the exchange.
func (f *flight) fly(ctx context.Context) {
	defer func() {
		f.fault = recover()
		close(f.landed)
	}()
	f.perform(ctx, f.attempt)
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
	<-f.landed
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

// land ends the flights of a workflow that has no step left. It waits for those of mere
// requests, which are not to be cut off, and for the streams that its outputs refer to;
// the other streams it stops. Where the workflow would go on is no question any more, so
// that retries alone count of their actions, and none where all is lost already.
func (x *workflowRun) land(ctx context.Context) {
	for _, f := range x.inFlight() {
		failed := x.result.Status == Failed
		stopped := f.step.Stream.Given && (failed || !refers(x.workflow.References, f.step))
		if stopped {
			f.stop(errWorkflowEnded)
		}
		if last := f.touchDown(); stopped || failed {
			f.weigh(last)
			f.leave(nil)
		} else {
			f.bound = true
			f.settle(ctx, last)
		}
		if f.result.Status == Failed {
			x.result.Status = Failed
		}
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
