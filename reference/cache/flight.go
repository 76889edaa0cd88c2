package cache

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"
)

// flight is one load under way. What is not said to be otherwise is guarded by the
// cache's lock.
type flight[V any] struct {
	strategy Strategy
	// number is its place in the order of beginnings.
	number uint64
	// began is the generation of its beginning, at the time.
	began uint64
	at    time.Time
	// watched are the tags whose invalidation keeps its answer from being kept.
	watched []string
	// replaces is the entry that a refresh is for, nil while it is none.
	replaces *entry[V]
	// waiters are those who want the answer, of a refresh the cache itself too.
	waiters int
	cancel  context.CancelFunc

	// landed is closed when answer and err are there, which do not change afterwards.
	landed chan struct{}
	answer Loaded[V]
	err    error
}

// PanicError is the error of a load that panicked.
type PanicError struct {
	// Value is what it panicked with.
	Value any
	// Stack is where.
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v\n%s", e.Value, e.Stack) }

// errGone is the error of a load that ended its goroutine.
var errGone = errors.New("cache: the load ended without an answer")

// board is the load to wait for, another's if there is one to join. Where an answer has
// come since it was looked for, that is there in its place; a closed cache has neither.
func (c *Cache[V]) board(key Key, s Strategy, load Load[V]) (*entry[V], Status, *flight[V]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if e, status := c.find(key, s, now); status != Miss {
		return e, status, nil
	}
	c.misses++
	if c.closed {
		return nil, Miss, nil
	}
	f := c.flights[key]
	if f == nil || !c.joins(f, s, now) {
		f = c.start(key, s, load, now)
	}
	f.waiters++
	return nil, Miss, f
}

// await waits for a load, as long as ctx allows.
func (c *Cache[V]) await(ctx context.Context, key Key, f *flight[V]) (Answer[V], error) {
	select {
	case <-f.landed:
		return Answer[V]{f.answer.Value, Miss, f.answer.At}, f.err
	case <-ctx.Done():
		c.leave(key, f)
		return Answer[V]{}, context.Cause(ctx)
	}
}

// joins makes a call one of those for whom a load is, unless what the load finds may
// be older than an invalidation that came before the call.
func (c *Cache[V]) joins(f *flight[V], s Strategy, now time.Time) bool {
	if c.generations.passed(f.began, f.watched) || c.generations.passed(f.began, s.Tags) {
		return false
	}
	if !c.listens(now) && elapsed(f.at, now) >= c.options.Within {
		return false
	}
	f.watch(s.Tags)
	return true
}

// watch adds tags to the watched ones.
func (f *flight[V]) watch(tags []string) {
	for _, tag := range tags {
		if !slices.Contains(f.watched, tag) {
			f.watched = append(f.watched, tag)
		}
	}
}

// refresh starts a load for an entry, or joins one. The entry's refreshing is true until
// the load has ended.
func (c *Cache[V]) refresh(key Key, s Strategy, load Load[V], e *entry[V]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if current, _ := c.entries.Load(key); c.closed || current != any(e) {
		e.refreshing.Store(false)
		return
	}
	f := c.flights[key]
	if f == nil || !c.joins(f, s, now) {
		f = c.start(key, s, load, now)
	}
	f.waiters++
	f.replaces = e
}

// start starts a load, which those who come later join.
func (c *Cache[V]) start(key Key, s Strategy, load Load[V], now time.Time) *flight[V] {
	ctx, cancel := context.WithCancel(c.live)
	c.started++
	f := &flight[V]{strategy: s, number: c.started, began: c.generations.now, at: now, cancel: cancel, landed: make(chan struct{})}
	f.watch(s.Tags)
	if old, ok := c.entries.Load(key); ok {
		f.watch(old.(*entry[V]).tags)
	}
	c.flights[key] = f
	c.flying++
	c.landed.Go(func() { c.fly(ctx, key, f, load) })
	return f
}

// leave takes one from those who wait. A load that nobody waits for ends, and is
// nobody's to join.
func (c *Cache[V]) leave(key Key, f *flight[V]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f.waiters--
	if f.waiters > 0 {
		return
	}
	f.cancel()
	if c.flights[key] == f {
		delete(c.flights, key)
	}
}

// fly runs a load to its end, however that comes.
func (c *Cache[V]) fly(ctx context.Context, key Key, f *flight[V], load Load[V]) {
	f.err = errGone
	defer func() {
		if value := recover(); value != nil {
			f.err = &PanicError{value, debug.Stack()}
		}
		f.cancel()
		c.land(key, f)
	}()
	f.answer, f.err = load(ctx)
}

// land keeps what a load found, if it may be kept, and wakes who waits for it.
func (c *Cache[V]) land(key Key, f *flight[V]) {
	c.mu.Lock()
	now := c.now()
	if f.answer.At.IsZero() {
		f.answer.At = f.at
	}
	if c.flights[key] == f {
		delete(c.flights, key)
	}
	if f.err == nil && !c.closed && !c.generations.passed(f.began, f.watched) {
		c.store(key, f, now)
	}
	if c.flying--; c.flying == 0 {
		c.generations.forget()
	}
	if f.replaces != nil {
		f.replaces.refreshing.Store(false)
	}
	close(f.landed)
	c.mu.Unlock()
	if f.err != nil && f.replaces != nil && c.options.Failed != nil && c.live.Err() == nil {
		c.options.Failed(f.err)
	}
}
