package pulse

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/capture"
	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
)

// TestStats is what is counted of a session: requests by route and not by what was
// asked for, events sent, streams with their lag.
func TestStats(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.createStream(t, "users")
	w.createStream(t, "idle")
	consumer := w.consume(t, "users")
	subscriber := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a'), (2, 'b')`)
	consumer.take(2)
	subscriber.take(2)
	eventually.True(t, "the acknowledgement", func() bool { return w.stats(t).Acknowledged > 0 })
	second := w.consume(t, "users")
	consumer.rest()
	for _, path := range []string{"/streams/nobody", "/streams/somebody"} {
		w.call(t, "DELETE", path, "")
	}
	w.call(t, "BREW", "/secret", "")
	w.call(t, "GET", "/streams//", "")
	eventually.True(t, "the first consumer to be counted out", func() bool { return w.stats(t).Consumers == 1 })
	got := w.stats(t)
	if diff := cmp.Diff(map[Purpose]uint64{ForStream: 2, ForSubscription: 2}, got.Delivered); diff != "" {
		t.Errorf("delivered (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[Cut]uint64{{ForStream, "replaced"}: 1}, got.Cut); diff != "" {
		t.Errorf("cut (-want +got):\n%s", diff)
	}
	wantRequests := map[Request]uint64{
		{"/streams", "POST", 201}:                    2,
		{"/streams/{streamName}/events", "GET", 200}: 2,
		{"/subscribe", "POST", 200}:                  1,
		{"/streams/{streamName}", "DELETE", 404}:     2,
		{"other", "other", 404}:                      1,
		{"other", "GET", 404}:                        1,
	}
	if diff := cmp.Diff(wantRequests, got.Requests); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]uint64{"StreamNotFound": 2, "RouteNotFound": 2}, got.Errors); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	durations := map[string]uint64{}
	for route, d := range got.Durations {
		durations[route] = d.Count
	}
	if diff := cmp.Diff(map[string]uint64{"/streams": 2, "/streams/{streamName}": 2, "other": 2}, durations); diff != "" {
		t.Errorf("durations (-want +got):\n%s", diff)
	}
	if got.Subscribers != 1 || got.Health.Status != Healthy || got.Capture.Link != capture.LinkConnected {
		t.Errorf("%d subscribers, %+v", got.Subscribers, got.Health)
	}
	if diff := cmp.Diff(map[eventlog.Kind]uint64{{Model: "User", Action: event.Create}: 2}, got.Log.Events); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	streams := map[string]string{}
	for _, s := range got.Streams {
		streams[s.Name] = fmt.Sprint(s.Status, " ", s.LagBytes > 0)
	}
	if diff := cmp.Diff(map[string]string{"users": "active false", "idle": "active true"}, streams); diff != "" {
		t.Errorf("streams and whether they lag (-want +got):\n%s", diff)
	}
	w.call(t, "DELETE", "/streams/users", "")
	second.rest()
	if n := w.stats(t).Cut[Cut{ForStream, "deleted"}]; n != 1 {
		t.Errorf("%d event streams were cut for a deletion", n)
	}
}

func (w *world) stats(t *testing.T) Stats {
	t.Helper()
	s, err := w.service.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Whatever a client calls, what is counted is bounded.
func TestCountsAreBounded(t *testing.T) {
	t.Parallel()
	c := newCounts()
	for i := range 2 * countedRequests {
		c.requests.Of(Request{Route: fmt.Sprint(i), Method: http.MethodGet, Status: 200}).Add(1)
	}
	if n := len(c.requests.Read()); n > countedRequests+1 {
		t.Errorf("%d requests are told apart", n)
	}
}
