package capture

import (
	"sync"
	"sync/atomic"
	"time"
)

// State is what an operator wants to know of a [Capture], at one moment.
type State struct {
	// Link is the state of the replication connection, since Since.
	Link  Link
	Since time.Time
	// LastError is why the connection broke or was not to be had, at LastErrorAt. It
	// stays when the connection is back; it is empty where it never broke.
	LastError   string
	LastErrorAt time.Time
	// Events counts the events stored since the start; LastEvent is when the last of
	// them was stored, zero before the first.
	Events    uint64
	LastEvent time.Time
	// Reconnects counts the connections after the first. Transactions counts the
	// commits received, Changes the row changes, also those that came again and
	// those of tables that are no models; Dropped those that were too large.
	Reconnects, Transactions, Changes, Dropped uint64
	// Spooled counts transactions in progress of which changes were received, and
	// SpooledBytes their size on disk.
	Spooled      int
	SpooledBytes int64
	Slot         SlotState
}

// SlotState is what Postgres says of the replication slot, asked every ten
// seconds.
type SlotState struct {
	Name string
	// Checked is when Postgres was asked last; zero before its first answer. The
	// rest is as of then.
	Checked time.Time
	// WALStatus is reserved, extended, unreserved or lost (the chapter
	// "pg_replication_slots"); unreserved means that the slot will be lost unless it
	// is read soon. Empty before Postgres 13.
	WALStatus string
	// LagBytes is how much log was written since the position that we confirmed:
	// what is still to be received or stored.
	LagBytes int64
	// RetainedBytes is how much log Postgres keeps for the slot: more than the lag
	// while old transactions are in progress.
	RetainedBytes int64
	// SafeWALSize is how many bytes can be written before the slot is in danger of
	// being lost; nil without a limit (max_slot_wal_keep_size) and before Postgres
	// 13.
	SafeWALSize *int64
}

// gauge is the state as the parts of a capture report it.
type gauge struct {
	counts counts

	mu    sync.Mutex
	state State
}

// counts are counted with each change, where a lock would be felt.
type counts struct{ transactions, changes, dropped atomic.Uint64 }

func newGauge(slot string) *gauge {
	return &gauge{state: State{Link: LinkDisconnected, Since: time.Now(), Slot: SlotState{Name: slot}}}
}

func (g *gauge) read() State {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.state
	now.Transactions, now.Changes, now.Dropped = g.counts.transactions.Load(), g.counts.changes.Load(), g.counts.dropped.Load()
	return now
}

// reconnected reports a connection after the first.
func (g *gauge) reconnected() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.state.Reconnects++
}

// link reports the connection's state; err is why it is not there, nil where it
// is.
func (g *gauge) link(now Link, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.state.Link != now {
		g.state.Link, g.state.Since = now, time.Now()
	}
	if err != nil {
		g.state.LastError, g.state.LastErrorAt = err.Error(), time.Now()
	}
}

// stored reports events that are in the log.
func (g *gauge) stored(events int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.state.Events += uint64(events)
	g.state.LastEvent = time.Now()
}

// slot reports what Postgres says.
func (g *gauge) slot(now SlotState) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.state.Slot = now
}
