package capture

import (
	"log/slog"
	"testing"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
)

// What was received and not stored yet when the service ends is stored then, and
// counts as confirmed; where it cannot be stored, that is said.
func TestFinishStoresWhatCame(t *testing.T) {
	t.Parallel()
	logged := &logLines{}
	store, err := broker.Open(t.Context(), t.TempDir(), false, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	log, err := eventlog.Open(t.Context(), store.JetStream, eventlog.Options{Owner: "test"})
	if err != nil {
		t.Fatal(err)
	}
	at := event.Position{LSN: 100}
	came := event.Event{Position: at, ID: event.NextID(log.End().ID, at, time.Now()), Action: event.Create, Model: "User", Body: []byte(`{}`)}
	r := &receiver{log: log, gauge: newGauge("s"), logger: slog.New(slog.NewTextHandler(logged, nil)), pending: []event.Event{came}, complete: 120}
	r.finish()
	if got := log.End().Position; got != at || r.confirmed != 120 {
		t.Errorf("the log ends with %v and %s is confirmed, want %v and 0/78", got, r.confirmed, at)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	r.pending, r.complete = []event.Event{came}, 140
	r.finish()
	if r.confirmed != 120 {
		t.Errorf("%s is confirmed of what was not stored", r.confirmed)
	}
	logged.has(t, "the last changes that came were not stored")
}
