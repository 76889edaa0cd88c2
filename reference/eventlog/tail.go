package eventlog

// tailBytes is how much of the log's end is kept in memory: what live readers
// share, and how far a subscription may lag before it is cut.
const tailBytes = 16 << 20

// tail is the last chunks of the log, in order and without gaps.
type tail struct {
	chunks []*chunk
	size   int
}

func (t *tail) push(c *chunk) {
	if n := len(t.chunks); n > 0 && c.seq != t.chunks[n-1].seq+1 {
		*t = tail{}
	}
	t.chunks = append(t.chunks, c)
	t.size += c.size
	drop := 0
	for ; t.size > tailBytes && drop < len(t.chunks)-1; drop++ {
		t.size -= t.chunks[drop].size
		t.chunks[drop] = nil
	}
	t.chunks = t.chunks[drop:]
}

// at is the chunk with this sequence number, nil when it is not in the tail.
func (t *tail) at(seq uint64) *chunk {
	if len(t.chunks) == 0 || seq < t.chunks[0].seq {
		return nil
	}
	if i := seq - t.chunks[0].seq; i < uint64(len(t.chunks)) {
		return t.chunks[i]
	}
	return nil
}
