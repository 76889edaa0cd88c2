package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// reading is a stream while it is read.
type reading struct {
	link.Stream
	run     *run
	seen    *scope
	arrived chan arrival
	events  []any
}

// arrival is one event, or the error that ends the stream.
type arrival struct {
	event any
	err   error
}

// stream collects the events of a stream, as the response's body, until the step
// has what it wants, the time is up, or the server closes. It is a problem when
// the stream ended before the wanted events came.
func (r *run) stream(ctx context.Context, o link.Stream, open func(io.Reader) decoder, body io.Reader, seen *scope) *Problem {
	x := &reading{Stream: o, run: r, seen: seen, arrived: make(chan arrival), events: []any{}}
	seen.response.body = x.events
	stop := make(chan struct{})
	defer close(stop) // and the caller closes the body: the receiver ends wherever it waits
	go x.receive(open(body), stop)
	why, problem := x.collect(ctx)
	if problem == nil && !o.Given && why != serverClosed {
		seen.request.notes = append(seen.request.notes, &source.Diagnostic{
			Code: "stream-cut", Severity: source.Warning, Position: x.At,
			Message:  fmt.Sprintf("the stream was read until %s; it may have had more to say", why),
			Expected: "an x-sse extension that says when the step has enough",
		})
	}
	switch {
	case problem != nil:
		return problem
	case len(x.events) < o.Events:
		return &Problem{Code: "stream-ended", Message: fmt.Sprintf("%d of %d events came: %s", len(x.events), o.Events, why)}
	case o.Until != nil && !x.satisfied():
		return &Problem{Code: "stream-ended", Message: fmt.Sprintf("the condition of until never held in %d events: %s", len(x.events), why)}
	}
	return x.stay(ctx)
}

// serverClosed is why a stream that ended by itself was left.
const serverClosed = "the server closed the stream"

// receive passes events on until the stream ends or nobody wants more.
func (x *reading) receive(next decoder, stop <-chan struct{}) {
	for {
		event, err := next()
		select {
		case x.arrived <- arrival{event, err}:
		case <-stop:
			return
		}
		if err != nil {
			return
		}
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
			if a.err != nil {
				return x.closed(ctx, a.err)
			}
			if x.events = append(x.events, a.event); len(x.events) > link.MaxEvents {
				return "", x.tooLarge()
			}
			x.seen.response.body = x.events
			if len(x.events) == x.Events || x.satisfied() {
				return "", nil
			}
			if x.Idle > 0 {
				idle.Reset(x.Idle)
			}
		case <-within.C:
			return fmt.Sprintf("%s were over", x.Within), nil
		case <-idle.C:
			return fmt.Sprintf("nothing came for %s", x.Idle), nil
		case <-ctx.Done():
			return "", interruption(ctx)
		}
	}
}

// closed says how the stream ended by itself.
func (x *reading) closed(ctx context.Context, err error) (string, *Problem) {
	switch {
	case errors.Is(err, io.EOF):
		return serverClosed, nil
	case tooLarge(err):
		return "", x.tooLarge()
	default:
		return "", x.run.broken(ctx, "stream-ended", fmt.Sprintf("the stream broke after %d events", len(x.events)), err)
	}
}

func (x *reading) tooLarge() *Problem {
	return &Problem{Code: "response-too-large", Message: fmt.Sprintf(
		"the stream has more than %d events or %d bytes", link.MaxEvents, x.run.options.MaxResponseBytes)}
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
			if a.err != nil {
				return nil
			}
		case <-over.C:
			return nil
		case <-ctx.Done():
			return interruption(ctx)
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
