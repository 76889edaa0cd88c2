package conformance_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/runner"
)

// TestMutants holds that the suite can say no: each row is the bundled reference
// behind a proxy that breaks one answer of Pulse, and the steps that must fail.
func TestMutants(t *testing.T) {
	tests := []struct {
		name   string
		mutate func(*http.Response)
		want   []string
	}{
		{"nothing is broken", func(*http.Response) {}, nil},
		{"an event tells of another row", rewrite("/events", `"id":\d+`, `"id":0`), []string{"consumeEvent"}},
		{"an event is lost", rewrite("/events", `^(id|event|data):.*`, ``), []string{"consumeEvent"}},
		{"a listed stream has no cursor", rewrite("/streams", `,"cursor":"\w+"`, ``), []string{"readCursor"}},
		{"a deleted stream is deleted again", answer(http.MethodDelete, http.StatusNotFound, http.StatusOK), []string{"confirmGone"}},
		{"a stream is made with another status", answer(http.MethodPost, http.StatusCreated, http.StatusOK), []string{"createStream"}},
	}
	if named.Named() {
		t.Skip("a target is named; this tests the suite, on the bundled reference")
	}
	target := bundled.target(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			target := target
			target.PulseURL = proxy(t, target.PulseURL, test.mutate)
			verdict := judge(t, changeToEvent, target)
			if diff := cmp.Diff(test.want, failedSteps(verdict.Result)); diff != "" {
				t.Errorf("failed steps (-want +got):\n%s\n%s", diff, verdict.Report)
			}
			if passed := test.want == nil; verdict.Passed() != passed {
				t.Errorf("passed is %v, want %v", verdict.Passed(), passed)
			}
		})
	}
}

// judge runs one case by its name.
func judge(t *testing.T, name string, target conformance.Target) *conformance.Verdict {
	t.Helper()
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if c.Name != name {
			continue
		}
		verdict, err := c.Run(t.Context(), target)
		if err != nil {
			t.Fatal(err)
		}
		return verdict
	}
	t.Fatalf("there is no case %s", name)
	return nil
}

func failedSteps(r *runner.Result) []string {
	var ids []string
	for _, w := range r.Workflows {
		for _, s := range w.Steps {
			if s.Status == runner.Failed {
				ids = append(ids, s.StepID)
			}
		}
	}
	return ids
}

// proxy stands in front of an API and breaks its answers.
func proxy(t *testing.T, api string, mutate func(*http.Response)) string {
	t.Helper()
	to, err := url.Parse(api)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(to) },
		ModifyResponse: func(r *http.Response) error { mutate(r); return nil },
	})
	t.Cleanup(server.Close)
	return server.URL
}

// answer replaces one status of the requests of a method.
func answer(method string, from, to int) func(*http.Response) {
	return func(r *http.Response) {
		if r.Request.Method == method && r.StatusCode == from {
			r.StatusCode = to
		}
	}
}

// rewrite replaces what matches in each line of the answers to GET requests for
// a path that ends so.
func rewrite(path, pattern, replacement string) func(*http.Response) {
	match := regexp.MustCompile(pattern)
	return func(r *http.Response) {
		if r.Request.Method != http.MethodGet || !strings.HasSuffix(r.Request.URL.Path, path) {
			return
		}
		r.Header.Del("Content-Length")
		r.ContentLength = -1
		r.Body = &editedLines{lines: bufio.NewReader(r.Body), Closer: r.Body, edit: func(line []byte) []byte {
			return match.ReplaceAll(line, []byte(replacement))
		}}
	}
}

// editedLines edits a body line by line, as the lines come: a stream has no end
// to wait for.
type editedLines struct {
	lines *bufio.Reader
	edit  func([]byte) []byte
	rest  []byte
	err   error
	io.Closer
}

func (e *editedLines) Read(p []byte) (int, error) {
	if len(e.rest) == 0 && e.err == nil {
		var line []byte
		line, e.err = e.lines.ReadBytes('\n')
		e.rest = e.edit(line)
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	if len(e.rest) > 0 {
		return n, nil
	}
	return n, e.err
}
