package meter

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestHistogram(t *testing.T) {
	t.Parallel()
	h := NewHistogram(time.Millisecond, time.Second)
	for _, d := range []time.Duration{-time.Second, time.Millisecond, 2 * time.Millisecond, time.Minute} {
		h.Observe(d)
	}
	want := Distribution{
		Below: map[time.Duration]uint64{time.Millisecond: 2, time.Second: 3},
		Count: 4, Sum: time.Minute + 3*time.Millisecond,
	}
	if diff := cmp.Diff(want, h.Read()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLatenciesRise(t *testing.T) {
	t.Parallel()
	for i, limits := 1, Latencies(); i < len(limits); i++ {
		if limits[i] <= limits[i-1] {
			t.Errorf("%s follows %s", limits[i], limits[i-1])
		}
	}
}

func TestTallyIsBounded(t *testing.T) {
	t.Parallel()
	tally := NewTally(2, "others")
	for _, key := range []string{"a", "b", "c", "a", "d"} {
		tally.Of(key).Add(1)
	}
	if diff := cmp.Diff(map[string]uint64{"a": 2, "b": 1, "others": 2}, tally.Read()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTallyOfManyGoroutines(t *testing.T) {
	t.Parallel()
	tally := NewTally(10, "others")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				tally.Of("a").Add(1)
				tally.Read()
			}
		})
	}
	all.Wait()
	if got := tally.Read()["a"]; got != 800 {
		t.Errorf("counted %d", got)
	}
}
