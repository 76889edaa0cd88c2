package pulse

import (
	"sync"
	"sync/atomic"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// connection is what others may know of a delivery. Only its own goroutine writes,
// once for each write to the peer, so that a thousand deliveries share no counter.
type connection struct {
	// stream is the ID of a named stream, empty for a subscription.
	stream string
	// sent counts the events, reached is the LSN up to which the log was read.
	sent, reached atomic.Uint64
}

// delivered remembers how far a reader came.
func (c *connection) delivered(r *eventlog.Reader) {
	c.sent.Store(r.Taken())
	c.reached.Store(uint64(r.Passed().LSN))
}

func (c *connection) purpose() Purpose {
	if c.stream == "" {
		return ForSubscription
	}
	return ForStream
}

// deliveries knows the live connections, and what those before them were sent.
type deliveries struct {
	mu    sync.Mutex
	live  map[*connection]struct{}
	ended map[Purpose]uint64
}

// add counts a connection in; what it returns counts it out.
func (d *deliveries) add(c *connection) (remove func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.live == nil {
		d.live, d.ended = map[*connection]struct{}{}, map[Purpose]uint64{}
	}
	d.live[c] = struct{}{}
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.live, c)
		d.ended[c.purpose()] += c.sent.Load()
	}
}

// read counts the live connections and all events sent, and tells of the streams
// that are consumed how far.
func (d *deliveries) read() (subscribers, consumers int, sent map[Purpose]uint64, reached map[string]event.Position) {
	d.mu.Lock()
	defer d.mu.Unlock()
	sent = map[Purpose]uint64{ForStream: d.ended[ForStream], ForSubscription: d.ended[ForSubscription]}
	reached = map[string]event.Position{}
	for c := range d.live {
		sent[c.purpose()] += c.sent.Load()
		if c.stream == "" {
			subscribers++
			continue
		}
		consumers++
		reached[c.stream] = event.Position{LSN: replication.LSN(c.reached.Load())}
	}
	return subscribers, consumers, sent, reached
}
