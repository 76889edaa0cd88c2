package runner_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
)

// TestBackground reads streams while other steps run. The server sends an event for
// each thing that is created, so that nothing comes before the steps in between ran.
func TestBackground(t *testing.T) {
	t.Parallel()
	const (
		listen = "  - {stepId: listen, operationId: streamThings, x-sse: {background: true, %s}, outputs: {first: $response.body#/0/data}%s}\n"
		create = "  - {stepId: create, operationId: createThing, requestBody: {payload: %d}}\n"
		use    = "  - {stepId: use, operationId: getThing, parameters: [{name: id, in: path, value: $steps.listen.outputs.first}]}\n"
	)
	creates := fmt.Sprintf(create, 1)
	tests := []struct {
		name, steps, outputs string
		want                 string
		asked                []string
	}{
		{
			"a step that uses its outputs waits for it", fmt.Sprintf(listen, "events: 1", "") + creates + use, "",
			"succeeded, exit 0",
			[]string{"GET /stream", "POST /things", "GET /things/1"},
		},
		{
			"a step that depends on it waits for it", fmt.Sprintf(listen, "events: 1", "") + creates + "  - {stepId: last, dependsOn: [listen], operationId: listThings}\n", "",
			"succeeded, exit 0",
			[]string{"GET /stream", "POST /things", "GET /things"},
		},
		{
			"the workflow's outputs wait for it", fmt.Sprintf(listen, "events: 1", "") + creates, "  outputs: {first: $steps.listen.outputs.first}\n",
			"succeeded, exit 0",
			[]string{"GET /stream", "POST /things"},
		},
		{
			"what nobody waits for is stopped and judged: it had enough", fmt.Sprintf(listen, "within: 60000", "") + creates, "",
			"succeeded, exit 0",
			[]string{"GET /stream", "POST /things"},
		},
		{
			"what nobody waits for is stopped and judged: too few came", fmt.Sprintf(listen, "events: 5", "") + creates, "",
			"failed, exit 1, stream-ended: 1 of 5 events came: the workflow ended",
			[]string{"GET /stream", "POST /things"},
		},
		{
			"what nobody waits for is stopped and judged: it lingers", fmt.Sprintf(listen, "events: 1, linger: 60000", "") + creates, "",
			"succeeded, exit 0",
			[]string{"GET /stream", "POST /things"},
		},
		{
			"one that fails keeps the step that waits for it from running", fmt.Sprintf(listen, "events: 1", ", successCriteria: [{condition: $response.body#/0/data == 2}]") + creates + use, "",
			"failed, exit 1",
			[]string{"GET /stream", "POST /things"},
		},
		{
			"its failure is handled where it is waited for",
			fmt.Sprintf(listen, "events: 1", ", successCriteria: [{condition: $response.body#/0/data == 2}], onFailure: [{name: away, type: goto, stepId: last}]") + creates + use +
				"  - {stepId: last, operationId: listThings}\n", "",
			"succeeded, exit 0",
			[]string{"GET /stream", "POST /things", "GET /things"},
		},
		{
			"one that cannot begin is judged at once", "  - {stepId: listen, operationId: listThings, x-sse: {background: true, events: 1}}\n" + creates, "",
			`failed, exit 1, not-a-stream: x-sse expects a stream of events, and what came is 200 with the Content-Type "application/json": []`,
			[]string{"GET /things"},
		},
		{
			"a workflow that fails stops it", fmt.Sprintf(listen, "events: 5", "") + "  - {stepId: bad, operationId: getThing, parameters: [{name: id, in: path, value: none}]}\n", "",
			"failed, exit 1, stream-ended: 0 of 5 events came: the workflow ended",
			[]string{"GET /stream", "GET /things/none"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			api := newEcho(t)
			document := later + "- workflowId: w\n  steps:\n" + test.steps + test.outputs
			r := load(t, document, api.url, runner.Options{Transport: api}).Run(t.Context())
			wantTold(t, r, test.want)
			if diff := cmp.Diff(test.asked, api.requests()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestBackgroundOfAShortStream holds that a stream which is over with its first
// packet is judged where any other is: at the end, or where a step needs it.
func TestBackgroundOfAShortStream(t *testing.T) {
	t.Parallel()
	document := later + `- workflowId: w
  steps:
  - {stepId: listen, operationId: streamThings, x-sse: {background: true, events: 1}, successCriteria: [{condition: $response.body#/0/data == 2}]}
  - {stepId: other, operationId: listThings}
`
	plan := load(t, document, "http://api.test", runner.Options{Transport: transport(func(r *http.Request) (*http.Response, error) {
		media := "application/json"
		if r.URL.Path == "/stream" {
			media = "text/event-stream"
		}
		return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {media}}, Body: io.NopCloser(strings.NewReader("data: 1\n\n"))}, nil
	})})
	for range 200 {
		if r := plan.Run(t.Context()); r.Status != runner.Failed || len(r.Workflows[0].Steps) != 2 {
			t.Fatalf("%s after %d steps", r.Status, len(r.Workflows[0].Steps))
		}
	}
}

// TestHelperWaitsForAStream holds that a step which runs before a retry does not take
// the outputs of an earlier visit of a stream that is read again (S-066, S-127).
func TestHelperWaitsForAStream(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var asked []string
	streams, posts, created := 0, 0, make(chan struct{})
	server := handle(t, func(w http.ResponseWriter, r *http.Request, over <-chan struct{}) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.Method+" "+r.URL.Path)
		switch {
		case r.URL.Path == "/stream":
			streams++
			w.Header().Set("Content-Type", "text/event-stream")
			w.(http.Flusher).Flush()
			text := fmt.Sprintf("data: %d\n\n", streams)
			if streams == 2 {
				mu.Unlock()
				select {
				case <-created:
				case <-over:
				}
				mu.Lock()
			}
			fmt.Fprint(w, text)
		case r.Method == http.MethodPost:
			if posts++; posts == 1 {
				w.WriteHeader(http.StatusConflict)
				close(created)
			}
		}
	})
	document := steps(`  - {stepId: listen, operationId: streamThings, x-sse: {background: true, events: 1}, outputs: {n: $response.body#/0/data}}
  - {stepId: look, operationId: getThing, parameters: [{name: id, in: path, value: x}], outputs: {n: $response.body#/n}, onSuccess: [{name: on, type: goto, stepId: create, criteria: [{condition: $steps.use.outputs.n == 1}]}]}
  - {stepId: use, operationId: getThing, parameters: [{name: id, in: path, value: $steps.listen.outputs.n}], outputs: {n: $request.path.id}, onSuccess: [{name: back, type: goto, stepId: listen}]}
  - {stepId: create, operationId: createThing, requestBody: {payload: 1}, onFailure: [{name: again, type: retry, stepId: use}]}
`)
	wantTold(t, load(t, document, server, runner.Options{}).Run(t.Context()), "succeeded, exit 0")
	want := []string{"GET /stream", "GET /things/x", "GET /things/1", "GET /stream", "GET /things/x", "POST /things", "GET /things/2", "POST /things"}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// echo is a server that sends what is created to those who listen, and a way to it.
type echo struct {
	url   string
	asked chan string
	// taken tells that an event was taken. Who created something is answered then.
	taken chan struct{}
}

// RoundTrip goes to the server, and looks on while an event stream is read.
func (e *echo) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && answer.Header.Get("Content-Type") == "text/event-stream" {
		answer.Body = &watched{ReadCloser: answer.Body, taken: e.taken}
	}
	return answer, err
}

// watched is a stream of events that come one at a time: when more is read, the one
// before was taken.
type watched struct {
	io.ReadCloser
	taken chan<- struct{}
	gave  bool
}

func (w *watched) Read(p []byte) (int, error) {
	if w.gave {
		w.taken <- struct{}{}
	}
	n, err := w.ReadCloser.Read(p)
	w.gave = n > 0
	return n, err
}

func newEcho(t *testing.T) *echo {
	t.Helper()
	e := &echo{asked: make(chan string, 10), taken: make(chan struct{}, 10)}
	created := make(chan struct{})
	e.url = handle(t, func(w http.ResponseWriter, r *http.Request, over <-chan struct{}) {
		e.asked <- r.Method + " " + r.URL.Path
		switch {
		case r.URL.Path == "/stream":
			w.Header().Set("Content-Type", "text/event-stream")
			w.(http.Flusher).Flush()
			select {
			case <-created:
				fmt.Fprint(w, "id: 7\ndata: 1\n\n")
				w.(http.Flusher).Flush()
				wait(w, r, over)
			case <-over:
			case <-r.Context().Done():
			}
		case r.Method == http.MethodPost:
			created <- struct{}{}
			<-e.taken
		case r.URL.Path == "/things/none":
			w.WriteHeader(http.StatusNotFound)
		default:
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, "[]")
		}
	})
	return e
}

func (e *echo) requests() []string {
	var list []string
	for len(e.asked) > 0 {
		list = append(list, <-e.asked)
	}
	return list
}

// TestReconnectIsNotIdle reads, on a clock of its own, a stream whose server asks for a
// longer pause than it may be idle, then for the same again without an answer, which
// takes as long as an attempt may, and at last is silent.
func TestReconnectIsNotIdle(t *testing.T) {
	t.Parallel()
	document := steps("  - {stepId: s, operationId: streamThings, x-sse: {events: 3, reconnect: 9}}\n")
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		answer := transport(func(r *http.Request) (*http.Response, error) {
			body := io.NopCloser(strings.NewReader("retry: 20000\nid: 1\ndata: 1\n\n"))
			switch asked++; asked {
			case 2:
				<-r.Context().Done()
				return nil, r.Context().Err()
			case 4:
				silent, _ := io.Pipe()
				body = silent
			}
			return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: body}, nil
		})
		started := time.Now()
		r := load(t, document, "http://api.test", runner.Options{Transport: answer}).Run(t.Context())
		wantTold(t, r, "failed, exit 1, stream-ended: 2 of 3 events came: no event came for 5s")
		const pauses, unanswered, idle = 3 * 20, 30, 5
		if took := time.Since(started); took != (pauses+unanswered+idle)*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

// TestReconnect asks for a stream again that breaks, from its last event on.
func TestReconnect(t *testing.T) {
	t.Parallel()
	const step = "  - {stepId: s, operationId: streamThings, x-sse: {%s}, outputs: {n: $response.body#/2/data}}\n"
	stream := func(text string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/event-stream")
			fmt.Fprint(w, text)
		}
	}
	status := func(code int) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { w.WriteHeader(code) }
	}
	page := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<p>Who are you?")
	}
	compressed := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Content-Encoding", "zstd")
		fmt.Fprint(w, "data: 1\n\n")
	}
	broken := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, "id: 1\ndata: 1\n\n")
	}
	tests := []struct {
		name, options string
		answers       []func(http.ResponseWriter)
		want          string
		ids, waits    []string
	}{
		{
			"until there is enough", "events: 3, reconnect: 5",
			[]func(http.ResponseWriter){stream("retry: 50\nid: a\ndata: 1\n\n"), stream("id: b\ndata: 2\n\n"), stream("data: 3\n\n")},
			"succeeded, exit 0",
			[]string{"", "a", "b"},
			[]string{"50ms", "50ms"},
		},
		{
			"behind an event that has no id in force never: events would come twice", "events: 4, reconnect: 5",
			[]func(http.ResponseWriter){stream("id: a\ndata: 1\n\n"), stream("data: 2\n\n"), stream("id\ndata: 3\n\n"), stream("data: 4\n\n")},
			"failed, exit 1, stream-ended: 3 of 4 events came: the server closed the stream; it was not asked for again, for its last event has no id",
			[]string{"", "a", "a"},
			[]string{"1s", "1s"},
		},
		{
			"before any event came, from the start", "events: 1, reconnect: 1",
			[]func(http.ResponseWriter){stream(": nothing\n\n"), stream("data: 1\n\n")},
			"succeeded, exit 0",
			[]string{"", ""},
			[]string{"1s"},
		},
		{
			"after it broke", "events: 2, reconnect: 1",
			[]func(http.ResponseWriter){broken, stream("data: 2\n\n")},
			"succeeded, exit 0",
			[]string{"", "1"},
			[]string{"1s"},
		},
		{
			"not without being asked to", "events: 2",
			[]func(http.ResponseWriter){stream("id: a\ndata: 1\n\n")},
			"failed, exit 1, stream-ended: 1 of 2 events came: the server closed the stream",
			[]string{""},
			nil,
		},
		{
			"as often as the step says", "events: 3, reconnect: 1",
			[]func(http.ResponseWriter){stream("id: a\ndata: 1\n\n"), stream("id: b\ndata: 2\n\n")},
			"failed, exit 1, stream-ended: 2 of 3 events came: the server closed the stream",
			[]string{"", "a"},
			[]string{"1s"},
		},
		{
			"not when the server asks to stop", "events: 3, reconnect: 5",
			[]func(http.ResponseWriter){stream("id: a\ndata: 1\n\n"), status(204)},
			"failed, exit 1, stream-ended: 1 of 3 events came: the server closed the stream; asked for again, the server answered 204 without a Content-Type",
			[]string{"", "a"},
			[]string{"1s"},
		},
		{
			"not when it has no stream any more", "events: 3, reconnect: 5",
			[]func(http.ResponseWriter){stream("id: a\ndata: 1\n\n"), page},
			`failed, exit 1, stream-ended: 1 of 3 events came: the server closed the stream; asked for again, the server answered 200 with the Content-Type "text/html"`,
			[]string{"", "a"},
			[]string{"1s"},
		},
		{
			"not when it is compressed in a way that nobody asked for", "events: 3, reconnect: 5",
			[]func(http.ResponseWriter){compressed},
			`failed, exit 1, unknown-encoding: the response has the content encoding "zstd", which cannot be read and was not asked for`,
			[]string{""},
			nil,
		},
		{
			"again when the server is not ready", "events: 2, reconnect: 5",
			[]func(http.ResponseWriter){stream("retry: 600000\nid: a\ndata: 1\n\n"), status(503), stream("data: 2\n\n")},
			"succeeded, exit 0",
			[]string{"", "a", "a"},
			[]string{"30s", "30s"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var ids []string
			server := handle(t, func(w http.ResponseWriter, r *http.Request, _ <-chan struct{}) {
				answer := test.answers[len(ids)]
				ids = append(ids, r.Header.Get("Last-Event-ID"))
				answer(w)
			})
			clock := &idleClock{}
			r := load(t, steps(fmt.Sprintf(step, test.options)), server, runner.Options{Clock: clock}).Run(t.Context())
			wantTold(t, r, test.want)
			if diff := cmp.Diff(test.ids, ids); diff != "" {
				t.Errorf("the ids (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.waits, clock.waits); diff != "" {
				t.Errorf("the pauses (-want +got):\n%s", diff)
			}
		})
	}
}
