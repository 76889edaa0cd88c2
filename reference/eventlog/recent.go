package eventlog

// recentBytes is how much of what was read from the store is kept in memory for
// the next readers, and for the same one: it takes a chunk in pieces.
const recentBytes = 8 << 20

// recent is the last chunks that were read from the store.
type recent struct {
	chunks map[uint64]*chunk
	// order is their sequence numbers, the oldest first.
	order []uint64
	size  int
}

func (r *recent) push(c *chunk) {
	if r.chunks == nil {
		r.chunks = map[uint64]*chunk{}
	}
	if r.chunks[c.seq] != nil {
		return
	}
	r.chunks[c.seq] = c
	r.order = append(r.order, c.seq)
	for r.size += c.size; r.size > recentBytes && len(r.order) > 1; r.order = r.order[1:] {
		r.size -= r.chunks[r.order[0]].size
		delete(r.chunks, r.order[0])
	}
}

// at is the chunk with this sequence number, nil when it is not there.
func (r *recent) at(seq uint64) *chunk { return r.chunks[seq] }
