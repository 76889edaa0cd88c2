package eventlog

import (
	"context"

	"github.com/arazzo-conformance/arazzo/reference/event"
)

// readBound is how many bytes of chunks one call of [Reader.Read] looks through
// where nothing is wanted of them.
const readBound = 1 << 20

// Reader walks the log from a position on. It is used by one goroutine. Between
// its calls it holds none of the log's memory.
type Reader struct {
	log  *Log
	from event.Position
	// seq is the next chunk to read, index the next event in it, and start where
	// that one's frame begins.
	seq          uint64
	index, start int
	passed       event.Position
	// taken counts the events handed out by Read, walked the bytes of chunks that it
	// went through.
	taken, walked uint64
	wants         func(event.Event) bool
}

// NewReader begins at from with the events that wants accepts. Where the log has
// lost some of what lies there, the error is [ErrCut].
func NewReader(ctx context.Context, log *Log, from event.Position, wants func(event.Event) bool) (*Reader, error) {
	seq, err := log.search(ctx, func(e event.Event) bool { return e.Position.Compare(from) > 0 })
	if err != nil {
		return nil, err
	}
	if log.lacks(from) {
		return nil, ErrCut
	}
	return &Reader{log: log, from: from, seq: seq, passed: from, wants: wants}, nil
}

// Read appends events to into as server-sent events have them, with id and data,
// while they fit its capacity; one alone may be larger. It returns the last of them
// without its body, and whether there is more to read at once: then into may be
// empty too, for what was read was not wanted.
func (r *Reader) Read(ctx context.Context, into []byte) (_ []byte, last event.Event, more bool, err error) {
	p := piece{bytes: into, empty: len(into), room: cap(into)}
	for looked := 0; looked < readBound; {
		c, err := r.log.chunk(ctx, r.seq)
		if err != nil && len(p.bytes) > p.empty {
			// What was read goes out first; the next call meets the error again.
			return p.bytes, p.last, true, nil
		}
		if err != nil || c == nil {
			return p.bytes, p.last, false, err
		}
		if !r.take(c, &p) {
			return p.bytes, p.last, true, nil
		}
		looked += len(c.frames)
	}
	return p.bytes, p.last, true, nil
}

// piece is what one call reads: bytes, which were so many before, are to have no more
// than there is room for.
type piece struct {
	bytes       []byte
	empty, room int
	last        event.Event
}

// take appends what is wanted of a chunk and fits, and reports whether the chunk
// was read to its end.
func (r *Reader) take(c *chunk, p *piece) (whole bool) {
	for r.index < len(c.events) {
		e := &c.events[r.index]
		frame := c.frameOf(r.index, r.start)
		if e.Position.Compare(r.from) >= 0 && r.wants(*e) {
			if len(p.bytes) > p.empty && len(p.bytes)+len(frame) > p.room {
				r.pass(c)
				return false
			}
			p.bytes = append(p.bytes, frame...)
			p.last = *e
			p.last.Body = nil
			r.taken++
		}
		r.index++
		r.start += len(frame)
	}
	r.pass(c)
	r.walked += uint64(len(c.frames))
	r.seq, r.index, r.start = r.seq+1, 0, 0
	return true
}

// pass remembers how far a chunk was read.
func (r *Reader) pass(c *chunk) {
	if r.index == 0 {
		return
	}
	if to := c.events[r.index-1].Position.Next(); to.Compare(r.passed) > 0 {
		r.passed = to
	}
}

// Passed is the position up to which everything was read: what was wanted of it was
// handed out.
func (r *Reader) Passed() event.Position { return r.passed }

// Walked is how many bytes of events Read has gone through, handed out or not.
func (r *Reader) Walked() uint64 { return r.walked }

// Taken is how many events Read has handed out.
func (r *Reader) Taken() uint64 { return r.taken }

// Next reads the rest of one chunk; read is false at the end of the log. The events
// may be none, when the chunk holds only others. The error is [ErrCut] where it was
// removed before the reader came to it.
func (r *Reader) Next(ctx context.Context) (events []event.Event, read bool, err error) {
	c, err := r.log.chunk(ctx, r.seq)
	if err != nil || c == nil {
		return nil, false, err
	}
	for _, e := range c.events[r.index:] {
		if e.Position.Compare(r.from) >= 0 && r.wants(e) {
			events = append(events, e)
		}
	}
	r.seq, r.index, r.start = r.seq+1, 0, 0
	return events, true, nil
}

// More reports whether there is more to read at once.
func (r *Reader) More() bool {
	r.log.mu.Lock()
	defer r.log.mu.Unlock()
	return r.seq <= r.log.lastSeq
}

// Ready is closed when there is more to read, or soon after that.
func (r *Reader) Ready() <-chan struct{} {
	r.log.mu.Lock()
	defer r.log.mu.Unlock()
	if r.seq <= r.log.lastSeq {
		return ready
	}
	return r.log.bell.wait()
}

var ready = func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// Behind reports whether the next chunk has left the memory that live readers
// share.
func (r *Reader) Behind() bool {
	r.log.mu.Lock()
	defer r.log.mu.Unlock()
	return r.seq <= r.log.lastSeq && r.log.tail.at(r.seq) == nil
}
