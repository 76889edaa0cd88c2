package eventlog

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// openStore is a store for the logs of a test.
func openStore(t *testing.T) *broker.Broker {
	t.Helper()
	b, err := broker.Open(t.Context(), t.TempDir(), false, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// openLog opens the log of a store: again, where the test has one open, as another
// reader of the same log that has nothing of it in memory.
func openLog(t *testing.T, b *broker.Broker, o Options) *Log {
	t.Helper()
	l, err := Open(t.Context(), b, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// numbered is the nth event of a test, of that many bytes.
func numbered(n, size int) event.Event {
	return event.Event{
		Position: event.Position{LSN: replication.LSN(n)}, ID: ulid.ULID{14: byte(n >> 8), 15: byte(n)},
		Action: event.Create, Model: "User", Body: make([]byte, size),
	}
}

// appendChunks appends chunks of two events, numbered from first on.
func appendChunks(t *testing.T, l *Log, first, chunks, size int) {
	t.Helper()
	for i := range chunks {
		n := first + 2*i
		if err := l.Append(t.Context(), []event.Event{numbered(n, size), numbered(n+1, size)}); err != nil {
			t.Fatal(err)
		}
	}
}

// readFrom reads the numbers of the events from one on.
func readFrom(ctx context.Context, l *Log, n int) (numbers []int, err error) {
	r, err := NewReader(ctx, l, at(n), func(event.Event) bool { return true })
	for read := err == nil; read; {
		var events []event.Event
		events, read, err = r.Next(ctx)
		for _, e := range events {
			numbers = append(numbers, int(e.LSN))
		}
	}
	return numbers, err
}

func at(n int) event.Position { return event.Position{LSN: replication.LSN(n)} }

func TestPurge(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		age  time.Duration
		hold int
		// cut is the last event removed, 0 for none.
		cut int
	}{
		"the chunk of the held event stays": {0, 6, 4},
		"its first event is held":           {0, 5, 4},
		"before everything":                 {0, 0, 0},
		"the last chunk stays":              {0, 99, 8},
		"nothing is old":                    {time.Hour, 99, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			js := openStore(t)
			l := openLog(t, js, Options{Owner: "d"})
			appendChunks(t, l, 1, 5, 1)
			if err := l.Purge(t.Context(), tt.age, at(tt.hold)); err != nil {
				t.Fatal(err)
			}
			for of, l := range map[string]*Log{"the log": l, "the log, opened again": openLog(t, js, Options{Owner: "d"})} {
				cut, some, err := l.Cut(t.Context())
				if cut != at(tt.cut) || some != (tt.cut > 0) || err != nil {
					t.Errorf("%s: cut at %v, %t, %v; want %d", of, cut, some, err, tt.cut)
				}
				var want []int
				for n := tt.cut + 1; n <= 10; n++ {
					want = append(want, n)
				}
				got, err := readFrom(t.Context(), l, tt.cut+1)
				if diff := cmp.Diff(want, got); diff != "" || err != nil {
					t.Errorf("%s: %v, events (-want +got):\n%s", of, err, diff)
				}
				if _, err := readFrom(t.Context(), l, tt.cut); tt.cut > 0 && !errors.Is(err, ErrCut) {
					t.Errorf("%s: reading what was removed: %v", of, err)
				}
				for n := 1; n <= 10; n++ {
					e, err := l.Find(t.Context(), numbered(n, 1).ID)
					if (e != nil) != (n > tt.cut) || err != nil {
						t.Errorf("%s: event %d: found %v, %v", of, n, e, err)
					}
				}
			}
		})
	}
}

// TestLimit has the store remove chunks by itself, which a log that is open learns
// only when it looks.
func TestLimit(t *testing.T) {
	t.Parallel()
	js := openStore(t)
	o := Options{Owner: "d", MaxBytes: 10 << 10}
	l := openLog(t, js, o)
	appendChunks(t, l, 1, 2, 1<<10)
	readers := map[string]*Log{"one that saw it small": openLog(t, js, o)}
	early, err := NewReader(t.Context(), readers["one that saw it small"], at(1), func(event.Event) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	appendChunks(t, l, 5, 20, 1<<10)
	if _, _, err := early.Next(t.Context()); !errors.Is(err, ErrCut) {
		t.Errorf("a reader whose chunk went: %v", err)
	}
	stale := openLog(t, js, o)
	appendChunks(t, l, 45, 20, 1<<10)
	readers["one that saw it full"] = stale
	for name, reader := range readers {
		if err := reader.Recover(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := readFrom(t.Context(), reader, 46); !errors.Is(err, ErrCut) {
			t.Errorf("%s: reading what was cut: %v", name, err)
		}
		cut, some, err := reader.Cut(t.Context())
		if err != nil || !some {
			t.Fatalf("%s: cut at %v, %t, %v", name, cut, some, err)
		}
		got, err := readFrom(t.Context(), reader, int(cut.LSN)+1)
		if err != nil || len(got) < 4 || got[0] != int(cut.LSN)+1 || got[len(got)-1] != 84 {
			t.Errorf("%s: from event %d on: %v, %v", name, cut.LSN+1, got, err)
		}
	}
	// A lower limit cuts at once, and no limit never again.
	o.MaxBytes = 5 << 10
	if cut, _, err := openLog(t, js, o).Cut(t.Context()); err != nil || cut.LSN != 80 {
		t.Errorf("cut at %v, %v", cut, err)
	}
	l = openLog(t, js, Options{Owner: "d"})
	appendChunks(t, l, 85, 20, 1<<10)
	if cut, _, err := l.Cut(t.Context()); err != nil || cut.LSN != 80 {
		t.Errorf("cut at %v, %v", cut, err)
	}
}

// TestChunkLostInTheMiddle begins the log after a chunk that is gone: no reader may
// pass over it.
func TestChunkLostInTheMiddle(t *testing.T) {
	t.Parallel()
	js := openStore(t)
	l := openLog(t, js, Options{Owner: "d"})
	appendChunks(t, l, 1, 5, 1)
	if err := l.stream.DeleteMsg(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	damaged := openLog(t, js, Options{Owner: "d"})
	if cut, some, err := damaged.Cut(t.Context()); cut != at(6) || !some || err != nil {
		t.Errorf("cut at %v, %t, %v", cut, some, err)
	}
	if got, err := readFrom(t.Context(), damaged, 1); !errors.Is(err, ErrCut) {
		t.Errorf("from the first event on: %v, %v", got, err)
	}
	got, err := readFrom(t.Context(), damaged, 7)
	if diff := cmp.Diff([]int{7, 8, 9, 10}, got); diff != "" || err != nil {
		t.Errorf("%v, events after the gap (-want +got):\n%s", err, diff)
	}
}

// TestLogWithoutItsEnd goes on behind a last chunk that is gone; the confirmation
// knows that something is missing until it was told that this was dealt with.
func TestLogWithoutItsEnd(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(t *testing.T, l *Log){
		"all of it": func(t *testing.T, l *Log) {
			if err := l.stream.Purge(t.Context()); err != nil {
				t.Fatal(err)
			}
		},
		"its last chunk": func(t *testing.T, l *Log) {
			if err := l.stream.DeleteMsg(t.Context(), 3); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			js := openStore(t)
			l := openLog(t, js, Options{Owner: "d"})
			appendChunks(t, l, 1, 3, 1)
			confirm := func(l *Log, to replication.LSN) *Confirmation {
				t.Helper()
				c, err := OpenConfirmation(t.Context(), js, l)
				if err == nil && to > 0 {
					err = c.Store(t.Context(), to)
				}
				if err != nil {
					t.Fatal(err)
				}
				return c
			}
			if confirm(l, 100).LogIsShort() {
				t.Error("the whole log is short")
			}
			lose(t, l)
			l = openLog(t, js, Options{Owner: "d"})
			c := confirm(l, 0)
			if !c.LogIsShort() || l.End().ID != (ulid.ULID{}) {
				t.Errorf("the log is not short; it ends with %v", l.End())
			}
			if err := c.Reset(t.Context(), c.Stored()); err != nil {
				t.Fatal(err)
			}
			if confirm(openLog(t, js, Options{Owner: "d"}), 101).LogIsShort() {
				t.Error("it is short after it was dealt with")
			}
			appendChunks(t, l, 200, 2, 1)
			for of, l := range map[string]*Log{"the log": l, "the log, opened again": openLog(t, js, Options{Owner: "d"})} {
				got, err := readFrom(t.Context(), l, 150)
				if diff := cmp.Diff([]int{200, 201, 202, 203}, got); diff != "" || err != nil {
					t.Errorf("%s: %v, what was appended since (-want +got):\n%s", of, err, diff)
				}
				if confirm(l, 0).LogIsShort() {
					t.Errorf("%s is short", of)
				}
			}
		})
	}
}

// TestReadersOfALogThatIsPurged reads while events come and go: what a reader
// gets has no gaps, or it is told.
func TestReadersOfALogThatIsPurged(t *testing.T) {
	t.Parallel()
	js := openStore(t)
	l := openLog(t, js, Options{Owner: "d"})
	appendChunks(t, l, 1, 1, 1)
	const chunks = 300
	ctx, done := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 3 {
		other := openLog(t, js, Options{Owner: "d"})
		readers.Go(func() {
			for ctx.Err() == nil {
				cut, _, err := other.Cut(t.Context())
				if err == nil {
					err = other.Recover(t.Context())
				}
				if err != nil {
					t.Errorf("look at the log: %v", err)
					return
				}
				from := int(cut.LSN) + 1
				got, err := readFrom(t.Context(), other, from)
				if err != nil && !errors.Is(err, ErrCut) {
					t.Errorf("read: %v", err)
				}
				for i, n := range got {
					if n != from+i {
						t.Errorf("from %d on: %v", from, got)
						break
					}
				}
			}
		})
	}
	for i := range chunks {
		appendChunks(t, l, 3+2*i, 1, 1)
		if i%7 == 0 {
			if err := l.Purge(t.Context(), 0, at(2*i-5)); err != nil {
				t.Errorf("purge: %v", err)
			}
		}
	}
	done()
	readers.Wait()
	got, err := readFrom(t.Context(), l, 2*chunks)
	if !slices.Equal(got, []int{2 * chunks, 2*chunks + 1, 2*chunks + 2}) || err != nil {
		t.Errorf("the end: %v, %v", got, err)
	}
}

// TestPurgeBehindDamage has a chunk in the middle that is gone, as with a damaged
// file: what is old goes all the same, on both of its sides.
func TestPurgeBehindDamage(t *testing.T) {
	t.Parallel()
	l := openLog(t, openStore(t), Options{Owner: "d"})
	appendChunks(t, l, 1, 6, 1)
	if err := l.stream.DeleteMsg(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if err := l.Purge(t.Context(), 0, at(99)); err != nil {
		t.Fatal(err)
	}
	info, err := l.stream.Info(t.Context())
	if err != nil || info.State.FirstSeq != 6 || info.State.Msgs != 1 {
		t.Errorf("the store begins at chunk %d and has %d, %v; want the last alone, 6", info.State.FirstSeq, info.State.Msgs, err)
	}
}
