package pulse

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// looks lets any number of requests look at the database's schema with as few
// readings of it as that takes: all that ask while one is under way share the next.
type looks struct {
	read func(context.Context) (*prisma.Schema, error)
	// live ends with the service, and with it every reading.
	live context.Context

	mu sync.Mutex
	// running says that somebody reads; next is what is read after that, nil while
	// nobody waits for it.
	running bool
	next    *look
	// last is the last schema that was read, as of at.
	last *prisma.Schema
	at   time.Time
	// failed is why the last reading failed, at failedAt; nil where it did not.
	failed   error
	failedAt time.Time
}

// look is one reading of the schema; the rest is set when done is closed.
type look struct {
	done   chan struct{}
	schema *prisma.Schema
	err    error
}

// now is the schema as it is at some moment after the call, within questionWait.
func (l *looks) now(ctx context.Context) (*prisma.Schema, error) {
	l.mu.Lock()
	if l.next == nil {
		l.next = &look{done: make(chan struct{})}
	}
	mine := l.next
	if !l.running {
		l.running = true
		go l.run()
	}
	l.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, questionWait)
	defer cancel()
	select {
	case <-mine.done:
		return mine.schema, mine.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// recent is a schema that is at most so old.
func (l *looks) recent(ctx context.Context, age time.Duration) (*prisma.Schema, error) {
	l.mu.Lock()
	last, at := l.last, l.at
	l.mu.Unlock()
	if last != nil && time.Since(at) < age {
		return last, nil
	}
	return l.now(ctx)
}

// run reads until nobody waits any more.
func (l *looks) run() {
	for {
		l.mu.Lock()
		mine := l.next
		l.next = nil
		if mine == nil {
			l.running = false
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		l.look(mine)
	}
}

// look reads once. Nobody's request is its context: others wait for it too. Here
// no server catches a panic.
func (l *looks) look(mine *look) {
	defer close(mine.done)
	defer func() {
		if fault := recover(); fault != nil {
			mine.err = fmt.Errorf("reading the schema met a bug: %v\n%s", fault, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(l.live, questionWait)
	defer cancel()
	began := time.Now()
	mine.schema, mine.err = l.read(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failed, l.failedAt = mine.err, time.Now(); l.failed == nil {
		l.last, l.at = mine.schema, began
	}
}

// failureAge is how long a reading that failed says something of the present: the
// next may be far away.
const failureAge = time.Minute

// failure is why the last reading failed, nil where it did not, or long ago.
func (l *looks) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Since(l.failedAt) > failureAge {
		return nil
	}
	return l.failed
}
