package pulse

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
)

// TestConsumersForgetDeletedStreams: who makes, consumes and deletes streams for ever
// leaves nothing behind, whether the deletion is heard of before the consumer ends or
// after.
func TestConsumersForgetDeletedStreams(t *testing.T) {
	t.Parallel()
	var c consumers
	for i := range 100 {
		name, at := fmt.Sprint(i), uint64(10*i)
		mine, _, leave := c.take(t.Context(), name)
		c.hear(name, word{revision: at + 1, id: "1"})
		c.took(mine, name, word{revision: at + 2, id: "1", token: "a"})
		c.hear(name, word{revision: at + 2, id: "1", token: "a"})
		deleted := word{revision: at + 3, ended: true}
		if i%2 == 0 {
			c.hear(name, deleted)
			leave()
		} else {
			leave()
			c.hear(name, deleted)
		}
	}
	if len(c.live) != 0 || len(c.last) != 0 {
		t.Errorf("%d consumers and %d words are left", len(c.live), len(c.last))
	}
}

// TestNoticesEndTheConsumersOfTheirStream: a notice ends the consumer of the stream that
// it names, and not that of a later one with its name.
func TestNoticesEndTheConsumersOfTheirStream(t *testing.T) {
	t.Parallel()
	var c consumers
	c.hear("all", word{revision: 1, id: "1"})
	mine, own, leave := c.take(t.Context(), "all")
	c.took(mine, "all", word{revision: 2, id: "1", token: "a"})
	c.gone("all", "0")
	c.gone("some", "1")
	if own.Err() != nil {
		t.Errorf("a notice of another stream ended it: %v", context.Cause(own))
	}
	c.gone("all", "1")
	if got := context.Cause(own); got != errDeleted {
		t.Errorf("its own notice: %v, want %v", got, errDeleted)
	}
	leave()
	if len(c.live) != 0 || len(c.last) != 0 {
		t.Errorf("%d consumers and %d words are left", len(c.live), len(c.last))
	}
}

// TestReplacedBeforeItBegan has three consumers within the time that the first needs to
// end: the one in the middle never has the stream, is told so, and that is no error of
// the service.
func TestReplacedBeforeItBegan(t *testing.T) {
	t.Parallel()
	logged := &logLines{}
	w := newWorld(t, userTable, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(logged, nil)) })
	w.createStream(t, "some")
	newest := func() *consumer {
		w.service.consumers.mu.Lock()
		defer w.service.consumers.mu.Unlock()
		return w.service.consumers.live["some"]
	}
	first, _, leave := w.service.consumers.take(t.Context(), "some")
	middle := make(chan answer, 1)
	go func() { middle <- w.call(t, "GET", "/streams/some/events", "") }()
	eventually.True(t, "the consumer in the middle", func() bool { return newest() != first })
	second := newest()
	last := make(chan int, 1)
	go func() {
		res := w.send(t.Context(), t, "GET", "/streams/some/events", "")
		last <- res.StatusCode
		_ = res.Body.Close()
	}()
	eventually.True(t, "the last consumer", func() bool { return newest() != second })
	leave()
	got := <-middle
	const want = `{"code":"P6100","message":"A newer consumer has the stream.","meta":{"name":"some"}}`
	if diff := cmp.Diff(want, got.body); diff != "" || got.status != http.StatusInternalServerError {
		t.Errorf("the one in the middle: %d, body (-want +got):\n%s", got.status, diff)
	}
	if status := <-last; status != http.StatusOK {
		t.Errorf("the last one: %d", status)
	}
	if text := logged.String(); strings.Contains(text, "level=ERROR") {
		t.Errorf("the log has an error:\n%s", text)
	}
}

// TestStoppedBeforeItBegan has a stream stopped while its consumer waits for the one
// before it to end.
func TestStoppedBeforeItBegan(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.createStream(t, "some")
	first, _, leave := w.service.consumers.take(t.Context(), "some")
	waiting := make(chan answer, 1)
	go func() { waiting <- w.call(t, "GET", "/streams/some/events", "") }()
	eventually.True(t, "the consumer that waits", func() bool {
		w.service.consumers.mu.Lock()
		defer w.service.consumers.mu.Unlock()
		return w.service.consumers.live["some"] != first
	})
	if err := w.service.stopStreams(t.Context(), "a test stopped it"); err != nil {
		t.Fatal(err)
	}
	leave()
	const want = `{"code":"StreamStopped","message":"The stream is stopped: a test stopped it. Delete it and create it anew.","meta":{"name":"some"}}`
	if got := <-waiting; got.body != want {
		t.Errorf("%d %s, want %s", got.status, got.body, want)
	}
}
