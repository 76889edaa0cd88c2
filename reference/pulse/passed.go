package pulse

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/event"
)

// A stream whose filter lets little through has a cursor far behind what was read
// for it. It remembers how far that is: the next consumer begins there, and the log
// may lose what lies before, but for the event that the cursor names. That one is
// asked for by its identifier as long as it is the cursor, so it is copied first.

// keptBucket is the key-value bucket of these copies, by the streams' IDs. Of a
// stream whose key has no copy that is marked as kept, the copy is a former cursor.
const keptBucket = "cursors"

// pass remembers that everything before to was judged for the stream with that ID,
// and what was wanted of it acknowledged. find looks for an event in the log.
func (st *streamStore) pass(ctx context.Context, name, id string, to event.Position, find func(context.Context, ulid.ULID) (*event.Event, error)) error {
	s, _, err := st.get(ctx, name)
	if err != nil || s.ID != id || to.Compare(s.resume()) <= 0 {
		return err
	}
	var copied ulid.ULID
	if s.Cursor != nil && !s.Kept {
		e, err := find(ctx, s.Cursor.ID)
		if err != nil {
			return err
		}
		// It may be gone already, as by the log's limit.
		if e != nil {
			if _, err := st.kept.Put(ctx, s.ID, e.Body); err != nil {
				return fmt.Errorf("the cursor of stream %q: %w", name, err)
			}
		}
		copied = s.Cursor.ID
	}
	_, err = st.change(ctx, name, func(s *namedStream) (bool, error) {
		if s.ID != id {
			return false, errStreamUnknown
		}
		if to.Compare(s.resume()) <= 0 {
			return false, nil
		}
		s.Passed = to
		s.Kept = s.Kept || s.Cursor == nil || s.Cursor.ID == copied
		return true, nil
	})
	return err
}

// event is a copy of the event that is some stream's cursor, nil when there is none.
func (st *streamStore) event(ctx context.Context, id ulid.ULID) ([]byte, error) {
	all, err := st.list(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if s.Cursor == nil || s.Cursor.ID != id || !s.Kept {
			continue
		}
		entry, err := st.kept.Get(ctx, s.ID)
		if errors.Is(err, jetstream.ErrKeyNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("the cursor of stream %q: %w", s.Name, err)
		}
		return entry.Value(), nil
	}
	return nil, nil
}

// forget removes the copy of a stream that was deleted.
func (st *streamStore) forget(ctx context.Context, id string) error {
	if err := st.kept.Purge(ctx, id, jetstream.PurgeTTL(tracesLast)); err != nil && !errors.Is(err, jetstream.ErrKeyNotFound) {
		return fmt.Errorf("the cursor of a deleted stream: %w", err)
	}
	return nil
}

// sweep removes copies that were left behind because a process ended while it
// deleted their stream.
func (st *streamStore) sweep(ctx context.Context) error {
	// Before the streams: the copy of a stream that is created meanwhile stays.
	ids, err := st.kept.Keys(ctx)
	if err != nil && !errors.Is(err, jetstream.ErrNoKeysFound) {
		return fmt.Errorf("the cursors of named streams: %w", err)
	}
	all, err := st.list(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if slices.ContainsFunc(all, func(s *namedStream) bool { return s.ID == id }) {
			continue
		}
		if err := st.forget(ctx, id); err != nil {
			return err
		}
	}
	return nil
}
