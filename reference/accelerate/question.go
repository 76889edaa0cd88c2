package accelerate

import (
	"crypto/sha256"
	"encoding/binary"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/arazzo-conformance/arazzo/reference/cache"
)

// question is what a request asks for that may be cached, however it is spelled.
type question struct {
	// query is the digest of the canonical query, with its variables.
	query    [sha256.Size]byte
	strategy cache.Strategy
}

// key is what the answer is kept under: the environment has a cache of its own, so
// that the schema and the query are all that it depends on.
func (q *question) key(l *look) cache.Key {
	var both [2 * sha256.Size]byte
	copy(both[:], l.fingerprint[:])
	copy(both[sha256.Size:], q.query[:])
	return sha256.Sum256(both[:])
}

func (q *query) digest() [sha256.Size]byte { return sha256.Sum256(q.canonical) }

// spelling is the digest of all of a request that says what it asks for.
type spelling [sha256.Size]byte

// spellingOf writes the headers behind the body, where there is usually room for them,
// so that others come out differently.
func spellingOf(body []byte, header http.Header) spelling {
	text := appendLines(body, header[strategyHeader])
	text = appendLines(text, header[tagsHeader])
	text = binary.BigEndian.AppendUint64(text, uint64(len(body)))
	return sha256.Sum256(text)
}

// appendLines appends the lines of one header.
func appendLines(text []byte, lines []string) []byte {
	text = binary.AppendUvarint(text, uint64(len(lines)))
	for _, line := range lines {
		text = binary.AppendUvarint(text, uint64(len(line)))
		text = append(text, line...)
	}
	return text
}

// questions remembers what requests asked for, so that one that is spelled as one
// before need not be read again: that is most of the work of an answer from the cache.
// It forgets what was not asked for a while, and holds about as much as limit says.
type questions struct {
	// limit is in bytes, for both halves together.
	limit int64

	mu sync.Mutex
	// young takes what comes; when it is half of all, it becomes the old one.
	young, old atomic.Pointer[sync.Map]
	bytes      int64
}

// What a question and each of its tags hold, as measured, rounded up.
const (
	questionBytes = 300
	tagBytes      = 32
)

func (m *questions) find(s spelling) (*question, bool) {
	if young := m.young.Load(); young != nil {
		if found, ok := young.Load(s); ok {
			return found.(*question), true
		}
	}
	if old := m.old.Load(); old != nil {
		if found, ok := old.Load(s); ok {
			m.keep(s, found.(*question))
			return found.(*question), true
		}
	}
	return nil, false
}

func (m *questions) keep(s spelling, q *question) {
	m.mu.Lock()
	defer m.mu.Unlock()
	young := m.young.Load()
	if young == nil || m.bytes > m.limit/2 {
		m.old.Store(young)
		young, m.bytes = &sync.Map{}, 0
		m.young.Store(young)
	}
	if _, there := young.LoadOrStore(s, q); there {
		return
	}
	m.bytes += questionBytes
	for _, tag := range q.strategy.Tags {
		m.bytes += tagBytes + int64(len(tag))
	}
}
