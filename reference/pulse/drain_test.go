package pulse

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
)

// What was committed before the end is delivered before the end, acknowledged, and
// not delivered again; meanwhile nobody new is let in.
func TestCloseDeliversWhatThereIs(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	w := newWorld(t, userTable, func(o *Options) { o.Temporary, o.DataDir, o.AckGrace = false, data, 300*time.Millisecond })
	w.createStream(t, "users")
	consumer := w.consume(t, "users")
	subscriber := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a'), (2, 'b')`)
	want := []string{created(1, "a"), created(2, "b")}
	if diff := cmp.Diff(want, consumer.take(2)); diff != "" {
		t.Fatal(diff)
	}
	closed := make(chan error, 1)
	go func() { closed <- w.service.Close(context.Background()) }()
	eventually.True(t, "the health to say so", func() bool { return w.call(t, "GET", "/health", "").status == http.StatusServiceUnavailable })
	if a := w.call(t, "GET", "/streams", ""); a.status != http.StatusInternalServerError {
		t.Errorf("a request meanwhile: %d", a.status)
	}
	if rest := consumer.rest(); rest != "" {
		t.Errorf("the consumer got more: %s", rest)
	}
	if diff := cmp.Diff(want, subscriber.take(2)); diff != "" {
		t.Errorf("the subscriber got (-want +got):\n%s", diff)
	}
	if rest := subscriber.rest(); rest != "" {
		t.Errorf("the subscriber got more: %s", rest)
	}
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	execute(t, w.db, `INSERT INTO "User" VALUES (3, 'c')`)
	again := openService(t, w.url, w.db, Options{DataDir: data})
	api := serve(t, again)
	if diff := cmp.Diff([]string{created(3, "c")}, api.consume(t, "users").take(1)); diff != "" {
		t.Errorf("after a restart (-want +got):\n%s", diff)
	}
	if a := api.call(t, http.MethodDelete, "/streams/users", ""); a.status != http.StatusNoContent {
		t.Error(a.body)
	}
}

// A reader that takes nothing holds the end up for a bounded time only.
func TestCloseDoesNotWaitForASlowReader(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.createStream(t, "users")
	w.consume(t, "users") // and reads nothing
	// More than the buffers of a connection on this machine hold.
	execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" SELECT n, repeat('x', 8000) FROM generate_series(1, %d) n`, 5000))
	eventually.True(t, "the events to be stored", func() bool { return w.service.capture.State().Events == 5000 })
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	// The test does not wait for all of drainWait.
	w.service.Drain(ctx)
	if err := w.service.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// rest is what an event stream still has until the server ends it, without comments.
func (s *subscription) rest() string {
	s.t.Helper()
	var events []string
	for {
		block, ended := s.block()
		if ended {
			return strings.Join(events, "\n")
		}
		if !strings.HasPrefix(block, ":") {
			events = append(events, block)
		}
	}
}
