package pulse

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
)

// TestPurgeStopsAtCursors purges all that is old, which is everything, while
// streams stand at different places.
func TestPurgeStopsAtCursors(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable, never)
	all := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	w.createStream(t, "first")
	var events []received
	insert := func(id int) {
		// One by one, so that each event has a chunk of its own.
		execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" VALUES (%d, 'a')`, id))
		events = append(events, all.next())
	}
	kept := func() (ids []int) {
		for i, e := range events {
			if w.call(t, "GET", "/events/"+e.id, "").status == http.StatusOK {
				ids = append(ids, i+1)
			}
		}
		return ids
	}
	purge := func() {
		t.Helper()
		if err := w.service.purge(t.Context(), time.Nanosecond); err != nil {
			t.Fatal(err)
		}
	}
	for id := range 3 {
		insert(id + 1)
	}
	w.createStream(t, "second")
	insert(4)
	insert(5)
	w.createStream(t, "third")
	insert(6)

	purge()
	if diff := cmp.Diff([]int{1, 2, 3, 4, 5, 6}, kept()); diff != "" {
		t.Errorf("with a stream that begins at the first event (-want +got):\n%s", diff)
	}
	w.consume(t, "first", "Last-Event-ID: "+events[1].id).hangUp()
	purge()
	if diff := cmp.Diff([]int{2, 3, 4, 5, 6}, kept()); diff != "" {
		t.Errorf("with a cursor at the second (-want +got):\n%s", diff)
	}
	if got := w.call(t, "DELETE", "/streams/first", ""); got.status != http.StatusNoContent {
		t.Errorf("delete: %d %s", got.status, got.body)
	}
	purge()
	// Where it begins lies after the third event, and so in that one's chunk.
	if diff := cmp.Diff([]int{3, 4, 5, 6}, kept()); diff != "" {
		t.Errorf("with a stream that begins after the third (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{created(4, "a"), created(5, "a"), created(6, "a")}, w.consume(t, "second").take(3)); diff != "" {
		t.Errorf("events of that stream (-want +got):\n%s", diff)
	}
	if err := w.service.stopStreams(t.Context(), "a test stopped it"); err != nil {
		t.Fatal(err)
	}
	purge()
	if diff := cmp.Diff([]int{6}, kept()); diff != "" {
		t.Errorf("with stopped streams only (-want +got):\n%s", diff)
	}
}

// TestLimitStopsStreams writes more than the log may hold, and has streams on both
// sides of what was cut.
func TestLimitStopsStreams(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable, never, func(o *Options) { o.RetentionBytes = MinRetentionBytes })
	w.createStream(t, "behind")
	w.createStream(t, "level")
	stuck := w.consume(t, "behind") // reads nothing
	const rows = 80
	execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" SELECT i, repeat('x', 1000000) FROM generate_series(1, %d) i`, rows/2))
	half := w.consume(t, "level")
	var last received
	for range rows / 2 {
		last = half.next()
	}
	half.hangUp()
	w.consume(t, "level", "Last-Event-ID: "+last.id).hangUp()
	execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" SELECT i, repeat('x', 1000000) FROM generate_series(%d, %d) i`, rows/2+1, rows))

	status := func(name, status string) bool {
		return strings.Contains(w.call(t, "GET", "/streams", "").body, fmt.Sprintf(`"name":%q,"model":"User","status":%q`, name, status))
	}
	eventually.True(t, "the stream behind to be stopped", func() bool { return status("behind", "stopped") })
	// Ends with the connection: a write in progress is broken off.
	_, _ = io.Copy(io.Discard, stuck.response.Body)
	got := w.call(t, "GET", "/streams/behind/events", "")
	const want = `{"code":"StreamStopped","message":"The stream is stopped: the event log no longer has events that it had still to deliver: they went because of the log's limit (--retention-bytes), or with a damaged file. Delete it and create it anew.","meta":{"name":"behind"}}`
	if got.status != http.StatusInternalServerError || got.body != want {
		t.Errorf("consuming the stream behind: %d %s", got.status, got.body)
	}
	if !status("level", "active") {
		t.Errorf("listed: %s", w.call(t, "GET", "/streams", "").body)
	}
	level := w.consume(t, "level")
	for id := rows/2 + 1; id <= rows; id++ {
		if e := level.next(); !strings.HasPrefix(e.data, fmt.Sprintf(`{"action":"create","modelName":"User","created":{"id":%d,`, id)) {
			t.Fatalf("expected row %d, got %.80s", id, e.data)
		}
	}
}

// TestLimitSparesWhoPassed writes more than the log may hold, none of it wanted by a
// stream whose consumer reads along: nothing that it had still to deliver is gone.
func TestLimitSparesWhoPassed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable, never, func(o *Options) { o.RetentionBytes = MinRetentionBytes })
	if got := w.call(t, "POST", "/streams", `{"name":"some","model":"User","filter":{"create":{"name":"wanted"}}}`); got.status != http.StatusCreated {
		t.Fatal(got.body)
	}
	n, _, err := w.service.streams.get(t.Context(), "some")
	if err != nil {
		t.Fatal(err)
	}
	events := w.consume(t, "some")
	const rows, atOnce = 80, 8
	for first := 1; first < rows; first += atOnce {
		execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" SELECT i, repeat('x', 1000000) FROM generate_series(%d, %d) i`, first, first+atOnce-1))
		eventually.True(t, "the consumer to have read all", func() bool {
			_, _, _, reached := w.service.deliveries.read()
			end := w.service.log.End()
			return strings.Contains(string(end.Body), fmt.Sprintf(`{"id":%d,`, first+atOnce-1)) && reached[n.ID].LSN == end.LSN
		})
	}
	cut, some, err := w.service.log.Cut(t.Context())
	if err != nil || !some || !n.lost(cut) {
		t.Fatalf("the log is cut at %v, %t, %v: not behind the stream's beginning", cut, some, err)
	}
	if err := w.service.stopCut(t.Context(), &event.Position{}); err != nil {
		t.Fatal(err)
	}
	if list := w.call(t, "GET", "/streams", "").body; !strings.Contains(list, `"status":"active"`) {
		t.Errorf("listed: %s", list)
	}
	execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" VALUES (%d, 'wanted')`, rows+1))
	if diff := cmp.Diff(created(rows+1, "wanted"), events.take(1)[0]); diff != "" {
		t.Errorf("the event that it wants (-want +got):\n%s", diff)
	}
}
