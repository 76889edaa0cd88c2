package eventlog

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/event"
)

const (
	logName = "events"
	// appendWait bounds one write with its sync to disk; a disk that needs longer
	// is as good as gone, and the slot sends the events again.
	appendWait = 30 * time.Second
	// concurrentReads keeps chunks on their way to readers below the 64 MiB that
	// a NATS connection holds back before it drops messages.
	concurrentReads = 4
)

// The headers of a chunk in the log, for whoever looks with NATS' own tools.
const (
	headerCommitLSN  = "Pulse-Commit-Lsn"
	headerFirstIndex = "Pulse-First-Index"
	headerFirstID    = "Pulse-First-Id"
	headerCount      = "Pulse-Count"
	// The place of the event before the chunk; zeros in the first.
	headerPreviousLSN   = "Pulse-Previous-Lsn"
	headerPreviousIndex = "Pulse-Previous-Index"
)

// Options say which log is opened, and how much it keeps.
type Options struct {
	// Owner tells the database from every other.
	Owner string
	// MaxBytes is how many bytes of chunks are kept, with what the store adds to
	// each: beyond it the oldest are removed, whoever still needs them. 0 is no
	// limit.
	MaxBytes int64
}

// Log is all events of a database in commit order, in one JetStream stream.
// One goroutine appends; any number read.
type Log struct {
	broker *broker.Broker
	stream jetstream.Stream
	reads  chan struct{}

	mu sync.Mutex
	// last is the last stored event, lastSeq its chunk; zero while the log is
	// empty.
	last    event.Event
	lastSeq uint64
	// first is the first chunk that can be read, cut the last event before it. gap is
	// the last chunk that was found missing among others.
	first uint64
	cut   event.Position
	gap   uint64
	tail  tail
	// recent are chunks that were read from the store.
	recent recent
	bell   bell

	counters *counters
}

// ownerKey is the stream's metadata that names the database.
const ownerKey = "database"

// Owner is which database a log is of, empty where there is no log yet.
func Owner(ctx context.Context, b *broker.Broker) (string, error) {
	stream, err := b.JetStream.Stream(ctx, b.Name(logName))
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("event log: %w", err)
	}
	return stream.CachedInfo().Config.Metadata[ownerKey], nil
}

// Open opens the log of one database; a folder that holds another database's
// events is refused, for its positions mean nothing here.
func Open(ctx context.Context, b *broker.Broker, o Options) (*Log, error) {
	stream, err := openStream(ctx, b, o)
	if err != nil {
		return nil, err
	}
	l := &Log{broker: b, stream: stream, reads: make(chan struct{}, concurrentReads), first: 1, counters: newCounters()}
	l.bell.mu = &l.mu
	return l, l.Recover(ctx)
}

// openStream makes the stream where it is missing, and gives it this start's
// limits.
func openStream(ctx context.Context, b *broker.Broker, o Options) (jetstream.Stream, error) {
	limit := o.MaxBytes
	if limit == 0 {
		limit = -1
	}
	js, name := b.JetStream, b.Name(logName)
	stream, err := js.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = js.CreateStream(ctx, jetstream.StreamConfig{
			Name:     name,
			Subjects: []string{b.Subject(logName)},
			Storage:  b.Storage(),
			MaxBytes: limit,
			Replicas: b.Replicas(),
			// Without it the server sends chunks as base64 inside JSON.
			AllowDirect: true,
			Metadata:    map[string]string{ownerKey: o.Owner},
		})
	}
	if err != nil {
		return nil, fmt.Errorf("event log: %w", err)
	}
	config := stream.CachedInfo().Config
	if found := config.Metadata[ownerKey]; found != o.Owner {
		return nil, fmt.Errorf("event log: the folder belongs to another database (%s, this one is %s): choose another folder", found, o.Owner)
	}
	if config.MaxBytes != limit || config.MaxAge != 0 || config.Replicas != b.Replicas() {
		config.MaxBytes, config.MaxAge, config.Replicas = limit, 0, b.Replicas()
		if stream, err = js.UpdateStream(ctx, config); err != nil {
			return nil, fmt.Errorf("event log: limit it to %d bytes on %d servers: %w", limit, b.Replicas(), err)
		}
	}
	return stream, nil
}

// catchUp is how many chunks are read one by one when the log grew behind our
// back: what reads its end goes on without a gap. With more it could not keep up
// anyway.
const catchUp = 32

// Recover learns from the store what the log ends with. It is needed at the
// start and after a failed append, which may or may not have been stored.
func (l *Log) Recover(ctx context.Context) error {
	if err := l.broker.Trouble(); err != nil {
		return err
	}
	for tried := uint64(0); ; {
		_, last, err := l.bounds(ctx)
		if err != nil {
			return err
		}
		err = l.advance(ctx, last)
		switch {
		case err == nil:
			return l.locate(ctx)
		case !errors.Is(err, ErrCut):
			return err
		case last == tried:
			l.loseEnd(last)
			return nil
		}
		// It is not the last one any more, or will be looked for once again.
		tried = last
	}
}

// loseEnd goes on behind a last chunk that is gone, as with a damaged file: nothing
// can be read any more, and what comes next follows something unknown. The
// Confirmation tells that it is so.
func (l *Log) loseEnd(last uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last, l.lastSeq, l.first, l.cut = event.Event{}, last, last+1, event.Position{}
	l.tail, l.recent = tail{}, recent{}
}

// kept is the last chunk that is there, 0 where there is none.
func (l *Log) kept() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.first > l.lastSeq {
		return 0
	}
	return l.lastSeq
}

// advance grows the log in memory to what the store has.
func (l *Log) advance(ctx context.Context, last uint64) error {
	l.mu.Lock()
	next := l.lastSeq + 1
	l.mu.Unlock()
	if next == 1 || last-next >= catchUp {
		next = last
	}
	for ; next > 0 && next <= last; next++ {
		c, err := l.fetch(ctx, next)
		if errors.Is(err, ErrCut) && next < last {
			next = last - 1
			continue
		}
		if err != nil {
			return err
		}
		l.grow(c)
	}
	return nil
}

// End is the last event of the log; its ID is zero while the log is empty.
func (l *Log) End() event.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// end is the place of the last event and the chunk it is in.
func (l *Log) end() (event.Position, uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last.Position, l.lastSeq
}

// Append stores events, which follow the log's end, as one chunk. When it
// returns nil they are as safe as the store keeps them. It refuses those that are
// not beyond the end: whoever appends may have begun before the log grew by the same
// events, from another node or with an append of its own that arrived late.
func (l *Log) Append(ctx context.Context, events []event.Event) error {
	c, data := newChunk(events)
	msg := nats.NewMsg(l.broker.Subject(logName))
	msg.Data = data
	first := events[0]
	msg.Header.Set(headerCommitLSN, first.LSN.String())
	msg.Header.Set(headerFirstIndex, strconv.FormatUint(first.Index, 10))
	msg.Header.Set(headerFirstID, first.ID.String())
	msg.Header.Set(headerCount, strconv.Itoa(len(events)))

	l.mu.Lock()
	after, end := l.lastSeq, l.last.Position
	follows(msg.Header, end)
	l.mu.Unlock()
	if after > 0 && first.Compare(end) <= 0 {
		return fmt.Errorf("event log: append %d events at %s: the log has grown beyond that meanwhile", len(events), first.LSN)
	}
	ctx, unbound := l.broker.Bound(ctx)
	defer unbound()
	ctx, cancel := context.WithTimeout(ctx, appendWait)
	defer cancel()
	began := time.Now()
	ack, err := l.broker.JetStream.PublishMsg(ctx, msg, jetstream.WithExpectLastSequence(after))
	l.counters.appended(began, events, err)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return fmt.Errorf("event log: append %d events after chunk %d: %w", len(events), after, err)
	}
	c.seq = ack.Sequence
	l.grow(c)
	return nil
}

// grow makes c the log's end, unless it is known already: two may learn of it.
func (l *Log) grow(c *chunk) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.seq <= l.lastSeq {
		return
	}
	l.last, l.lastSeq = c.events[len(c.events)-1], c.seq
	l.tail.push(c)
	l.bell.ring()
}

// chunk is the chunk at seq, nil beyond the log's end, ErrCut before its
// beginning.
func (l *Log) chunk(ctx context.Context, seq uint64) (*chunk, error) {
	l.mu.Lock()
	c, first, last := l.tail.at(seq), l.first, l.lastSeq
	l.mu.Unlock()
	switch {
	case c != nil || seq > last:
		return c, nil
	case seq < first:
		return nil, ErrCut
	}
	return l.fetch(ctx, seq)
}

// fetch reads a chunk from the store, or has read it a moment ago.
func (l *Log) fetch(ctx context.Context, seq uint64) (*chunk, error) {
	select {
	case l.reads <- struct{}{}:
		defer func() { <-l.reads }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	l.mu.Lock()
	c := l.recent.at(seq)
	l.mu.Unlock()
	if c != nil {
		return c, nil
	}
	msg, err := l.message(ctx, seq)
	if err != nil {
		return nil, err
	}
	if c, err = decodeChunk(msg.Data); err != nil {
		return nil, fmt.Errorf("chunk %d: %w", seq, err)
	}
	c.seq = seq
	l.mu.Lock()
	l.recent.push(c)
	l.mu.Unlock()
	return c, nil
}

// message reads a chunk's message; ErrCut when it is gone.
func (l *Log) message(ctx context.Context, seq uint64) (*jetstream.RawStreamMsg, error) {
	for patience := time.Now().Add(lagPatience); ; {
		msg, err := l.stream.GetMsg(ctx, seq)
		if err == nil {
			return msg, nil
		}
		if !errors.Is(err, jetstream.ErrMsgNotFound) || time.Now().After(patience) {
			return nil, fmt.Errorf("event log: chunk %d: %w", seq, err)
		}
		if err := l.locate(ctx); err != nil {
			return nil, err
		}
		gone, err := l.gone(ctx, seq)
		if err != nil {
			return nil, err
		}
		if gone {
			return nil, ErrCut
		}
		select {
		case <-time.After(lagPoll):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// gone reports whether a chunk that was not found is lost, and not just one that a
// replica has not got yet. Where it is lost among others the log begins behind it.
func (l *Log) gone(ctx context.Context, seq uint64) (bool, error) {
	l.mu.Lock()
	first := l.first
	l.mu.Unlock()
	if seq < first {
		return true, nil
	}
	has, err := l.broker.LeaderHas(ctx, logName, seq)
	if err != nil || has {
		return false, err
	}
	l.mu.Lock()
	l.gap = max(l.gap, seq)
	l.mu.Unlock()
	return true, l.locate(ctx)
}

// search finds by halving the last chunk whose first event is not beyond what
// is sought, else the first chunk: where to begin reading. beyond must be false
// and then true along the log. The first chunk may be gone by the time it is read.
func (l *Log) search(ctx context.Context, beyond func(event.Event) bool) (uint64, error) {
	for {
		seq, err := l.halve(ctx, beyond)
		// The log lost its beginning meanwhile, and knows where it begins now.
		if !errors.Is(err, ErrCut) {
			return seq, err
		}
	}
}

func (l *Log) halve(ctx context.Context, beyond func(event.Event) bool) (uint64, error) {
	l.mu.Lock()
	low, high := l.first, l.lastSeq+1
	l.mu.Unlock()
	for low+1 < high {
		middle := low + (high-low)/2
		c, err := l.chunk(ctx, middle)
		if err != nil {
			return 0, err
		}
		if beyond(c.events[0]) {
			high = middle
		} else {
			low = middle
		}
	}
	return low, nil
}

// Find is the stored event with this identifier, nil when there is none. One that
// another node has just appended is found too.
func (l *Log) Find(ctx context.Context, id ulid.ULID) (*event.Event, error) {
	if l.broker.Shared() && id.Compare(l.End().ID) > 0 {
		if err := l.Recover(ctx); err != nil {
			return nil, err
		}
	}
	seq, err := l.search(ctx, func(e event.Event) bool { return e.ID.Compare(id) > 0 })
	if err != nil {
		return nil, err
	}
	c, err := l.chunk(ctx, seq)
	if errors.Is(err, ErrCut) {
		return nil, nil
	}
	if err != nil || c == nil {
		return nil, err
	}
	for _, e := range c.events {
		if e.ID == id {
			return &e, nil
		}
	}
	return nil, nil
}
