package cache

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// Key names what is asked for: a digest of all that the answer depends on.
type Key [sha256.Size]byte

// Strategy says how old an answer may be, and under which tags it can be dropped.
type Strategy struct {
	// TTL is for how long an answer counts as fresh, SWR for how long after that the
	// stale one is answered while it is refreshed. Either may be 0.
	TTL, SWR time.Duration
	Tags     []string
}

// Status says where an answer came from, in the words of Accelerate.
type Status string

// The cache answered, with what was fresh or stale, or a load did.
const (
	TTL  Status = "ttl"
	SWR  Status = "swr"
	Miss Status = "miss"
)

// Loaded is what a load found.
type Loaded[V any] struct {
	Value V
	// Bytes is how much memory Value holds.
	Bytes int
	// At is the moment as of which Value is true; zero means since the load began.
	At time.Time
}

// Load finds an answer. Its context ends when nobody wants it any more.
type Load[V any] func(context.Context) (Loaded[V], error)

// Answer is what a call gets. Value is shared with other calls.
type Answer[V any] struct {
	Value  V
	Status Status
	// At is the moment as of which Value is true.
	At time.Time
}

// Options are the bounds of a cache.
type Options struct {
	// Bytes is how much all entries may hold together. 0 keeps nothing; loads are
	// shared all the same.
	Bytes int64
	// Within is how long an invalidation elsewhere may be unknown here; see
	// [Cache.Heard]. 0 means that there is no elsewhere.
	Within time.Duration
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Failed, where given, is told why a refresh failed, for which nobody waits.
	Failed func(error)
}

// Cache keeps answers of one kind. Any number of goroutines use it.
type Cache[V any] struct {
	options Options
	now     func() time.Time
	// entries are *entry[V] by Key. They are read without the lock, and changed
	// under it.
	entries sync.Map
	// heard is the moment up to which all invalidations elsewhere are known.
	heard atomic.Pointer[time.Time]
	// answered counts what calls got from the cache, without a load.
	answered struct{ ttl, swr counter }

	mu      sync.Mutex
	kept    shelf[V]
	flights map[Key]*flight[V]
	// started counts all loads, flying those under way, also those that are nobody's to
	// join.
	started     uint64
	flying      int
	generations generations
	misses      uint64
	closed      bool

	// live ends with Close, and landed when all loads have.
	live   context.Context
	end    context.CancelFunc
	landed sync.WaitGroup
	// sweeper wakes when the next entry has to leave.
	sweeper *time.Timer
}

// counter is alone on its cache line: it is added to by all cores.
type counter struct {
	atomic.Uint64
	_ [56]byte
}

// New makes a cache. It has no goroutine of its own; [Cache.Close] ends its loads.
func New[V any](o Options) *Cache[V] {
	c := &Cache[V]{options: o, now: o.Now, flights: map[Key]*flight[V]{}}
	if c.now == nil {
		c.now = time.Now
	}
	c.kept.tagged = map[string]map[*entry[V]]struct{}{}
	c.generations.last = map[string]uint64{}
	c.live, c.end = context.WithCancel(context.Background())
	return c
}

// ErrClosed is the answer of a closed cache to what it would have to load.
var ErrClosed = errors.New("cache: closed")

// Get answers from the cache as far as the strategy allows, else with load, which
// is called unless another call's is under way. The error is that of the load, or why
// ctx ended.
func (c *Cache[V]) Get(ctx context.Context, key Key, s Strategy, load Load[V]) (Answer[V], error) {
	e, status := c.find(key, s, c.now())
	if status == Miss {
		var f *flight[V]
		if e, status, f = c.board(key, s, load); f != nil {
			return c.await(ctx, key, f)
		}
	}
	switch status {
	case TTL:
		c.answered.ttl.Add(1)
	case SWR:
		c.answered.swr.Add(1)
		// One refresh is enough, and that it is under way is seen without the lock.
		if e.refreshing.CompareAndSwap(false, true) {
			c.refresh(key, s, load, e)
		}
	default:
		return Answer[V]{}, ErrClosed
	}
	return Answer[V]{e.value, status, e.at}, nil
}

// find is the entry that a call may be answered with; none comes with Miss.
func (c *Cache[V]) find(key Key, s Strategy, now time.Time) (*entry[V], Status) {
	found, ok := c.entries.Load(key)
	if !ok || !c.listens(now) {
		return nil, Miss
	}
	e := found.(*entry[V])
	age := elapsed(e.at, now)
	switch {
	case !now.Before(e.leaves): // nobody came by to sweep it yet
		return nil, Miss
	case age < s.TTL:
		e.touch()
		return e, TTL
	case age < s.TTL+s.SWR:
		e.touch()
		return e, SWR
	default:
		return nil, Miss
	}
}

// listens reports whether invalidations elsewhere are known well enough to serve
// what is kept.
func (c *Cache[V]) listens(now time.Time) bool {
	if c.options.Within == 0 {
		return true
	}
	heard := c.heard.Load()
	return heard != nil && elapsed(*heard, now) < c.options.Within
}

// Listens reports whether invalidations elsewhere are known well enough to serve what
// is kept; see [Cache.Heard].
func (c *Cache[V]) Listens() bool { return c.listens(c.now()) }

// elapsed is the time from one moment to another: by the monotonic clock, which stands
// still while a machine is suspended, or by the wall clock, which may be set back, whichever
// says more.
func elapsed(from, to time.Time) time.Duration {
	return max(to.Sub(from), to.Round(0).Sub(from.Round(0)))
}

// Heard says that every invalidation elsewhere that was answered before the moment at
// has been done here. It matters only with Options.Within.
func (c *Cache[V]) Heard(at time.Time) { c.heard.Store(&at) }

// Stats is what a cache holds and has done.
type Stats struct {
	// TTL, SWR and Miss count the calls by what they got, a failed load included.
	TTL, SWR, Miss uint64
	// Bytes is what Entries hold, at most Limit.
	Entries      int
	Bytes, Limit int64
	// Loading is how many loads are under way.
	Loading int
	// Evicted, Expired and Invalidated count the entries that left for want of room,
	// of age, and by an invalidation.
	Evicted, Expired, Invalidated uint64
}

// Stats is so at this moment.
func (c *Cache[V]) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Stats{
		TTL: c.answered.ttl.Load(), SWR: c.answered.swr.Load(), Miss: c.misses,
		Loading: c.flying, Entries: c.kept.count, Bytes: c.kept.bytes, Limit: c.options.Bytes,
		Evicted: c.kept.evicted, Expired: c.kept.expired, Invalidated: c.kept.invalidated,
	}
}

// Close cancels all loads and waits until they have ended, or until ctx has. Calls
// that need a load fail from then on.
func (c *Cache[V]) Close(ctx context.Context) error {
	c.mu.Lock()
	c.closed = true
	c.end()
	if c.sweeper != nil {
		c.sweeper.Stop()
	}
	c.mu.Unlock()
	landed := make(chan struct{})
	go func() {
		c.landed.Wait()
		close(landed)
	}()
	select {
	case <-landed:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
