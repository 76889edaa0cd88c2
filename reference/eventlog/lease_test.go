package eventlog

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
)

// patience bounds what is bound to happen, on a loaded machine too.
const patience = time.Minute

func openLease(t *testing.T, b *broker.Broker, node string, length time.Duration) *Lease {
	t.Helper()
	l, err := OpenLease(t.Context(), b, node, length)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// acquire waits for the lease, and gives it back with the test.
func acquire(t *testing.T, l *Lease, state func() string) *Held {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	h, err := l.Acquire(ctx, state)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func idle() string { return "idle" }

func TestLeaseIsHeldByOne(t *testing.T) {
	t.Parallel()
	b := openStore(t)
	first, second := openLease(t, b, "first", time.Hour), openLease(t, b, "second", time.Hour)
	held := acquire(t, first, idle)
	ctx, cancel := context.WithCancel(t.Context())
	waited := make(chan error)
	go func() {
		_, err := second.Acquire(ctx, idle)
		waited <- err
	}()
	eventually.True(t, "the other to hear of the holder", func() bool {
		node, state, _ := second.Holder()
		return node == "first" && state == "idle"
	})
	cancel()
	if err := <-waited; err != context.Canceled {
		t.Errorf("waiting for a lease that is held: %v", err)
	}
	if !first.Holding() || second.Holding() {
		t.Errorf("the first holds it: %t, the second: %t", first.Holding(), second.Holding())
	}
	held.Release(t.Context())
	if first.Holding() || held.Context.Err() == nil {
		t.Error("it is held after it was given back")
	}
	// Though it would last for an hour.
	acquire(t, second, idle)
}

func TestHolderTellsItsState(t *testing.T) {
	t.Parallel()
	b := openStore(t)
	first, second := openLease(t, b, "first", time.Hour), openLease(t, b, "second", time.Hour)
	states := make(chan string, 1)
	states <- "busy"
	acquire(t, first, func() string {
		select {
		case s := <-states:
			return s
		default:
			return "done"
		}
	})
	eventually.True(t, "the last state", func() bool {
		second.try(t.Context())
		_, state, _ := second.Holder()
		return state == "done"
	})
}

// TestSilentHolderLosesTheLease has a holder that does not renew, as one whose
// machine is gone, and one that was suspended and comes back.
func TestSilentHolderLosesTheLease(t *testing.T) {
	t.Parallel()
	b := openStore(t)
	const length = 400 * time.Millisecond
	silent, waiting := openLease(t, b, "silent", length), openLease(t, b, "waiting", length)
	if !silent.try(t.Context()) {
		t.Fatal("a free lease was not to be had")
	}
	began := time.Now()
	if waiting.try(t.Context()) {
		t.Fatal("it was taken from a holder that had only begun")
	}
	acquire(t, waiting, idle)
	if since := time.Since(began); since < length {
		t.Errorf("it was taken after %s, before its length", since)
	}
	if silent.Holding() {
		t.Error("the silent holder believes to have it still")
	}
	if err := silent.beat(t.Context(), "awake"); err != errLeaseLost {
		t.Errorf("renewing what another has: %v", err)
	}
}

// TestLostAnswerToARenewal has a renewal come through without its holder knowing.
func TestLostAnswerToARenewal(t *testing.T) {
	t.Parallel()
	b := openStore(t)
	l := openLease(t, b, "node", time.Hour)
	if !l.try(t.Context()) {
		t.Fatal("a free lease was not to be had")
	}
	before := l.revision
	if err := l.beat(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	l.revision = before
	if err := l.beat(t.Context(), "two"); err != nil || !l.Holding() {
		t.Errorf("the renewal after it: %v, holding: %t", err, l.Holding())
	}
}

// TestFollower follows what another appends, and goes on after more was removed than
// it had read.
func TestFollower(t *testing.T) {
	t.Parallel()
	b := openStore(t)
	l := openLog(t, b, Options{Owner: "d"})
	appendChunks(t, l, 1, 3, 1)
	follower := openLog(t, b, Options{Owner: "d"})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		follower.Follow(ctx, quiet)
	}()
	appendChunks(t, l, 7, 50, 1)
	eventually.True(t, "the follower to be at the end", func() bool { return follower.End().LSN == 106 })
	got, err := readFrom(t.Context(), follower, 1)
	if err != nil || len(got) != 106 {
		t.Errorf("read %d events at the follower, %v", len(got), err)
	}
	stop()
	<-done
	appendChunks(t, l, 107, 50, 1)
	if err := l.Purge(t.Context(), 0, at(200)); err != nil {
		t.Fatal(err)
	}
	ctx, stop = context.WithCancel(t.Context())
	done = make(chan struct{})
	go func() {
		defer close(done)
		follower.Follow(ctx, quiet)
	}()
	eventually.True(t, "the follower to be at the end again", func() bool { return follower.End().LSN == 206 })
	stop()
	<-done
	if got, err := readFrom(t.Context(), follower, 199); err != nil || got[0] != 199 || len(got) != 8 {
		t.Errorf("read %v, %v", got, err)
	}
}

// TestAppendOfWhatAnotherHasAppended is by a holder whose own last append arrived
// too late, or that was late in noticing that another took over: it has received the
// events again when a request shows it that the log has grown.
func TestAppendOfWhatAnotherHasAppended(t *testing.T) {
	t.Parallel()
	b := openStore(t)
	late, other := openLog(t, b, Options{Owner: "d"}), openLog(t, b, Options{Owner: "d"})
	appendChunks(t, other, 1, 3, 1)
	if err := late.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	for first := 5; first <= 6; first++ {
		if err := late.Append(t.Context(), []event.Event{numbered(first, 1), numbered(7, 1)}); err == nil {
			t.Errorf("events from %d on were appended after event 6", first)
		}
	}
	appendChunks(t, late, 7, 1, 1)
	got, err := readFrom(t.Context(), openLog(t, b, Options{Owner: "d"}), 1)
	if diff := cmp.Diff([]int{1, 2, 3, 4, 5, 6, 7, 8}, got); diff != "" || err != nil {
		t.Errorf("the log (-want +got):\n%s\n%v", diff, err)
	}
}

// TestConfirmationOfWhatHasJustArrived is read by a node that takes over, of a chunk
// that was on its way while the node looked at the log.
func TestConfirmationOfWhatHasJustArrived(t *testing.T) {
	t.Parallel()
	b := openStore(t)
	next, late := openLog(t, b, Options{Owner: "d"}), openLog(t, b, Options{Owner: "d"})
	c, err := OpenConfirmation(t.Context(), b, late)
	if err != nil {
		t.Fatal(err)
	}
	appendChunks(t, late, 1, 1, 1)
	if err := c.Store(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if c, err = OpenConfirmation(t.Context(), b, next); err != nil {
		t.Fatal(err)
	}
	if c.LogIsShort() || next.End().LSN != 2 {
		t.Errorf("the log is short: %t; it ends at %v", c.LogIsShort(), next.End().Position)
	}
}

var quiet = slog.New(slog.DiscardHandler)
