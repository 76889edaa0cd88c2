package cache

import (
	"container/heap"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// linger is how long an entry stays after the strategy that it was stored with:
	// another call may allow more.
	linger = time.Minute
	// sweepAtLeast is how long the sweeper sleeps at least, sweepAtMost how many
	// entries it removes before others get a turn.
	sweepAtLeast = time.Second
	sweepAtMost  = 1000
	// What an entry and each of its tags hold beside the value and the letters of the
	// tags: as measured, rounded up. Entries that share a tag hold less.
	entryBytes = 400
	tagBytes   = 280
)

// entry is one answer that is kept. Only touched and refreshing change.
type entry[V any] struct {
	key   Key
	value V
	tags  []string
	bytes int64
	// at is the moment as of which value is true, ends when it is older than its
	// strategy allows, leaves when nobody gets it any more.
	at, ends, leaves time.Time
	// load is the number of the load that found it.
	load uint64

	touched, refreshing atomic.Bool

	// older and newer are the neighbours in the order of arrival, index is the place
	// in the order of ends.
	older, newer *entry[V]
	index        int
}

// newerThan compares what two entries are true of.
func (e *entry[V]) newerThan(other *entry[V]) bool {
	return e.at.After(other.at) || e.at.Equal(other.at) && e.load > other.load
}

func (e *entry[V]) touch() {
	// Reading is cheap for all cores, writing is not.
	if !e.touched.Load() {
		e.touched.Store(true)
	}
}

// shelf is the orders in which entries leave, and counts them. It is guarded by the
// cache's lock.
type shelf[V any] struct {
	newest, oldest *entry[V]
	// hand is where SIEVE goes on; nil is at the oldest.
	hand   *entry[V]
	ending byEnd[V]
	tagged map[string]map[*entry[V]]struct{}

	count                         int
	bytes                         int64
	evicted, expired, invalidated uint64
}

// store keeps what a load found in place of what is there, unless that is newer.
func (c *Cache[V]) store(key Key, f *flight[V], now time.Time) {
	e := &entry[V]{key: key, value: f.answer.Value, at: f.answer.At, load: f.number}
	e.bytes = entryBytes + int64(f.answer.Bytes)
	for _, tag := range f.strategy.Tags {
		// The caller's text may be a part of something large.
		e.tags = append(e.tags, strings.Clone(tag))
		e.bytes += tagBytes + int64(len(tag))
	}
	if old, ok := c.entries.Load(key); ok {
		if old.(*entry[V]).newerThan(e) {
			return
		}
		c.remove(old.(*entry[V]))
	}
	if e.bytes > c.options.Bytes {
		return
	}
	e.ends = e.at.Add(f.strategy.TTL + f.strategy.SWR)
	e.leaves = e.ends.Add(linger)
	for c.kept.bytes+e.bytes > c.options.Bytes {
		c.remove(c.kept.victim(now))
		c.kept.evicted++
	}
	c.kept.add(e)
	c.entries.Store(key, e)
	if c.kept.ending[0] == e {
		c.wake(now)
	}
}

// remove takes an entry out of everything.
func (c *Cache[V]) remove(e *entry[V]) {
	c.entries.Delete(e.key)
	c.kept.remove(e)
}

// wake has the sweeper wake for the entry that leaves next.
func (c *Cache[V]) wake(now time.Time) {
	if c.closed || len(c.kept.ending) == 0 {
		return
	}
	after := max(c.kept.ending[0].leaves.Sub(now), sweepAtLeast)
	if c.sweeper == nil {
		c.sweeper = time.AfterFunc(after, c.sweep)
		return
	}
	c.sweeper.Reset(after)
}

// sweep removes what has left.
func (c *Cache[V]) sweep() {
	for again := true; again; {
		c.mu.Lock()
		now := c.now()
		again = false
		for n := 0; len(c.kept.ending) > 0 && !c.kept.ending[0].leaves.After(now) && !again; n++ {
			c.remove(c.kept.ending[0])
			c.kept.expired++
			again = n == sweepAtMost
		}
		if !again {
			c.wake(now)
		}
		c.mu.Unlock()
	}
}

func (s *shelf[V]) add(e *entry[V]) {
	e.older = s.newest
	if s.newest != nil {
		s.newest.newer = e
	} else {
		s.oldest = e
	}
	s.newest = e
	heap.Push(&s.ending, e)
	for _, tag := range e.tags {
		if s.tagged[tag] == nil {
			s.tagged[tag] = map[*entry[V]]struct{}{}
		}
		s.tagged[tag][e] = struct{}{}
	}
	s.count++
	s.bytes += e.bytes
}

func (s *shelf[V]) remove(e *entry[V]) {
	if s.hand == e {
		s.hand = e.newer
	}
	if e.older != nil {
		e.older.newer = e.newer
	} else {
		s.oldest = e.newer
	}
	if e.newer != nil {
		e.newer.older = e.older
	} else {
		s.newest = e.older
	}
	heap.Remove(&s.ending, e.index)
	for _, tag := range e.tags {
		delete(s.tagged[tag], e)
		if len(s.tagged[tag]) == 0 {
			delete(s.tagged, tag)
		}
	}
	s.count--
	s.bytes -= e.bytes
}

// clear removes all entries at once.
func (s *shelf[V]) clear() {
	s.newest, s.oldest, s.hand = nil, nil, nil
	s.ending = nil
	s.tagged = map[string]map[*entry[V]]struct{}{}
	s.count, s.bytes = 0, 0
}

// victim is the entry that makes room, of a shelf that is not empty.
func (s *shelf[V]) victim(now time.Time) *entry[V] {
	if first := s.ending[0]; !first.ends.After(now) {
		return first
	}
	e := s.hand
	for {
		if e == nil {
			e = s.oldest
		}
		if !e.touched.Load() {
			s.hand = e.newer
			return e
		}
		e.touched.Store(false)
		e = e.newer
	}
}

// byEnd is a heap of entries, the one whose strategy ends next in front.
type byEnd[V any] []*entry[V]

func (h byEnd[V]) Len() int           { return len(h) }
func (h byEnd[V]) Less(i, j int) bool { return h[i].ends.Before(h[j].ends) }

func (h byEnd[V]) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *byEnd[V]) Push(e any) {
	added := e.(*entry[V])
	added.index = len(*h)
	*h = append(*h, added)
}

func (h *byEnd[V]) Pop() any {
	last := (*h)[len(*h)-1]
	(*h)[len(*h)-1] = nil
	*h = (*h)[:len(*h)-1]
	return last
}
