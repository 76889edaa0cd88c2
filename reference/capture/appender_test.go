package capture

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// slowStore is a log whose writes end when the test says so.
type slowStore struct {
	began chan []event.Event
	end   chan error
}

func (s *slowStore) append(_ context.Context, events []event.Event) error {
	s.began <- events
	return <-s.end
}

func newSlowStore(t *testing.T) (*slowStore, *appender, chan struct{}) {
	s := &slowStore{began: make(chan []event.Event), end: make(chan error)}
	failed := make(chan struct{}, 2)
	return s, newAppender(t.Context(), s.append, func() { failed <- struct{}{} }), failed
}

func change(index int) event.Event {
	return event.Event{Position: event.Position{LSN: 1, Index: uint64(index)}}
}

func (s *slowStore) indexes() []uint64 {
	var list []uint64
	for _, e := range <-s.began {
		list = append(list, e.Index)
	}
	return list
}

// ok ends the test at an unexpected error.
func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestAppenderGathers: what comes while a write is under way is the next write,
// whole and in order, and a position counts when all before it is stored.
func TestAppenderGathers(t *testing.T) {
	t.Parallel()
	s, a, _ := newSlowStore(t)
	stored := func(want replication.LSN) {
		t.Helper()
		if got, err := a.position(); err != nil || got != want {
			t.Errorf("stored up to %s, %v, want %s", got, err, want)
		}
	}
	a.advance(10)
	stored(10) // there was nothing to store
	ok(t, a.add(change(0)))
	a.advance(20)
	stored(10)
	ok(t, a.flush())
	if diff := cmp.Diff([]uint64{0}, s.indexes()); diff != "" {
		t.Errorf("first write (-want +got):\n%s", diff)
	}
	ok(t, a.add(change(1)))
	a.advance(30)
	ok(t, a.flush())
	ok(t, a.add(change(2)))
	ok(t, a.add(change(3)))
	ok(t, a.flush())
	stored(10)
	s.end <- nil
	if diff := cmp.Diff([]uint64{1, 2, 3}, s.indexes()); diff != "" {
		t.Errorf("second write (-want +got):\n%s", diff)
	}
	stored(20)
	s.end <- nil
	a.close()
	stored(30)
	a.advance(40)
	stored(40)
}

// TestAppenderWaitsWhenFull: memory holds two chunks, however slow the disk is.
func TestAppenderWaitsWhenFull(t *testing.T) {
	t.Parallel()
	s, a, _ := newSlowStore(t)
	large := change(0)
	large.Body = make([]byte, eventlog.ChunkBytes)
	added := make(chan error)
	go func() {
		for range 3 {
			added <- a.add(large)
		}
	}()
	ok(t, <-added)
	ok(t, <-added) // began the first write
	if n := len(<-s.began); n != 1 {
		t.Fatalf("a write of %d events", n)
	}
	select {
	case err := <-added:
		t.Fatalf("a third chunk was taken: %v", err)
	default:
	}
	s.end <- nil
	if n := len(<-s.began); n != 1 {
		t.Fatalf("a write of %d events", n)
	}
	ok(t, <-added)
	s.end <- nil
	a.close()
}

// TestAppenderCopies: whoever makes events does so in the same memory, and so do the
// writes; each has its own bodies all the same.
func TestAppenderCopies(t *testing.T) {
	t.Parallel()
	s, a, _ := newSlowStore(t)
	body := []byte("xxxx")
	add := func(text string) {
		t.Helper()
		copy(body, text)
		e := change(0)
		e.Body = body
		ok(t, a.add(e))
	}
	var got []string
	add("AAAA")
	ok(t, a.flush())
	written := <-s.began // it is being written until it ends
	for i := range 4 {
		add(string("BCDE"[i]) + "000")
		add(string("BCDE"[i]) + "111")
		ok(t, a.flush())
		for _, e := range written {
			got = append(got, string(e.Body))
		}
		s.end <- nil
		written = <-s.began
	}
	s.end <- nil
	a.close()
	want := []string{"AAAA", "B000", "B111", "C000", "C111", "D000", "D111"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bodies at the end of each write (-want +got):\n%s", diff)
	}
}

// TestAppenderFails: after a failed write there is no other, for it would leave a gap.
func TestAppenderFails(t *testing.T) {
	t.Parallel()
	s, a, failed := newSlowStore(t)
	full := errors.New("the disk is full")
	a.advance(10)
	ok(t, a.add(change(0)))
	ok(t, a.flush())
	<-s.began
	ok(t, a.add(change(1)))
	ok(t, a.flush())
	s.end <- full
	<-failed
	a.close()
	a.advance(20)
	for name, err := range map[string]error{"add": a.add(change(2)), "flush": a.flush()} {
		if !errors.Is(err, full) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := a.position(); got != 10 || !errors.Is(err, full) {
		t.Errorf("stored up to %s, %v", got, err)
	}
	select {
	case <-s.began:
		t.Error("it wrote again")
	case <-failed:
		t.Error("it failed again")
	default:
	}
}

// TestAppenderClose: what has gathered when a connection ends is not stored.
func TestAppenderClose(t *testing.T) {
	t.Parallel()
	s, a, _ := newSlowStore(t)
	ok(t, a.add(change(0)))
	ok(t, a.flush())
	<-s.began
	ok(t, a.add(change(1)))
	a.advance(20)
	ok(t, a.flush())
	closed := make(chan struct{})
	go func() {
		a.close()
		close(closed)
	}()
	select {
	case <-closed:
		t.Fatal("it did not wait for the write under way")
	default:
	}
	// However the two meet: the second write begins, and ends, before or never.
	s.end <- nil
	for open := true; open; {
		select {
		case <-s.began:
			s.end <- nil
		case <-closed:
			open = false
		}
	}
	if got, _ := a.position(); got != 0 && got != 20 {
		t.Errorf("stored up to %s", got)
	}
}

func TestPace(t *testing.T) {
	t.Parallel()
	var p pace
	now := time.Unix(0, 0)
	var got []time.Duration
	for _, write := range []struct {
		events int
		after  time.Duration
	}{
		{8, time.Hour},
		{7, time.Millisecond}, // slow
		{8, time.Millisecond},
		{80, 10 * time.Millisecond},
		{8, time.Millisecond},
		{8, time.Millisecond},
		{20, 2300 * time.Microsecond}, // fast for long enough
		{2, 300 * time.Microsecond},   // it gets slower
		{1000, time.Millisecond},
	} {
		now = now.Add(write.after)
		got = append(got, p.after(write.events, now))
	}
	want := []time.Duration{0, 0, 0, 0, 0, fastPause, fastPause, 0, 0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pauses (-want +got):\n%s", diff)
	}
}

// TestAppenderFailsBeforeItTells: who is told that a write failed, and asks at once,
// learns why.
func TestAppenderFailsBeforeItTells(t *testing.T) {
	t.Parallel()
	failure := errors.New("no room")
	var a *appender
	seen := make(chan error, 1)
	a = newAppender(t.Context(), func(context.Context, []event.Event) error { return failure }, func() {
		_, err := a.position()
		seen <- err
	})
	ok(t, a.add(change(0)))
	_ = a.flush() // It may have failed already.
	if err := <-seen; !errors.Is(err, failure) {
		t.Errorf("told of a failure, the error is %v", err)
	}
}

// registered counts the functions that wait for its end.
type registered struct {
	context.Context
	done    chan struct{}
	waiting int
}

// Done is another channel than the context's within, which would count itself.
func (r *registered) Done() <-chan struct{} { return r.done }

func (r *registered) AfterFunc(func()) func() bool {
	r.waiting++
	return func() bool { r.waiting--; return true }
}

// TestOutlastLeavesNothing: a connection that ends before the service leaves nothing
// behind that waits for the service's end.
func TestOutlastLeavesNothing(t *testing.T) {
	t.Parallel()
	service := &registered{Context: t.Context(), done: make(chan struct{})}
	longer, cancel := outlast(service, time.Hour)
	if service.waiting != 1 || longer.Err() != nil {
		t.Fatalf("%d wait for the service's end, %v", service.waiting, longer.Err())
	}
	if cancel(); service.waiting != 0 || longer.Err() == nil {
		t.Errorf("afterwards %d wait for the service's end, %v", service.waiting, longer.Err())
	}
}
