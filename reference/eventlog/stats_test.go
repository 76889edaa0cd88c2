package eventlog

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// Stats tells what is stored and what was counted, and Failure why the last write
// failed.
func TestStats(t *testing.T) {
	t.Parallel()
	store, err := broker.Open(t.Context(), t.TempDir(), false, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	log, err := Open(t.Context(), store, Options{Owner: "test"})
	if err != nil {
		t.Fatal(err)
	}
	var events []event.Event
	last := event.Event{}
	for i, kind := range []Kind{{"User", event.Create}, {"User", event.Create}, {"Order", event.Delete}, {"User", event.Create}, {"User", event.Update}} {
		pos := event.Position{LSN: replication.LSN(100), Index: uint64(i)}
		last = event.Event{Position: pos, ID: event.NextID(last.ID, pos, time.Now()), Action: kind.Action, Model: kind.Model, Body: []byte(`{}`)}
		events = append(events, last)
	}
	for _, chunk := range [][]event.Event{events[:4], events[4:]} {
		if err := log.Append(t.Context(), chunk); err != nil {
			t.Fatal(err)
		}
	}
	got, err := log.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := map[Kind]uint64{{"User", event.Create}: 3, {"User", event.Update}: 1, {"Order", event.Delete}: 1}
	if diff := cmp.Diff(want, got.Events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if got.Chunks != 2 || got.First != 1 || got.Last != 2 || got.Bytes == 0 || got.FirstAt.IsZero() || got.LastAt.Before(got.FirstAt) {
		t.Errorf("stored %+v", got)
	}
	if got.Append.Count != 2 || got.Commit.Count != 2 || got.Append.Sum <= 0 {
		t.Errorf("durations: append %+v, commit %+v", got.Append, got.Commit)
	}
	if err := log.Failure(); err != nil {
		t.Errorf("failed: %v", err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := log.Append(t.Context(), []event.Event{numbered(1000, 1)}); err == nil || log.Failure() == nil {
		t.Errorf("an append without a store: %v, and Failure says %v", err, log.Failure())
	}
}
