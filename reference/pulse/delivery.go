package pulse

import (
	"context"
	"errors"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/eventlog"
)

// errTooSlow ends a subscription whose reader does not keep up.
var errTooSlow = errors.New("the subscriber does not keep up")

// delivery carries events from the log to one connection until the connection,
// the stream or the service ends. It reads the log itself, so that a slow reader
// delays nobody but itself.
type delivery struct {
	log       *eventlog.Log
	reader    *eventlog.Reader
	out       *eventStream
	heartbeat time.Duration
	// acks is nil for a subscription: nobody keeps its place.
	acks *acknowledger
}

// always is the growth of a log that has more to read already.
var always = func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

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
		// Taken before the log is read, so that nothing slips in between.
		wake := d.log.Growth()
		read, err := d.step(ctx)
		if err != nil {
			return err
		}
		if read {
			wake = always
		}
		select {
		case <-wake:
		case <-heartbeat.C:
			err = d.out.beat(ctx)
		case <-due:
			err = d.acks.acknowledge(ctx)
		case <-ctx.Done():
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
	}
}

// step delivers one chunk, and reports whether there was one.
func (d *delivery) step(ctx context.Context) (bool, error) {
	if d.acks == nil && d.reader.Behind() {
		return false, errTooSlow
	}
	events, read, err := d.reader.Next(ctx)
	if err != nil || len(events) == 0 {
		return read, err
	}
	if err := d.out.send(ctx, events); err != nil {
		return false, err
	}
	if d.acks != nil {
		d.acks.flushed(events[len(events)-1])
	}
	return true, nil
}
