package pulse

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
)

// A stream that wants little does not hold the log: what was passed over goes, the
// cursor's event can be asked for all the same, and the next consumer begins behind
// what was passed.
func TestFilteredStreamLetsTheLogGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable, func(o *Options) { o.Heartbeat = 10 * time.Millisecond })
	got := w.call(t, "POST", "/streams", `{"name":"some","model":"User","filter":{"create":{"name":"wanted"}}}`)
	if got.status != http.StatusCreated {
		t.Fatal(got.body)
	}
	all := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	insert := func(id int, name string) received {
		// One by one, so that each event has a chunk of its own.
		execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" VALUES (%d, '%s')`, id, name))
		return all.next()
	}
	exists := func(e received) bool { return w.call(t, "GET", "/events/"+e.id, "").status == http.StatusOK }
	purge := func() {
		if err := w.service.purge(t.Context(), time.Nanosecond); err != nil {
			t.Fatal(err)
		}
	}
	events := w.consume(t, "some")
	early, cursor := insert(1, "not"), insert(2, "wanted")
	if diff := cmp.Diff(cursor, events.next(), cmp.AllowUnexported(received{})); diff != "" {
		t.Errorf("the wanted event (-want +got):\n%s", diff)
	}
	w.awaitCursor(t, cursor.id)
	passed := []received{insert(3, "not"), insert(4, "not")}
	insert(5, "not") // the log's last event always stays

	eventually.True(t, "what was passed over to go", func() bool {
		purge()
		return !exists(early) && !exists(passed[0]) && !exists(passed[1])
	})
	if got, want := w.call(t, "GET", "/events/"+cursor.id, ""), fmt.Sprintf(`{"id":%q,%s`, cursor.id, cursor.data[1:]); got.status != http.StatusOK || got.body != want {
		t.Errorf("the cursor's event: %d %s, want %s", got.status, got.body, want)
	}
	if got := w.cursorOf(t); got != cursor.id {
		t.Errorf("cursor %s, want %s", got, cursor.id)
	}

	events.hangUp()
	for name, header := range map[string]string{"without an identifier": "", "with the cursor's": cursor.id, "with one that is gone": early.id} {
		n, _, err := w.service.streams.get(t.Context(), "some")
		if err != nil {
			t.Fatal(err)
		}
		from, err := w.service.resumption(t.Context(), n, nil, header)
		if err != nil || from.Compare(n.Passed) != 0 {
			t.Errorf("%s the next consumer begins at %v (%v), want %v", name, from, err, n.Passed)
		}
	}
	events = w.consume(t, "some")
	next := insert(6, "wanted")
	if diff := cmp.Diff(next, events.next(), cmp.AllowUnexported(received{})); diff != "" {
		t.Errorf("the next event (-want +got):\n%s", diff)
	}
	w.awaitCursor(t, next.id)
	if exists(cursor) {
		t.Error("the event of a former cursor is still there")
	}
	if got := w.call(t, "DELETE", "/streams/some", ""); got.status != http.StatusNoContent {
		t.Fatal(got.body)
	}
	if keys, err := w.service.streams.kept.Keys(t.Context()); err == nil {
		t.Errorf("copies of the deleted stream are left: %v", keys)
	}
}

// What was read for a consumer and never reached it is not passed.
func TestUndeliveredIsNotPassed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.createStream(t, "all")
	swift := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	stuck := w.consume(t, "all") // reads nothing
	// More than any connection holds back.
	const size = 8_000_000
	execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" VALUES (1, repeat('x', %d))`, size))
	swift.next()
	newer := w.consume(t, "all")
	if want, got := created(1, strings.Repeat("x", size)), newer.next().data; got != want {
		t.Errorf("the newer consumer's event: %.100s", got)
	}
	stuck.hangUp()
}

// A live consumer does not pass events over in silence because a column was renamed or
// has another type.
func TestConsumersFollowTheSchema(t *testing.T) {
	t.Parallel()
	var log logLines
	w := newWorld(t, userTable, func(o *Options) {
		o.Heartbeat, o.Log = 10*time.Millisecond, slog.New(slog.NewTextHandler(&log, nil))
	})
	const body = `{"name":"some","model":"User","filter":{"create":{"id":{"gt":1}}}}`
	if got := w.call(t, "POST", "/streams", body); got.status != http.StatusCreated {
		t.Fatal(got.body)
	}
	both := []*subscription{w.consume(t, "some"), w.open(t, "POST", "/subscribe", body)}
	execute(t, w.db, `ALTER TABLE "User" ALTER id TYPE bigint; INSERT INTO "User" VALUES (1, 'a'), (2, 'b')`)
	for i, events := range both {
		const want = `{"action":"create","modelName":"User","created":{"id":"2","name":"b"}}`
		if diff := cmp.Diff(want, events.next().data); diff != "" {
			t.Errorf("event of connection %d with the new type (-want +got):\n%s", i, diff)
		}
	}
	execute(t, w.db, `ALTER TABLE "User" RENAME id TO key`)
	// Whoever asks, the service learns of it.
	eventually.True(t, "the stream to be stopped", func() bool { return strings.Contains(w.listed(t), `"status":"stopped"`) })
	for i, events := range both {
		for ended := false; !ended; {
			if _, ended = events.block(); ended {
				break
			}
		}
		t.Logf("connection %d ended", i)
	}
	const want = `level=WARN msg="pulse: event stream ended"`
	eventually.True(t, "the log to say so", func() bool { return strings.Count(log.String(), want) == 2 })
}

// What a crash left of a deleted stream is swept at the next start.
func TestSweep(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.createStream(t, "all")
	n, _, err := w.service.streams.get(t.Context(), "all")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{n.ID, "gone"} {
		if _, err := w.service.streams.kept.PutString(t.Context(), id, "{}"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.service.streams.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	keys, err := w.service.streams.kept.Keys(t.Context())
	if diff := cmp.Diff([]string{n.ID}, keys); err != nil || diff != "" {
		t.Errorf("copies after the sweep (-want +got): %v\n%s", err, diff)
	}
}

// TestPassedIsTriedAgain: a store that is away when it is to keep how far the log was
// passed costs no consumer its connection, as with a cursor; the next beat tries again.
// Of a stream that is gone there is nothing to keep.
func TestPassedIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	live := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a')`)
	live.next()
	reader, err := eventlog.NewReader(t.Context(), w.service.log, event.Position{}, func(event.Event) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := reader.Read(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	tries, answer := 0, errors.New("nats: no responders")
	d := &delivery{reader: reader, acks: newAcknowledger(time.Hour, nil), pass: func(context.Context, event.Position) error {
		tries++
		return answer
	}}
	for _, step := range []struct {
		answer, want error
		tries        int
	}{{answer, nil, 1}, {errStreamUnknown, errStreamUnknown, 2}, {nil, nil, 3}, {nil, nil, 3}} {
		answer = step.answer
		if err := d.savePassed(t.Context()); !errors.Is(err, step.want) || tries != step.tries {
			t.Errorf("answered %v: %v after %d tries, want %v after %d", step.answer, err, tries, step.want, step.tries)
		}
	}
}
