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
	// ctx bounds the writes, store is the log's Append; failed is called once where
	// it failed, from the goroutine that writes.
	ctx    context.Context
	store  func(context.Context, []event.Event) error
	failed func()

	mu sync.Mutex
	// turned is signalled when a write has ended.
	turned *sync.Cond
	// writing says that a write is under way.
	writing bool
	// gathered are the events that come after it, gatheredBytes their bodies' size;
	// due says that nobody is to wait for more of them.
	gathered      []event.Event
	gatheredBytes int
	due           bool
	// complete is the end of the last transaction of which all events were added,
	// stored up to where everything is in the log.
	complete, stored replication.LSN
	err              error
	pace             pace
	// full is told when the pause between two writes is to end.
	full chan struct{}
}

func newAppender(ctx context.Context, store func(context.Context, []event.Event) error, failed func()) *appender {
	a := &appender{ctx: ctx, store: store, failed: failed, full: make(chan struct{}, 1)}
	a.turned = sync.NewCond(&a.mu)
	return a
}

// add takes an event. Where that makes more than a chunk it waits for the write
// before, so that two chunks at most are in memory.
func (a *appender) add(e event.Event) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.gatheredBytes+len(e.Body) > eventlog.ChunkBytes && len(a.gathered) > 0 {
		select {
		case a.full <- struct{}{}:
		default:
		}
		a.settle()
		a.begin(a.ctx)
	}
	a.gathered = append(a.gathered, e)
	a.gatheredBytes += len(e.Body)
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
	a.due = len(a.gathered) > 0
	if !a.writing {
		a.begin(a.ctx)
	}
	return a.err
}

// begin writes what has gathered; no write is under way.
func (a *appender) begin(ctx context.Context) {
	if len(a.gathered) == 0 || a.err != nil {
		return
	}
	events, complete := a.gathered, a.complete
	a.gathered, a.gatheredBytes, a.due, a.writing = nil, 0, false, true
	go a.write(ctx, events, complete)
}

func (a *appender) write(ctx context.Context, events []event.Event, complete replication.LSN) {
	err := a.store(ctx, events)
	pause := a.pace.after(len(events), time.Now())
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
	a.stored = complete
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
	if !a.writing && len(a.gathered) == 0 && a.err == nil {
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
