package runner_test

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// polled is a workflow that visits one step until the answer says that it is done.
const polled = `arazzo: 1.0.1
info: {title: Polling, version: 1.0.0}
sourceDescriptions: [{name: api, type: openapi, url: api.yml}]
workflows:
  - workflowId: wait
    outputs: {last: $steps.poll.outputs.number}
    steps:
      - stepId: poll
        operationId: poll
        successCriteria: [{condition: $statusCode == 200}]
        outputs: {number: $response.body#/number}
        onSuccess:
          - {name: done, type: end, criteria: [{condition: $response.body#/done == true}]}
          - {name: again, type: goto, stepId: poll}
`

const polledAPI = `openapi: 3.1.0
info: {title: API, version: 1.0.0}
servers: [{url: 'http://api.test'}]
paths:
  /poll:
    get:
      operationId: poll
      responses: {'200': {description: The state, content: {application/json: {schema: {type: object}}}}}
`

// poll writes a document with its source, and tells where it is.
func poll(t testing.TB, document string) string {
	t.Helper()
	folder := t.TempDir()
	write(t, folder, map[string]string{"poll.yml": document, "api.yml": polledAPI})
	return filepath.Join(folder, "poll.yml")
}

// answers is a server that says it is done with the last of so many answers.
type answers struct{ given, last int }

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	a.given++
	body := fmt.Sprintf(`{"number": %d, "done": %t, "filling": %q}`, a.given, a.given == a.last, strings.Repeat("x", 1000))
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}, nil
}

// heap notes how much is in use after some of the visits.
type heap struct {
	ended int
	after map[int]uint64
}

func (h *heap) Observe(e runner.Event) {
	if _, ok := e.(runner.StepEnded); !ok {
		return
	}
	h.ended++
	if _, asked := h.after[h.ended]; asked {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		h.after[h.ended] = m.HeapAlloc
	}
}

// growth is how many bytes a run of 10,000 visits keeps of the last 9,000.
func growth(t *testing.T, brief bool) (kept int64, result *runner.Result) {
	t.Helper()
	const early, visits = 1000, 10_000
	h := &heap{after: map[int]uint64{early: 0, visits: 0}}
	plan, err := runner.Load(t.Context(), poll(t, polled), runner.Options{
		Transport: &answers{last: visits}, Observer: h, Brief: brief, MaxSteps: visits, PollInterval: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	result = plan.Run(t.Context())
	if result.Status != runner.Succeeded || fmt.Sprint(result.Workflows[0].Outputs["last"]) != fmt.Sprint(visits) || h.ended != visits {
		t.Fatalf("%s with %v after %d visits", result.Status, result.Workflows[0].Outputs, h.ended)
	}
	return int64(h.after[visits]) - int64(h.after[early]), result
}

// TestBriefKeepsNothing: what a run needs does not grow with its visits. Without
// Brief it does, because the result has them all. It is not parallel: other tests
// would be measured too.
func TestBriefKeepsNothing(t *testing.T) {
	kept, result := growth(t, true)
	if kept > 500_000 {
		t.Errorf("9,000 visits left %d bytes behind", kept)
	}
	if steps := result.Workflows[0].Steps; len(steps) != 0 {
		t.Errorf("the result has %d visits", len(steps))
	}
	kept, result = growth(t, false)
	if kept < 9_000_000 || len(result.Workflows[0].Steps) != 10_000 {
		t.Errorf("9,000 visits with their bodies left %d bytes and %d visits behind: is this measured?", kept, len(result.Workflows[0].Steps))
	}
}

// TestBriefKeepsFailures: a brief result says as much of a failure as any, and comes
// to the same outcome.
func TestBriefKeepsFailures(t *testing.T) {
	t.Parallel()
	text := strings.Replace(polled, "onSuccess:", "onFailure:", 1)
	text = strings.Replace(text, "$statusCode == 200", "$response.body#/done == true", 1)
	text = strings.Replace(text, "$response.body#/done == true}]}\n          - {name: again, type: goto", "$response.body#/number == 3}]}\n          - {name: again, type: goto", 1)
	for _, brief := range []bool{false, true} {
		plan, err := runner.Load(t.Context(), poll(t, text), runner.Options{
			Transport: &answers{last: 10}, Brief: brief, PollInterval: -1,
		})
		if err != nil {
			t.Fatal(err)
		}
		result := plan.Run(t.Context())
		want := 3
		if brief {
			want = 1
		}
		steps := result.Workflows[0].Steps
		if result.Outcome() != runner.OutcomeFailed || len(steps) != want || len(steps[want-1].Attempts) != 1 {
			t.Fatalf("brief %t: %s with %d visits", brief, result.Status, len(steps))
		}
		var errors []string
		for _, n := range result.Notes() {
			if n.Severity == source.Error {
				errors = append(errors, n.Code)
			}
		}
		if len(errors) != 1 || len(result.Diagnostics) == 0 {
			t.Errorf("brief %t: the errors are %v, and the diagnostics %v", brief, errors, result.Diagnostics)
		}
	}
}

// TestBriefSideBySide: workflows that run at the same time forget their visits, also
// those of which the observer is told later.
func TestBriefSideBySide(t *testing.T) {
	t.Parallel()
	text := polled
	for i := range 4 {
		_, workflow, _ := strings.Cut(polled, "workflows:\n")
		text += strings.Replace(workflow, "workflowId: wait", fmt.Sprintf("workflowId: wait%d", i), 1)
	}
	h := &heap{}
	plan, err := runner.Load(t.Context(), poll(t, text), runner.Options{
		Transport: done{}, Observer: h, Brief: true, Parallel: 3, PollInterval: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	result := plan.Run(t.Context())
	if result.Status != runner.Succeeded || len(result.Workflows) != 5 || h.ended != 5 {
		t.Fatalf("%s: %d workflows, %d visits", result.Status, len(result.Workflows), h.ended)
	}
	for _, w := range result.Workflows {
		if len(w.Steps) != 0 {
			t.Errorf("%s keeps %d visits", w.WorkflowID, len(w.Steps))
		}
	}
}

// done is a server whose every answer says that it is done.
type done struct{}

func (done) RoundTrip(r *http.Request) (*http.Response, error) {
	return (&answers{last: 1}).RoundTrip(r)
}
