package eventlog

import (
	"context"

	"github.com/arazzo-conformance/arazzo/reference/event"
)

// Reader walks the log from a position on. It is used by one goroutine.
type Reader struct {
	log  *Log
	from event.Position
	// seq is the next chunk to read.
	seq   uint64
	wants func(event.Event) bool
}

// NewReader begins at from with the events that wants accepts; ErrCut when some
// from there on were removed.
func NewReader(ctx context.Context, log *Log, from event.Position, wants func(event.Event) bool) (*Reader, error) {
	seq, err := log.search(ctx, func(e event.Event) bool { return e.Position.Compare(from) > 0 })
	if err != nil {
		return nil, err
	}
	if log.lacks(from) {
		return nil, ErrCut
	}
	return &Reader{log: log, from: from, seq: seq, wants: wants}, nil
}

// Next reads one chunk; read is false at the end of the log. The events may be
// none, when the chunk holds only others. ErrCut says that the chunk was removed
// before it could be read.
func (r *Reader) Next(ctx context.Context) (events []event.Event, read bool, err error) {
	c, err := r.log.chunk(ctx, r.seq)
	if err != nil || c == nil {
		return nil, false, err
	}
	r.seq++
	for _, e := range c.events {
		if e.Position.Compare(r.from) >= 0 && r.wants(e) {
			events = append(events, e)
		}
	}
	return events, true, nil
}

// Behind reports whether the next chunk has left the memory that live readers
// share.
func (r *Reader) Behind() bool {
	r.log.mu.Lock()
	defer r.log.mu.Unlock()
	return r.seq <= r.log.lastSeq && r.log.tail.at(r.seq) == nil
}
