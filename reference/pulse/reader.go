package pulse

import "context"

// reader walks the log from a position on. It is used by one goroutine.
type reader struct {
	log  *eventLog
	from position
	// seq is the next chunk to read.
	seq   uint64
	wants func(event) bool
}

// newReader begins at from with the events that wants accepts.
func newReader(ctx context.Context, log *eventLog, from position, wants func(event) bool) (*reader, error) {
	seq, err := log.search(ctx, func(e event) bool { return e.position.compare(from) > 0 })
	if err != nil {
		return nil, err
	}
	return &reader{log: log, from: from, seq: seq, wants: wants}, nil
}

// next reads one chunk; read is false at the end of the log. The events may be
// none, when the chunk holds only others.
func (r *reader) next(ctx context.Context) (events []event, read bool, err error) {
	c, err := r.log.chunk(ctx, r.seq)
	if err != nil || c == nil {
		return nil, false, err
	}
	r.seq++
	for _, e := range c.events {
		if e.position.compare(r.from) >= 0 && r.wants(e) {
			events = append(events, e)
		}
	}
	return events, true, nil
}

// behind reports whether the next chunk has left the memory that live readers
// share.
func (r *reader) behind() bool {
	r.log.mu.Lock()
	defer r.log.mu.Unlock()
	return r.seq <= r.log.lastSeq && r.log.tail.at(r.seq) == nil
}
