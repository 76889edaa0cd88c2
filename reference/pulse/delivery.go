package pulse

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/eventlog"
)

// errTooSlow ends a subscription whose reader does not keep up.
var errTooSlow = errors.New("the subscriber does not keep up")

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
	// acks is nil for a subscription: nobody keeps its place.
	acks *acknowledger
}

// run returns why it ended, never nil.
func (d *delivery) run(ctx context.Context) error {
	heartbeat := time.NewTicker(d.heartbeat)
	defer heartbeat.Stop()
	var due <-chan time.Time
	if d.acks != nil {
		due = d.acks.due()
		defer d.acks.stop()
	}
	for {
		select {
		case <-d.reader.Ready():
			if err := d.step(ctx); err != nil {
				return err
			}
		case <-heartbeat.C:
			if err := d.out.beat(ctx); err != nil {
				return err
			}
		case <-due:
			if err := d.acks.acknowledge(ctx); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// step delivers what has come, as much as one piece holds.
func (d *delivery) step(ctx context.Context) error {
	if d.acks == nil && d.reader.Behind() {
		return errTooSlow
	}
	piece := pieces.Get().(*[]byte)
	defer pieces.Put(piece)
	events, last, _, err := d.reader.Read(ctx, *piece)
	if err != nil || len(events) == 0 {
		return err
	}
	if err := d.out.send(ctx, events); err != nil {
		return err
	}
	if d.acks != nil {
		d.acks.flushed(last)
	}
	return nil
}
