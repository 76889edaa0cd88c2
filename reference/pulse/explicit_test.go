package pulse

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
)

// An explicit consumer's events are acknowledged by nothing but its own word, however
// healthy its connection.
func TestExplicitAcknowledgement(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable+`; CREATE TABLE "Other" (id int)`, func(o *Options) {
		o.AckGrace, o.Heartbeat = time.Millisecond, 5*time.Millisecond
	})
	w.createStream(t, "all")
	others := w.open(t, "POST", "/subscribe", `{"model":"Other"}`)
	events := w.open(t, "GET", "/streams/all/events?ack=explicit", "")
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a'), (2, 'b'), (3, 'c')`)
	execute(t, w.db, `INSERT INTO "Other" VALUES (1)`)
	all := []received{events.next(), events.next(), events.next()}
	foreign := others.next()
	// Ten graces and two heartbeats later nothing is acknowledged.
	for beats := 0; beats < 2; {
		if block, _ := events.block(); block == ":" {
			beats++
		}
	}
	if cursor := w.cursorOf(t); cursor != "" {
		t.Errorf("cursor %s without an acknowledgement", cursor)
	}
	const notOurs = `{"code":"InvalidRequest","message":"id: expected that of an event of this stream, found \"%s\"."}`
	for _, tt := range []struct {
		name, path, body string
		status           int
		want, cursor     string
	}{
		{"the second", "all", fmt.Sprintf(`{"id":%q}`, all[1].id), 204, "", all[1].id},
		{"the second again", "all", fmt.Sprintf(`{"id":%q}`, all[1].id), 204, "", all[1].id},
		{"the first, late", "all", fmt.Sprintf(`{"id":%q}`, all[0].id), 204, "", all[1].id},
		{"another model's", "all", fmt.Sprintf(`{"id":%q}`, foreign.id), 400, fmt.Sprintf(notOurs, foreign.id), all[1].id},
		{"nobody's", "all", `{"id":"01HZXW7Q4M0000000000000000"}`, 400, fmt.Sprintf(notOurs, "01HZXW7Q4M0000000000000000"), all[1].id},
		{"no identifier", "all", `{"id":"x"}`, 400, fmt.Sprintf(notOurs, "x"), all[1].id},
		{"nothing", "all", `{}`, 400, `{"code":"InvalidRequest","message":"id is missing: expected a string."}`, all[1].id},
		{"of no stream", "none", fmt.Sprintf(`{"id":%q}`, all[2].id), 404, `{"code":"StreamNotFound","message":"There is no stream of this name.","meta":{"name":"none"}}`, all[1].id},
	} {
		got := w.call(t, "POST", "/streams/"+tt.path+"/ack", tt.body)
		if got.status != tt.status || got.body != tt.want {
			t.Errorf("%s: %d %s, want %d %s", tt.name, got.status, got.body, tt.status, tt.want)
		}
		if cursor := w.cursorOf(t); cursor != tt.cursor {
			t.Errorf("%s: cursor %s, want %s", tt.name, cursor, tt.cursor)
		}
	}
	events.hangUp()
	again := w.open(t, "GET", "/streams/all/events?ack=explicit", "")
	if diff := cmp.Diff(all[2], again.next(), cmp.AllowUnexported(received{})); diff != "" {
		t.Errorf("what was not acknowledged (-want +got):\n%s", diff)
	}
	got := w.call(t, "GET", "/streams/all/events?ack=never", "")
	const want = `{"code":"InvalidRequest","message":"ack: expected implicit or explicit, found \"never\"."}`
	if got.status != http.StatusBadRequest || got.body != want {
		t.Errorf("an unknown mode: %d %s, want %s", got.status, got.body, want)
	}
	if got := w.call(t, "GET", "/streams/all/ack", ""); got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != "POST" {
		t.Errorf("reading acknowledgements: %d %s", got.status, got.body)
	}
}

// An explicit consumer's stream passes over what it does not want, once it has
// acknowledged what it got, and not before.
func TestExplicitConsumerPasses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable, func(o *Options) { o.AckGrace, o.Heartbeat = time.Millisecond, 5*time.Millisecond })
	if got := w.call(t, "POST", "/streams", `{"name":"some","model":"User","filter":{"create":{"name":"wanted"}}}`); got.status != http.StatusCreated {
		t.Fatal(got.body)
	}
	events := w.open(t, "GET", "/streams/some/events?ack=explicit", "")
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'wanted')`)
	first := events.next()
	execute(t, w.db, `INSERT INTO "User" VALUES (2, 'not')`)
	passed := func() bool {
		n, _, err := w.service.streams.get(t.Context(), "some")
		if err != nil {
			t.Fatal(err)
		}
		return n.Passed.Compare(n.Start) > 0 && n.resume() == n.Passed && n.Cursor != nil && n.Passed.Compare(n.Cursor.Next()) > 0
	}
	for beats := 0; beats < 3; {
		if block, _ := events.block(); strings.HasPrefix(block, ":") {
			beats++
		}
	}
	if passed() {
		t.Error("passed before the acknowledgement")
	}
	if got := w.call(t, "POST", "/streams/some/ack", fmt.Sprintf(`{"id":%q}`, first.id)); got.status != http.StatusNoContent {
		t.Fatal(got.body)
	}
	eventually.True(t, "what is not wanted to be passed", passed)
}
