package runner_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

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

// TestAnswerThatBegan tells an answer that began from none.
func TestAnswerThatBegan(t *testing.T) {
	t.Parallel()
	server := handle(t, func(w http.ResponseWriter, r *http.Request, over <-chan struct{}) {
		w.Header().Set("Content-Length", "5")
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		wait(w, r, over)
	})
	wantTold(t, load(t, oneFlow, server, runner.Options{StepTimeout: 300 * time.Millisecond}).Run(t.Context()),
		"failed, exit 1, timeout: the answer began as 200 without a Content-Type, and was not over within 300ms, the time that --step-timeout allows")
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
