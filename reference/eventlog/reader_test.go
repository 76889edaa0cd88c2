package eventlog

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// inMemory is a log whose tail has chunks of the given numbers of events.
func inMemory(sizes ...int) *Log {
	l := &Log{first: 1}
	l.bell.mu = &l.mu
	n := 0
	for i, size := range sizes {
		var events []event.Event
		for range size {
			n++
			events = append(events, event.Event{
				Position: event.Position{LSN: 1, Index: uint64(n)}, ID: ulid.ULID{15: byte(n)}, Action: event.Create, Body: fmt.Appendf(nil, `{"n":%d}`, n),
			})
		}
		c, _ := newChunk(events)
		c.seq = uint64(i + 1)
		l.grow(c)
	}
	return l
}

// TestReadPieces: whatever the chunks are and however large the piece, all that is
// wanted comes once and in order, and no piece is larger than it was meant to be.
func TestReadPieces(t *testing.T) {
	t.Parallel()
	for name, chunks := range map[string][]int{"one each": {1, 1, 1, 1, 1, 1}, "all in one": {6}, "mixed": {1, 3, 2}} {
		for room := 1; room < 320; room += 23 {
			l := inMemory(chunks...)
			r, err := NewReader(t.Context(), l, event.Position{LSN: 1, Index: 2}, func(e event.Event) bool { return e.Index != 4 })
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for more := true; more; {
				var piece []byte
				var last event.Event
				piece, last, more, err = r.Read(t.Context(), make([]byte, 0, room))
				if err != nil {
					t.Fatal(err)
				}
				if frames := strings.Count(string(piece), "\n\n"); frames > 1 && len(piece) > room {
					t.Errorf("%s: %d events of %d bytes in a piece of %d", name, frames, len(piece), room)
				}
				if len(piece) > 0 && (!strings.Contains(string(piece), last.ID.String()) || last.Body != nil) {
					t.Errorf("%s: the last event is %v, the piece\n%s", name, last, piece)
				}
				got.Write(piece)
			}
			var want strings.Builder
			for _, n := range []int{2, 3, 5, 6} {
				fmt.Fprintf(&want, "id: %s\ndata: {\"n\":%d}\n\n", ulid.ULID{15: byte(n)}, n)
			}
			if diff := cmp.Diff(want.String(), got.String()); diff != "" {
				t.Fatalf("%s, pieces of %d (-want +got):\n%s", name, room, diff)
			}
		}
	}
}

// TestReadIsBounded: a call that finds nothing comes back nevertheless, for its caller
// has a heart to beat.
func TestReadIsBounded(t *testing.T) {
	t.Parallel()
	l := &Log{first: 1}
	l.bell.mu = &l.mu
	body := make([]byte, readBound/2)
	for seq := range uint64(3) {
		c, _ := newChunk([]event.Event{{Position: event.Position{LSN: 1, Index: seq}, Action: event.Create, Body: body}})
		c.seq = seq + 1
		l.grow(c)
	}
	r, err := NewReader(t.Context(), l, event.Position{}, func(event.Event) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	var calls []bool
	for more := true; more; {
		var piece []byte
		if piece, _, more, err = r.Read(t.Context(), nil); err != nil || len(piece) > 0 {
			t.Fatalf("%d bytes, %v", len(piece), err)
		}
		calls = append(calls, more)
	}
	if diff := cmp.Diff([]bool{true, false}, calls); diff != "" {
		t.Errorf("whether there was more (-want +got):\n%s", diff)
	}
}

// TestReady: who waits is woken by what is appended, at once or soon, and who has more
// to read does not wait.
func TestReady(t *testing.T) {
	t.Parallel()
	l := inMemory(1)
	readers := make([]*Reader, 3*crowd)
	for i := range readers {
		r, err := NewReader(t.Context(), l, event.Position{}, func(event.Event) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		readers[i] = r
	}
	var woken sync.WaitGroup
	for n := uint64(2); n <= 20; n++ {
		for _, r := range readers {
			<-r.Ready()
			if piece, _, _, err := r.Read(t.Context(), nil); err != nil || len(piece) == 0 {
				t.Fatalf("after %d chunks: %d bytes, %v", n-1, len(piece), err)
			}
			select {
			case <-r.Ready():
				t.Fatalf("ready at the end of the log")
			default:
			}
			waits := r.Ready()
			woken.Go(func() { <-waits })
		}
		c, _ := newChunk([]event.Event{{Position: event.Position{LSN: replication.LSN(n)}, Action: event.Create}})
		c.seq = n
		l.grow(c)
		woken.Wait()
	}
}

// TestBell: a few are woken at once; a crowd that was woken a moment ago is woken once
// for all that comes meanwhile.
func TestBell(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	b := bell{mu: &mu}
	mu.Lock()
	defer mu.Unlock()
	b.ring() // nobody waits
	few := b.wait()
	b.ring()
	<-few
	var crowded <-chan struct{}
	for range 100_000 { // for a second
		crowded = b.wait()
	}
	b.last = time.Now()
	b.ring()
	b.ring()
	select {
	case <-crowded:
		t.Error("a crowd was woken again at once")
	default:
	}
	if !b.late {
		t.Error("nobody will wake the crowd")
	}
	b.last = time.Time{}
	b.late = false
	b.ring()
	<-crowded
}

func TestRecent(t *testing.T) {
	t.Parallel()
	var r recent
	for seq := uint64(1); seq <= 4; seq++ {
		r.push(&chunk{seq: seq, size: recentBytes/2 - 1})
		r.push(&chunk{seq: seq, size: recentBytes}) // one that is there already
	}
	got := map[uint64]bool{}
	for seq := uint64(1); seq <= 5; seq++ {
		got[seq] = r.at(seq) != nil
	}
	if diff := cmp.Diff(map[uint64]bool{1: false, 2: false, 3: true, 4: true, 5: false}, got); diff != "" {
		t.Errorf("chunks in memory (-want +got):\n%s", diff)
	}
	r.push(&chunk{seq: 9, size: 2 * recentBytes})
	if r.at(9) == nil || r.at(4) != nil || r.size != 2*recentBytes {
		t.Errorf("a chunk larger than all must be the only one: %d bytes", r.size)
	}
}
