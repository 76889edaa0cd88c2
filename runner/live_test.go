package runner_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// load plans a document of steps against a server.
func load(t *testing.T, document, server string, o runner.Options) *runner.Plan {
	t.Helper()
	folder := t.TempDir()
	write(t, folder, nil)
	o.Servers = map[string]string{"api": server}
	o.Checks = checks(o.Checks)
	plan, err := runner.Parse(t.Context(), &source.File{Name: folder + "/workflow.yml", Text: document}, o)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// handle serves requests until the test ends. Handlers that wait are released
// then.
func handle(t *testing.T, h func(w http.ResponseWriter, r *http.Request, over <-chan struct{})) string {
	t.Helper()
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h(w, r, over) }))
	t.Cleanup(func() {
		close(over)
		server.Close()
	})
	return server.URL
}

// told is how a run ended, and why its last workflow did.
func told(r *runner.Result) string {
	w := r.Workflows[len(r.Workflows)-1]
	why := w.Error
	for _, s := range w.Steps {
		if why == nil && s.Status == runner.Failed && !s.Handled {
			why = s.Attempts[len(s.Attempts)-1].Error
		}
	}
	if why == nil {
		return fmt.Sprintf("%s, exit %d", r.Status, r.Outcome())
	}
	return fmt.Sprintf("%s, exit %d, %s: %s", r.Status, r.Outcome(), why.Code, why.Message)
}

func wantTold(t *testing.T, r *runner.Result, want string) {
	t.Helper()
	if diff := cmp.Diff(want, told(r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const (
	oneStep    = "  - {stepId: s, operationId: listThings}\n"
	streamStep = "  - {stepId: s, operationId: streamThings, outputs: {n: $response.body#/0/data}, x-sse: %s}\n"
)

// wait answers nothing until the client is gone or the test is over.
func wait(_ http.ResponseWriter, r *http.Request, over <-chan struct{}) {
	select {
	case <-over:
	case <-r.Context().Done():
	}
}

// TestTimeouts holds whose limit ends an attempt (S-065): the step's own timeout, else
// the one of the options.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, step string
		handler    func(http.ResponseWriter, *http.Request, <-chan struct{})
		options    runner.Options
		want       string
	}{
		{"a step without an answer", "", wait, runner.Options{StepTimeout: 20 * time.Millisecond}, "failed, exit 1, timeout: no answer within 20ms, the time that --step-timeout allows"},
		{"a step with a timeout of its own", "timeout: 20", wait, runner.Options{StepTimeout: time.Hour}, "failed, exit 1, timeout: it was not over within 20ms, the step's own timeout"},
		{"a step that allows no time", "timeout: 0", wait, runner.Options{}, "failed, exit 1, timeout: the request was not sent: the step's timeout is 0, which allows it no time"},
		{"a step that allows more than the flag", "timeout: 99999999999999999999", wait, runner.Options{StepTimeout: time.Millisecond, Timeout: 20 * time.Millisecond}, "failed, exit 1, timeout: the run was not over within 20ms, the time that --timeout allows"},
		{"the run", "", wait, runner.Options{Timeout: 20 * time.Millisecond}, "failed, exit 1, timeout: the run was not over within 20ms, the time that --timeout allows"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			document := strings.Replace(steps("  - {stepId: s, operationId: listThings, "+test.step+"}\n"), "1.0.1", "1.1.0", 1)
			wantTold(t, load(t, document, handle(t, test.handler), test.options).Run(t.Context()), test.want)
		})
	}
}

// TestRunTimeoutLeavesWorkflowsOver holds that a workflow that was not reached
// is told as failed, not left out.
func TestRunTimeoutLeavesWorkflowsOver(t *testing.T) {
	t.Parallel()
	document := head + "workflows:\n- {workflowId: a, steps: [{stepId: s, operationId: listThings}]}\n- {workflowId: b, steps: [{stepId: s, operationId: listThings}]}\n"
	r := load(t, document, handle(t, wait), runner.Options{Timeout: 20 * time.Millisecond}).Run(t.Context())
	wantTold(t, r, "failed, exit 1, timeout: the run was not over within 20ms, the time that --timeout allows")
	if len(r.Workflows) != 2 || len(r.Workflows[1].Steps) != 0 {
		t.Errorf("the result has %d workflows", len(r.Workflows))
	}
}

// TestNoAnswer holds that a request without an answer fails its step, as criteria
// do that ask for the answer (S-131).
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	hangUp := handle(t, func(w http.ResponseWriter, _ *http.Request, _ <-chan struct{}) {
		connection, _, err := w.(http.Hijacker).Hijack()
		if err != nil || connection.Close() != nil {
			t.Errorf("the connection cannot be closed: %v", err)
		}
	})
	tests := []struct{ name, steps, server, want string }{
		{"refused", oneStep, closed, "failed, exit 3, no-response: the server gave no answer: dial tcp " + strings.TrimPrefix(closed, "http://") + ": connect: connection refused"},
		{"hung up", oneStep, hangUp, "failed, exit 3, no-response: the server gave no answer: EOF"},
		{
			"refused and handled", "  - {stepId: s, operationId: listThings, onFailure: [{name: a, type: goto, stepId: t, criteria: [{condition: $statusCode == null}]}]}\n  - {stepId: t, operationId: listThings, onFailure: [{name: e, type: end, criteria: [{condition: $statusCode == 500}]}]}\n",
			closed, "failed, exit 3, no-response: the server gave no answer: dial tcp " + strings.TrimPrefix(closed, "http://") + ": connect: connection refused",
		},
		{"criteria do not hold on nothing", "  - {stepId: s, operationId: listThings, successCriteria: [{condition: $statusCode == null}, {condition: $response.body == null}]}\n", hangUp, "failed, exit 3, no-response: the server gave no answer: EOF"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			wantTold(t, load(t, steps(test.steps), test.server, runner.Options{}).Run(t.Context()), test.want)
		})
	}
}

// endless is a body that has no end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// transport answers without a network.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestResponsesTooLargeOrBroken(t *testing.T) {
	t.Parallel()
	answer := func(media string, body io.Reader) transport {
		return func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {media}}, Body: io.NopCloser(body)}, nil
		}
	}
	broken := func(text string) io.Reader { return io.MultiReader(strings.NewReader(text), errorReader{}) }
	tests := []struct {
		name, steps string
		transport   transport
		want        string
	}{
		{"too large", oneStep, answer("text/plain", endless{}), "failed, exit 1, response-too-large: the response has more than 67108864 bytes"},
		{"broken off", oneStep, answer("text/plain", broken("half")), `failed, exit 1, response-broken: the response broke off: the connection ended before it; it begins with "half"`},
		{"an endless event", fmt.Sprintf(streamStep, "{events: 1}"), answer("text/event-stream", endless{}), "failed, exit 1, response-too-large: event no. 1 of the stream, or a line before it, has more than 16777216 bytes"},
		{"an endless line", fmt.Sprintf(streamStep, "{events: 1}"), answer("application/x-ndjson", endless{}), "failed, exit 1, response-too-large: event no. 1 of the stream, or a line before it, has more than 16777216 bytes"},
		{"an endless stream of bytes", fmt.Sprintf(streamStep, "{within: 60000}"), answer("text/event-stream", repeated("data: "+strings.Repeat("x", 1<<20)+"\n\n")), "failed, exit 1, response-too-large: the stream has more than 67108864 bytes"},
		{"an endless stream of events", fmt.Sprintf(streamStep, "{within: 60000}"), answer("application/x-ndjson", repeated("1\n")), "failed, exit 1, response-too-large: the stream has more than 100000 events"},
		{"a stream that breaks", fmt.Sprintf(streamStep, "{events: 2}"), answer("text/event-stream", broken("data: 1\n\n")), "failed, exit 1, stream-ended: the stream broke after 1 events: the response broke off: the connection ended before it"},
		{"a line of which the end is missing", fmt.Sprintf(streamStep, "{events: 2}"), answer("application/x-ndjson", broken("1\n23")), `failed, exit 1, stream-ended: the stream broke after 1 events: the response broke off: the connection ended before it; what else came is no event: "23"`},
		{"a last line without an end", fmt.Sprintf(streamStep, "{events: 2}"), answer("application/x-ndjson", strings.NewReader("1\n23")), "succeeded, exit 0"},
		{"a whole line before a break", fmt.Sprintf(streamStep, "{events: 1}"), answer("application/x-ndjson", broken("1\n")), "succeeded, exit 0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			wantTold(t, load(t, steps(test.steps), "http://api.test", runner.Options{Transport: test.transport}).Run(t.Context()), test.want)
		})
	}
}

type errorReader struct{}

func (errorReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// repeated reads a text again and again.
func repeated(text string) io.Reader {
	pipe, w := io.Pipe()
	go func() {
		for {
			if _, err := io.WriteString(w, text); errors.Is(err, io.ErrClosedPipe) {
				return
			}
		}
	}()
	return pipe
}

// events is a handler that sends events and stays open until the client leaves,
// which it tells.
func events(n int, left chan<- struct{}) func(http.ResponseWriter, *http.Request, <-chan struct{}) {
	return func(w http.ResponseWriter, r *http.Request, over <-chan struct{}) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		for i := range n {
			fmt.Fprintf(w, "data: %d\n\n", i)
		}
		w.(http.Flusher).Flush()
		wait(w, r, over)
		select {
		case left <- struct{}{}:
		case <-over:
		}
	}
}

func TestOpenStreams(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, options string
		sent          int
		want          string
		received      int
	}{
		{"enough events", "{events: 2}", 5, "succeeded, exit 0", 2},
		{"enough events and linger", "{events: 2, linger: 20}", 5, "succeeded, exit 0", 2},
		{"until", "{until: $response.body#/2/data == 2}", 5, "succeeded, exit 0", 3},
		{"within", "{within: 400}", 3, "succeeded, exit 0", 3},
		{"idle", "{idle: 400}", 3, "succeeded, exit 0", 3},
		{"too few within", "{events: 5, within: 400}", 3, "failed, exit 1, stream-ended: 3 of 5 events came: 400ms were over", 3},
		{"too few before idle", "{events: 5, idle: 400}", 3, "failed, exit 1, stream-ended: 3 of 5 events came: no event came for 400ms", 3},
		{"until never held", "{until: $response.body#/99 != null, idle: 400}", 1, "failed, exit 1, stream-ended: the condition of until never held in 1 events: no event came for 400ms; $response.body#/99 is null", 1},
		{"until that cannot be evaluated", "{until: $response.body > 1, idle: 400}", 1, `failed, exit 1, stream-ended: the condition of until never held in 1 events: no event came for 400ms; [{"data":0,"event":"message","id":""}] cannot be ordered against 1`, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			left := make(chan struct{})
			server := handle(t, events(test.sent, left))
			// A step timeout that is over long before the stream is: it ends with the headers.
			r := load(t, steps(fmt.Sprintf(streamStep, test.options)), server, runner.Options{}).Run(t.Context())
			wantTold(t, r, test.want)
			if body := r.Workflows[0].Steps[0].Attempts[0].Response.Body.([]any); len(body) != test.received {
				t.Errorf("%d events were received, want %d", len(body), test.received)
			}
			<-left // the connection does not outlive its step
		})
	}
}

// TestIdleBeginsAnewWithEachEvent reads, on a clock of its own, a stream that
// lasts longer than it may be idle.
func TestIdleBeginsAnewWithEachEvent(t *testing.T) {
	t.Parallel()
	document := steps(fmt.Sprintf(streamStep, "{idle: 5000}"))
	synctest.Test(t, func(t *testing.T) {
		body, w := io.Pipe()
		go func() {
			for range 4 {
				<-time.After(4 * time.Second)
				fmt.Fprint(w, "data: 1\n\n")
			}
		}()
		answer := transport(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: body}, nil
		})
		r := load(t, document, "http://api.test", runner.Options{Transport: answer}).Run(t.Context())
		wantTold(t, r, "succeeded, exit 0")
		if received := r.Workflows[0].Steps[0].Attempts[0].Response.Body.([]any); len(received) != 4 {
			t.Errorf("%d events were received, want 4", len(received))
		}
	})
}

// TestPasswordOfAServer holds that a password in a server's URL is sent and not
// shown.
func TestPasswordOfAServer(t *testing.T) {
	t.Parallel()
	var sent string
	answer := transport(func(r *http.Request) (*http.Response, error) {
		sent = r.Header.Get("Authorization")
		return nil, io.ErrUnexpectedEOF
	})
	r := load(t, steps(oneStep), "http://user:hunter22@api.test", runner.Options{Transport: answer}).Run(t.Context())
	if sent != "Basic dXNlcjpodW50ZXIyMg==" {
		t.Errorf("sent %q", sent)
	}
	if text := golden(t, r); strings.Contains(text, "hunter22") || !strings.Contains(text, "http://user:***@api.test/things") {
		t.Errorf("shown: %s", text)
	}
}

// TestInterrupted ends a run in the middle of whatever it waits for.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	const retry = "  - {stepId: s, operationId: listThings, onFailure: [{name: again, type: retry, retryAfter: 3600}]}\n"
	tests := []struct {
		name, steps string
		handler     func(arrived chan<- struct{}) func(http.ResponseWriter, *http.Request, <-chan struct{})
		attempts    int
	}{
		{"while it waits for an answer", oneStep, waiting, 1},
		{"while it reads a stream", fmt.Sprintf(streamStep, "{within: 60000}"), streaming, 1},
		{"while a stream lingers", fmt.Sprintf(streamStep, "{events: 1, linger: 60000}"), streaming, 1},
		{"before a retry", retry, failing, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			arrived := make(chan struct{}, 1)
			ctx, cancel := context.WithCancel(t.Context())
			plan := load(t, steps(test.steps), handle(t, test.handler(arrived)), runner.Options{})
			go func() {
				<-arrived
				cancel()
			}()
			r := plan.Run(ctx)
			wantTold(t, r, "failed, exit 130, interrupted: the run was interrupted")
			if attempts := r.Workflows[0].Steps[0].Attempts; len(attempts) != test.attempts || attempts[0].Action != nil {
				t.Errorf("there are %d attempts, and the first was followed by %v", len(attempts), attempts[0].Action)
			}
		})
	}
}

func waiting(arrived chan<- struct{}) func(http.ResponseWriter, *http.Request, <-chan struct{}) {
	return func(w http.ResponseWriter, r *http.Request, over <-chan struct{}) {
		arrived <- struct{}{}
		wait(w, r, over)
	}
}

func streaming(arrived chan<- struct{}) func(http.ResponseWriter, *http.Request, <-chan struct{}) {
	return func(w http.ResponseWriter, r *http.Request, over <-chan struct{}) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: 1\n\n")
		w.(http.Flusher).Flush()
		arrived <- struct{}{}
		wait(w, r, over)
	}
}

func failing(arrived chan<- struct{}) func(http.ResponseWriter, *http.Request, <-chan struct{}) {
	return func(w http.ResponseWriter, _ *http.Request, _ <-chan struct{}) {
		w.WriteHeader(http.StatusServiceUnavailable)
		arrived <- struct{}{}
	}
}

// TestNothingIsLeftRunning runs what starts goroutines, ends it early, and waits
// until there are as many as before. It has the process to itself.
func TestNothingIsLeftRunning(t *testing.T) {
	server := handle(t, events(3, make(chan struct{}, 100)))
	before := runtime.NumGoroutine()
	for range 3 {
		plan := load(t, steps(fmt.Sprintf(streamStep, "{events: 1}")+"  - {stepId: t, operationId: listThings, x-sse: {within: 60000}}\n"), server, runner.Options{Timeout: 100 * time.Millisecond})
		wantTold(t, plan.Run(t.Context()), "failed, exit 1, timeout: the run was not over within 100ms, the time that --timeout allows")
	}
	deadline := time.After(10 * time.Second) // far beyond what closing connections takes
	for runtime.NumGoroutine() > before {
		select {
		case <-deadline:
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines became %d:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
		default:
			runtime.Gosched()
		}
	}
}

// TestPlanRunsTwice holds that a run leaves nothing behind in its plan.
func TestPlanRunsTwice(t *testing.T) {
	t.Parallel()
	server := serve(t, "200\nContent-Type: application/json\n\n{\"id\": 1}\n---\n200\n---\n200\nContent-Type: application/json\n\n{\"id\": 1}\n---\n200\n")
	plan := load(t, steps("  - {stepId: s, operationId: listThings, outputs: {id: $response.body#/id, gone: $response.body#/gone}}\n"+
		"  - {stepId: t, operationId: listThings, parameters: [{name: q, in: query, value: $steps.s.outputs.id}]}\n"), server.url, runner.Options{})
	first, second := golden(t, plan.Run(t.Context())), golden(t, plan.Run(t.Context()))
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
	server.asked()
}

// diary is an observer that writes down what it is told.
type diary []string

func (d *diary) Observe(e runner.Event) {
	switch e := e.(type) {
	case runner.WorkflowStarted:
		d.write("%s starts with %v", e.WorkflowID, e.Inputs)
	case runner.StepStarted:
		d.write("%s %s: %s", e.WorkflowID, e.StepID, e.Operation)
	case runner.AttemptEnded:
		d.write("%s %s: %d", e.WorkflowID, e.StepID, e.Attempt.Response.Status)
	case runner.StepEnded:
		d.write("%s %s %s", e.WorkflowID, e.Step.StepID, e.Step.Status)
	case runner.WorkflowEnded:
		d.write("%s %s with %v", e.Workflow.WorkflowID, e.Workflow.Status, e.Workflow.Outputs)
	}
}

func (d *diary) write(format string, args ...any) { *d = append(*d, fmt.Sprintf(format, args...)) }

func TestObserver(t *testing.T) {
	t.Parallel()
	document := head + "workflows:\n- {workflowId: a, inputs: {properties: {secret: {}}}, steps: [{stepId: s, operationId: listThings}], outputs: {x: $inputs.secret}}\n" +
		"- {workflowId: b, steps: [{stepId: t, operationId: listThings}]}\n"
	var seen diary
	server := serve(t, "200\n---\n404\n")
	load(t, document, server.url, runner.Options{Observer: &seen, Inputs: map[string]any{"secret": "hunter22"}}).Run(t.Context())
	want := diary{
		"a starts with map[secret:***]", "a s: GET /things", "a s: 200", "a s succeeded", "a succeeded with map[x:***]",
		"b starts with map[]", "b t: GET /things", "b t: 404", "b t failed", "b failed with map[]",
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
