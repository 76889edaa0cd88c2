package cache

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// model is the rules of doc.go in the plainest words, for one call at a time, with
// loads that end when the test says so: nothing is indexed, all history is kept.
type model struct {
	kept map[Key]fact
	// loads are those under way, in the order of their beginning.
	loads []*modelLoad
	// invalidations are all there ever were; nil is one of everything.
	invalidations [][]string
}

// fact is an answer that is kept.
type fact struct {
	value int
	at    time.Time
	life  time.Duration
	tags  []string
}

type modelLoad struct {
	key      Key
	strategy Strategy
	value    int
	at       time.Time
	// seen is how many invalidations there were at the beginning.
	seen    int
	watched []string
	// open says that others may join, refreshes which answer it is to replace.
	open      bool
	refreshes int
}

// touchedSince reports whether one of the tags was invalidated after the first n.
func (m *model) touchedSince(n int, tags []string) bool {
	return slices.ContainsFunc(m.invalidations[n:], func(one []string) bool {
		return one == nil || slices.ContainsFunc(one, func(tag string) bool { return slices.Contains(tags, tag) })
	})
}

// get says what a call gets: a kept value, or the load that it waits for. next is the
// number of the load that it begins, if it does.
func (m *model) get(k Key, s Strategy, now time.Time, next int) (Status, int, *modelLoad) {
	kept, ok := m.kept[k]
	age := now.Sub(kept.at)
	if ok && age >= kept.life+linger {
		ok = false
	}
	switch {
	case ok && age < s.TTL:
		return TTL, kept.value, nil
	case ok && age < s.TTL+s.SWR:
		if !slices.ContainsFunc(m.loads, func(l *modelLoad) bool { return l.refreshes == kept.value }) {
			m.begin(k, s, now, next).refreshes = kept.value
		}
		return SWR, kept.value, nil
	default:
		return Miss, 0, m.begin(k, s, now, next)
	}
}

// begin joins a load or begins one.
func (m *model) begin(k Key, s Strategy, now time.Time, next int) *modelLoad {
	for _, l := range m.loads {
		if l.key == k && l.open && !m.touchedSince(l.seen, append(slices.Clone(s.Tags), l.watched...)) {
			l.watched = append(l.watched, s.Tags...)
			return l
		}
	}
	for _, l := range m.loads {
		if l.key == k {
			l.open = false
		}
	}
	l := &modelLoad{key: k, strategy: s, value: next, at: now, seen: len(m.invalidations), open: true}
	l.watched = append(slices.Clone(s.Tags), m.kept[k].tags...)
	m.loads = append(m.loads, l)
	return l
}

// end ends a load.
func (m *model) end(l *modelLoad) {
	m.loads = slices.DeleteFunc(m.loads, func(other *modelLoad) bool { return other == l })
	if !m.touchedSince(l.seen, l.watched) && m.kept[l.key].value < l.value {
		m.kept[l.key] = fact{l.value, l.at, l.strategy.TTL + l.strategy.SWR, l.strategy.Tags}
	}
}

func (m *model) invalidate(tags []string) {
	m.invalidations = append(m.invalidations, tags)
	for k, kept := range m.kept {
		if tags == nil || slices.ContainsFunc(tags, func(tag string) bool { return slices.Contains(kept.tags, tag) }) {
			delete(m.kept, k)
		}
	}
}

// TestAgainstTheModel plays random calls on the cache and on the model and compares
// what each call gets.
func TestAgainstTheModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { compare(t, rand.New(rand.NewPCG(seed, 6))) })
		})
	}
}

func compare(t *testing.T, random *rand.Rand) {
	d := newDatabase(t, Options{Bytes: 1 << 30})
	m := &model{kept: map[Key]fact{}}
	gates := map[int]chan struct{}{}
	var mu sync.Mutex
	loads := 0
	load := func(context.Context) (Loaded[int], error) {
		mu.Lock()
		loads++
		n, gate := loads, make(chan struct{})
		gates[n] = gate
		mu.Unlock()
		<-gate
		return Loaded[int]{Value: n, Bytes: 8}, nil
	}
	var waiting sync.WaitGroup
	var log []string
	for range 400 {
		switch pick := random.IntN(10); {
		case pick < 5:
			k, s := key(string(rune('a'+random.IntN(3)))), someStrategy(random)
			log = append(log, fmt.Sprintf("%s get %c %v", time.Now().Format("05.000"), k[0], s))
			status, value, l := m.get(k, s, time.Now(), loads+1)
			steps := slices.Clone(log)
			waiting.Go(func() {
				got, err := d.cache.Get(t.Context(), k, s, load)
				want := Answer[int]{value, status, got.At}
				if l != nil {
					want = Answer[int]{l.value, Miss, l.at}
				}
				if err != nil || got.Value != want.Value || got.Status != want.Status || !got.At.Equal(want.At) {
					t.Errorf("got %v %v, expected %v after %q", got, err, want, steps)
				}
			})
		case pick < 7 && len(m.loads) > 0:
			l := m.loads[random.IntN(len(m.loads))]
			log = append(log, fmt.Sprintf("load %d ends", l.value))
			close(gates[l.value])
			m.end(l)
		case pick < 8:
			tags := someTags(random)
			log = append(log, fmt.Sprintf("invalidate %q", tags))
			if m.invalidate(tags); tags == nil {
				d.cache.InvalidateAll()
			} else {
				d.cache.Invalidate(tags...)
			}
		default:
			<-time.After(time.Duration(random.IntN(3000)) * time.Millisecond)
		}
		synctest.Wait()
		if t.Failed() {
			break
		}
		if len(m.loads) != d.cache.flying {
			t.Fatalf("%d loads are under way, expected %d after %q", d.cache.flying, len(m.loads), log)
		}
	}
	for _, l := range m.loads {
		close(gates[l.value])
	}
	waiting.Wait()
}

func someStrategy(random *rand.Rand) Strategy {
	s := Strategy{TTL: time.Duration(random.IntN(4)) * time.Second, SWR: time.Duration(random.IntN(4)) * time.Second, Tags: someTags(random)}
	if random.IntN(20) == 0 {
		s.TTL = 2 * linger
	}
	return s
}

// someTags are up to two tags, nil for none.
func someTags(random *rand.Rand) []string {
	var tags []string
	for _, tag := range []string{"x", "y"} {
		if random.IntN(2) == 0 {
			tags = append(tags, tag)
		}
	}
	return tags
}

// TestNobodyGetsWhatWasInvalidatedBefore has many write, invalidate and read at once:
// whoever asks after an invalidation gets what was written before it, or later. The
// cache is small, so that entries are evicted all the time too.
func TestNobodyGetsWhatWasInvalidatedBefore(t *testing.T) {
	t.Parallel()
	const keys, writers, readers, rounds = 20, 4, 8, 3000
	c := New[uint64](Options{Bytes: keys / 2 * (entryBytes + tagBytes + 10)})
	var written, promised [keys]atomic.Uint64
	tag := func(k int) string { return fmt.Sprint("tag", k) }
	// On a busy machine the writers could be done before anything is kept that they
	// invalidate: they begin when something is.
	kept := make(chan struct{})
	keeps := sync.OnceFunc(func() { close(kept) })
	var all sync.WaitGroup
	for n := range writers {
		all.Go(func() {
			<-kept
			random := rand.New(rand.NewPCG(uint64(n), 1))
			for range rounds {
				k := random.IntN(keys)
				version := written[k].Add(1)
				if random.IntN(50) == 0 {
					c.InvalidateAll()
				} else {
					c.Invalidate("other", tag(k))
				}
				for old := promised[k].Load(); old < version && !promised[k].CompareAndSwap(old, version); {
					old = promised[k].Load()
				}
				if stats := c.Stats(); stats.Bytes > stats.Limit || stats.Bytes < 0 {
					t.Errorf("%d bytes of %d", stats.Bytes, stats.Limit)
				}
			}
		})
	}
	for n := range readers {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(n), 2))
			for range rounds {
				k := random.IntN(keys)
				s := Strategy{TTL: time.Duration(random.IntN(2)) * time.Millisecond, SWR: time.Hour, Tags: []string{tag(k)}}
				least := promised[k].Load()
				got, err := c.Get(t.Context(), key(fmt.Sprint(k)), s, func(context.Context) (Loaded[uint64], error) {
					return Loaded[uint64]{Value: written[k].Load()}, nil
				})
				if err != nil || got.Value < least {
					t.Errorf("got version %d (%v), %s, after %d was invalidated", got.Value, err, got.Status, least)
				}
				keeps()
			}
		})
	}
	all.Wait()
	if err := c.Close(t.Context()); err != nil {
		t.Error(err)
	}
	recount(t, c)
}

// recount looks whether all that is told of the entries agrees.
func recount(t *testing.T, c *Cache[uint64]) {
	t.Helper()
	var bytes int64
	listed, mapped, tagged := 0, 0, 0
	for e := c.kept.oldest; e != nil; e = e.newer {
		listed++
		bytes += e.bytes
		if c.kept.ending[e.index] != e {
			t.Errorf("entry %d is not where it says it is", listed)
		}
	}
	c.entries.Range(func(any, any) bool { mapped++; return true })
	for _, entries := range c.kept.tagged {
		tagged += len(entries)
	}
	if n := c.kept.count; listed != n || mapped != n || tagged != n || len(c.kept.ending) != n || bytes != c.kept.bytes {
		t.Errorf("%d entries of %d bytes: %d in order of arrival of %d bytes, %d by key, %d by tag, %d by end",
			n, c.kept.bytes, listed, bytes, mapped, tagged, len(c.kept.ending))
	}
	if s := c.Stats(); s.Evicted == 0 || s.Invalidated == 0 || s.TTL == 0 || s.SWR == 0 || s.Miss == 0 {
		t.Errorf("not everything happened: %+v", s)
	}
}
