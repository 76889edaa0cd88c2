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
	"golang.org/x/sync/errgroup"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/event"
)

// streamsBucket is the key-value bucket with one key for each named stream, which is
// one token, and beside them a notice of each that was deleted, by its ID.
const (
	streamsBucket = "streams"
	notice        = "deleted."
)

// tracesLast is how long the trace of a deleted key stays: the least there is, for
// every list looks through them. Nodes that watch hear of it; noticesLast is how long
// one may have lost its connection and still hear that a stream was deleted.
const (
	tracesLast  = time.Second
	noticesLast = time.Hour
)

// maxStreams is the number of named streams a database may have: Prisma's own
// cap on consumers of stream().
const maxStreams = 1000

var (
	errStreamExists  = errors.New("a stream of this name exists")
	errStreamUnknown = errors.New("no stream of this name")
	errSuperseded    = errors.New("a newer consumer has the stream")
	errTooMany       = fmt.Errorf("there are %d streams, the most there may be", maxStreams)
)

// namedStream is what is kept of a named stream.
type namedStream struct {
	// ID tells a stream from an earlier one of the same name, whose late
	// acknowledgements must not touch it.
	ID    string `json:"id"`
	Name  string `json:"name"`
	Model string `json:"model"`
	// Namespace is the Postgres schema of the model's table.
	Namespace string `json:"namespace,omitempty"`
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
	// Consumer is the token of the newest consumer, empty before the first.
	Consumer string `json:"consumer,omitempty"`
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
	// times has the creation time given last, whichever node gave it.
	times jetstream.KeyValue
	// creating saves the creations of one node from each other's retries.
	creating sync.Mutex
	listing  listing
	// moved counts the acknowledgements.
	moved atomic.Uint64
}

// timesBucket and lastCreatedKey are where the creation time given last is kept: a
// bucket of its own, for the other holds streams only.
const (
	timesBucket    = "times"
	lastCreatedKey = "created"
)

func openStreams(ctx context.Context, b *broker.Broker) (*streamStore, error) {
	st := &streamStore{}
	var err error
	if st.kv, err = b.Bucket(ctx, streamsBucket, tracesLast); err == nil {
		st.kept, err = b.Bucket(ctx, keptBucket, tracesLast)
	}
	if err == nil {
		st.times, err = b.Bucket(ctx, timesBucket, 0)
	}
	if err == nil {
		st.bucket, err = b.JetStream.Stream(ctx, "KV_"+st.kv.Bucket())
	}
	if err != nil {
		return nil, fmt.Errorf("named streams: %w", err)
	}
	return st, nil
}

// key is a name in the alphabet of keys.
func key(name string) string { return base64.RawURLEncoding.EncodeToString([]byte(name)) }

// create stores a new stream and gives it its ID and creation time.
func (st *streamStore) create(ctx context.Context, s *namedStream) error {
	st.creating.Lock()
	defer st.creating.Unlock()
	if _, _, err := st.get(ctx, s.Name); err == nil {
		return errStreamExists
	} else if !errors.Is(err, errStreamUnknown) {
		return err
	}
	there, err := st.count(ctx)
	if err != nil {
		return err
	}
	if there >= maxStreams {
		return errTooMany
	}
	if s.CreatedAt, err = st.nextCreation(ctx); err != nil {
		return err
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
	// Another node may have created one at the same time. Where both see that there is
	// one too many, both withdraw.
	if there, err = st.count(ctx); err != nil || there <= maxStreams {
		return err
	}
	return errors.Join(errTooMany, st.remove(ctx, s.Name))
}

// count is how many streams there are. The keys of those that were just removed are
// told apart only where the limit may be reached.
func (st *streamStore) count(ctx context.Context) (int, error) {
	keys, err := st.keys(ctx)
	if err != nil || len(keys) < maxStreams {
		return len(keys), err
	}
	all, err := st.list(ctx)
	return len(all), err
}

// keys are the streams' keys, and those that were removed a moment ago.
func (st *streamStore) keys(ctx context.Context) ([]string, error) {
	subjects := "$KV." + st.kv.Bucket() + "."
	info, err := st.bucket.Info(ctx, jetstream.WithSubjectFilter(subjects+"*"))
	if err != nil {
		return nil, fmt.Errorf("list named streams: %w", err)
	}
	keys := make([]string, 0, len(info.State.Subjects))
	for subject := range info.State.Subjects {
		keys = append(keys, strings.TrimPrefix(subject, subjects))
	}
	return keys, nil
}

// nextCreation is a creation time that is later than every one given before, also by
// nodes whose clocks are ahead.
func (st *streamStore) nextCreation(ctx context.Context) (time.Time, error) {
	for {
		var last time.Time
		var revision uint64
		entry, err := st.times.Get(ctx, lastCreatedKey)
		if err == nil {
			revision = entry.Revision()
			last, err = time.Parse(time.RFC3339Nano, string(entry.Value()))
		} else if errors.Is(err, jetstream.ErrKeyNotFound) {
			err = nil
		}
		if err != nil {
			return time.Time{}, fmt.Errorf("creation time: %w", err)
		}
		now := time.Now().UTC().Truncate(time.Millisecond)
		if !now.After(last) {
			now = last.Add(time.Millisecond)
		}
		_, err = st.times.Update(ctx, lastCreatedKey, []byte(now.Format(time.RFC3339Nano)), revision)
		if err == nil {
			return now, nil
		}
		if !isStale(err) {
			return time.Time{}, fmt.Errorf("creation time: %w", err)
		}
	}
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

// readsAtOnce is how many keys are read side by side: one after the other a list of a
// thousand takes as many turns to the message server.
const readsAtOnce = 32

// list is all streams, newest first. They are shared with others who ask at the time, and
// not to be changed.
func (st *streamStore) list(ctx context.Context) ([]*namedStream, error) {
	return st.listing.get(ctx, st.readAll)
}

// readAll reads each key by itself: what a watcher gives as the state of its beginning
// lacks a key that changes at that moment.
func (st *streamStore) readAll(ctx context.Context) ([]*namedStream, error) {
	keys, err := st.keys(ctx)
	if err != nil {
		return nil, err
	}
	var mutex sync.Mutex
	var all []*namedStream
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readsAtOnce)
	for _, key := range keys {
		group.Go(func() error {
			entry, err := st.kv.Get(ctx, key)
			if errors.Is(err, jetstream.ErrKeyNotFound) {
				return nil // just removed
			}
			if err != nil {
				return fmt.Errorf("list named streams: %w", err)
			}
			s, err := decodeStream(entry)
			if err != nil {
				return err
			}
			mutex.Lock()
			defer mutex.Unlock()
			all = append(all, s)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
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
			return errors.Join(st.announce(ctx, s), st.forget(ctx, s.ID))
		}
		if !isStale(err) {
			return err
		}
	}
}

// announce leaves a notice that a stream was deleted, for nodes that are not connected
// now.
func (st *streamStore) announce(ctx context.Context, s *namedStream) error {
	_, err := st.kv.Create(ctx, notice+s.ID, []byte(s.Name), jetstream.KeyTTL(noticesLast))
	if err != nil {
		return fmt.Errorf("named stream %q: %w", s.Name, err)
	}
	return nil
}

// take gives a stream to a new consumer, which is known by its token: what an
// earlier one acknowledges from then on does not count, on whichever node it is.
// The answer is the stream as it is from then on, and its revision.
func (st *streamStore) take(ctx context.Context, name, token string) (n *namedStream, revision uint64, err error) {
	revision, err = st.change(ctx, name, func(s *namedStream) (bool, error) {
		s.Consumer, n = token, s
		return true, nil
	})
	return n, revision, err
}

// acknowledge moves the cursor of a stream forward to an event, never back, for the
// consumer that took it, or where it names none for whichever has it. What lies
// before passed, zero where nobody knows, is done with too. errStreamUnknown when
// that stream is gone, whatever else its name means now; errSuperseded when a newer
// consumer has it.
func (st *streamStore) acknowledge(ctx context.Context, taken *namedStream, e event.Event, passed event.Position) error {
	moved := false
	_, err := st.change(ctx, taken.Name, func(s *namedStream) (bool, error) {
		switch {
		case s.ID != taken.ID:
			return false, errStreamUnknown
		case taken.Consumer != "" && s.Consumer != taken.Consumer:
			return false, errSuperseded
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
		_, err = st.change(ctx, all[i].Name, func(s *namedStream) (bool, error) {
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
// something to store. The answer is the revision of what was stored.
func (st *streamStore) change(ctx context.Context, name string, edit func(*namedStream) (bool, error)) (uint64, error) {
	for {
		s, revision, err := st.get(ctx, name)
		if err != nil {
			return 0, err
		}
		changed, err := edit(s)
		if err != nil || !changed {
			return revision, err
		}
		data, err := json.Marshal(s)
		if err != nil {
			return 0, fmt.Errorf("named stream %q: %w", name, err)
		}
		if revision, err = st.kv.Update(ctx, key(name), data, revision); !isStale(err) {
			return revision, err
		}
	}
}

// isStale reports whether a compare-and-set found another revision.
func isStale(err error) bool {
	return errors.Is(err, jetstream.ErrKeyRevisionMismatch)
}
