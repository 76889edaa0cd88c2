package runner_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// scripted is a server that answers with the responses of a script, in order,
// and writes down what it was asked.
type scripted struct {
	t   *testing.T
	url string

	mu        sync.Mutex
	responses []string
	requests  strings.Builder
}

// divider stands on a line of its own between two responses of a script.
const divider = "---\n"

func serve(t *testing.T, script string) *scripted {
	t.Helper()
	s := &scripted{t: t}
	if script != "" {
		s.responses = strings.Split(script, divider)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.record(r)
	if len(s.responses) == 0 {
		s.t.Errorf("there is no response left for %s %s", r.Method, r.URL)
		w.WriteHeader(http.StatusTeapot)
		return
	}
	head, body, _ := strings.Cut(s.responses[0], "\n\n")
	s.responses = s.responses[1:]
	status, headers, _ := strings.Cut(strings.TrimSuffix(head, "\n"), "\n")
	w.Header()["Date"] = nil
	for line := range strings.Lines(headers) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		w.Header().Add(name, value)
	}
	code, err := strconv.Atoi(status)
	if err != nil {
		s.t.Errorf("a response begins with %q", status)
	}
	w.WriteHeader(code)
	fmt.Fprint(w, s.unquote(strings.TrimSuffix(body, "\n")))
}

// unquote reads a body that is a Go string with a ! before it, for bytes that a
// text file cannot have.
func (s *scripted) unquote(body string) string {
	quoted, ok := strings.CutPrefix(body, "!")
	if !ok {
		return body
	}
	text, err := strconv.Unquote(quoted)
	if err != nil {
		s.t.Errorf("%s: %v", quoted, err)
	}
	return text
}

// record writes a request without what net/http adds to it.
func (s *scripted) record(r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	fmt.Fprintf(&s.requests, "%s %s\n", r.Method, r.RequestURI)
	var names []string
	for name := range r.Header {
		if !slices.Contains([]string{"Accept-Encoding", "Content-Length", "User-Agent"}, name) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(&s.requests, "%s: %s\n", name, strings.Join(r.Header[name], " | "))
	}
	if len(body) > 0 {
		fmt.Fprintf(&s.requests, "\n%s\n", body)
	}
	s.requests.WriteString(divider)
}

// asked is what the server was asked, and fails the test when responses are left.
func (s *scripted) asked() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.responses) > 0 {
		s.t.Errorf("%d responses of the script were not asked for", len(s.responses))
	}
	return s.requests.String()
}
