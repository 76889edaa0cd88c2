package meter

import (
	"sync"
	"sync/atomic"
)

// Tally counts by keys, of which there may be a limited number: what outsiders
// name must not fill the memory. Any number of goroutines use it.
type Tally[K comparable] struct {
	limit  int
	others K

	mu     sync.Mutex
	counts map[K]*atomic.Uint64
}

// NewTally counts by up to limit keys; those that come later count as others.
func NewTally[K comparable](limit int, others K) *Tally[K] {
	return &Tally[K]{limit: limit, others: others, counts: map[K]*atomic.Uint64{}}
}

// Of is the counter of a key, to be kept by who counts often.
func (t *Tally[K]) Of(key K) *atomic.Uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts[key] == nil && len(t.counts) >= t.limit {
		key = t.others
	}
	if t.counts[key] == nil {
		t.counts[key] = &atomic.Uint64{}
	}
	return t.counts[key]
}

// Read is what was counted up to now.
func (t *Tally[K]) Read() map[K]uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	counts := make(map[K]uint64, len(t.counts))
	for key, n := range t.counts {
		counts[key] = n.Load()
	}
	return counts
}
