package capture

import (
	"context"
	"sync"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// appender stores events while further ones are received: one write is under way at
// a time, and what comes meanwhile gathers for the next. So events stay in order,
// each write knows what the log ends with, and a slow disk makes writes larger, not
// more. It is used by one goroutine, which closes it.
type appender struct {
	// ctx bounds the writes, store is the log's Append, which keeps nothing of what it
	// is given; failed is called once where it failed, from the goroutine that writes.
	ctx    context.Context
	store  func(context.Context, []event.Event) error
	failed func()

	mu sync.Mutex
	// turned is signalled when a write has ended.
	turned *sync.Cond
	// writing says that a write is under way.
	writing bool
	// gathered are the events that come after it; due says that nobody is to wait for
	// more of them. spare is the memory of the write before.
	gathered, spare batch
	due             bool
	// complete is the end of the last transaction of which all events were added,
	// stored up to where everything is in the log.
	complete, stored replication.LSN
	err              error
	pace             pace
	// full is told when the pause between two writes is to end.
	full chan struct{}
}

// batch is events for one write, their bodies in memory of its own.
type batch struct {
	events []event.Event
	bodies []byte
}

func (b *batch) add(e event.Event) {
	start := len(b.bodies)
	b.bodies = append(b.bodies, e.Body...)
	e.Body = b.bodies[start:len(b.bodies):len(b.bodies)]
	b.events = append(b.events, e)
}

// emptied is the memory of a batch for the next one, unless it is out of the
// ordinary.
func (b *batch) emptied() batch {
	if cap(b.bodies) > 2*eventlog.ChunkBytes || cap(b.events) > keptEvents {
		return batch{}
	}
	return batch{b.events[:0], b.bodies[:0]}
}

// keptEvents is how many events a batch has room for at most when it is not in use;
// of the usual size fewer make a chunk.
const keptEvents = 8 << 10

func newAppender(ctx context.Context, store func(context.Context, []event.Event) error, failed func()) *appender {
	a := &appender{ctx: ctx, store: store, failed: failed, full: make(chan struct{}, 1)}
	a.turned = sync.NewCond(&a.mu)
	return a
}

// add takes an event and a copy of its body. Where that makes more than a chunk it
// waits for the write before, so that two chunks at most are in memory.
func (a *appender) add(e event.Event) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.gathered.bodies)+len(e.Body) > eventlog.ChunkBytes && len(a.gathered.events) > 0 {
		select {
		case a.full <- struct{}{}:
		default:
		}
		a.settle()
		a.begin(a.ctx)
	}
	a.gathered.add(e)
	return a.err
}

// advance says that all events of the transactions that end before complete were
// added.
func (a *appender) advance(complete replication.LSN) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.complete = max(a.complete, complete)
	a.nothingToStore()
}

// flush has what was added stored as soon as can be, without waiting for it. Parts
// of a transaction may be stored before its end has come: only what is committed
// gets here, and after a crash in between the rest is known by its positions.
func (a *appender) flush() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.due = len(a.gathered.events) > 0
	if !a.writing {
		a.begin(a.ctx)
	}
	return a.err
}

// begin writes what has gathered; no write is under way.
func (a *appender) begin(ctx context.Context) {
	if len(a.gathered.events) == 0 || a.err != nil {
		return
	}
	whole, complete := a.gathered, a.complete
	a.gathered, a.spare, a.due, a.writing = a.spare, batch{}, false, true
	go a.write(ctx, whole, complete)
}

func (a *appender) write(ctx context.Context, whole batch, complete replication.LSN) {
	err := a.store(ctx, whole.events)
	pause := a.pace.after(len(whole.events), time.Now())
	if err != nil {
		// Not before the error is there to be asked for.
		defer a.failed()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	defer a.turned.Broadcast()
	if err != nil {
		a.writing, a.err = false, err
		return
	}
	a.stored, a.spare = complete, whole.emptied()
	if a.due && pause > 0 {
		a.pause(ctx, pause)
	}
	a.writing = false
	a.nothingToStore()
	if a.due {
		a.begin(ctx)
	}
}

// pause lets events gather, with the mutex given up meanwhile.
func (a *appender) pause(ctx context.Context, pause time.Duration) {
	a.mu.Unlock()
	defer a.mu.Lock()
	select {
	case <-a.full: // of before the pause, perhaps: then it is none
	case <-time.After(pause):
	case <-ctx.Done():
	}
}

// pace tells when writes are worth putting off: while events come so fast that many
// gather in a moment, each of a hundred small writes would cost as much as a large
// one. Nobody waits for single events then, but for the last of many.
type pace struct {
	last time.Time
	// fast counts writes in a row that found events coming fast.
	fast int
}

const (
	// fastRate is in events a millisecond, fastStreak how long it has to last, in
	// writes.
	fastRate   = 8
	fastStreak = 4
	fastPause  = 2 * time.Millisecond
)

// after is how long to wait after a write of so many events that ended now.
func (p *pace) after(events int, now time.Time) time.Duration {
	since := now.Sub(p.last)
	p.last = now
	if float64(events) < fastRate*since.Seconds()*1000 {
		p.fast = 0
		return 0
	}
	if p.fast++; p.fast < fastStreak {
		return 0
	}
	return fastPause
}

// nothingToStore moves stored on where everything is in the log already.
func (a *appender) nothingToStore() {
	if !a.writing && len(a.gathered.events) == 0 && a.err == nil {
		a.stored = a.complete
	}
}

// position is up to where everything is in the log; and the error of the last
// write, after which there is no other.
func (a *appender) position() (replication.LSN, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.stored, a.err
}

// close waits for the write that is under way. What has gathered is not stored,
// unless by finish: the server sends it again.
func (a *appender) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.due = false
	a.settle()
}

// finish stores what had gathered when it was closed.
func (a *appender) finish(ctx context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.begin(ctx)
	a.settle()
	return a.err
}

// settle waits until no write is under way.
func (a *appender) settle() {
	for a.writing {
		a.turned.Wait()
	}
}
