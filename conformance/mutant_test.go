package conformance_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
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

// TestCacheMutants holds that the suite sees through a cache that does not do what it
// says: each row is the bundled reference behind a proxy that stands in for its cache.
func TestCacheMutants(t *testing.T) {
	tests := []struct {
		name   string
		mutant func(api http.Handler) http.Handler
		want   []string
	}{
		{"nothing is broken", func(api http.Handler) http.Handler { return api }, nil},
		{"an invalidation is ignored", withoutInvalidation, []string{"queryFresh"}},
		{"nothing is ever cached", func(api http.Handler) http.Handler { return uncached(api, "none", "none", "none") }, []string{"queryFirst"}},
		{"nothing is cached, and all is said to be new", func(api http.Handler) http.Handler { return uncached(api, "miss", "miss", "miss") }, []string{"queryAgain"}},
		{"nothing is cached but in words", func(api http.Handler) http.Handler { return uncached(api, "miss", "ttl", "miss") }, []string{"queryAgain"}},
		{"the header says something else", relabelled, []string{"queryAgain"}},
	}
	if named.Named() {
		t.Skip("a target is named; this tests the suite, on the bundled reference")
	}
	target := bundled.target(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			target := target
			api, err := url.Parse(target.AccelerateURL)
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(test.mutant(httputil.NewSingleHostReverseProxy(api)))
			t.Cleanup(server.Close)
			target.AccelerateURL = server.URL
			verdict := judge(t, queryAndInvalidate, target)
			if diff := cmp.Diff(test.want, failedSteps(verdict.Result)); diff != "" {
				t.Errorf("failed steps (-want +got):\n%s\n%s", diff, verdict.Report)
			}
			if passed := test.want == nil; verdict.Passed() != passed {
				t.Errorf("passed is %v, want %v", verdict.Passed(), passed)
			}
		})
	}
}

// withoutInvalidation answers invalidations and does nothing.
func withoutInvalidation(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/invalidate" {
			api.ServeHTTP(w, r)
			return
		}
		var body struct{ Tags []string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"success": true, "invalidatedTags": body.Tags})
	})
}

// uncached runs every query, and says of those with a strategy in turn what is to be
// said.
func uncached(api http.Handler, says ...string) http.Handler {
	var mutex sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		_, asked := body["extensions"]
		delete(body, "extensions")
		text, err := json.Marshal(body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
		answer := httptest.NewRecorder()
		api.ServeHTTP(answer, r)
		mutex.Lock()
		defer mutex.Unlock()
		said := "none"
		if asked && len(says) > 0 {
			said, says = says[0], says[1:]
		}
		answer.Header().Set("X-Accelerate-Cache-Status", said)
		maps.Copy(w.Header(), answer.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(bytes.Replace(answer.Body.Bytes(), []byte(`"cacheStatus":"none"`), []byte(`"cacheStatus":"`+said+`"`), 1))
	})
}

// relabelled says in the header of what came from the cache that it did not.
func relabelled(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		api.ServeHTTP(answer, r)
		maps.Copy(w.Header(), answer.Header())
		if w.Header().Get("X-Accelerate-Cache-Status") == "ttl" {
			w.Header().Set("X-Accelerate-Cache-Status", "miss")
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}
