package pulse

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// errTooSlow ends a subscription whose reader does not keep up.
var errTooSlow = errors.New("the subscriber does not keep up")

// errServiceEnds ends an event stream that has had everything there was when the
// service was told to end.
var errServiceEnds = errors.New("the service ends")

// pieceBytes is how much is written to a connection at once: what is on its way to
// a peer that does not read is this much, and no more of the log's memory.
const pieceBytes = 16 << 10

// pieces are buffers that no connection needs at the moment.
var pieces = sync.Pool{New: func() any {
	piece := make([]byte, 0, pieceBytes)
	return &piece
}}

// delivery carries events from the log to one connection until the connection,
// the stream or the service ends. It reads the log itself, so that a slow reader
// delays nobody but itself.
type delivery struct {
	reader    *eventlog.Reader
	out       *eventStream
	heartbeat time.Duration
	// draining is closed when the log does not grow any more, for the service ends.
	draining <-chan struct{}
	// judge follows the schema, which schema knows.
	judge  *judge
	schema func() *prisma.Schema
	// acks and pass are nil for a subscription: nobody keeps its place.
	acks *acknowledger
	// pass stores how far the log was passed, which was passed so far last time.
	pass   func(ctx context.Context, to event.Position) error
	passed event.Position
	// often is after how many bytes of the log that is done, beside the heartbeat's
	// times: what a limited log loses must not lie behind the place that is stored. It
	// is 0 where the log has no limit. walked is when it was done last.
	often, walked uint64
	// cursor is the stream's, as it is stored; the zero position before the first.
	cursor func(ctx context.Context) event.Position
	// sending is true from when events were read until they were flushed, and for
	// good when that failed.
	sending bool
	// seen is what others may know of it.
	seen connection
}

// misfitError ends an event stream whose filter no longer fits the schema.
type misfitError struct{ reason string }

func (e *misfitError) Error() string { return "stopped: " + e.reason }

// passWait bounds storing how far the log was passed when a connection has ended: the
// next consumer of the stream may be waiting.
const passWait = 2 * time.Second

// run returns why it ended, never nil.
func (d *delivery) run(ctx context.Context) error {
	heartbeat := time.NewTicker(d.heartbeat)
	defer heartbeat.Stop()
	var due <-chan time.Time
	if d.acks != nil {
		due = d.acks.due()
		defer d.acks.stop()
		defer func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), passWait)
			defer cancel()
			// It is read again the next time.
			_ = d.savePassed(ctx)
		}()
	}
	for {
		select {
		case <-d.reader.Ready():
			if err := d.step(ctx); err != nil {
				return err
			}
		case <-heartbeat.C:
			if err := d.beat(ctx); err != nil {
				return err
			}
		case <-due:
			if err := d.acks.acknowledge(ctx, d.reader.Passed()); err != nil {
				return err
			}
		case <-d.draining:
			return d.drain(ctx, due)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// drain delivers what the log still has, and stays until that is acknowledged, as
// long as ctx allows.
func (d *delivery) drain(ctx context.Context, due <-chan time.Time) error {
	for d.reader.More() {
		if err := d.step(ctx); err != nil {
			return err
		}
	}
	for d.acks != nil && d.acks.settling != nil {
		select {
		case <-due:
			if err := d.acks.acknowledge(ctx, d.reader.Passed()); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return errServiceEnds
}

// beat is what is done now and then.
func (d *delivery) beat(ctx context.Context) error {
	if reason := d.judge.follow(d.schema()); reason != "" {
		return &misfitError{reason}
	}
	if err := d.out.beat(ctx); err != nil || d.acks == nil {
		return err
	}
	return d.savePassed(ctx)
}

// savePassed stores how far the log was passed, unless something of it is still to
// be delivered or acknowledged. Where the store is away the next time tries again: the
// consumer loses nothing by that.
func (d *delivery) savePassed(ctx context.Context) error {
	to := d.reader.Passed()
	if d.sending || to == d.passed || !d.acks.idle(func() event.Position { return d.cursor(ctx) }) {
		return nil
	}
	switch err := d.pass(ctx, to); {
	case errors.Is(err, errStreamUnknown):
		return err
	case err == nil:
		d.passed = to
	}
	return nil
}

// step delivers what has come, as much as one piece holds.
func (d *delivery) step(ctx context.Context) error {
	if reason := d.judge.follow(d.schema()); reason != "" {
		return &misfitError{reason}
	}
	if err := d.out.await(ctx); err != nil {
		return err
	}
	if d.acks == nil && d.reader.Behind() {
		return errTooSlow
	}
	piece := pieces.Get().(*[]byte)
	defer pieces.Put(piece)
	events, last, _, err := d.reader.Read(ctx, *piece)
	if err != nil {
		return err
	}
	if len(events) == 0 {
		return d.went(ctx)
	}
	d.sending = true
	if err := d.out.send(ctx, events); err != nil {
		return err
	}
	if d.acks != nil {
		d.acks.flushed(last)
	}
	d.sending = false
	return d.went(ctx)
}

// went is what is done after a step.
func (d *delivery) went(ctx context.Context) error {
	d.seen.delivered(d.reader)
	if d.acks == nil || d.often == 0 || d.reader.Walked()-d.walked < d.often {
		return nil
	}
	d.walked = d.reader.Walked()
	return d.savePassed(ctx)
}
