package runner_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
)

// TestStreamsWithoutEvents tells what came in place of an event: who wrote the server
// sees with any other client that it sends something.
func TestStreamsWithoutEvents(t *testing.T) {
	t.Parallel()
	const (
		events = "text/event-stream"
		lines  = "application/x-ndjson"
		ended  = `error stream-ended: the step "s" failed: `
		form   = "; next an event of text/event-stream has a line that begins with data: and ends with a blank line; one of newline-delimited JSON is a line\n"
		closed = "; next see why the server ends it, want fewer events, or ask for it again with reconnect\n"
		silent = "; next see why the server sends no more, want fewer events, or wait longer with idle or within\n"
	)
	tests := []struct {
		name, options string
		status        int
		media         string
		body          func() io.Reader
		want          string
	}{
		{"a redirect that leads nowhere", "{events: 1}", 302, events, whole("data: 1\n"), ended + `0 of 1 events came: the server closed the stream; what else came is no event: "data: 1"` + form},
		{"no id to go on behind", "{events: 2, reconnect: 3}", 200, events, whole("data: 1\n\n"), ended + "1 of 2 events came: the server closed the stream; it was not asked for again, for its last event has no id" + "; next have the server give its events an id, which a client that asks again names as the last one it has\n"},
		{"an event without its blank line", "{events: 1}", 200, events, unended("data: 1\n"), ended + `0 of 1 events came: no event came for 5s; what else came is no event: "data: 1"` + form},
		{"the second one", "{events: 2}", 200, events, unended("data: 1\n\ndata: 2\n"), ended + `1 of 2 events came: no event came for 5s; what else came is no event: "data: 2"` + form},
		{"the second one, and the end", "{events: 2}", 200, events, whole("data: 1\n\ndata: 2\n"), ended + `1 of 2 events came: the server closed the stream; what else came is no event: "data: 2"` + form},
		{"events without data", "{events: 1, within: 300}", 200, events, unended("event: row\nid: 1\n\nevent: row\nid: 2\n\n"), ended + `0 of 1 events came: 300ms were over; what else came is no event: "event: row\nid: 1\n\nevent: row\nid: 2"` + form},
		{"an error as JSON", "{until: $response.body#/0/data == 1}", 200, events, whole(`{"error": "no"}`), ended + `the condition of until never held in 0 events: the server closed the stream; what else came is no event: "{\"error\": \"no\"}"; $response.body#/0/data is absent` + form},
		{"a page with a secret", "{events: 1}", 200, events, whole("<p>hunter22</p>"), ended + `0 of 1 events came: the server closed the stream; what else came is no event: "<p>***</p>"` + form},
		{"a secret that is cut", "{events: 1}", 200, events, whole(strings.Repeat("x", 75) + "hunter2"), ended + `0 of 1 events came: the server closed the stream; what else came is no event: "` + strings.Repeat("x", 75) + `***…` + form},
		{"comments, and a pause before the stream is asked for again", "{events: 1}", 200, events, unended(": hello\n\nretry: 500\n\n: still here\n\n"), ended + "0 of 1 events came: no event came for 5s" + silent},
		{"nothing at all", "{events: 1}", 200, events, whole(""), ended + "0 of 1 events came: the server closed the stream" + closed},
		{"half a line", "{events: 2}", 200, lines, unended("1\n{\"a\": 1}"), ended + `1 of 2 events came: no event came for 5s; what else came is no event: "{\"a\": 1}"` + form},
		{"a last line without an end", "{events: 3}", 200, lines, whole("1\n2"), ended + "2 of 3 events came: the server closed the stream" + closed},
		{"what follows the last event, where that was all", "{within: 60000}", 200, events, whole("data: 1\n\n<p>An error"), `warning undecodable-body: the stream of the step "s" ended with what is no event: "<p>An error"; expected events, each with its data and a blank line behind it` + "\n"},
		{"an end as a comment", "{within: 60000}", 200, events, whole("data: 1\n\n: bye\n\n"), ""},
		{"bytes that are no UTF-8", "{events: 2}", 200, events + "; charset=iso-8859-1", whole("data: 1\n\ndata: caf\xe9\n\n"), `warning undecodable-body: event no. 2 of the step "s" has bytes that are no UTF-8: U+FFFD stands in their place; expected events in UTF-8, whatever charset the header names` + "\n"},
		{"a line that is no UTF-8", "{events: 1}", 200, lines, whole("caf\xe9\n"), `warning undecodable-body: event no. 1 of the step "s" has bytes that are no UTF-8: U+FFFD stands in their place; expected events in UTF-8, whatever charset the header names` + "\n"},
		{"an error as a stream is for the criteria", "{events: 1}", 503, events, whole("data: no\n\n"), `error status-not-successful: the step "s" failed: $statusCode is 503; expected a status of 2xx or 3xx, because the step has no successCriteria` + "\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			document := head2 + "- workflowId: w\n  inputs: {properties: {secret: {type: string}}}\n  steps:\n" +
				fmt.Sprintf("  - {stepId: s, operationId: streamThings, x-sse: %s}\n", test.options)
			synctest.Test(t, func(t *testing.T) {
				plan := load(t, document, "http://api.test", runner.Options{
					Transport: answering(test.status, test.media, test.body()), Inputs: map[string]any{"secret": "hunter22"},
				})
				if diff := cmp.Diff(test.want, notesOf(plan.Run(t.Context()), "URL")); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestCompressedStreamWithoutEvents tells that what came may be in the compressor yet.
func TestCompressedStreamWithoutEvents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		answer := transport(func(r *http.Request) (*http.Response, error) {
			response, err := answering(200, "text/event-stream", unended("\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff")())(r)
			response.Header.Set("Content-Encoding", "gzip")
			return response, err
		})
		r := load(t, steps("  - {stepId: s, operationId: streamThings, x-sse: {events: 1}}\n"), "http://api.test", runner.Options{Transport: answer}).Run(t.Context())
		want := `error stream-ended: the step "s" failed: 0 of 1 events came: no event came for 5s; the stream is compressed with gzip` +
			"; next have the server flush its compressor behind each event, or ask for none with the header Accept-Encoding: identity\n"
		if diff := cmp.Diff(want, notesOf(r, "URL")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// TestReconnectToNobody tells why a stream that ended could not be had again.
func TestReconnectToNobody(t *testing.T) {
	t.Parallel()
	asked := 0
	answer := transport(func(*http.Request) (*http.Response, error) {
		if asked++; asked > 1 {
			return nil, syscall.ECONNREFUSED
		}
		return answering(200, "text/event-stream", strings.NewReader("id: 1\ndata: 1\n\n"))(nil)
	})
	document := steps("  - {stepId: s, operationId: streamThings, x-sse: {events: 2, reconnect: 3}}\n")
	r := load(t, document, "http://api.test", runner.Options{Transport: answer, Clock: &idleClock{}}).Run(t.Context())
	wantTold(t, r, "failed, exit 1, stream-ended: 1 of 2 events came: the server closed the stream; asked for again, the server gave no answer: connection refused")
	if asked != 11 {
		t.Errorf("asked %d times, want 11", asked)
	}
}

// TestErrorInPlaceOfAStream holds that an answer which is an error, of whatever type, is
// judged by the criteria of the step, with its body.
func TestErrorInPlaceOfAStream(t *testing.T) {
	t.Parallel()
	const step = "  - {stepId: s, operationId: streamThings, x-sse: {events: 1}, successCriteria: [{condition: $statusCode == 409}, {condition: %s}]}\n"
	for _, test := range []struct{ name, criterion, media, body string }{
		{"JSON", "$response.body#/error == 'taken'", "application/json", `{"error": "taken"}`},
		{"a page", "$response.body == '<p>taken'", "text/html", "<p>taken"},
		{"events", "$response.body#/0/data/error == 'taken'", "text/event-stream", "data: {\"error\": \"taken\"}\n\n"},
		{"no event", "$response.body#/0 == null", "text/event-stream", ": taken\n\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			answer := answering(http.StatusConflict, test.media, strings.NewReader(test.body))
			wantTold(t, load(t, steps(fmt.Sprintf(step, test.criterion)), "http://api.test", runner.Options{Transport: answer}).Run(t.Context()), "succeeded, exit 0")
		})
	}
}

// TestNoStreamOfAServer ends the answer of a server that would go on.
func TestNoStreamOfAServer(t *testing.T) {
	t.Parallel()
	left := make(chan struct{})
	server := handle(t, func(w http.ResponseWriter, r *http.Request, over <-chan struct{}) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, "data: 1\n\n")
		_ = http.NewResponseController(w).Flush()
		wait(w, r, over)
		close(left)
	})
	document := later + "- {workflowId: w, steps: [{stepId: s, operationId: streamThings, x-sse: {events: 1, background: true}}]}\n"
	got := told(load(t, document, server, runner.Options{StepTimeout: time.Hour}).Run(t.Context()))
	const want = `failed, exit 1, not-a-stream: x-sse expects a stream of events, and what came is 200 with the Content-Type "application/json", `
	if !strings.HasPrefix(got, want) { // how much of it came depends on the machine
		t.Errorf("got %s, want %s...", got, want)
	}
	<-left // the connection does not outlive its step
}
