package runner_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
)

// notesOf are the diagnostics of a run's visits, with the address of its server as URL.
func notesOf(r *runner.Result, server string) string {
	var text strings.Builder
	for _, d := range r.Notes() {
		text.WriteString(string(d.Severity) + " " + d.Code + ": " + d.Message)
		if d.Expected != "" {
			text.WriteString("; expected " + d.Expected)
		}
		if d.Fix != "" {
			text.WriteString("; next " + d.Fix)
		}
		text.WriteString("\n")
	}
	return strings.ReplaceAll(text.String(), server, "URL")
}

// TestRedirectToNobody tells of the server that gave no answer, which is not the one
// that was asked.
func TestRedirectToNobody(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(nil)
	gone.Close()
	server := handle(t, func(w http.ResponseWriter, r *http.Request, _ <-chan struct{}) {
		http.Redirect(w, r, gone.URL+"/new", http.StatusFound)
	})
	result := load(t, oneFlow, server, runner.Options{}).Run(t.Context())
	got := strings.ReplaceAll(strings.ReplaceAll(notesOf(result, server), gone.URL, "GONE"), strings.TrimPrefix(gone.URL, "http://"), "GONE")
	want := "info redirected: URL/things redirected with 302 to GONE/new\n" +
		`error no-response: the step "s" failed: GONE/new, to which it was redirected: the server gave no answer: dial tcp GONE: connect: connection refused; ` +
		"expected an answer of GONE/new; next start it, or see why URL redirects there\n"
	if diff := cmp.Diff(want, got); diff != "" || result.Outcome() != runner.OutcomeUnreachable {
		t.Errorf("outcome %d (-want +got):\n%s", result.Outcome(), diff)
	}
}

// TestAnswerThatBegan tells an answer that began from none, whose limit ends it (S-065):
// the step's own timeout, of a stream too, else the one of the options, which a stream
// has left behind with its headers.
func TestAnswerThatBegan(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, step, media string
		body              func() io.Reader
		want              string
	}{
		{"without a type", "", "", unended(""), "the answer began as 200 without a Content-Type, and was not over within 30s, the time that --step-timeout allows"},
		{"half of it", "", "text/plain", unended("half"), `the answer began as 200 with the Content-Type "text/plain", and was not over within 30s, the time that --step-timeout allows; it begins with "half"`},
		{"a secret in it", "", "text/plain", unended("key hunter22"), `the answer began as 200 with the Content-Type "text/plain", and was not over within 30s, the time that --step-timeout allows; it begins with "key ***"`},
		{"a step's own timeout", ", timeout: 50", "text/plain", unended("half"), `the answer began as 200 with the Content-Type "text/plain", and was not over within 50ms, the step's own timeout; it begins with "half"`},
		{"a stream within the timeout of its step", ", timeout: 50", "text/event-stream", unended("data: 1\n\n"), `the answer began as 200 with the Content-Type "text/event-stream", and was not over within 50ms, the step's own timeout`},
		{"an error in place of a stream", ", x-sse: {events: 1}", "text/html", unended("<p>"), `the answer began as 500 with the Content-Type "text/html", and was not over within 30s, the time that --step-timeout allows; it begins with "<p>"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			document := later + "- {workflowId: w, inputs: {properties: {secret: {type: string}}}, steps: [{stepId: s, operationId: listThings" + test.step + "}]}\n"
			synctest.Test(t, func(t *testing.T) {
				status := 200
				if strings.Contains(test.step, "x-sse") {
					status = 500
				}
				body := test.body().(io.ReadCloser)
				answer := transport(func(r *http.Request) (*http.Response, error) {
					context.AfterFunc(r.Context(), func() { _ = body.Close() })
					return answering(status, test.media, body)(r)
				})
				plan := load(t, document, "http://api.test", runner.Options{Transport: answer, Inputs: map[string]any{"secret": "hunter22"}})
				wantTold(t, plan.Run(t.Context()), "failed, exit 1, timeout: "+test.want)
			})
		})
	}
}

// TestRequestRepeated holds that a request which is on the wire twice is told as
// such: a kept connection may end when the request is on it.
func TestRequestRepeated(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	var requests atomic.Int64
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for from := bufio.NewReader(conn); ; {
					if _, err := http.ReadRequest(from); err != nil || requests.Add(1) == 2 {
						return // the second gets no answer
					}
					_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
				}
			}()
		}
	}()
	server := "http://" + listener.Addr().String()
	document := oneFlow + "  - {stepId: t, operationId: listThings}\n"
	result := load(t, document, server, runner.Options{}).Run(t.Context())
	want := "info request-repeated: the connection ended before an answer came, and GET URL/things was sent again on another: the server may have got it twice\n"
	if diff := cmp.Diff(want, notesOf(result, server)); diff != "" || requests.Load() != 3 || result.Status != runner.Succeeded {
		t.Errorf("%s after %d requests (-want +got):\n%s", result.Status, requests.Load(), diff)
	}
}
