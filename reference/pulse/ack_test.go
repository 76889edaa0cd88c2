package pulse

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/event"
)

// TestAcknowledgerWhileEventsFlow flushes faster than the grace: the event whose
// grace runs is acknowledged, then the newest, and none in between.
func TestAcknowledgerWhileEventsFlow(t *testing.T) {
	t.Parallel()
	var saved []uint64
	a := newAcknowledger(time.Millisecond, func(_ context.Context, e event.Event, _ event.Position) error {
		saved = append(saved, e.Index)
		return nil
	})
	for i := range uint64(4) {
		a.flushed(event.Event{Position: event.Position{Index: i}})
	}
	for range 2 {
		<-a.due()
		if err := a.acknowledge(t.Context(), event.Position{}); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]uint64{0, 3}, saved); diff != "" {
		t.Errorf("acknowledged (-want +got):\n%s", diff)
	}
}

func TestAcknowledgerOfABrokenConnection(t *testing.T) {
	t.Parallel()
	a := newAcknowledger(time.Millisecond, func(context.Context, event.Event, event.Position) error {
		t.Error("acknowledged")
		return nil
	})
	a.flushed(event.Event{})
	<-a.due()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.acknowledge(ctx, event.Position{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
