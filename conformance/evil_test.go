package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/runner"
)

// before puts a handler before an API; what it does not answer the API does.
func before(t *testing.T, base string, answers func(http.ResponseWriter, *http.Request) bool) string {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	api := httputil.NewSingleHostReverseProxy(u)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !answers(w, r) {
			api.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestGone holds that a target that no longer answers is asked no more, that what
// remains is its failure, not ours, and that the draft of the known failures has none of
// that.
func TestGone(t *testing.T) {
	t.Parallel()
	f := &fake{}
	target := f.start(t)
	var smoked atomic.Bool
	var asked atomic.Int64
	gone := func(w http.ResponseWriter, r *http.Request) bool {
		if !smoked.Load() {
			return false
		}
		if r.URL.Path != "/health" {
			asked.Add(1)
		}
		// The connection ends without an answer.
		if connection, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_ = connection.Close()
		}
		return true
	}
	target.PulseURL, target.AccelerateURL = before(t, target.PulseURL, gone), before(t, target.AccelerateURL, gone)
	r, err := Judge(t.Context(), Options{
		Target: target, Run: Patterns{"pulse-list"}, Parallel: 1, Declaration: &Declaration{},
		Checked: func([]report.Check) { smoked.Store(true) },
		// No answer is waited for: what is asked here is whether there is one.
		within: time.Nanosecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != report.Fails || r.Count(report.Fail) < 3 || r.Count(report.Error) > 0 || len(r.Problems) != 1 {
		t.Fatalf("%s: %v, %v", r.Status, r.Summary, r.Problems)
	}
	if !strings.HasPrefix(r.Problems[0], "the target gives no answer any more, after the case pulse-list/") {
		t.Errorf("the problem is %q", r.Problems[0])
	}
	// The first case sends at the most a few requests, and so does cleaning up.
	if n := asked.Load(); n > 10 {
		t.Errorf("it was asked %d times", n)
	}
	var b strings.Builder
	if err := WriteKnown(&b, r); err != nil || strings.Count(b.String(), "\n") != 2 {
		t.Errorf("the draft is %s, %v", b.String(), err)
	}
}

// TestShown holds that nothing a target answers brings a key or a password into a
// report, nor a command to the terminal.
func TestShown(t *testing.T) {
	t.Parallel()
	f := &fake{stuck: true}
	target := f.start(t)
	const password = `pass/"word`
	repeats := func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodDelete {
			return false
		}
		inJSON, _ := json.Marshal(fakeKey + " " + password)
		respond(w, http.StatusInternalServerError, json.RawMessage(fmt.Sprintf(
			`{"code": "P6100", "message": %s, "of": "%s", "red": "%s"}`, inJSON, url.PathEscape(password), "\u009b31m\u202e")))
		return true
	}
	for _, base := range []*string{&target.PulseURL, &target.AccelerateURL} {
		u, err := url.Parse(before(t, *base, repeats))
		if err != nil {
			t.Fatal(err)
		}
		u.User = url.UserPassword("user", password)
		*base = u.String()
	}
	_, r := asked(t, Options{Target: target})
	const want = `its names begin with RUN: the stream RUNsmoke stays: DELETE /streams/RUNsmoke was answered 500: {"code":"P6100","message":"*** ***","of":"***","red":"` + "\ufffd31m\ufffd" + `"}`
	if diff := cmp.Diff(want, strings.TrimPrefix(unsteady.ReplaceAllString(strings.Join(r.Notes, "\n"), "RUN"), "not all that the run made is deleted; ")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestOthersRows holds that cleaning up deletes no row that it did not ask for.
func TestOthersRows(t *testing.T) {
	t.Parallel()
	f := &fake{}
	target := f.start(t)
	f.accounts = []string{"of somebody"}
	target.AccelerateURL = before(t, target.AccelerateURL, func(w http.ResponseWriter, r *http.Request) bool {
		text, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(text))
		if bytes.Contains(text, []byte("findManyAccount")) { // whatever the filter is
			respond(w, http.StatusOK, map[string]any{"data": map[string]any{"findManyAccount": []any{map[string]any{"id": 0, "email": "of somebody", "name": "of somebody"}}}})
			return true
		}
		return false
	})
	err := Clean(t.Context(), target, "mine")
	if err == nil || !strings.Contains(err.Error(), "findManyAccount answers rows that it was not asked for") {
		t.Errorf("it is told as %v", err)
	}
	if f.accounts[0] == "" {
		t.Error("the row of somebody is deleted")
	}
}

// TestTraceBounded holds that what is kept of a case has a bound, whatever is answered.
func TestTraceBounded(t *testing.T) {
	t.Parallel()
	row := map[string]any{"text": strings.Repeat("x", 1000)}
	var many []any
	for range 100 {
		many = append(many, row)
	}
	header := http.Header{}
	for i := range 1000 {
		header.Set(fmt.Sprintf("X-%d", i), strings.Repeat("y", 1000))
	}
	var told []runner.Event
	s := &shortener{to: observed(func(e runner.Event) { told = append(told, e) }), left: maxTraceBytes}
	const attempts = 30
	step := &runner.StepResult{Outputs: map[string]any{"all": many}}
	for range attempts {
		a := &runner.Attempt{Response: &runner.ResponseResult{Headers: header, Body: many}, Criteria: []runner.CriterionResult{{Actual: map[string]any{"body": many}}}}
		step.Attempts = append(step.Attempts, a)
		s.Observe(runner.AttemptEnded{Attempt: a, Retry: &runner.ActionResult{}})
	}
	s.Observe(runner.StepEnded{Step: step})
	text, err := json.Marshal(step)
	if err != nil {
		t.Fatal(err)
	}
	// The attempts keep the beginnings of fifty headers, of the body and of what
	// the criterion saw of it.
	if most := maxTraceBytes + attempts*(maxHeaders+2)*2*minValueBytes; len(text) > most || len(told) != attempts+1 {
		t.Errorf("%d bytes are kept of it, and %d events told; expected %d at the most, and %d", len(text), len(told), most, attempts+1)
	}
	small := map[string]any{"a": []any{json.Number("1"), "b"}}
	for _, nearly := range []any{strings.Repeat("a", maxValueBytes-1), slices.Repeat([]any{json.Number("1")}, maxValueBytes/4)} {
		if diff := cmp.Diff(nearly, (&shortener{left: maxTraceBytes}).value(nearly)); diff != "" {
			t.Errorf("what is as long as it may be (-want +got):\n%s", diff)
		}
	}
	if diff := cmp.Diff(any(small), (&shortener{left: maxTraceBytes}).value(small)); diff != "" {
		t.Errorf("what is small is kept (-want +got):\n%s", diff)
	}
}

type observed func(runner.Event)

func (o observed) Observe(e runner.Event) { o(e) }

// TestKnownWhileItRuns holds that a known failure is told as one at once.
func TestKnownWhileItRuns(t *testing.T) {
	t.Parallel()
	f := &fake{}
	var told []report.Case
	_, err := Judge(context.WithoutCancel(t.Context()), Options{
		Target: f.start(t), Run: Patterns{"pulse-create/twice"}, Known: Known{{Pattern: "pulse-create/twice", Reason: "we are a fake", Line: 1}},
		Observe: func(c report.Case) {
			if c.Verdict != report.Skipped {
				told = append(told, c)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(told) != 1 || told[0].Verdict != report.Fail || told[0].Known != "we are a fake" {
		t.Errorf("told is %+v", told)
	}
}
