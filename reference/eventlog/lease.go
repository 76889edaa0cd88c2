package eventlog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/arazzo-conformance/arazzo/reference/broker"
)

// leaseKey is in the slot's bucket.
const leaseKey = "holder"

// Lease is the right to read the slot and to append. Of the nodes that share a log
// one has it at a time.
//
// The holder renews its record by compare-and-set. Who waits for it takes it over
// by compare-and-set when the record has not changed for the lease's length, as
// measured by its own monotonic clock from the moment it saw it; no node's time of
// day matters. A holder that could not renew it gives up earlier than that. Should
// it be too late all the same, as one that was suspended in between: what it
// appends names the chunk that it appends after, and Postgres has one reader of a
// slot at a time.
type Lease struct {
	kv     jetstream.KeyValue
	node   string
	length time.Duration

	mu sync.Mutex
	// seen is the record last seen, at its revision since then.
	seen     holder
	revision uint64
	since    time.Time
	// until is how long this node has the lease for certain; zero while it has not.
	until time.Time
}

// holder is the record.
type holder struct {
	// Node has the lease; empty when it was given back.
	Node string `json:"node"`
	// Beat grows with each renewal.
	Beat uint64 `json:"beat"`
	// State is the holder's word about what it does.
	State string `json:"state"`
}

// OpenLease prepares to take part under a name that no other node has, now or
// later. length is how long a holder may be silent.
func OpenLease(ctx context.Context, b *broker.Broker, node string, length time.Duration) (*Lease, error) {
	kv, err := b.Bucket(ctx, slotBucket, 0)
	if err != nil {
		return nil, fmt.Errorf("lease: %w", err)
	}
	return &Lease{kv: kv, node: node, length: length}, nil
}

// poll is how often the record is looked at, and the holder's state compared with
// what it last told; answer bounds one question or write.
func (l *Lease) poll() time.Duration   { return min(l.length/20, 500*time.Millisecond) }
func (l *Lease) answer() time.Duration { return min(l.length/4, 5*time.Second) }

// Holding reports whether this node has the lease at this moment.
func (l *Lease) Holding() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Now().Before(l.until)
}

// Holder is the node that has the lease and the state it told, and for how long it
// has been silent; node is empty when nobody has it.
func (l *Lease) Holder() (node, state string, silent time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seen.Node, l.seen.State, time.Since(l.since)
}

// Length is how long a holder may be silent.
func (l *Lease) Length() time.Duration { return l.length }

// Acquire waits until this node has the lease; the error is that of ctx. held ends
// when it is lost, or with ctx. state is asked for what the others are told.
// Release has to follow.
func (l *Lease) Acquire(ctx context.Context, state func() string) (held *Held, err error) {
	for {
		if l.try(ctx) {
			return l.hold(ctx, state), nil
		}
		select {
		case <-time.After(l.poll()):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// try looks at the record, and takes it when nobody has it or its holder was
// silent for too long.
func (l *Lease) try(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, l.answer())
	defer cancel()
	entry, err := l.kv.Get(ctx, leaseKey)
	missing := errors.Is(err, jetstream.ErrKeyNotFound)
	if err != nil && !missing {
		return false
	}
	var found holder
	var revision uint64
	if !missing {
		revision = entry.Revision()
		// What cannot be read is a record all the same, and grows old like one.
		_ = json.Unmarshal(entry.Value(), &found)
	}
	l.mu.Lock()
	if revision != l.revision || l.since.IsZero() {
		l.seen, l.revision, l.since = found, revision, time.Now()
	}
	// It has not been renewed in all that time, whether we could ask or not.
	silent := time.Since(l.since)
	l.mu.Unlock()
	if !missing && found.Node != "" && silent < l.length {
		return false
	}
	return l.write(ctx, holder{Node: l.node, Beat: found.Beat + 1}) == nil
}

// write replaces the record last seen. The lease is ours from the moment before:
// whoever waits measures from a later one.
func (l *Lease) write(ctx context.Context, to holder) error {
	data, err := json.Marshal(to)
	if err != nil {
		return err
	}
	before := time.Now()
	l.mu.Lock()
	revision := l.revision
	l.mu.Unlock()
	if revision, err = l.kv.Update(ctx, leaseKey, data, revision); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen, l.revision, l.since = to, revision, time.Now()
	l.until = time.Time{}
	if to.Node != "" {
		// A fifth less than who waits gives us: clocks may run at different rates, and
		// what is under way has to end.
		l.until = before.Add(l.length * 4 / 5)
	}
	return nil
}

// Held is a lease that this node has.
type Held struct {
	// Context ends when it is lost.
	Context context.Context

	lease   *Lease
	end     context.CancelFunc
	renewed sync.WaitGroup
}

func (l *Lease) hold(ctx context.Context, state func() string) *Held {
	h := &Held{lease: l}
	h.Context, h.end = context.WithCancel(ctx)
	h.renewed.Go(func() {
		defer h.end()
		l.renew(h.Context, state)
	})
	return h
}

// renew keeps the lease until ctx ends or it is lost.
func (l *Lease) renew(ctx context.Context, state func() string) {
	look := time.NewTicker(l.poll())
	defer look.Stop()
	l.mu.Lock()
	told, renewed := l.seen.State, time.Now()
	l.mu.Unlock()
	for {
		select {
		case <-look.C:
		case <-ctx.Done():
			return
		}
		if !l.Holding() {
			return
		}
		now := state()
		if now == told && time.Since(renewed) < l.length/5 {
			continue
		}
		switch err := l.beat(ctx, now); {
		case err == nil:
			told, renewed = now, time.Now()
		case errors.Is(err, errLeaseLost):
			return
		}
	}
}

var errLeaseLost = errors.New("another node has the lease")

// beat renews the lease once.
func (l *Lease) beat(ctx context.Context, state string) error {
	ctx, cancel := context.WithTimeout(ctx, l.answer())
	defer cancel()
	l.mu.Lock()
	next := holder{Node: l.node, Beat: l.seen.Beat + 1, State: state}
	l.mu.Unlock()
	err := l.write(ctx, next)
	if !errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
		return err
	}
	// An earlier renewal may have come through whose answer was lost.
	entry, err := l.kv.Get(ctx, leaseKey)
	if err != nil {
		return err
	}
	var found holder
	if json.Unmarshal(entry.Value(), &found) != nil || found.Node != l.node {
		l.mu.Lock()
		l.seen, l.revision, l.since, l.until = found, entry.Revision(), time.Now(), time.Time{}
		l.mu.Unlock()
		return errLeaseLost
	}
	l.mu.Lock()
	l.seen, l.revision = found, entry.Revision()
	l.mu.Unlock()
	return l.write(ctx, holder{Node: l.node, Beat: found.Beat + 1, State: state})
}

// Release ends the lease and gives it back at once, if it is still ours.
func (h *Held) Release(ctx context.Context) {
	h.end()
	h.renewed.Wait()
	l := h.lease
	l.mu.Lock()
	ours, beat := time.Now().Before(l.until), l.seen.Beat
	l.until = time.Time{}
	l.mu.Unlock()
	if ours {
		ctx, cancel := context.WithTimeout(ctx, l.answer())
		defer cancel()
		// Where this fails, the others wait for the lease's length.
		_ = l.write(ctx, holder{Beat: beat + 1})
	}
}
