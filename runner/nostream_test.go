package runner_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
)

// answering is a transport whose every answer has this status, media type and body.
func answering(status int, media string, body io.Reader) transport {
	return func(*http.Request) (*http.Response, error) {
		header := http.Header{}
		if media != "" {
			header["Content-Type"] = strings.Split(media, ", ")
		}
		closer, ok := body.(io.ReadCloser)
		if !ok {
			closer = io.NopCloser(body)
		}
		return &http.Response{StatusCode: status, Header: header, Body: closer}, nil
	}
}

// unended is a body that begins with a text, and then neither ends nor goes on.
func unended(text string) func() io.Reader {
	return func() io.Reader {
		body, w := io.Pipe()
		go func() { _, _ = io.WriteString(w, text) }()
		return body
	}
}

// whole is a body that is whole.
func whole(text string) func() io.Reader {
	return func() io.Reader { return strings.NewReader(text) }
}

// TestNoStream tells of an answer that is no stream what came, at once: also of one that
// has no end, which is long before the time is up that an answer may take.
func TestNoStream(t *testing.T) {
	t.Parallel()
	const (
		expected = "; expected an answer of 2xx with text/event-stream, or with newline-delimited JSON such as application/x-ndjson; " +
			"next see whether the step's path and its header Accept are those of a stream; where the operation answers none, leave x-sse out\n"
		begin = `error not-a-stream: the step "s" failed: x-sse expects a stream of events, and what came is `
		page  = "<!doctype html><title>Sign in</title><p>Who are you? We have not met before, have we? I am sure that I would know."
	)
	tests := []struct {
		name   string
		status int
		media  string
		body   func() io.Reader
		want   string
		took   time.Duration
	}{
		{"JSON", 200, "application/json", whole(`{"error": "no", "accessToken": "abcdef"}`), `200 with the Content-Type "application/json": {"accessToken":"***","error":"no"}`, 0},
		{"a page", 200, "text/html; charset=utf-8", whole(page), `200 with the Content-Type "text/html; charset=utf-8": "<!doctype html><title>Sign in</title><p>Who are you? We have not met before, ha…`, 0},
		{"a secret in it", 200, "text/plain", whole("your key is hunter22"), `200 with the Content-Type "text/plain": "your key is ***"`, 0},
		{"a secret that is cut", 200, "text/plain", whole(strings.Repeat("x", 75) + "hunter22hunter22"), `200 with the Content-Type "text/plain": "` + strings.Repeat("x", 75) + `****…`, 0},
		{"another status of success", 201, "application/json", whole(`[]`), `201 with the Content-Type "application/json": []`, 0},
		{"nothing", 204, "", func() io.Reader { return http.NoBody }, "204 without a Content-Type and without a body", 0},
		{"a redirect that leads nowhere", 302, "", whole(""), "302 without a Content-Type and without a body", 0},
		{"two types", 200, "text/html, text/event-stream", whole("1"), `200 with the Content-Type "text/html, text/event-stream": "1"`, 0},
		{"no type", 200, "", whole("data: 1\n\n"), `200 without a Content-Type: "data: 1\n\n"`, 0},
		{"a long type", 200, "text/" + strings.Repeat("x", 1000), whole("1"), `200 with the Content-Type "text/` + strings.Repeat("x", 75) + `…": "1"`, 0},
		{"bytes", 200, "application/octet-stream", whole("\x00\xff"), `200 with the Content-Type "application/octet-stream": "\x00\xff"`, 0},
		{"events without an end", 200, "text/plain", unended("data: 1\n\n"), `200 with the Content-Type "text/plain", which begins with "data: 1\n\n" and was not over after 1s`, time.Second},
		{"JSON without an end", 200, "application/json", unended(`{"token": `), `200 with the Content-Type "application/json", which begins with "{\"token\": " and was not over after 1s`, time.Second},
		{"silence", 200, "application/json", unended(""), `200 with the Content-Type "application/json", of which nothing came, and was not over after 1s`, time.Second},
		{"too much", 200, "application/json", func() io.Reader { return endless{} }, `200 with the Content-Type "application/json", which begins with "` + strings.Repeat(`\x00`, 19) + `\x0… and broke off: the response has more than 67108864 bytes`, 0},
		{"a break", 200, "text/plain", func() io.Reader { return io.MultiReader(strings.NewReader("half"), errorReader{}) }, `200 with the Content-Type "text/plain", which begins with "half" and broke off: the response broke off: the connection ended before it`, 0},
	}
	document := head2 + "- workflowId: w\n  inputs: {properties: {secret: {type: string}}}\n  steps:\n" + "  - {stepId: s, operationId: streamThings, x-sse: {events: 1}}\n"
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				plan := load(t, document, "http://api.test", runner.Options{
					Transport: answering(test.status, test.media, test.body()), Inputs: map[string]any{"secret": "hunter22"},
				})
				started := time.Now()
				if diff := cmp.Diff(begin+test.want+expected, notesOf(plan.Run(t.Context()), "URL")); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if took := time.Since(started); took != test.took {
					t.Errorf("it took %s, want %s", took, test.took)
				}
			})
		})
	}
}
