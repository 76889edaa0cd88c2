package runner_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
)

// later begins the documents of 1.1, whose workflows follow.
const later = "arazzo: 1.1.0\ninfo: {title: t, version: v}\nsourceDescriptions: [{name: api, url: api.yml}]\nworkflows:\n"

// idleClock is a clock on which waiting takes no time: it writes down how long.
type idleClock struct {
	mu    sync.Mutex
	time  time.Time
	waits []string
}

func (c *idleClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.time
}

func (c *idleClock) Wait(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.time = c.time.Add(d)
	c.waits = append(c.waits, d.String())
	return ctx.Err()
}

// TestPauses holds how long a run waits, on a clock of its own (S-122, S-123, D12).
func TestPauses(t *testing.T) {
	t.Parallel()
	const (
		retry = "  - {stepId: s, operationId: listThings, onFailure: [{name: again, type: retry, retryAfter: %s, retryLimit: 3}]}\n"
		poll  = "  - {stepId: s, operationId: listThings, onSuccess: [{name: done, type: end, criteria: [{condition: $statusCode == 204}]}, {name: wait, type: goto, stepId: s}]}\n"
	)
	tests := []struct {
		name, steps, responses string
		interval               time.Duration
		want                   []string
	}{
		{"a whole number of seconds", fmt.Sprintf(retry, "2"), "500\n---\n500\n---\n200\n", 0, []string{"2s", "2s"}},
		{"decimals", fmt.Sprintf(retry, "0.25"), "500\n---\n200\n", 0, []string{"250ms"}},
		{"none", fmt.Sprintf(retry, "0"), "500\n---\n200\n", 0, []string{"0s"}},
		{"Retry-After in seconds", fmt.Sprintf(retry, "2"), "503\nRetry-After: 7\n---\n500\n---\n200\n", 0, []string{"7s", "2s"}},
		{"Retry-After as a date", fmt.Sprintf(retry, "2"), "503\nRetry-After: Fri, 02 Jan 2026 03:05:05 GMT\n---\n200\n", 0, []string{"1m0s"}},
		{"Retry-After beyond the cap", fmt.Sprintf(retry, "2"), "503\nRetry-After: 86400\n---\n200\n", 0, []string{"5m0s"}},
		{"polling", poll, "200\n---\n200\n---\n204\n", 0, []string{"1s", "1s"}},
		{"polling at another pace", poll, "200\n---\n204\n", 3 * time.Second, []string{"3s"}},
		{"polling without a pause", poll, "200\n---\n204\n", -1, []string{"0s"}},
		{"polling as the server asks", poll, "200\nRetry-After: 9\n---\n204\n", 0, []string{"9s"}},
		{"a goto to another step", "  - {stepId: s, operationId: listThings, onSuccess: [{name: on, type: goto, stepId: t}]}\n  - {stepId: t, operationId: listThings}\n", "200\n---\n200\n", 0, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, test.responses)
			clock := &idleClock{time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
			wantTold(t, load(t, steps(test.steps), server.url, runner.Options{Clock: clock, PollInterval: test.interval}).Run(t.Context()), "succeeded, exit 0")
			if diff := cmp.Diff(test.want, clock.waits); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			server.asked()
		})
	}
}

// TestCallsTooDeep holds that workflows which call one another without an end are
// ended (S-214).
func TestCallsTooDeep(t *testing.T) {
	t.Parallel()
	document := later + `- workflowId: w
  steps:
  - {stepId: look, operationId: listThings, onSuccess: [{name: enough, type: end, criteria: [{condition: $statusCode == 204}]}]}
  - {stepId: call, workflowId: w}
`
	r := load(t, document, handle(t, func(http.ResponseWriter, *http.Request, <-chan struct{}) {}), runner.Options{}).Run(t.Context())
	wantTold(t, r, `failed, exit 1, workflow-failed: the workflow "w" failed`)
	depth, w := 0, r.Workflows[0]
	for ; w.Steps[1].Workflow != nil; depth++ {
		w = w.Steps[1].Workflow
	}
	if code := w.Steps[1].Attempts[0].Error.Code; depth != 32 || code != "calls-too-deep" {
		t.Errorf("at a depth of %d: %s", depth, code)
	}
}

// TestEndOfACall ends a run, and a step, while a workflow that was called waits.
func TestEndOfACall(t *testing.T) {
	t.Parallel()
	const document = later + "- {workflowId: w, steps: [{stepId: call, workflowId: v%s}]}\n- {workflowId: v, steps: [{stepId: s, operationId: listThings}]}\n"
	arrived := make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(t.Context())
	plan := load(t, fmt.Sprintf(document, ""), handle(t, waiting(arrived)), runner.Options{})
	go func() {
		<-arrived
		cancel()
	}()
	r := plan.Run(ctx)
	wantTold(t, r, "failed, exit 130, interrupted: the run was interrupted")
	if nested := r.Workflows[0].Steps[0].Workflow; nested == nil || nested.Status != runner.Failed || len(nested.Steps) != 1 {
		t.Errorf("the called workflow is %+v", nested)
	}
	r = load(t, fmt.Sprintf(document, ", timeout: 20"), handle(t, wait), runner.Options{}).Run(t.Context())
	wantTold(t, r, `failed, exit 1, timeout: the workflow "v" was not over within 20ms, the step's timeout`)
	gone := strings.Replace(fmt.Sprintf(document, ", timeout: 20"), "{workflowId: v, steps: [{", "{workflowId: v, steps: [{stepId: go, operationId: getThing, parameters: [{name: id, in: path, value: x}], onSuccess: [{name: on, type: goto, workflowId: u}]}]}\n- {workflowId: u, steps: [{", 1)
	r = load(t, gone, handle(t, func(w http.ResponseWriter, r *http.Request, over <-chan struct{}) {
		if r.URL.Path == "/things" {
			wait(w, r, over)
		}
	}), runner.Options{}).Run(t.Context())
	if problem := r.Workflows[0].Steps[0].Attempts[0].Error; problem.Code != "timeout" {
		t.Errorf("a called workflow that went to one which takes too long: %s: %s", problem.Code, problem.Message)
	}
	r = load(t, fmt.Sprintf(document, ""), "http://127.0.0.1:1", runner.Options{}).Run(t.Context())
	if r.Outcome() != runner.OutcomeUnreachable {
		t.Errorf("a called workflow that reaches nothing: exit %d", r.Outcome())
	}
}

// TestEndAfterTheEnd holds that what ends a run which is over changes nothing.
func TestEndAfterTheEnd(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server := handle(t, func(http.ResponseWriter, *http.Request, <-chan struct{}) {})
	wantTold(t, load(t, steps(oneStep), server, runner.Options{Observer: observer(func(e runner.Event) {
		if _, over := e.(runner.WorkflowEnded); over {
			cancel()
		}
	})}).Run(ctx), "succeeded, exit 0")
}

// observer is a function that is told what happens.
type observer func(runner.Event)

func (f observer) Observe(e runner.Event) { f(e) }

// TestOutcomeAfterAHandledFailure holds that a failure which was handled does not
// decide the exit code: here what reached nothing, and then what was not found.
func TestOutcomeAfterAHandledFailure(t *testing.T) {
	t.Parallel()
	document := later + `- workflowId: w
  steps:
  - {stepId: call, workflowId: a, onFailure: [{name: on, type: goto, stepId: last}]}
  - {stepId: last, operationId: getThing, parameters: [{name: id, in: path, value: x}]}
- {workflowId: a, steps: [{stepId: s, operationId: getThing, parameters: [{name: id, in: path, value: a}], onSuccess: [{name: on, type: goto, workflowId: b}]}]}
- {workflowId: b, steps: [{stepId: s, operationId: listThings}]}
`
	answer := transport(func(r *http.Request) (*http.Response, error) {
		switch r.URL.Path {
		case "/things":
			return nil, io.EOF
		case "/things/a":
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
		default:
			return &http.Response{StatusCode: 404, Header: http.Header{}, Body: http.NoBody}, nil
		}
	})
	r := load(t, document, "http://api.test", runner.Options{Transport: answer}).Run(t.Context())
	if r.Status != runner.Failed || r.Outcome() != runner.OutcomeFailed {
		t.Errorf("%s, exit %d", r.Status, r.Outcome())
	}
}

// TestMaxStepsCoversEveryAttempt counts the requests of runs that are ended by
// --max-steps where an attempt follows another inside of one visit.
func TestMaxStepsCoversEveryAttempt(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, steps string }{
		{"behind the step that helps", "  - {stepId: s, operationId: listThings, onFailure: [{name: again, type: retry, retryLimit: 9, stepId: help}]}\n  - {stepId: help, operationId: getThing, parameters: [{name: id, in: path, value: help}]}\n"},
		{"behind a stream that is waited for", "  - {stepId: listen, operationId: streamThings, x-sse: {background: true, events: 2}, onFailure: [{name: again, type: retry, retryAfter: 0}, {name: on, type: goto, stepId: s}]}\n  - {stepId: s, dependsOn: [listen], operationId: listThings}\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var sent atomic.Int32
			server := handle(t, func(w http.ResponseWriter, r *http.Request, _ <-chan struct{}) {
				sent.Add(1)
				switch r.URL.Path {
				case "/things":
					w.WriteHeader(http.StatusServiceUnavailable)
				case "/stream":
					w.Header().Set("Content-Type", "text/event-stream")
					if sent.Load() > 1 {
						fmt.Fprint(w, "data: 1\n\ndata: 2\n\n")
					}
				}
			})
			document := later + "- workflowId: w\n  steps:\n" + test.steps
			r := load(t, document, server, runner.Options{MaxSteps: 2, Clock: &idleClock{}}).Run(t.Context())
			wantTold(t, r, "failed, exit 1, max-steps: the run made 2 attempts, the most that --max-steps allows: is there a loop without an end?")
			if sent.Load() != 2 {
				t.Errorf("%d requests were sent", sent.Load())
			}
		})
	}
}

// TestSelectedWorkflowsRun holds that what was asked for runs, with the inputs that
// it was given, also where another workflow comes by it; and once where another one
// depends on it (S-042).
func TestSelectedWorkflowsRun(t *testing.T) {
	t.Parallel()
	const (
		get  = "{stepId: s, operationId: getThing, parameters: [{name: id, in: path, value: x}]%s}"
		call = "{stepId: call, workflowId: %s}"
	)
	tests := []struct {
		name, a, others string
		want            []string
	}{
		{"one that is called", fmt.Sprintf(call, "b"), "", []string{"a", "b"}},
		{"one that is gone to", fmt.Sprintf(get, ", onSuccess: [{name: on, type: goto, workflowId: b}]"), "", []string{"a", "b", "b"}},
		{
			"one that what is called depends on", fmt.Sprintf(call, "c"), "- {workflowId: c, dependsOn: [b], steps: [" + fmt.Sprintf(get, "") + "]}\n",
			[]string{"b", "a"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			document := later + "- {workflowId: a, steps: [" + test.a + "]}\n- {workflowId: b, steps: [" + fmt.Sprintf(get, "") + "]}\n" + test.others
			server := handle(t, func(http.ResponseWriter, *http.Request, <-chan struct{}) {})
			for _, parallel := range []int{1, 4} {
				r := load(t, document, server, runner.Options{Workflows: []string{"a", "b"}, Parallel: parallel}).Run(t.Context())
				var got []string
				for _, w := range r.Workflows {
					got = append(got, w.WorkflowID)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("%d side by side (-want +got):\n%s", parallel, diff)
				}
			}
		})
	}
}

// TestAttemptsTellWhatTheyCalled holds that an observer is told of an attempt with the
// workflow that it called: what it is told of is not changed any more, since another
// goroutine may read it.
func TestAttemptsTellWhatTheyCalled(t *testing.T) {
	t.Parallel()
	document := later + `- {workflowId: w, steps: [{stepId: call, workflowId: v, onFailure: [{name: again, type: retry, retryLimit: 2}]}]}
- {workflowId: v, steps: [{stepId: s, operationId: getThing, parameters: [{name: id, in: path, value: x}]}]}
`
	answer := transport(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 404, Header: http.Header{}, Body: http.NoBody}, nil
	})
	var called []bool
	load(t, document, "http://api.test", runner.Options{Transport: answer, Clock: &idleClock{}, Observer: observer(func(e runner.Event) {
		if e, ok := e.(runner.AttemptEnded); ok && e.StepID == "call" {
			called = append(called, e.Workflow != nil)
		}
	})}).Run(t.Context())
	if diff := cmp.Diff([]bool{true, true, true}, called); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestSideBySide holds that workflows run side by side when they may: each waits for
// the request of the other, and a third, which depends on both, for their end.
func TestSideBySide(t *testing.T) {
	t.Parallel()
	document := later + `- {workflowId: a, steps: [{stepId: s, operationId: getThing, parameters: [{name: id, in: path, value: a}]}]}
- {workflowId: b, steps: [{stepId: s, operationId: getThing, parameters: [{name: id, in: path, value: b}]}]}
- {workflowId: c, dependsOn: [a, b], steps: [{stepId: s, operationId: getThing, parameters: [{name: id, in: path, value: c}]}]}
`
	var met sync.WaitGroup
	met.Add(2)
	var done atomic.Int32
	server := handle(t, func(_ http.ResponseWriter, r *http.Request, _ <-chan struct{}) {
		if r.URL.Path == "/things/c" {
			if done.Load() != 2 {
				t.Error("c did not wait for a and b")
			}
			return
		}
		met.Done()
		met.Wait()
		done.Add(1)
	})
	var seen diary
	r := load(t, document, server, runner.Options{Parallel: 3, Observer: &seen}).Run(t.Context())
	wantTold(t, r, "succeeded, exit 0")
	var order []string
	for _, w := range r.Workflows {
		order = append(order, w.WorkflowID)
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, order); diff != "" {
		t.Errorf("the report (-want +got):\n%s", diff)
	}
	want := diary{}
	for _, id := range order {
		want = append(want, id+" starts with map[]", id+" s: GET /things/{id}", id+" s: 200", id+" s succeeded", id+" succeeded with map[]")
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("the events (-want +got):\n%s", diff)
	}
}

// TestParallelReportIsTheSame runs workflows in order and side by side: the order of
// the requests may differ, the reports may not.
func TestParallelReportIsTheSame(t *testing.T) {
	t.Parallel()
	const (
		sub  = "- {workflowId: %s, inputs: {type: object, properties: {id: {type: string, default: '0'}}}, steps: [{stepId: s, operationId: getThing, parameters: [{name: id, in: path, value: $inputs.id}], outputs: {id: $response.body#/id}}], outputs: {id: $steps.s.outputs.id}}\n"
		call = "- {workflowId: %s, steps: [{stepId: call, workflowId: %s, parameters: [{name: id, value: %[1]s}]}]}\n"
		get  = "- {workflowId: %s, steps: [{stepId: s, operationId: getThing, parameters: [{name: id, in: path, value: '%s'}], outputs: {id: $response.body#/id}}], outputs: {id: $steps.s.outputs.id}}\n"
	)
	many := ""
	for i := range 20 {
		many += fmt.Sprintf("- {workflowId: w%d, steps: [{stepId: s, operationId: getThing, parameters: [{name: id, in: path, value: '%d'}], outputs: {id: $response.body#/id}}, {stepId: call, workflowId: sub, parameters: [{name: id, value: $steps.s.outputs.id}]}], outputs: {id: $steps.call.outputs.id}}\n", i, i)
	}
	tests := []struct {
		name, workflows string
		selected        []string
		// asked is how many requests there are.
		asked int32
	}{
		{"one that all call", many + fmt.Sprintf(sub, "sub"), nil, 40},
		{
			"one that is called is begun with too",
			fmt.Sprintf(call, "a", "sub") + fmt.Sprintf(sub, "sub"),
			[]string{"a", "sub"},
			2,
		},
		{
			"one that is depended on in what another one calls is begun with later",
			"- {workflowId: a, steps: [{stepId: call, workflowId: b}]}\n" +
				"- {workflowId: b, dependsOn: [d], steps: [{stepId: s, operationId: listThings}]}\n" + fmt.Sprintf(get, "d", "d"),
			[]string{"a", "d"},
			2,
		},
		{
			"the last run of one that several called",
			fmt.Sprintf(call, "a", "x")[:len(fmt.Sprintf(call, "a", "x"))-3] + ", {stepId: other, workflowId: y}]}\n" + fmt.Sprintf(call, "b", "x") +
				fmt.Sprintf(get, "c", "{$workflows.y.outputs.id}") + fmt.Sprintf(get, "d", "{$workflows.x.outputs.id}-{$workflows.c.outputs.id}") +
				fmt.Sprintf(sub, "x") + fmt.Sprintf(sub, "y"),
			[]string{"a", "b", "c", "d"},
			5,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			server := handle(t, func(w http.ResponseWriter, r *http.Request, _ <-chan struct{}) {
				asked.Add(1)
				w.Header().Set("Content-Type", "application/json")
				w.Header()["Date"] = nil
				fmt.Fprintf(w, `{"id": "%s-"}`, strings.TrimPrefix(r.URL.Path, "/things/"))
			})
			report := func(o runner.Options) string {
				o.Workflows = test.selected
				r := load(t, later+test.workflows, server, o).Run(t.Context())
				wantTold(t, r, "succeeded, exit 0")
				if n := asked.Swap(0); n != test.asked {
					t.Errorf("%d requests, want %d", n, test.asked)
				}
				r.Document = ""
				for i := range r.Diagnostics {
					r.Diagnostics[i].File = ""
				}
				return golden(t, r)
			}
			inOrder, sideBySide := report(runner.Options{}), report(runner.Options{Parallel: 8})
			if diff := cmp.Diff(inOrder, sideBySide); diff != "" {
				t.Errorf("(-in order +side by side):\n%s", diff)
			}
		})
	}
}

// TestFiftyRunsAtOnce runs one plan fifty times at once, and fifty workflows in one
// run.
func TestFiftyRunsAtOnce(t *testing.T) {
	t.Parallel()
	document := later
	for i := range 50 {
		document += fmt.Sprintf("- {workflowId: w%d, inputs: {type: object, properties: {password: {type: string}}}, steps: [{stepId: s, operationId: getThing, parameters: [{name: id, in: path, value: '%d'}], outputs: {id: $response.body#/id}}]}\n", i, i)
	}
	server := handle(t, func(w http.ResponseWriter, r *http.Request, _ <-chan struct{}) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"id": %q}`, r.URL.Path)
	})
	plan := load(t, document, server, runner.Options{Parallel: 50, Inputs: map[string]any{"password": "hunter22"}})
	var runs sync.WaitGroup
	for range 50 {
		runs.Go(func() {
			r := plan.Run(t.Context())
			for i, w := range r.Workflows {
				if id := w.Steps[0].Outputs["id"]; w.Status != runner.Succeeded || id != fmt.Sprintf("/things/%d", i) || w.Inputs["password"] != "***" {
					t.Errorf("%s %s: %v %v", w.WorkflowID, w.Status, id, w.Inputs)
				}
			}
		})
	}
	runs.Wait()
}
