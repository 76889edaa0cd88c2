package pulse

import (
	"context"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/event"
)

const (
	// purgeInterval is how often old events are looked for: it is how much older
	// than its age an event may become, beside the chunk it is in.
	purgeInterval = time.Minute
	// cutInterval is how often the log is looked at for what its limit cut, or, where
	// it has none, for what was found to be damaged.
	cutInterval, damageInterval = time.Second, 10 * time.Second
)

// retain removes what is old and notices what the log's limit removed, until ctx
// ends.
func (s *Service) retain(ctx context.Context) {
	purge := time.NewTicker(purgeInterval)
	defer purge.Stop()
	interval := cutInterval
	if s.options.RetentionBytes == 0 {
		interval = damageInterval
	}
	cut := time.NewTicker(interval)
	defer cut.Stop()
	var seen event.Position
	// A limit may be lower since this start, and a file damaged.
	err := s.stopCut(ctx, &seen)
	for {
		if err != nil && ctx.Err() == nil {
			s.options.Log.Warn("pulse: retention failed; the next round tries again", "error", err)
		}
		select {
		case <-purge.C:
			err = s.purge(ctx, s.options.RetentionAge)
		case <-cut.C:
			err = s.stopCut(ctx, &seen)
		case <-ctx.Done():
			return
		}
	}
}

// purge removes the events that are older than age and that no stream needs. A
// stopped stream needs none: it cannot go on. An age of 0 keeps everything.
func (s *Service) purge(ctx context.Context, age time.Duration) error {
	if age == 0 || !s.holdsSlot() {
		return nil
	}
	// Before the streams: a stream that is created meanwhile begins after it.
	hold := s.log.End().Position
	all, err := s.streams.list(ctx)
	if err != nil {
		return err
	}
	for _, n := range all {
		if n.Stopped == "" && n.hold().Compare(hold) < 0 {
			hold = n.hold()
		}
	}
	return s.log.Purge(ctx, age, hold)
}

// cutReason is why a stream is stopped whose events are no longer in the log.
const cutReason = "the event log no longer has events that it had still to deliver: " +
	"they went because of the log's limit (--retention-bytes), or with a damaged file"

// stopCut stops the streams that have lost events since the last look, which saw
// the log end there, and ends their consumers.
func (s *Service) stopCut(ctx context.Context, seen *event.Position) error {
	cut, some, err := s.log.Cut(ctx)
	if err != nil || !some || cut == *seen {
		return err
	}
	stopped, err := s.stop(ctx, cutReason, func(n *namedStream) bool { return n.lost(cut) })
	for _, name := range stopped {
		s.consumers.end(name, errStopped)
	}
	if err == nil {
		*seen = cut
	}
	return err
}

// slotReason is why a stream is stopped that begins before the slot.
const slotReason = "the replication slot was made anew, and with the old one changes are gone that this stream had still to deliver"

// stopIfCut marks a stream that is about to be consumed as stopped when events are
// gone that it had still to deliver.
func (s *Service) stopIfCut(ctx context.Context, n *namedStream) error {
	since, err := s.confirmation.Since(ctx)
	if err != nil {
		return err
	}
	cut, some, err := s.log.Cut(ctx)
	reason := ""
	switch {
	case err != nil || n.Stopped != "":
		return err
	case n.resume().LSN < since:
		reason = slotReason
	case some && n.lost(cut):
		reason = cutReason
	default:
		return nil
	}
	n.Stopped = reason
	_, err = s.streams.change(ctx, n.Name, func(now *namedStream) (bool, error) {
		gone := now.ID == n.ID && now.Stopped == ""
		now.Stopped = reason
		return gone, nil
	})
	return err
}
