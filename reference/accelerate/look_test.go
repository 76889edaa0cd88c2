package accelerate

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// TestLook is about a database whose schema has a model more with each look, and which
// takes its time or does not answer.
func TestLook(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		// takes is how long a look takes, failing from that look on, -1 for never.
		takes   time.Duration
		failing int
		// each look is this long after the last one was there.
		waits []time.Duration
		// want is how many models are seen and how long it took.
		want []string
	}{
		{
			"twice a second, beside the queries", 10 * time.Millisecond, -1,
			[]time.Duration{0, 489 * time.Millisecond, time.Millisecond, 0, 20 * time.Millisecond, 479 * time.Millisecond, 20 * time.Millisecond, 20 * time.Millisecond},
			[]string{"1 after 10ms", "1 after 0s", "1 after 0s", "1 after 0s", "2 after 0s", "2 after 0s", "2 after 0s", "3 after 0s"},
		},
		{
			"after a while the next query waits", 10 * time.Millisecond, -1,
			[]time.Duration{0, 990 * time.Millisecond, time.Hour},
			[]string{"1 after 10ms", "2 after 10ms", "3 after 10ms"},
		},
		{
			"but not for long, and others not as long again", 5 * time.Second, -1,
			[]time.Duration{0, time.Hour, 0, 400 * time.Millisecond, time.Minute},
			[]string{"1 after 5s", "1 after 250ms", "1 after 0s", "1 after 0s", "2 after 250ms"},
		},
		{
			"what is known stays while the database fails", 0, 1,
			[]time.Duration{0, time.Hour, time.Hour},
			[]string{"1 after 0s", "1 after 0s", "1 after 0s"},
		},
		{"at first there is nothing to stay with", 0, 0, []time.Duration{0, 0}, []string{"broken after 0s", "broken after 0s"}},
		{"a first look takes no longer than it may", time.Hour, -1, []time.Duration{0}, []string{"context deadline exceeded after 10s"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &Service{}
				s.live, s.end = context.WithCancel(t.Context())
				defer s.end()
				schema := &prisma.Schema{}
				s.schema = func(ctx context.Context) (*prisma.Schema, error) {
					select {
					case <-time.After(test.takes):
					case <-ctx.Done():
						return nil, context.Cause(ctx)
					}
					if len(schema.Models) == test.failing {
						return nil, errors.New("broken")
					}
					schema = &prisma.Schema{Models: append(schema.Models[:len(schema.Models):len(schema.Models)], &prisma.Model{})}
					return schema, nil
				}
				var got []string
				for _, wait := range test.waits {
					<-time.After(wait)
					began := time.Now()
					looked, err := s.look(t.Context())
					took := time.Since(began)
					switch {
					case err != nil:
						got = append(got, fmt.Sprintf("%v after %s", err, took))
					case looked.fingerprint != looked.schema.Fingerprint():
						t.Error("the fingerprint is another's")
					default:
						got = append(got, fmt.Sprintf("%d after %s", len(looked.schema.Models), took))
					}
					synctest.Wait()
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

// Who leaves does not wait for a look.
func TestLookIsLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &Service{schema: func(ctx context.Context) (*prisma.Schema, error) { <-ctx.Done(); return nil, ctx.Err() }}
		s.live, s.end = context.WithCancel(t.Context())
		defer s.end()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.look(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

// What requests asked for is remembered for as long as there is room, the latest first.
func TestQuestions(t *testing.T) {
	t.Parallel()
	m := &questions{limit: 20 * questionBytes}
	name := func(n int) spelling { return spelling{byte(n), byte(n >> 8)} }
	asked := make([]*question, 1000)
	for n := range asked {
		asked[n] = &question{query: name(n)}
		m.keep(name(n), asked[n])
		m.keep(name(n), asked[n]) // twice is once
		if found, ok := m.find(name(0)); !ok || found != asked[0] {
			t.Fatalf("what is asked for all the time is forgotten after %d others", n)
		}
	}
	held := 0
	for n := range asked {
		if found, ok := m.find(name(n)); ok {
			held++
			if found != asked[n] {
				t.Errorf("%d is found as another", n)
			}
		}
	}
	if held < 10 || held > 24 {
		t.Errorf("%d are held", held)
	}
	if _, ok := m.find(name(999)); !ok {
		t.Error("the latest is forgotten")
	}
	var all sync.WaitGroup
	for n := range asked {
		all.Go(func() {
			m.keep(name(n), asked[n])
			if found, ok := m.find(name(n)); ok && found != asked[n] {
				t.Errorf("%d is found as another", n)
			}
		})
	}
	all.Wait()
}

// Requests that say something else are told apart, however the parts are cut.
func TestSpelling(t *testing.T) {
	t.Parallel()
	seen := map[spelling]string{}
	for _, body := range []string{"", "a", "ab"} {
		for _, control := range [][]string{nil, {""}, {"a"}, {"a", "b"}, {"ab"}, {"a,b"}} {
			for _, tags := range [][]string{nil, {"a"}, {"ab"}, {"a", "b"}} {
				is := fmt.Sprintf("%q %q %q", body, control, tags)
				of := spellingOf([]byte(body), map[string][]string{"Cache-Control": control, "Accelerate-Cache-Tags": tags, "X-Other": {is}})
				if other, taken := seen[of]; taken {
					t.Errorf("%s is spelled as %s", is, other)
				}
				seen[of] = is
			}
		}
	}
}
