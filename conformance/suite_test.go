package conformance_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/runner"
)

// The cases, by their names.
const (
	queryAndInvalidate = "accelerate-query-and-invalidate-workflow"
	namedStreamResume  = "prisma-pulse-named-stream-resume-workflow"
	changeToEvent      = "pulse-change-to-event-workflow"
)

func TestCases(t *testing.T) {
	t.Parallel()
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range cases {
		names = append(names, c.Name)
	}
	want := []string{queryAndInvalidate, namedStreamResume, changeToEvent}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("cases (-want +got):\n%s", diff)
	}
}

// TestPassed holds that a run of nothing is no success.
func TestPassed(t *testing.T) {
	t.Parallel()
	nothing := conformance.Verdict{Result: &runner.Result{Status: runner.Succeeded}}
	if nothing.Passed() {
		t.Error("a run without a workflow passed")
	}
}

// TestJudgedAgain holds that a server can be judged any number of times, also by
// the case that leaves its stream behind.
func TestJudgedAgain(t *testing.T) {
	if named.Named() {
		t.Skip("a target is named; this tests the suite, on the bundled reference")
	}
	target := bundled.target(t)
	for range 2 {
		if verdict := judge(t, namedStreamResume, target); !verdict.Passed() {
			t.Errorf("the target does not pass:\n%s", verdict.Report)
		}
	}
}

func TestDeadTarget(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	verdict := judge(t, changeToEvent, conformance.Target{PulseURL: server.URL, AccelerateURL: server.URL, APIKey: "key-of-the-dead"})
	if verdict.Passed() {
		t.Error("a target that is not there passed")
	}
	if got := verdict.Result.Outcome(); got != runner.OutcomeUnreachable {
		t.Errorf("the outcome is %d, want %d", got, runner.OutcomeUnreachable)
	}
	if !strings.Contains(verdict.Report, "connection refused") {
		t.Errorf("the report does not say why:\n%s", verdict.Report)
	}
}

// TestRefusal holds what a person is told when the target refuses the first
// request: the fixture where the answer speaks of the model, the key never.
func TestRefusal(t *testing.T) {
	t.Parallel()
	const key = "a-key-nobody-may-see"
	tests := []struct {
		name, message string
		fixture       bool
	}{
		{"the model is named", `There is no "User" here.`, true},
		{"models are spoken of", "Unknown model.", true},
		{"the reason is another", "The username is taken.", false},
		{"the key is repeated", "Bearer " + key + " is not known.", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(refusing(test.message))
			t.Cleanup(server.Close)
			verdict := judge(t, changeToEvent, conformance.Target{PulseURL: server.URL, AccelerateURL: server.URL, APIKey: key})
			if diff := cmp.Diff([]string{"createStream"}, failedSteps(verdict.Result)); diff != "" {
				t.Errorf("failed steps (-want +got):\n%s", diff)
			}
			if got := strings.Contains(verdict.Report, "model User {"); got != test.fixture {
				t.Errorf("the report shows the fixture: %v, want %v\n%s", got, test.fixture, verdict.Report)
			}
			if strings.Contains(verdict.Report, key) {
				t.Errorf("the report shows the key:\n%s", verdict.Report)
			}
		})
	}
}

// refusing is an API that refuses everything.
func refusing(message string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"code": "InvalidRequest", "message": message})
	})
}
