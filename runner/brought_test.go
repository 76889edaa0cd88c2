package runner_test

import (
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type observe func(runner.Event)

func (f observe) Observe(e runner.Event) { f(e) }

type reading func([]byte) (int, error)

func (f reading) Read(p []byte) (int, error) { return f(p) }

const (
	head2     = "arazzo: 1.0.1\ninfo: {title: t, version: v}\nsourceDescriptions:\n- {name: api, url: api.yml, type: openapi}\nworkflows:\n"
	oneFlow   = head2 + "- workflowId: w\n  steps:\n" + oneStep
	twoFlows  = oneFlow + "- workflowId: x\n  steps:\n" + oneStep
	tokenFlow = head2 + "- workflowId: w\n  steps:\n  - {stepId: s, operationId: oauth}\n"
	aloftFlow = head2 + "- workflowId: w\n  steps:\n  - {stepId: s, operationId: streamThings, x-sse: {background: true}, outputs: {n: $response.body#/0}}\n" +
		"  - {stepId: t, operationId: listThings, parameters: [{name: q, in: query, value: $steps.s.outputs.n}]}\n"
)

// TestPanicArrives holds that a panic of what the caller brings along can be
// recovered by who calls Run, whichever goroutine it happens in.
func TestPanicArrives(t *testing.T) {
	t.Parallel()
	fails := func() { panic("ours") } //nolint:forbidigo // it is what the test is about
	sends := roundTrip(func(*http.Request) (*http.Response, error) { fails(); return nil, nil })
	answers := func(header http.Header, body io.Reader) roundTrip {
		return func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: header, Body: io.NopCloser(body)}, nil
		}
	}
	breaks := reading(func([]byte) (int, error) { fails(); return 0, io.EOF })
	tokens := map[string]string{"oauth.clientId": "me", "oauth.clientSecret": "s3cret"}
	for name, test := range map[string]struct {
		document string
		o        runner.Options
	}{
		"in the only strand":   {oneFlow, runner.Options{Transport: sends}},
		"in one of two":        {twoFlows, runner.Options{Transport: sends, Parallel: 2}},
		"in a flight":          {aloftFlow, runner.Options{Transport: sends}},
		"in a flight's body":   {aloftFlow, runner.Options{Transport: answers(http.Header{"Content-Type": {"text/event-stream"}}, breaks)}},
		"for a token":          {tokenFlow, runner.Options{Transport: sends, Credentials: tokens}},
		"in a token's body":    {tokenFlow, runner.Options{Transport: answers(http.Header{}, breaks), Credentials: tokens}},
		"of an observer":       {oneFlow, runner.Options{Transport: answers(http.Header{}, strings.NewReader("")), Observer: observe(func(runner.Event) { fails() })}},
		"of one, side by side": {twoFlows, runner.Options{Transport: answers(http.Header{}, strings.NewReader("")), Parallel: 2, Observer: observe(func(runner.Event) { fails() })}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := load(t, test.document, "http://api.test", test.o)
			defer func() {
				if got := recover(); got != "ours" {
					t.Errorf("recovered %v", got)
				}
			}()
			plan.Run(t.Context())
		})
	}
}

// TestEmptyTransport holds that a transport without an answer is a server without
// one.
func TestEmptyTransport(t *testing.T) {
	t.Parallel()
	nothing := roundTrip(func(*http.Request) (*http.Response, error) { return nil, nil })
	wantTold(t, load(t, oneFlow, "http://api.test", runner.Options{Transport: nothing}).Run(t.Context()),
		"failed, exit 3, no-response: the transport gave neither an answer nor an error")
	bodiless := roundTrip(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 302, Header: http.Header{"Location": {"/x"}}}, nil
	})
	wantTold(t, load(t, oneFlow, "http://api.test", runner.Options{Transport: bodiless}).Run(t.Context()),
		"failed, exit 1, redirect-not-followed: the server redirected 10 times, and then to http://api.test/x again: a circle")
	o := runner.Options{Transport: nothing, Credentials: map[string]string{"oauth.clientId": "me", "oauth.clientSecret": "s3cret"}}
	wantTold(t, load(t, tokenFlow, "http://api.test", o).Run(t.Context()),
		`failed, exit 3, no-token: the request was not sent: no token for the security scheme "oauth": http://api.test/token: the server gave no answer: http: RoundTripper implementation (credential.endpointTransport) returned a nil *Response with a nil error`)
}

// TestWrongOptions holds that options which cannot be meant are refused when a
// document is loaded.
func TestWrongOptions(t *testing.T) {
	t.Parallel()
	cyclic := map[string]any{}
	cyclic["self"] = cyclic
	var list []any
	list = []any{&list}
	input := func(value any) runner.Options { return runner.Options{Inputs: map[string]any{"x": value}} }
	const noJSON = `wrong-input: the input "x" is no JSON value: `
	for name, test := range map[string]struct {
		o    runner.Options
		want string
	}{
		"a map in itself":    {input(cyclic), noJSON + "json: unsupported value: encountered a cycle via map[string]interface {}"},
		"a list in itself":   {input(list), noJSON + "json: unsupported value: encountered a cycle via []interface {}"},
		"not a number":       {input(math.NaN()), noJSON + "json: unsupported value: NaN"},
		"a channel":          {input([]any{make(chan int)}), noJSON + "json: unsupported type: chan int"},
		"a function":         {input(func() {}), noJSON + "json: unsupported type: func()"},
		"no UTF-8":           {input("a\xff"), noJSON + "a text in it is not in UTF-8"},
		"no UTF-8, typed":    {input(runner.Text("a\xff")), noJSON + "a text in it is not in UTF-8"},
		"no UTF-8 inside":    {input(map[string]any{"a": []string{"\\\xff"}}), noJSON + "a text in it is not in UTF-8"},
		"what looks like it": {input(map[string]any{"a": `\ufffd \\ufffd ` + "\ufffd"}), ""},
		"steps":              {runner.Options{MaxSteps: -1}, "wrong-option: the option MaxSteps is negative: -1"},
		"bytes":              {runner.Options{MaxResponseBytes: -5}, "wrong-option: the option MaxResponseBytes is negative: -5"},
		"several":            {runner.Options{Parallel: -1, Timeout: -time.Second, StepTimeout: -2}, "wrong-option: the option Parallel is negative: -1; wrong-option: the option Timeout is negative: -1000000000; wrong-option: the option StepTimeout is negative: -2"},
		"none":               {runner.Options{PollInterval: -1}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			write(t, folder, nil)
			document := head2 + "- workflowId: w\n  inputs: {properties: {x: {}}}\n  steps:\n" + oneStep
			test.o.Servers = map[string]string{"api": "http://api.test"}
			_, err := runner.Parse(t.Context(), &source.File{Name: folder + "/workflow.yml", Text: document}, test.o)
			var told []string
			for _, d := range source.Of(err) {
				told = append(told, d.Code+": "+d.Message)
			}
			if diff := cmp.Diff(test.want, strings.Join(told, "; ")); diff != "" || err != nil && told == nil {
				t.Errorf("%v (-want +got):\n%s", errors.Unwrap(err), diff)
			}
		})
	}
}
