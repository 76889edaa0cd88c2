package pulse

import (
	"context"
	"errors"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/event"
)

// acknowledger turns "flushed, and the connection stayed healthy for the grace"
// into "acknowledged": server-sent events have no way back. A connection is not
// healthy whose peer has not taken what was flushed. Of an explicit consumer,
// which acknowledges by itself, it knows only what was flushed.
//
// It remembers two events at most: the one whose grace runs, and the last one
// flushed since. While events flow without pause an acknowledgement comes at the
// latest two graces after the flush.
type acknowledger struct {
	grace    time.Duration
	explicit bool
	peer     peer
	// save stores the cursor, and with it how far the log was passed.
	save  func(ctx context.Context, e event.Event, passed event.Position) error
	timer *time.Timer

	settling, latest *flushed
}

// flushed is an event and when it was handed to the connection.
type flushed struct {
	event event.Event
	at    time.Time
	// sent is where the connection's bytes were when its grace began: behind the
	// event.
	sent uint64
}

func newAcknowledger(grace time.Duration, save func(context.Context, event.Event, event.Position) error) *acknowledger {
	timer := time.NewTimer(grace)
	timer.Stop()
	return &acknowledger{grace: grace, save: save, timer: timer}
}

// flushed says that everything up to e was handed to the connection.
func (a *acknowledger) flushed(e event.Event) {
	a.latest = &flushed{event: e, at: time.Now()}
	if a.settling == nil && !a.explicit {
		a.settle()
	}
}

// settle starts the grace of the last flushed event.
func (a *acknowledger) settle() {
	a.settling, a.latest = a.latest, nil
	if a.settling != nil {
		a.settling.sent = a.peer.sent()
		a.timer.Reset(time.Until(a.settling.at.Add(a.grace)))
	}
}

// due fires when a grace has passed; acknowledge must follow.
func (a *acknowledger) due() <-chan time.Time { return a.timer.C }

// idle reports whether everything that was flushed is acknowledged; cursor is what
// an explicit consumer acknowledged last.
func (a *acknowledger) idle(cursor func() event.Position) bool {
	if a.explicit && a.latest != nil && cursor().Compare(a.latest.event.Position) >= 0 {
		a.latest = nil
	}
	return a.settling == nil && a.latest == nil
}

// acknowledge stores the event whose grace has passed, unless the connection
// broke meanwhile; one that the peer has not taken waits another. The log was read
// up to passed: when nothing was flushed since that event, nothing up to there was
// wanted. Where the store is away it tries again after another grace: the consumer
// loses nothing by that.
func (a *acknowledger) acknowledge(ctx context.Context, passed event.Position) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if !a.peer.has(a.settling.sent) {
		a.timer.Reset(a.grace)
		return nil
	}
	if a.latest != nil {
		passed = event.Position{}
	}
	err := a.save(ctx, a.settling.event, passed)
	switch {
	case errors.Is(err, errStreamUnknown) || errors.Is(err, errSuperseded):
		return err
	case err != nil:
		a.timer.Reset(a.grace)
	default:
		a.settle()
	}
	return nil
}

func (a *acknowledger) stop() { a.timer.Stop() }
