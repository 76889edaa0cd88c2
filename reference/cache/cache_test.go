package cache

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// database is what the tests load from: each load gives the next number. The tests
// run in bubbles of synctest, whose clock stands still while anything can run.
type database struct {
	t     *testing.T
	cache *Cache[int]
	loads int
	// gate, where there is one, holds loads until it is closed; they say true on entered.
	gate    chan struct{}
	entered chan bool
	// err is what loads fail with.
	err error
}

func newDatabase(t *testing.T, o Options) *database {
	if o.Bytes == 0 {
		o.Bytes = 1 << 20
	}
	d := &database{t: t, cache: New[int](o)}
	t.Cleanup(func() {
		if err := d.cache.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return d
}

func (d *database) load(ctx context.Context) (Loaded[int], error) {
	d.loads++
	found := Loaded[int]{Value: d.loads, Bytes: 8}
	err := d.err
	if gate := d.gate; gate != nil {
		d.entered <- true
		select {
		case <-gate:
		case <-ctx.Done():
			return Loaded[int]{}, context.Cause(ctx)
		}
	}
	return found, err
}

// hold has the loads that begin from now on wait for release.
func (d *database) hold() { d.gate, d.entered = make(chan struct{}), make(chan bool, 1000) }

func (d *database) release() {
	close(d.gate)
	d.gate = nil
	synctest.Wait()
}

func key(name string) Key {
	var k Key
	copy(k[:], name)
	return k
}

// get asks for one key after another, as in "users ttl=10 swr=5 tags=a,b", and tells
// what came.
func (d *database) get(ctx context.Context, asked string) string {
	name, s := parse(d.t, asked)
	answer, err := d.cache.Get(ctx, key(name), s, d.load)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s %d of %s ago", answer.Status, answer.Value, time.Since(answer.At))
}

func parse(t *testing.T, asked string) (string, Strategy) {
	words := strings.Fields(asked)
	var s Strategy
	for _, word := range words[1:] {
		what, value, _ := strings.Cut(word, "=")
		var err error
		switch what {
		case "ttl":
			s.TTL, err = time.ParseDuration(value + "s")
		case "swr":
			s.SWR, err = time.ParseDuration(value + "s")
		case "tags":
			s.Tags = strings.Split(value, ",")
		default:
			err = errors.New("unknown")
		}
		if err != nil {
			t.Fatalf("%s: %s: %v", asked, word, err)
		}
	}
	return words[0], s
}

// TestGet plays calls one after another; whatever runs in the background has ended
// before the next.
func TestGet(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		// script has lines of "get ...", "wait SECONDS", "invalidate TAGS", "invalidate all",
		// "break" and "mend"; after -> stands what comes of it.
		script string
	}{
		{"ttl, from the moment of the load to its end", `
			get users ttl=10 -> miss 1 of 0s ago
			get users ttl=10 -> ttl 1 of 0s ago
			wait 9.999
			get users ttl=10 -> ttl 1 of 9.999s ago
			wait .001
			get users ttl=10 -> miss 2 of 0s ago
		`},
		{"swr begins after ttl and ends for good", `
			get users ttl=10 swr=5 -> miss 1 of 0s ago
			wait 10
			get users ttl=10 swr=5 -> swr 1 of 10s ago
			get users ttl=10 swr=5 -> ttl 2 of 0s ago
			wait 15
			get users ttl=10 swr=5 -> miss 3 of 0s ago
		`},
		{"swr alone is stale at once, and refreshed by each that finds it", `
			get users swr=5 -> miss 1 of 0s ago
			get users swr=5 -> swr 1 of 0s ago
			wait 4.999
			get users swr=5 -> swr 2 of 4.999s ago
			wait 5
			get users swr=5 -> miss 4 of 0s ago
		`},
		{"freshness is what the call says, not what the entry was stored with", `
			get users ttl=10 -> miss 1 of 0s ago
			wait 5
			get users ttl=20 -> ttl 1 of 5s ago
			get users ttl=2 swr=10 -> swr 1 of 5s ago
			wait 3
			get users ttl=2 -> miss 3 of 0s ago
			get users ttl=10 -> ttl 3 of 0s ago
			wait 11
			get users ttl=12 -> ttl 3 of 11s ago
		`},
		{"an entry leaves a minute after its strategy", `
			get users ttl=10 swr=5 -> miss 1 of 0s ago
			wait 74.999
			get users ttl=1000 -> ttl 1 of 1m14.999s ago
			wait .001
			get users ttl=1000 -> miss 2 of 0s ago
		`},
		{"keys are apart", `
			get users ttl=10 -> miss 1 of 0s ago
			get posts ttl=10 -> miss 2 of 0s ago
			get users ttl=10 -> ttl 1 of 0s ago
		`},
		{"an invalidation drops what has one of the tags", `
			get users ttl=10 tags=a,b -> miss 1 of 0s ago
			get posts ttl=10 tags=b,c -> miss 2 of 0s ago
			get likes ttl=10 -> miss 3 of 0s ago
			invalidate c,unknown
			get users ttl=10 tags=a,b -> ttl 1 of 0s ago
			get posts ttl=10 tags=b,c -> miss 4 of 0s ago
			invalidate a,b
			get users ttl=10 tags=a,b -> miss 5 of 0s ago
			get posts ttl=10 tags=b,c -> miss 6 of 0s ago
			get likes ttl=10 -> ttl 3 of 0s ago
		`},
		{"an invalidation of all drops what has no tags too", `
			get users ttl=10 tags=a -> miss 1 of 0s ago
			get likes ttl=10 -> miss 2 of 0s ago
			invalidate all
			get users ttl=10 tags=a -> miss 3 of 0s ago
			get likes ttl=10 -> miss 4 of 0s ago
		`},
		{"tags are those of the call that stored", `
			get users ttl=10 tags=a -> miss 1 of 0s ago
			get users ttl=10 tags=b -> ttl 1 of 0s ago
			invalidate b
			get users ttl=10 tags=b -> ttl 1 of 0s ago
			wait 10
			get users ttl=10 tags=b -> miss 2 of 0s ago
			invalidate a
			get users ttl=10 tags=a -> ttl 2 of 0s ago
			invalidate b
			get users ttl=10 tags=a -> miss 3 of 0s ago
			wait 5
			get users ttl=1 swr=10 tags=c -> swr 3 of 5s ago
			invalidate a
			get users ttl=10 tags=a -> ttl 4 of 0s ago
		`},
		{"an error is not kept", `
			break
			get users ttl=10 -> broken
			get users ttl=10 -> broken
			mend
			get users ttl=10 -> miss 3 of 0s ago
		`},
		{"a refresh that fails leaves what there is, until its time is over", `
			get users ttl=10 swr=10 -> miss 1 of 0s ago
			wait 12
			break
			get users ttl=10 swr=10 -> swr 1 of 12s ago
			get users ttl=10 swr=10 -> swr 1 of 12s ago
			wait 8
			get users ttl=10 swr=10 -> broken
			mend
			get users ttl=10 swr=10 -> miss 5 of 0s ago
		`},
		{"without a strategy nothing is found, and what is there stays", `
			get users ttl=10 -> miss 1 of 0s ago
			get users -> miss 2 of 0s ago
			get users ttl=10 -> ttl 2 of 0s ago
		`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDatabase(t, Options{})
				var played strings.Builder
				for line := range strings.Lines(strings.TrimSpace(test.script)) {
					said, _, _ := strings.Cut(strings.TrimSpace(line), " -> ")
					played.WriteString("\t\t\t" + said + d.play(said) + "\n")
				}
				if diff := cmp.Diff(strings.TrimSpace(test.script), strings.TrimSpace(played.String())); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

// play does one line of a script.
func (d *database) play(line string) string {
	defer synctest.Wait()
	verb, rest, _ := strings.Cut(line, " ")
	switch {
	case verb == "get":
		return " -> " + d.get(d.t.Context(), rest)
	case verb == "wait":
		for_, err := time.ParseDuration(rest + "s")
		if err != nil {
			d.t.Fatal(err)
		}
		<-time.After(for_)
	case line == "invalidate all":
		d.cache.InvalidateAll()
	case verb == "invalidate":
		d.cache.Invalidate(strings.Split(rest, ",")...)
	case verb == "break":
		d.err = errors.New("broken")
	case verb == "mend":
		d.err = nil
	default:
		d.t.Fatalf("unknown line %q", line)
	}
	return ""
}

// The moment that a load names is what age counts from; one in the future, of a clock
// that was set back, is now.
func TestAgeCountsFromWhatTheLoadSays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase(t, Options{})
		begun := time.Now()
		slow := func(context.Context) (Loaded[int], error) {
			<-time.After(3 * time.Second)
			at := time.Now()
			<-time.After(2 * time.Second)
			return Loaded[int]{Value: 7, At: at}, nil
		}
		for _, want := range []Answer[int]{{7, Miss, begun.Add(3 * time.Second)}, {7, TTL, begun.Add(3 * time.Second)}} {
			got, err := d.cache.Get(t.Context(), key("users"), Strategy{TTL: 3 * time.Second}, slow)
			if got != want || err != nil {
				t.Errorf("got %v, %v, expected %v", got, err, want)
			}
		}
		<-time.After(time.Second)
		if got := d.get(t.Context(), "users ttl=3"); got != "miss 1 of 0s ago" {
			t.Error(got)
		}
	})
}

// An entry whose time is over is not served, even if the sweeper has not come by yet.
func TestLeavingDoesNotWaitForTheSweeper(t *testing.T) {
	t.Parallel()
	now := time.Now()
	d := newDatabase(t, Options{Now: func() time.Time { return now }})
	long := Strategy{TTL: time.Hour}
	for _, step := range []struct {
		at   time.Duration
		s    Strategy
		want Status
	}{{0, Strategy{TTL: time.Second}, Miss}, {linger + time.Second - 1, long, TTL}, {linger + time.Second, long, Miss}} {
		now = now.Add(step.at)
		got, err := d.cache.Get(t.Context(), key("users"), step.s, d.load)
		if got.Status != step.want || err != nil {
			t.Errorf("after %s %s, %v", step.at, got.Status, err)
		}
		now = now.Add(-step.at)
	}
}

// Nobody calls, and yet what has ended is gone.
func TestEntriesLeaveByThemselves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase(t, Options{Bytes: 10 << 20})
		for i := range 2500 {
			d.get(t.Context(), fmt.Sprintf("a%d ttl=10 tags=a", i))
		}
		d.get(t.Context(), "long ttl=1000 tags=a,b")
		d.get(t.Context(), "short ttl=1")
		entries := []int{}
		for range 4 {
			entries = append(entries, d.cache.Stats().Entries)
			<-time.After(30600 * time.Millisecond)
		}
		if diff := cmp.Diff([]int{2502, 2502, 2501, 1}, entries); diff != "" {
			t.Errorf("entries each half minute (-want +got):\n%s", diff)
		}
		<-time.After(time.Hour)
		want := Stats{Miss: 2502, Limit: 10 << 20, Expired: 2502}
		if diff := cmp.Diff(want, d.cache.Stats()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if n := len(d.cache.kept.tagged); n != 0 {
			t.Errorf("%d tags are left", n)
		}
	})
}
