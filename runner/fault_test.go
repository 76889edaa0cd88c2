package runner_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner"
)

// TestFaultsReachTheCaller holds that a panic in a goroutine of a run goes on in the
// caller's, where a program can tell it: it would else end as if nothing was sent.
func TestFaultsReachTheCaller(t *testing.T) {
	t.Parallel()
	panics := transport(func(*http.Request) (*http.Response, error) { panic("the transport") }) //nolint:forbidigo // it stands for a fault
	reads := transport(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: io.NopCloser(faulty{})}, nil
	})
	tests := []struct {
		name, steps string
		options     runner.Options
		want        string
	}{
		{"in order", oneStep, runner.Options{Transport: panics}, "the transport"},
		{"side by side", oneStep, runner.Options{Transport: panics, Parallel: 2}, "the transport"},
		{"in the background", "  - {stepId: s, operationId: streamThings, x-sse: {events: 1, background: true}}\n", runner.Options{Transport: panics}, "the transport"},
		{"while a stream is read", "  - {stepId: s, operationId: streamThings, x-sse: {events: 1}}\n", runner.Options{Transport: reads}, "the body"},
		{"while a stream is read in the background", "  - {stepId: s, operationId: streamThings, x-sse: {events: 1, background: true}, outputs: {n: $response.body}}\n  - {stepId: t, operationId: listThings, parameters: [{name: q, in: query, value: $steps.s.outputs.n}]}\n", runner.Options{Transport: reads}, "the body"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if fault := recover(); fault != test.want {
					t.Errorf("the fault is %v", fault)
				}
			}()
			load(t, steps(test.steps), "http://api.test", test.options).Run(t.Context())
		})
	}
}

// faulty is a body that cannot be read for a fault in the program.
type faulty struct{}

func (faulty) Read([]byte) (int, error) { panic("the body") } //nolint:forbidigo // it stands for a fault
