package eventlog

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/meter"
)

// countedKinds bounds how many models are told apart in Stats: three actions
// each, of 300 models.
const countedKinds = 900

// Kind is what events are counted by.
type Kind struct {
	Model  string
	Action event.Action
}

// Stats is what an operator wants to know of a log. What is counted is counted
// since the start of this process.
type Stats struct {
	// Bytes is the size on disk, Chunks how many there are.
	Bytes, Chunks uint64
	// First and Last are the numbers of the first and the last chunk that are kept,
	// FirstAt and LastAt when they were stored.
	First, Last     uint64
	FirstAt, LastAt time.Time
	// Events counts the stored events by kind; of very many models, the later ones
	// are together under the zero Kind.
	Events map[Kind]uint64
	// Append is how long each write took, until it was as safe as the store keeps
	// it. Commit is how long after the commit in the database that was, by both
	// clocks, to the millisecond: one for each write, of its last event.
	Append, Commit meter.Distribution
}

// counters are counted by the one goroutine that appends.
type counters struct {
	events         *meter.Tally[Kind]
	append, commit *meter.Histogram
	// last is the counter of the kind that was stored last: events of one kind come
	// together.
	last    Kind
	counter *atomic.Uint64
	// failure is why the last append failed, nil where it did not.
	failure atomic.Pointer[error]
}

func newCounters() *counters {
	return &counters{
		events: meter.NewTally(countedKinds, Kind{}),
		append: meter.NewHistogram(meter.Latencies()...), commit: meter.NewHistogram(meter.Latencies()...),
	}
}

// appended counts a write that began at began.
func (c *counters) appended(began time.Time, events []event.Event, err error) {
	if err != nil {
		c.failure.Store(&err)
		return
	}
	c.failure.Store(nil)
	now := time.Now()
	c.append.Observe(now.Sub(began))
	c.commit.Observe(now.Sub(ulid.Time(events[len(events)-1].ID.Time())))
	run := uint64(0)
	for i := range events {
		if kind := (Kind{events[i].Model, events[i].Action}); kind != c.last || c.counter == nil {
			if run > 0 {
				c.counter.Add(run)
			}
			c.last, c.counter, run = kind, c.events.Of(kind), 0
		}
		run++
	}
	c.counter.Add(run)
}

// Failure is why the last append failed, nil once one succeeds.
func (l *Log) Failure() error {
	if failed := l.counters.failure.Load(); failed != nil {
		return *failed
	}
	return nil
}

// Stats is what is so now; it asks the store.
func (l *Log) Stats(ctx context.Context) (Stats, error) {
	info, err := l.stream.Info(ctx)
	if err != nil {
		return Stats{}, fmt.Errorf("event log: %w", err)
	}
	state := info.State
	return Stats{
		Bytes: state.Bytes, Chunks: state.Msgs, First: state.FirstSeq, Last: state.LastSeq, FirstAt: state.FirstTime, LastAt: state.LastTime,
		Events: l.counters.events.Read(), Append: l.counters.append.Read(), Commit: l.counters.commit.Read(),
	}, nil
}
