package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/link"
)

// reading is a stream while it is read.
type reading struct {
	link.Stream
	step    *step
	run     *run
	seen    *scope
	arrived chan arrival
	// again lets the receiver ask for the stream again that ended. Who sends does not
	// wait: the receiver may be gone.
	again  chan struct{}
	events []any
	// reconnects counts how often the stream was asked for again. The last event is
	// the receiver's; who collects looks at it only while the receiver waits for again.
	reconnects int
	last       event
	// decoder is the one that is read at the moment.
	decoder atomic.Pointer[decoder]
	// replaced is the number of the first event with bytes that are no UTF-8, from 1.
	replaced int
	// refused says why the stream was not had again, without an id or as the server
	// has it.
	withoutID bool
	refused   string
}

// arrival is one event, or the error that ends the stream.
type arrival struct {
	event event
	err   error
	// opened tells in their place that the stream, asked for again, is there.
	opened bool
	// refused says why it is not to be had again.
	refused string
	// fault is what the receiver panicked with.
	fault any
}

// stream collects the events of a stream, as the response's body, until the step
// has what it wants, the time is up, or the server closes. It is a problem when
// the stream ended before the wanted events came.
func (r *run) stream(ctx context.Context, s *step, open opener, body io.Reader, seen *scope) *Problem {
	x := &reading{Stream: s.Stream, step: s, run: r, seen: seen, arrived: make(chan arrival), again: make(chan struct{}, 1), events: []any{}}
	seen.response.body = x.events
	wanted, stop := context.WithCancel(ctx)
	defer stop() // and the caller closes the body: the receiver ends wherever it waits
	from := open(body, event{})
	x.decoder.Store(from)
	go x.receive(wanted, from)
	why, problem := x.collect(ctx)
	if problem == nil {
		problem = x.lacking(why)
	}
	x.tell(why, problem)
	if problem != nil {
		return problem
	}
	return x.stay(ctx)
}

// receive passes events on until the stream ends and nobody wants it again.
func (x *reading) receive(ctx context.Context, from *decoder) {
	defer func() {
		if fault := recover(); fault != nil {
			x.pass(ctx, arrival{fault: fault})
		}
	}()
	for from != nil {
		e, err := from.next()
		if err == nil {
			x.last = e
		}
		if !x.pass(ctx, arrival{event: e, err: err}) {
			return
		}
		if err == nil {
			continue
		}
		select {
		case <-x.again:
			var refused string
			if from, refused = x.reconnect(ctx); from != nil {
				x.decoder.Store(from)
				x.pass(ctx, arrival{opened: true})
			} else {
				x.pass(ctx, arrival{err: err, refused: refused})
			}
		case <-ctx.Done():
			return
		}
	}
}

// pass gives an arrival to who collects them, and is false when nobody does.
func (x *reading) pass(ctx context.Context, a arrival) bool {
	select {
	case x.arrived <- a:
		return true
	case <-ctx.Done():
		return false
	}
}

// collect takes events until there is enough, and says why it stopped.
func (x *reading) collect(ctx context.Context) (string, *Problem) {
	within, idle := timer(x.Within), timer(x.Idle)
	defer within.Stop()
	defer idle.Stop()
	for {
		select {
		case a := <-x.arrived:
			if why, problem, over := x.take(ctx, a, idle); over {
				return why, problem
			}
		case <-within.C:
			return fmt.Sprintf("%s were over", x.Within), nil
		case <-idle.C:
			return fmt.Sprintf("no event came for %s", x.Idle), nil
		case <-ctx.Done():
			return x.stopped(ctx)
		}
	}
}

// take takes what arrived, and tells whether that is the end. The time that the stream
// may be idle begins anew, and does not run while it is asked for again.
func (x *reading) take(ctx context.Context, a arrival, idle *time.Timer) (why string, problem *Problem, over bool) {
	rethrow(a.fault)
	switch {
	case a.opened:
	case a.err == nil:
		if x.events = append(x.events, a.event.value); len(x.events) > link.MaxEvents {
			return "", x.tooMany(), true
		}
		if a.event.replaced && x.replaced == 0 {
			x.replaced = len(x.events)
		}
		x.seen.response.body = x.events
		if len(x.events) == x.Events || x.satisfied() {
			return "", nil, true
		}
	case ctx.Err() != nil: // which is why the stream broke
		why, problem = x.stopped(ctx)
		return why, problem, true
	case x.mayReconnect(a):
		idle.Stop()
		x.again <- struct{}{}
		return "", nil, false
	default:
		why, problem = x.closed(a.err)
		return why, problem, true
	}
	if x.Idle > 0 {
		idle.Reset(x.Idle)
	}
	return "", nil, false
}

// stopped says why nobody reads any further. That the workflow ended is no problem:
// what came until then is judged.
func (x *reading) stopped(ctx context.Context) (string, *Problem) {
	if errors.Is(context.Cause(ctx), errWorkflowEnded) {
		return workflowEnded, nil
	}
	return "", interruption(ctx)
}

func (x *reading) satisfied() bool { return x.Until != nil && x.Until.Evaluate(x.seen, nil).Passed }

// stay keeps the connection open for as long as linger says, so that the server
// sees a healthy consumer. Events that come meanwhile are not the step's.
func (x *reading) stay(ctx context.Context) *Problem {
	if x.Linger == 0 {
		return nil
	}
	over := timer(x.Linger)
	defer over.Stop()
	for {
		select {
		case a := <-x.arrived:
			rethrow(a.fault)
			if a.err != nil && ctx.Err() == nil {
				return nil
			}
		case <-over.C:
			return nil
		case <-ctx.Done():
			_, problem := x.stopped(ctx)
			return problem
		}
	}
}

// timer fires after d, and never for 0.
func timer(d time.Duration) *time.Timer {
	if d == 0 {
		t := time.NewTimer(time.Hour)
		t.Stop()
		return t
	}
	return time.NewTimer(d)
}
