package capture

import (
	"log/slog"
	"testing"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/replication"
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
	log, err := eventlog.Open(t.Context(), store, eventlog.Options{Owner: "test"})
	if err != nil {
		t.Fatal(err)
	}
	at := event.Position{LSN: 100}
	came := event.Event{Position: at, ID: event.NextID(log.End().ID, at, time.Now()), Action: event.Create, Model: "User", Body: []byte(`{}`)}
	r := &receiver{log: log, gauge: newGauge("s"), logger: slog.New(slog.NewTextHandler(logged, nil))}
	finish := func(complete replication.LSN) replication.LSN {
		r.appender = newAppender(t.Context(), r.store, func() {})
		if err := r.appender.add(came); err != nil {
			t.Fatal(err)
		}
		r.appender.advance(complete)
		r.appender.close()
		r.finish()
		stored, _ := r.appender.position()
		return stored
	}
	if stored := finish(120); log.End().Position != at || stored != 120 {
		t.Errorf("the log ends with %v and has all up to %s, want %v and 0/78", log.End().Position, stored, at)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if stored := finish(140); stored != 0 {
		t.Errorf("the log has all up to %s of what was not stored", stored)
	}
	logged.has(t, "the last changes that came were not stored")
}
