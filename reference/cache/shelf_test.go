package cache

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestRoom plays calls on a cache with room for three entries of the tests.
func TestRoom(t *testing.T) {
	t.Parallel()
	const room = 3 * (entryBytes + 8)
	for _, test := range []struct {
		name   string
		bytes  int64
		script string
		want   Stats
	}{
		{
			"the oldest that nobody asked for makes room", room, `
			get a ttl=10 -> miss 1 of 0s ago
			get b ttl=10 -> miss 2 of 0s ago
			get c ttl=10 -> miss 3 of 0s ago
			get a ttl=10 -> ttl 1 of 0s ago
			get d ttl=10 -> miss 4 of 0s ago
			get a ttl=10 -> ttl 1 of 0s ago
			get c ttl=10 -> ttl 3 of 0s ago
			get d ttl=10 -> ttl 4 of 0s ago
			get b ttl=10 -> miss 5 of 0s ago
			`, Stats{TTL: 4, Miss: 5, Entries: 3, Bytes: room, Evicted: 2},
		},
		{
			"where all were asked for, the oldest", room, `
			get a ttl=10 -> miss 1 of 0s ago
			get b ttl=10 -> miss 2 of 0s ago
			get c ttl=10 -> miss 3 of 0s ago
			get a ttl=10 -> ttl 1 of 0s ago
			get b ttl=10 -> ttl 2 of 0s ago
			get c ttl=10 -> ttl 3 of 0s ago
			get d ttl=10 -> miss 4 of 0s ago
			get c ttl=10 -> ttl 3 of 0s ago
			get d ttl=10 -> ttl 4 of 0s ago
			get a ttl=10 -> miss 5 of 0s ago
			get b ttl=10 -> miss 6 of 0s ago
			`, Stats{TTL: 5, Miss: 6, Entries: 3, Bytes: room, Evicted: 3},
		},
		{
			"the hand goes on where it was", room, `
			get a ttl=10 -> miss 1 of 0s ago
			get b ttl=10 -> miss 2 of 0s ago
			get c ttl=10 -> miss 3 of 0s ago
			get a ttl=10 -> ttl 1 of 0s ago
			get d ttl=10 -> miss 4 of 0s ago
			get e ttl=10 -> miss 5 of 0s ago
			get a ttl=10 -> ttl 1 of 0s ago
			get d ttl=10 -> ttl 4 of 0s ago
			get e ttl=10 -> ttl 5 of 0s ago
			`, Stats{TTL: 4, Miss: 5, Entries: 3, Bytes: room, Evicted: 2},
		},
		{
			"what has outlived its strategy goes first", room, `
			get a ttl=10 -> miss 1 of 0s ago
			get b ttl=2 -> miss 2 of 0s ago
			get c ttl=10 -> miss 3 of 0s ago
			wait 2
			get b ttl=100 -> ttl 2 of 2s ago
			get d ttl=10 -> miss 4 of 0s ago
			get a ttl=10 -> ttl 1 of 2s ago
			get c ttl=10 -> ttl 3 of 2s ago
			get b ttl=10 -> miss 5 of 0s ago
			`, Stats{TTL: 3, Miss: 5, Entries: 3, Bytes: room, Evicted: 2},
		},
		{
			"tags take room", room, `
			get a ttl=10 -> miss 1 of 0s ago
			get b ttl=10 -> miss 2 of 0s ago
			get c ttl=10 tags=xy -> miss 3 of 0s ago
			get b ttl=10 -> ttl 2 of 0s ago
			get a ttl=10 -> miss 4 of 0s ago
			`, Stats{TTL: 1, Miss: 4, Entries: 2, Bytes: 2 * (entryBytes + 8), Evicted: 2},
		},
		{
			"what is larger than all the room is not kept, and nothing makes room for it", room, `
			get a ttl=10 -> miss 1 of 0s ago
			get b ttl=10 tags=a,b,c,d -> miss 2 of 0s ago
			get b ttl=10 tags=a,b,c,d -> miss 3 of 0s ago
			get a ttl=10 -> ttl 1 of 0s ago
			get a ttl=10 swr=5 tags=a,b,c,d -> ttl 1 of 0s ago
			wait 11
			get a ttl=10 swr=5 tags=a,b,c,d -> swr 1 of 11s ago
			get a ttl=20 -> miss 5 of 0s ago
			`, Stats{TTL: 2, SWR: 1, Miss: 4, Entries: 1, Bytes: entryBytes + 8},
		},
		{
			"no room keeps nothing", -1, `
			get a ttl=10 -> miss 1 of 0s ago
			get a ttl=10 -> miss 2 of 0s ago
			`, Stats{Miss: 2},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDatabase(t, Options{Bytes: test.bytes})
				var played strings.Builder
				for line := range strings.Lines(strings.TrimSpace(test.script)) {
					said, _, _ := strings.Cut(strings.TrimSpace(line), " -> ")
					played.WriteString("\t\t\t" + said + d.play(said) + "\n")
				}
				if diff := cmp.Diff(strings.TrimSpace(test.script), strings.TrimSpace(played.String())); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				test.want.Limit = test.bytes
				if diff := cmp.Diff(test.want, d.cache.Stats()); diff != "" {
					t.Errorf("stats (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// What is counted is what the heap holds: no less, and not a third more.
func TestBytesAreWhatTheHeapHolds(t *testing.T) { //nolint:paralleltest // it reads the size of the heap
	const entries = 20_000
	for _, test := range []struct {
		name string
		size int
		// tags are how many an entry has, shared how many entries share each.
		tags, shared int
	}{
		{"small", 100, 0, 1},
		{"large", 2000, 0, 1},
		{"tags of their own", 100, 5, 1},
		{"shared tags", 100, 5, 1000},
	} {
		t.Run(test.name, func(t *testing.T) { //nolint:paralleltest // as above
			before := heapBytes()
			c := New[[]byte](Options{Bytes: 1 << 40})
			for i := range entries {
				var s Strategy
				s.TTL = time.Hour
				for n := range test.tags {
					s.Tags = append(s.Tags, fmt.Sprintf("a_tag_of_some_length_%d_%d", n, i/test.shared))
				}
				var k Key
				copy(k[:], fmt.Sprintf("%d", i*7919))
				_, err := c.Get(t.Context(), k, s, func(context.Context) (Loaded[[]byte], error) {
					value := bytes.Clone(make([]byte, test.size))
					return Loaded[[]byte]{Value: value, Bytes: cap(value)}, nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			held, counted := heapBytes()-before, c.Stats().Bytes
			t.Logf("%d bytes an entry, counted %d", held/entries, counted/entries)
			if counted < held || counted > held+held/3+entries*tagBytes*int64(test.tags) {
				t.Errorf("the heap holds %d bytes, counted are %d", held, counted)
			}
			if err := c.Close(t.Context()); err != nil {
				t.Error(err)
			}
			runtime.KeepAlive(c)
		})
	}
}

func heapBytes() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func BenchmarkGet(b *testing.B) {
	c := New[[]byte](Options{Bytes: 1 << 30})
	for _, test := range []struct {
		name string
		s    Strategy
		load bool
	}{{"ttl", Strategy{TTL: time.Hour}, false}, {"swr", Strategy{SWR: time.Hour}, true}} {
		b.Run(test.name, func(b *testing.B) {
			b.ReportAllocs()
			load := func(context.Context) (Loaded[[]byte], error) { return Loaded[[]byte]{Value: []byte("x")}, nil }
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := c.Get(b.Context(), key("users"), test.s, load); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
