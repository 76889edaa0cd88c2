package eventlog

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// ErrCut ends a reader: what it was to read next is no longer in the log.
var ErrCut = errors.New("event log: what was to be read next is no longer there")

const (
	// A chunk that is missing in the middle is one that a replica has not got yet:
	// it is asked for again, for as long as a replica may reasonably lag.
	lagPatience = 5 * time.Second
	lagPoll     = 50 * time.Millisecond
)

// Cut is the last event that was removed from the log's beginning; false while
// none was. It asks the store, which may remove events by itself (MaxBytes).
func (l *Log) Cut(ctx context.Context) (_ event.Position, cut bool, err error) {
	if err := l.locate(ctx); err != nil {
		return event.Position{}, false, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cut, l.first > 1, nil
}

// lacks reports whether something at or after pos is known to have been removed.
func (l *Log) lacks(pos event.Position) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.first > 1 && pos.Compare(l.cut) <= 0
}

// locate learns where the log begins. A chunk lost in the middle, as by a damaged
// file, cannot be passed over: the log begins after it, and what lies before stays
// unread.
func (l *Log) locate(ctx context.Context) error {
	for {
		first, end, err := l.bounds(ctx)
		if err != nil {
			return err
		}
		l.mu.Lock()
		known, cut := l.first, l.last.Position
		l.mu.Unlock()
		if first <= known {
			return nil
		}
		if first <= end {
			msg, err := l.stream.GetMsg(ctx, first)
			if errors.Is(err, jetstream.ErrMsgNotFound) {
				continue // It was removed in between.
			}
			if err == nil {
				cut, err = previous(msg.Header)
			}
			if err != nil {
				return fmt.Errorf("event log: chunk %d: %w", first, err)
			}
		}
		l.mu.Lock()
		if first > l.first {
			l.first, l.cut = first, cut
		}
		l.mu.Unlock()
	}
}

// bounds are the first chunk that can be read without a gap after it, and the last.
func (l *Log) bounds(ctx context.Context) (first, last uint64, err error) {
	info, err := l.stream.Info(ctx)
	if err == nil && info.State.NumDeleted > 0 {
		info, err = l.stream.Info(ctx, jetstream.WithDeletedDetails(true))
	}
	if err != nil {
		return 0, 0, fmt.Errorf("event log: %w", err)
	}
	l.mu.Lock()
	first = max(info.State.FirstSeq, l.gap+1)
	l.mu.Unlock()
	for _, missing := range info.State.Deleted {
		first = max(first, missing+1)
	}
	return first, info.State.LastSeq, nil
}

// follows says in a chunk's headers what it comes after, so that it is known when
// that is gone.
func follows(header nats.Header, last event.Position) {
	header.Set(headerPreviousLSN, last.LSN.String())
	header.Set(headerPreviousIndex, strconv.FormatUint(last.Index, 10))
}

// previous reads what follows wrote.
func previous(header nats.Header) (event.Position, error) {
	lsn, err := replication.ParseLSN(header.Get(headerPreviousLSN))
	if err != nil {
		return event.Position{}, fmt.Errorf("header %s: %w", headerPreviousLSN, err)
	}
	index, err := strconv.ParseUint(header.Get(headerPreviousIndex), 10, 64)
	if err != nil {
		return event.Position{}, fmt.Errorf("header %s: %w", headerPreviousIndex, err)
	}
	return event.Position{LSN: lsn, Index: index}, nil
}

// Purge removes the chunks that were stored more than age ago, by the store's
// clock, and of which every event lies before hold. The last chunk always stays:
// what comes next is known by it.
func (l *Log) Purge(ctx context.Context, age time.Duration, hold event.Position) error {
	if err := l.locate(ctx); err != nil {
		return err
	}
	keep, err := l.search(ctx, func(e event.Event) bool { return e.Position.Compare(hold) > 0 })
	if err != nil {
		return err
	}
	info, err := l.stream.Info(ctx)
	if err != nil {
		return fmt.Errorf("event log: %w", err)
	}
	l.mu.Lock()
	// What lies before a chunk that was lost among others is not read any more.
	first := max(info.State.FirstSeq, l.first)
	l.mu.Unlock()
	old := info.TimeStamp.Add(-age)
	keep = min(keep, info.State.LastSeq)
	for low := first; low < keep; {
		middle := low + (keep-low)/2
		msg, err := l.stream.GetMsg(ctx, middle)
		if err != nil {
			return fmt.Errorf("event log: chunk %d: %w", middle, err)
		}
		if msg.Time.Before(old) {
			low = middle + 1
		} else {
			keep = middle
		}
	}
	if keep <= first {
		return nil
	}
	if err := l.stream.Purge(ctx, jetstream.WithPurgeSequence(keep)); err != nil {
		return fmt.Errorf("event log: remove the chunks before %d: %w", keep, err)
	}
	return l.locate(ctx)
}
