package pulse

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/event"
)

// never is a grace that no test outlives: nothing is acknowledged.
func never(o *Options) { o.AckGrace = time.Hour }

func TestStreamDeliversCommitsInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	execute(t, w.db, `INSERT INTO "User" VALUES (0, 'before the stream')`)
	w.createStream(t, "all")

	// Two transactions interleave; the one that began later commits first.
	first, second := w.begin(t), w.begin(t)
	for _, step := range []struct {
		tx  pgx.Tx
		sql string
	}{
		{first, `INSERT INTO "User" VALUES (1, 'first')`},
		{second, `INSERT INTO "User" VALUES (2, 'second')`},
		{first, `UPDATE "User" SET name = 'changed' WHERE id = 1`},
		{second, `COMMIT`},
		{first, `COMMIT`},
	} {
		if _, err := step.tx.Exec(t.Context(), step.sql); err != nil {
			t.Fatalf("%s: %v", step.sql, err)
		}
	}
	execute(t, w.db, `BEGIN; INSERT INTO "User" VALUES (3, 'rolled back'); ROLLBACK`)
	execute(t, w.db, `INSERT INTO "User" VALUES (4, 'last'); DELETE FROM "User" WHERE id = 4`)

	events := w.consume(t, "all")
	want := []string{
		created(2, "second"),
		created(1, "first"),
		`{"action":"update","modelName":"User","after":{"id":1,"name":"changed"}}`,
		created(4, "last"),
		`{"action":"delete","modelName":"User","deleted":{"id":4}}`,
	}
	if diff := cmp.Diff(want, events.take(len(want))); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func (w *world) begin(t *testing.T) pgx.Tx {
	t.Helper()
	tx, err := w.db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
	return tx
}

func TestEventStreamOnTheWire(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable, func(o *Options) { o.Heartbeat = 10 * time.Millisecond })
	w.createStream(t, "all")
	events := w.consume(t, "all")
	got := map[string]string{}
	for _, name := range []string{"Content-Type", "Cache-Control"} {
		got[name] = events.response.Header.Get(name)
	}
	want := map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	for _, want := range []string{"retry: 500\n: live", ":", ":"} {
		if block, _ := events.block(); block != want {
			t.Errorf("block: got %q, want %q", block, want)
		}
	}
}

func TestResumeAfterDisconnect(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.createStream(t, "all")
	events := w.consume(t, "all")
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a')`)
	first := events.next()
	w.awaitCursor(t, first.id)
	events.hangUp()
	execute(t, w.db, `INSERT INTO "User" VALUES (2, 'b')`)
	execute(t, w.db, `INSERT INTO "User" VALUES (3, 'c')`)
	want := []string{created(2, "b"), created(3, "c")}
	if diff := cmp.Diff(want, w.consume(t, "all").take(2)); diff != "" {
		t.Errorf("events after resumption (-want +got):\n%s", diff)
	}
}

func TestUnacknowledgedEventsComeAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable, never)
	w.createStream(t, "all")
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a'), (2, 'b')`)
	events := w.consume(t, "all")
	first, second := events.next(), events.next()
	events.hangUp()
	again := w.consume(t, "all")
	if diff := cmp.Diff([]received{first, second}, []received{again.next(), again.next()}, cmp.AllowUnexported(received{})); diff != "" {
		t.Errorf("redelivered events (-first +again):\n%s", diff)
	}
	if cursor := w.cursorOf(t); cursor != "" {
		t.Errorf("cursor %s without an acknowledgement", cursor)
	}
}

func TestLastEventID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable+`; CREATE TABLE "Other" (id int PRIMARY KEY)`, never)
	early := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	execute(t, w.db, `INSERT INTO "User" VALUES (0, 'before the stream')`)
	before := early.next()
	w.createStream(t, "all")
	others := w.open(t, "POST", "/subscribe", `{"model":"Other"}`)
	for i := 1; i <= 4; i++ {
		execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" VALUES (%d, 'n')`, i))
	}
	execute(t, w.db, `INSERT INTO "Other" VALUES (1)`)
	foreign := others.next()
	events := w.consume(t, "all")
	all := []received{events.next(), events.next(), events.next(), events.next()}

	for _, tt := range []struct {
		name, lastEventID string
		next              received
		cursor            string
	}{
		{"none", "", all[0], ""},
		{"no identifier at all", "nonsense", all[0], ""},
		{"an identifier nobody has", "01HZXW7Q4M0000000000000000", all[0], ""},
		{"an event before the stream", before.id, all[0], ""},
		{"an event of another model", foreign.id, all[0], ""},
		{"the second event acknowledges it", all[1].id, all[2], all[1].id},
		{"without one the cursor holds", "", all[2], all[1].id},
		{"an older one replays, the cursor stays", all[0].id, all[1], all[1].id},
		{"a newer one moves on", all[2].id, all[3], all[2].id},
	} {
		got := w.consume(t, "all", "Last-Event-ID: "+tt.lastEventID).next()
		if diff := cmp.Diff(tt.next, got, cmp.AllowUnexported(received{})); diff != "" {
			t.Errorf("%s: next event (-want +got):\n%s", tt.name, diff)
		}
		if cursor := w.cursorOf(t); cursor != tt.cursor {
			t.Errorf("%s: cursor %q, want %q", tt.name, cursor, tt.cursor)
		}
	}
}

func TestNewestConsumerWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable, never)
	w.createStream(t, "all")
	older := w.consume(t, "all")
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a')`)
	older.next()
	newer := w.consume(t, "all")
	if block, ended := older.block(); !ended {
		t.Errorf("the older connection goes on with %q", block)
	}
	if diff := cmp.Diff(created(1, "a"), newer.next().data); diff != "" {
		t.Errorf("event at the newer consumer (-want +got):\n%s", diff)
	}
}

// TestNewestConsumerWinsOverStuckOne has an older consumer that reads nothing, so
// that the service is blocked in a write to it. A subscriber that reads all shows
// when that is so: the connection holds a third of it.
func TestNewestConsumerWinsOverStuckOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable, never)
	w.createStream(t, "all")
	w.consume(t, "all")
	swift := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	const rows = 30
	execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" SELECT i, repeat('x', 1000000) FROM generate_series(1, %d) i`, rows))
	for range rows {
		swift.next()
	}
	newer := w.consume(t, "all")
	for i := 1; i <= rows; i++ {
		if want, got := created(i, strings.Repeat("x", 1000000)), newer.next().data; got != want {
			t.Fatalf("event %d is not row %d: %.60s", i, i, got)
		}
	}
}

func TestDeleteAndRecreate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.createStream(t, "all")
	events := w.consume(t, "all")
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a')`)
	w.awaitCursor(t, events.next().id)
	old, _, err := w.service.streams.get(t.Context(), "all")
	if err != nil {
		t.Fatal(err)
	}
	if got := w.call(t, "DELETE", "/streams/all", ""); got.status != http.StatusNoContent || got.body != "" {
		t.Fatalf("delete: %d %q", got.status, got.body)
	}
	if block, ended := events.block(); !ended {
		t.Errorf("the consumer of the deleted stream goes on with %q", block)
	}
	if got := w.call(t, "DELETE", "/streams/all", ""); got.status != http.StatusNotFound {
		t.Errorf("second delete: %d %s", got.status, got.body)
	}
	w.createStream(t, "all")
	// An acknowledgement that comes late is of the old stream.
	late := event.Event{Position: event.Position{LSN: 1 << 60}}
	if err := w.service.streams.acknowledge(t.Context(), old, late, event.Position{}); err != errStreamUnknown {
		t.Errorf("late acknowledgement: %v", err)
	}
	if cursor := w.cursorOf(t); cursor != "" {
		t.Errorf("the new stream has the cursor %s", cursor)
	}
	execute(t, w.db, `INSERT INTO "User" VALUES (2, 'b')`)
	if diff := cmp.Diff(created(2, "b"), w.consume(t, "all").next().data); diff != "" {
		t.Errorf("first event of the new stream (-want +got):\n%s", diff)
	}
}

func TestListStreamsNewestFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	if got := w.call(t, "GET", "/streams", "").body; got != `{"data":[]}` {
		t.Errorf("no streams: %s", got)
	}
	names := []string{"b", "a", "ünï/cödé %2F", strings.Repeat("€", maxStreamName)}
	// As if the clock went back, or another node's was ahead.
	ahead := time.Now().UTC().Add(time.Hour)
	if _, err := w.service.streams.times.Put(t.Context(), lastCreatedKey, []byte(ahead.Format(time.RFC3339Nano))); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		w.createStream(t, name)
	}
	var list struct{ Data []map[string]string }
	if err := json.Unmarshal([]byte(w.call(t, "GET", "/streams", "").body), &list); err != nil {
		t.Fatal(err)
	}
	last := "9999"
	for i, got := range list.Data {
		if got["createdAt"] >= last {
			t.Errorf("createdAt %s does not come before %s", got["createdAt"], last)
		}
		if got["createdAt"] <= ahead.Format(timeFormat) {
			t.Errorf("createdAt %s is not later than %s, which was given before", got["createdAt"], ahead)
		}
		last = got["createdAt"]
		want := map[string]string{"name": names[len(names)-1-i], "model": "User", "status": "active", "createdAt": last}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("stream %d (-want +got):\n%s", i, diff)
		}
	}
	if len(list.Data) != len(names) {
		t.Errorf("%d streams, want %d", len(list.Data), len(names))
	}
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'x')`)
	if diff := cmp.Diff(created(1, "x"), w.consume(t, names[2]).next().data); diff != "" {
		t.Errorf("event of a name with a slash (-want +got):\n%s", diff)
	}
}

func TestGetEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	events := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	const rows = 50
	var all []received
	for i := range rows {
		execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" VALUES (%d, 'n')`, i))
		all = append(all, events.next())
	}
	for i, e := range all {
		if i > 0 && e.id <= all[i-1].id {
			t.Errorf("identifier %s does not come after %s", e.id, all[i-1].id)
		}
		want := fmt.Sprintf(`{"id":%q,%s`, e.id, strings.TrimPrefix(e.data, "{"))
		if got := w.call(t, "GET", "/events/"+e.id, ""); got.status != http.StatusOK || got.body != want {
			t.Errorf("event %d: %d %s, want %s", i, got.status, got.body, want)
		}
	}
	for name, id := range map[string]string{
		"lower case":        strings.ToLower(all[0].id),
		"unknown":           "01HZXW7Q4M0000000000000000",
		"before all":        "00000000000000000000000000",
		"after all":         "7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
		"beyond 128 bits":   "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
		"too short":         all[0].id[1:],
		"not base 32":       "U" + all[0].id[1:],
		"between two known": all[0].id[:25] + "Z",
	} {
		const want = `{"code":"EventNotFound","message":"There is no event with this identifier."}`
		if got := w.call(t, "GET", "/events/"+id, ""); got.status != http.StatusNotFound || got.body != want {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
}

// TestSubscriptionIsLiveAtItsHeaders writes the moment the headers are there,
// again and again.
func TestSubscriptionIsLiveAtItsHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	for i := range 20 {
		events := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
		execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" VALUES (%d, 'n')`, i))
		if diff := cmp.Diff(created(i, "n"), events.next().data); diff != "" {
			t.Fatalf("subscription %d (-want +got):\n%s", i, diff)
		}
		events.hangUp()
	}
}

func TestSlowSubscriberIsCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	slow := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	swift := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	const rows = 40
	execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" SELECT i, repeat('x', 1000000) FROM generate_series(1, %d) i`, rows))
	for i := 1; i <= rows; i++ {
		if got := swift.next().data; !strings.HasPrefix(got, fmt.Sprintf(`{"action":"create","modelName":"User","created":{"id":%d,`, i)) {
			t.Fatalf("the swift subscriber's event %d: %.80s", i, got)
		}
	}
	seen := 0
	for slow.lines.Scan() {
		if strings.HasPrefix(slow.lines.Text(), "data: ") {
			seen++
		}
	}
	if seen >= rows {
		t.Errorf("the slow subscriber got all %d events", seen)
	}
}

func TestBulkTransactionComesWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.createStream(t, "all")
	// Enough for several chunks.
	const rows = 20000
	execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" SELECT i, 'n' FROM generate_series(1, %d) i`, rows))
	events := w.consume(t, "all")
	last := ""
	for i := 1; i <= rows; i++ {
		e := events.next()
		if want := created(i, "n"); e.data != want || e.id <= last {
			t.Fatalf("event %d: %s after %s: %s, want %s", i, e.id, last, e.data, want)
		}
		last = e.id
	}
	if got := w.call(t, "GET", "/events/"+last, ""); got.status != http.StatusOK {
		t.Errorf("the last event: %d %s", got.status, got.body)
	}
}

func TestTooLargeChangeIsDroppedAndSaidSo(t *testing.T) {
	t.Parallel()
	var log logLines
	w := newWorld(t, userTable, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	events := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	execute(t, w.db, `INSERT INTO "User" VALUES (1, repeat('x', 9000000)), (2, 'b')`)
	if diff := cmp.Diff(created(2, "b"), events.next().data); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	if want := `level=ERROR msg="pulse: a change is larger than an event may be and was dropped" table=public.User`; !strings.Contains(log.String(), want) {
		t.Errorf("the log has no %s:\n%s", want, log.String())
	}
}
