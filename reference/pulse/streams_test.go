package pulse

import (
	"context"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/event"
)

// TestAStreamWhoseCursorMovesIsListed lists while cursors move: no stream may be
// missing for a moment, for a service that closes removes its slot when it sees
// none.
func TestAStreamWhoseCursorMovesIsListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.createStream(t, "moving")
	w.createStream(t, "resting")
	streams := w.service.streams
	moving, _, err := streams.get(t.Context(), "moving")
	if err != nil {
		t.Fatal(err)
	}

	ctx, stop := context.WithCancel(t.Context())
	moved := make(chan int)
	go func() {
		n := 0
		for ctx.Err() == nil {
			n++
			e := event.Event{Position: event.Position{LSN: moving.Start.LSN, Index: uint64(n)}, ID: ulid.Make()}
			if err := streams.acknowledge(context.Background(), moving, e, event.Position{}); err != nil {
				t.Errorf("move %d: %v", n, err)
				break
			}
		}
		moved <- n
	}()
	for end := time.Now().Add(time.Second); time.Now().Before(end) && !t.Failed(); {
		all, err := streams.list(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != 2 || all[0].Name != "resting" || all[1].Name != "moving" {
			t.Errorf("listed: %+v, want resting and moving", all)
		}
	}
	stop()
	if n := <-moved; n < 2 {
		t.Errorf("the cursor moved %d times", n)
	}
}
