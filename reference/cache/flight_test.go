package cache

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// calls are calls under way.
type calls struct {
	all     sync.WaitGroup
	mu      sync.Mutex
	answers map[string]int
}

func (d *database) call(n int, asked string) *calls {
	return d.callWithin(d.t.Context(), n, asked)
}

func (d *database) callWithin(ctx context.Context, n int, asked string) *calls {
	c := &calls{answers: map[string]int{}}
	for range n {
		c.all.Go(func() {
			answer := d.get(ctx, asked)
			c.mu.Lock()
			defer c.mu.Unlock()
			c.answers[answer]++
		})
	}
	synctest.Wait()
	return c
}

// expect waits for the calls and compares how many got which answer.
func (c *calls) expect(t *testing.T, want map[string]int) {
	t.Helper()
	c.all.Wait()
	if diff := cmp.Diff(want, c.answers); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func TestThousandCallersOfAColdKeyRunOneLoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase(t, Options{})
		d.hold()
		all := d.call(1000, "users ttl=10 swr=10")
		<-time.After(time.Second)
		d.release()
		all.expect(t, map[string]int{"miss 1 of 1s ago": 1000})
		if d.loads != 1 {
			t.Errorf("%d loads", d.loads)
		}
	})
}

// Between looking for an entry and boarding a load, one may have landed.
func TestALoadThatHasJustLandedIsNotRunAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase(t, Options{})
		d.get(t.Context(), "users ttl=10")
		for strategy, want := range map[string]Status{"users ttl=10": TTL, "users swr=10": SWR} {
			_, s := parse(t, strategy)
			e, status, f := d.cache.board(key("users"), s, d.load)
			if e == nil || status != want || f != nil {
				t.Errorf("%s: got %v %s %v", strategy, e, status, f)
			}
		}
	})
}

// While the refresh is under way all get what is stale, at once.
func TestThousandCallersOfAStaleKeyRunOneRefresh(t *testing.T) {
	t.Parallel()
	for _, strategy := range []string{"ttl=10 swr=10", "swr=20"} {
		t.Run(strategy, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDatabase(t, Options{})
				d.get(t.Context(), "users "+strategy)
				<-time.After(12 * time.Second)
				d.hold()
				d.call(1000, "users "+strategy).expect(t, map[string]int{"swr 1 of 12s ago": 1000})
				<-time.After(time.Second)
				d.call(1000, "users "+strategy).expect(t, map[string]int{"swr 1 of 13s ago": 1000})
				// Who does not take it stale waits for the same refresh.
				fresh := d.call(10, "users ttl=5")
				d.release()
				fresh.expect(t, map[string]int{"miss 2 of 1s ago": 10})
				if d.loads != 2 {
					t.Errorf("%d loads", d.loads)
				}
				if got := d.get(t.Context(), "users ttl=10"); got != "ttl 2 of 1s ago" {
					t.Error(got)
				}
			})
		})
	}
}

// A stale answer is taken while somebody else, who does not take it, waits for a load:
// that is the refresh.
func TestARefreshJoinsALoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase(t, Options{})
		d.get(t.Context(), "users ttl=1 swr=10")
		<-time.After(2 * time.Second)
		d.hold()
		ctx, cancel := context.WithCancel(t.Context())
		strict := d.callWithin(ctx, 1, "users ttl=1")
		d.call(10, "users ttl=1 swr=10").expect(t, map[string]int{"swr 1 of 2s ago": 10})
		cancel()
		strict.expect(t, map[string]int{"context canceled": 1})
		d.release()
		if got := d.get(t.Context(), "users ttl=1"); got != "ttl 2 of 0s ago" {
			t.Error(got)
		}
	})
}

func TestACallerThatLeavesDoesNotEndTheLoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase(t, Options{})
		d.hold()
		reason := errors.New("the client is gone")
		ctx, cancel := context.WithCancelCause(t.Context())
		leaving := d.callWithin(ctx, 5, "users ttl=10") // the first among them
		staying := d.call(5, "users ttl=10")
		cancel(reason)
		leaving.expect(t, map[string]int{reason.Error(): 5})
		d.release()
		staying.expect(t, map[string]int{"miss 1 of 0s ago": 5})
		if got := d.get(t.Context(), "users ttl=10"); got != "ttl 1 of 0s ago" {
			t.Error(got)
		}
	})
}

func TestALoadThatNobodyWaitsForIsCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase(t, Options{})
		d.hold()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		leaving := d.callWithin(ctx, 3, "users ttl=10")
		leaving.expect(t, map[string]int{"context deadline exceeded": 3})
		synctest.Wait()
		if d.cache.flying != 0 {
			t.Error("the load goes on")
		}
		d.release()
		if got := d.get(t.Context(), "users ttl=10"); got != "miss 2 of 0s ago" {
			t.Error(got)
		}
	})
}

// Who comes after all have left does not get the error of the load that ended for it,
// even while it has not ended.
func TestACancelledLoadIsNobodysToJoin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase(t, Options{})
		deaf := make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, err := d.cache.Get(ctx, key("users"), Strategy{TTL: time.Second}, func(ctx context.Context) (Loaded[int], error) {
				<-deaf
				return Loaded[int]{}, ctx.Err()
			})
			done <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if got := d.get(t.Context(), "users ttl=1"); got != "miss 1 of 0s ago" {
			t.Error(got)
		}
		close(deaf)
		synctest.Wait()
		if got := d.get(t.Context(), "users ttl=1"); got != "ttl 1 of 0s ago" {
			t.Error(got)
		}
	})
}

func TestFailuresReachAllWhoWait(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		end  func() (Loaded[int], error)
		want string
	}{
		{"an error", func() (Loaded[int], error) { return Loaded[int]{Value: 9}, errors.New("broken") }, "broken"},
		{"a panic", func() (Loaded[int], error) { var nobody *database; return Loaded[int]{Value: nobody.loads}, nil }, "panic: runtime error: invalid memory address"},
		{"the end of the goroutine", func() (Loaded[int], error) { runtime.Goexit(); return Loaded[int]{}, nil }, errGone.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDatabase(t, Options{})
				gate := make(chan struct{})
				var all sync.WaitGroup
				for range 100 {
					all.Go(func() {
						_, err := d.cache.Get(t.Context(), key("users"), Strategy{TTL: time.Hour}, func(context.Context) (Loaded[int], error) {
							d.loads++
							<-gate
							return test.end()
						})
						if err == nil || !strings.HasPrefix(err.Error(), test.want) {
							t.Errorf("got %v, expected %s", err, test.want)
						}
					})
				}
				synctest.Wait()
				close(gate)
				all.Wait()
				if d.loads != 1 || d.cache.Stats().Entries != 0 {
					t.Errorf("%d loads, %d entries", d.loads, d.cache.Stats().Entries)
				}
				if got := d.get(t.Context(), "users ttl=1"); got != "miss 2 of 0s ago" {
					t.Error(got)
				}
			})
		})
	}
}

// A refresh has nobody to tell but Failed.
func TestAFailedRefreshIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told []string
		d := newDatabase(t, Options{Failed: func(err error) { told = append(told, err.Error()) }})
		d.get(t.Context(), "users swr=10")
		d.err = errors.New("broken")
		for range 2 {
			if got := d.get(t.Context(), "users swr=10"); got != "swr 1 of 0s ago" {
				t.Error(got)
			}
			synctest.Wait()
		}
		d.get(t.Context(), "posts ttl=1")
		if diff := cmp.Diff([]string{"broken", "broken"}, told); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// TestInvalidationDuringALoad is about a load that began before an invalidation.
func TestInvalidationDuringALoad(t *testing.T) {
	t.Parallel()
	many := make([]string, maxRemembered+1)
	for i := range many {
		many[i] = fmt.Sprint("t", i)
	}
	for _, test := range []struct {
		name string
		// before is what is there, first asks for the load, joined joins it, then asks after
		// the invalidation, which is of tags or of all.
		before, first, joined string
		tags                  []string
		all                   bool
		then                  string
		// want is what comes of first and then, and what is there at the end.
		want []string
	}{
		{
			name: "a miss", first: "users ttl=10 tags=a", tags: []string{"x", "a"}, then: "users ttl=10 tags=a",
			want: []string{"miss 1 of 0s ago", "miss 2 of 0s ago", "ttl 2 of 0s ago"},
		},
		{
			name: "a miss, of another tag", first: "users ttl=10 tags=a", tags: []string{"x"}, then: "users ttl=10 tags=a",
			want: []string{"miss 1 of 0s ago", "miss 1 of 0s ago", "ttl 1 of 0s ago"},
		},
		{
			name: "a miss without tags", first: "users ttl=10", tags: []string{"x"}, then: "users ttl=10",
			want: []string{"miss 1 of 0s ago", "miss 1 of 0s ago", "ttl 1 of 0s ago"},
		},
		{
			name: "a miss without tags, of all", first: "users ttl=10", all: true, then: "users ttl=10",
			want: []string{"miss 1 of 0s ago", "miss 2 of 0s ago", "ttl 2 of 0s ago"},
		},
		{
			name: "a miss, of the tag of who comes afterwards", first: "users ttl=10 tags=a", tags: []string{"b"}, then: "users ttl=10 tags=b",
			want: []string{"miss 1 of 0s ago", "miss 2 of 0s ago", "ttl 2 of 0s ago"},
		},
		{
			name: "a miss, of the tag of who joined it", first: "users ttl=10 tags=a", joined: "users ttl=10 tags=b", tags: []string{"b"}, then: "users ttl=10",
			want: []string{"miss 1 of 0s ago", "miss 2 of 0s ago", "ttl 2 of 0s ago"},
		},
		{
			name: "more tags than are remembered apart", first: "users ttl=10 tags=a", tags: many, then: "users ttl=10 tags=a",
			want: []string{"miss 1 of 0s ago", "miss 2 of 0s ago", "ttl 2 of 0s ago"},
		},
		{
			name: "a refresh", before: "users swr=10 tags=a", first: "users swr=10 tags=a", tags: []string{"a"}, then: "users ttl=10 tags=a",
			want: []string{"swr 1 of 0s ago", "miss 3 of 0s ago", "ttl 3 of 0s ago"},
		},
		{
			name: "a refresh, of another tag", before: "users swr=10 tags=a", first: "users swr=10 tags=a", tags: []string{"x"}, then: "users ttl=10 tags=a",
			want: []string{"swr 1 of 0s ago", "ttl 1 of 0s ago", "ttl 2 of 0s ago"},
		},
		{
			name: "a refresh, of the tag that only what it replaces has", before: "users swr=10 tags=a", first: "users swr=10 tags=b", tags: []string{"a"}, then: "users ttl=10",
			want: []string{"swr 1 of 0s ago", "miss 3 of 0s ago", "ttl 3 of 0s ago"},
		},
		{
			name: "a refresh, of all", before: "users swr=10", first: "users swr=10", all: true, then: "users ttl=10",
			want: []string{"swr 1 of 0s ago", "miss 3 of 0s ago", "ttl 3 of 0s ago"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDatabase(t, Options{})
				if test.before != "" {
					d.get(t.Context(), test.before)
				}
				d.hold()
				first := d.call(1, test.first)
				if test.joined != "" {
					d.call(1, test.joined)
				}
				if test.all {
					d.cache.InvalidateAll()
				} else {
					d.cache.Invalidate(test.tags...)
				}
				then := d.call(3, test.then)
				d.release()
				first.expect(t, map[string]int{test.want[0]: 1})
				then.expect(t, map[string]int{test.want[1]: 3})
				if got := d.get(t.Context(), test.then); got != test.want[2] {
					t.Errorf("in the end %s, expected %s", got, test.want[2])
				}
			})
		})
	}
}

// Loads that began one after the other may end in another order: the older answer does
// not take the place of the newer one.
func TestTheNewerAnswerStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase(t, Options{})
		d.hold()
		first, slow := d.call(1, "users ttl=10 tags=a"), d.gate
		d.cache.Invalidate("b")
		<-time.After(time.Second)
		d.hold()
		second := d.call(1, "users ttl=10 tags=b") // its tag was invalidated: a load of its own
		d.release()
		second.expect(t, map[string]int{"miss 2 of 0s ago": 1})
		close(slow)
		first.expect(t, map[string]int{"miss 1 of 1s ago": 1})
		synctest.Wait()
		if got := d.get(t.Context(), "users ttl=10"); got != "ttl 2 of 0s ago" {
			t.Error(got)
		}
	})
}

// What generations remembers is forgotten when no load needs it.
func TestGenerationsAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase(t, Options{})
		d.cache.Invalidate("a")
		d.hold()
		waiting := d.call(1, "users ttl=10")
		for i := range 100 {
			d.cache.Invalidate(fmt.Sprint("t", i))
		}
		if n := len(d.cache.generations.last); n != 100 {
			t.Errorf("%d remembered while a load is under way", n)
		}
		d.release()
		waiting.expect(t, map[string]int{"miss 1 of 0s ago": 1})
		if n := len(d.cache.generations.last); n != 0 {
			t.Errorf("%d remembered afterwards", n)
		}
	})
}

func TestClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase(t, Options{Failed: func(err error) { t.Error(err) }})
		d.get(t.Context(), "stale swr=10")
		d.hold()
		waiting := d.call(2, "users ttl=10")
		d.get(t.Context(), "stale swr=10")
		if err := d.cache.Close(t.Context()); err != nil {
			t.Error(err)
		}
		waiting.expect(t, map[string]int{"context canceled": 2})
		for asked, want := range map[string]string{"users ttl=10": ErrClosed.Error(), "stale swr=10": "swr 1 of 0s ago"} {
			if got := d.get(t.Context(), asked); got != want {
				t.Errorf("%s: %s, expected %s", asked, got, want)
			}
		}
	})
}

func TestCloseWaitsNoLongerThanItMay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase(t, Options{})
		deaf := make(chan struct{})
		go func() {
			_, _ = d.cache.Get(t.Context(), key("users"), Strategy{}, func(context.Context) (Loaded[int], error) {
				<-deaf
				return Loaded[int]{}, nil
			})
		}()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := d.cache.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		close(deaf)
	})
}

// TestHeard is about invalidations elsewhere, which may be unknown for five seconds.
func TestHeard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase(t, Options{Within: 5 * time.Second})
		expect := func(want string) {
			t.Helper()
			if got := d.get(t.Context(), "users ttl=100"); got != want {
				t.Errorf("got %s, expected %s", got, want)
			}
		}
		expect("miss 1 of 0s ago") // nothing was heard yet
		expect("miss 2 of 0s ago")
		d.cache.Heard(time.Now())
		expect("ttl 2 of 0s ago")
		<-time.After(4 * time.Second)
		d.cache.Heard(time.Now().Add(-time.Second))
		<-time.After(3 * time.Second)
		expect("ttl 2 of 7s ago")
		<-time.After(time.Second)
		expect("miss 3 of 0s ago")
		// A load is shared as long as what it finds may be served.
		d.hold()
		early := d.call(1, "users ttl=100")
		<-time.After(4999 * time.Millisecond)
		joined := d.call(1, "users ttl=100")
		<-time.After(time.Millisecond)
		late := d.call(2, "users ttl=100")
		d.release()
		early.expect(t, map[string]int{"miss 4 of 5s ago": 1})
		joined.expect(t, map[string]int{"miss 4 of 5s ago": 1})
		late.expect(t, map[string]int{"miss 5 of 0s ago": 2})
		d.cache.Heard(time.Now())
		expect("ttl 5 of 0s ago")
	})
}
