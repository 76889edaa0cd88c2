package pulse

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/event"
)

// streamsBucket is the key-value bucket with one key for each named stream.
const streamsBucket = "streams"

// tracesLast is how long the trace of a deleted key stays, for other nodes that
// watch: every list looks through them.
const tracesLast = time.Hour

// maxStreams is the number of named streams a database may have: Prisma's own
// cap on consumers of stream().
const maxStreams = 1000

var (
	errStreamExists  = errors.New("a stream of this name exists")
	errStreamUnknown = errors.New("no stream of this name")
	errTooMany       = fmt.Errorf("there are %d streams, the most there may be", maxStreams)
)

// namedStream is what is kept of a named stream.
type namedStream struct {
	// ID tells a stream from an earlier one of the same name, whose late
	// acknowledgements must not touch it.
	ID    string `json:"id"`
	Name  string `json:"name"`
	Model string `json:"model"`
	// Filter is the filter as it was given; it is read again by each consumer,
	// for the model's fields may have changed.
	Filter json.RawMessage `json:"filter,omitempty"`
	// Start is where the stream begins: nothing before it is its event.
	Start event.Position `json:"start"`
	// Cursor is the last acknowledged event, nil before the first.
	Cursor *cursor `json:"cursor,omitempty"`
	// Passed is how far the log was read for the stream: what lies before was not
	// wanted, or is acknowledged. Kept says that the cursor's event is kept beside the
	// log, which may lose it.
	Passed    event.Position `json:"passed,omitzero"`
	Kept      bool           `json:"kept,omitempty"`
	CreatedAt time.Time      `json:"createdAt"`
	// Stopped says why the stream cannot go on; empty while it can.
	Stopped string `json:"stopped,omitempty"`
}

// cursor names an event by place and identifier.
type cursor struct {
	event.Position
	ID ulid.ULID `json:"id"`
}

// resume is where the next consumer begins.
func (s *namedStream) resume() event.Position {
	from := s.Start
	if s.Cursor != nil {
		from = s.Cursor.Next()
	}
	if from.Compare(s.Passed) < 0 {
		from = s.Passed
	}
	return from
}

// hold is the first position that the log has to keep for the stream: the cursor's
// own event is still asked for, and may be nowhere else.
func (s *namedStream) hold() event.Position {
	if s.Cursor == nil || s.Kept {
		return s.resume()
	}
	return s.Cursor.Position
}

// lost reports whether events that the stream had still to deliver are gone, when
// everything up to cut is.
func (s *namedStream) lost(cut event.Position) bool { return s.resume().Compare(cut) <= 0 }

// streamStore keeps the named streams. Every change is a compare-and-set on the
// stream's key.
type streamStore struct {
	kv jetstream.KeyValue
	// bucket is where the keys are, a stream of JetStream's.
	bucket jetstream.Stream
	// kept has copies of cursors' events.
	kept jetstream.KeyValue
	// creating holds createdAt strictly increasing and the count within its cap.
	creating sync.Mutex
	// moved counts the acknowledgements.
	moved atomic.Uint64
}

func openStreams(ctx context.Context, js jetstream.JetStream) (*streamStore, error) {
	kv, err := openBucket(ctx, js, streamsBucket)
	if err != nil {
		return nil, err
	}
	kept, err := openBucket(ctx, js, keptBucket)
	if err != nil {
		return nil, err
	}
	bucket, err := js.Stream(ctx, "KV_"+streamsBucket)
	if err != nil {
		return nil, fmt.Errorf("named streams: %w", err)
	}
	return &streamStore{kv: kv, bucket: bucket, kept: kept}, nil
}

// openBucket makes a bucket where it is missing.
func openBucket(ctx context.Context, js jetstream.JetStream, name string) (jetstream.KeyValue, error) {
	kv, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: name, Storage: jetstream.FileStorage, LimitMarkerTTL: tracesLast})
	if err != nil {
		return nil, fmt.Errorf("named streams: %w", err)
	}
	return kv, nil
}

// key is a name in the alphabet of keys.
func key(name string) string { return base64.RawURLEncoding.EncodeToString([]byte(name)) }

// create stores a new stream and gives it its ID and creation time.
func (st *streamStore) create(ctx context.Context, s *namedStream) error {
	st.creating.Lock()
	defer st.creating.Unlock()
	all, err := st.list(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(o *namedStream) bool { return o.Name == s.Name }) {
		return errStreamExists
	}
	if len(all) >= maxStreams {
		return errTooMany
	}
	s.CreatedAt = time.Now().UTC().Truncate(time.Millisecond)
	if len(all) > 0 && !s.CreatedAt.After(all[0].CreatedAt) {
		s.CreatedAt = all[0].CreatedAt.Add(time.Millisecond)
	}
	s.ID = ulid.Make().String()
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("named stream %q: %w", s.Name, err)
	}
	_, err = st.kv.Create(ctx, key(s.Name), data)
	if errors.Is(err, jetstream.ErrKeyExists) {
		return errStreamExists
	}
	if err != nil {
		return fmt.Errorf("named stream %q: %w", s.Name, err)
	}
	return nil
}

// get is the stream of that name, with the revision that a change must name;
// errStreamUnknown when there is none.
func (st *streamStore) get(ctx context.Context, name string) (*namedStream, uint64, error) {
	// Longer ones cannot have been created, and would not do as keys.
	if len(name) > utf8.UTFMax*maxStreamName {
		return nil, 0, errStreamUnknown
	}
	entry, err := st.kv.Get(ctx, key(name))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, 0, errStreamUnknown
	}
	if err != nil {
		return nil, 0, fmt.Errorf("named stream %q: %w", name, err)
	}
	s, err := decodeStream(entry)
	return s, entry.Revision(), err
}

func decodeStream(entry jetstream.KeyValueEntry) (*namedStream, error) {
	s := &namedStream{}
	if err := json.Unmarshal(entry.Value(), s); err != nil {
		return nil, fmt.Errorf("named stream at key %s: %w", entry.Key(), err)
	}
	return s, nil
}

// list is all streams, newest first. Each key is read by itself: what a watcher
// gives as the state of its beginning lacks a key that changes at that moment.
func (st *streamStore) list(ctx context.Context) ([]*namedStream, error) {
	const subjects = "$KV." + streamsBucket + "."
	info, err := st.bucket.Info(ctx, jetstream.WithSubjectFilter(subjects+">"))
	if err != nil {
		return nil, fmt.Errorf("list named streams: %w", err)
	}
	var all []*namedStream
	for subject := range info.State.Subjects {
		entry, err := st.kv.Get(ctx, strings.TrimPrefix(subject, subjects))
		if errors.Is(err, jetstream.ErrKeyNotFound) {
			continue // removed, now or long ago
		}
		if err != nil {
			return nil, fmt.Errorf("list named streams: %w", err)
		}
		s, err := decodeStream(entry)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *namedStream) int {
		if c := b.CreatedAt.Compare(a.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all, nil
}

// remove deletes the stream of that name; errStreamUnknown when there is none.
func (st *streamStore) remove(ctx context.Context, name string) error {
	for {
		s, revision, err := st.get(ctx, name)
		if err != nil {
			return err
		}
		err = st.kv.Purge(ctx, key(name), jetstream.LastRevision(revision), jetstream.PurgeTTL(tracesLast))
		if err == nil {
			return st.forget(ctx, s.ID)
		}
		if !isStale(err) {
			return err
		}
	}
}

// acknowledge moves the cursor of the stream with that ID forward to an event;
// never back. What lies before passed, zero where nobody knows, is done with too. errStreamUnknown when that stream is gone, whatever else its name
// means now.
func (st *streamStore) acknowledge(ctx context.Context, name, id string, e event.Event, passed event.Position) error {
	moved := false
	err := st.change(ctx, name, func(s *namedStream) (bool, error) {
		if s.ID != id {
			return false, errStreamUnknown
		}
		if moved = s.Cursor == nil || e.Compare(s.Cursor.Position) > 0; !moved {
			return false, nil
		}
		s.Cursor, s.Kept = &cursor{Position: e.Position, ID: e.ID}, false
		if passed.Compare(s.Passed) > 0 {
			s.Passed = passed
		}
		return true, nil
	})
	if err == nil && moved {
		st.moved.Add(1)
	}
	return err
}

// stop marks the streams that broken names as ones that cannot go on, and says
// which it marked.
func (st *streamStore) stop(ctx context.Context, reason string, broken func(*namedStream) bool) (stopped []string, err error) {
	all, err := st.list(ctx)
	for i := 0; i < len(all) && err == nil; i++ {
		marked := false
		err = st.change(ctx, all[i].Name, func(s *namedStream) (bool, error) {
			marked = s.Stopped == "" && broken(s)
			s.Stopped = reason
			return marked, nil
		})
		if errors.Is(err, errStreamUnknown) {
			err = nil
		} else if marked && err == nil {
			stopped = append(stopped, all[i].Name)
		}
	}
	return stopped, err
}

// change applies edit to the stream's newest state and stores the result, again
// from the start when somebody else was faster; edit says whether there is
// something to store.
func (st *streamStore) change(ctx context.Context, name string, edit func(*namedStream) (bool, error)) error {
	for {
		s, revision, err := st.get(ctx, name)
		if err != nil {
			return err
		}
		changed, err := edit(s)
		if err != nil || !changed {
			return err
		}
		data, err := json.Marshal(s)
		if err != nil {
			return fmt.Errorf("named stream %q: %w", name, err)
		}
		if _, err = st.kv.Update(ctx, key(name), data, revision); !isStale(err) {
			return err
		}
	}
}

// isStale reports whether a compare-and-set found another revision.
func isStale(err error) bool {
	return errors.Is(err, jetstream.ErrKeyRevisionMismatch)
}
