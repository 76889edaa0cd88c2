package runner_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
)

// The steps of a request in the background, which is answered once another was sent.
const (
	held  = "  - {stepId: held, x-background: true, operationId: getThing, parameters: [{name: id, in: path, value: held}], outputs: {n: $response.body#/n}%s}\n"
	frees = "  - {stepId: frees, operationId: createThing, requestBody: {payload: 1}}\n"
	uses  = "  - {stepId: uses, operationId: getThing, parameters: [{name: id, in: path, value: $steps.held.outputs.n}]}\n"
	last  = "  - {stepId: last, operationId: listThings}\n"
	wrong = ", successCriteria: [{condition: $response.body#/n == %d}]"
)

// TestRequestInTheBackground holds that the steps behind a request in the background run
// before its answer is there, and that whoever needs it waits for it.
func TestRequestInTheBackground(t *testing.T) {
	t.Parallel()
	waits := "  - {stepId: waits, dependsOn: [held], operationId: listThings}\n"
	again := ", onFailure: [{name: again, type: retry, retryAfter: 0.01, retryLimit: 3}]"
	tests := []struct {
		name, steps, outputs string
		want                 string
		asked                string
	}{
		{"a step that uses its outputs waits for it", fmt.Sprintf(held, "") + frees + uses, "", "succeeded, exit 0", "POST /things 1 GET /things/1"},
		{"a step that depends on it waits for it", fmt.Sprintf(held, "") + frees + waits, "", "succeeded, exit 0", "POST /things 1 GET /things"},
		{"the workflow's outputs wait for it", fmt.Sprintf(held, "") + frees, "  outputs: {n: $steps.held.outputs.n}\n", "succeeded, exit 0", "POST /things 1"},
		{"what nobody waits for is waited for at the end", fmt.Sprintf(held, "") + frees, "", "succeeded, exit 0", "POST /things 1"},
		{"its failure is the workflow's there", fmt.Sprintf(held, fmt.Sprintf(wrong, 2)) + frees, "", "failed, exit 1", "POST /things 1"},
		{"its failure is the waiting step's", fmt.Sprintf(held, fmt.Sprintf(wrong, 2)) + frees + uses, "", "failed, exit 1", "POST /things 1"},
		{
			"its action is asked where it is waited for",
			fmt.Sprintf(held, fmt.Sprintf(wrong, 2)+", onFailure: [{name: away, type: goto, stepId: last}]") + frees + uses + last, "",
			"succeeded, exit 0", "POST /things 1 GET /things",
		},
		{"it leads nowhere at the end", fmt.Sprintf(held, fmt.Sprintf(wrong, 2)+", onFailure: [{name: away, type: goto, stepId: frees}]") + frees, "", "failed, exit 1", "POST /things 1"},
		{"it is retried where it is waited for", fmt.Sprintf(held, fmt.Sprintf(wrong, 3)+again) + frees + uses, "", "succeeded, exit 0", "POST /things 1 2 3 GET /things/3"},
		{"it is retried at the end", fmt.Sprintf(held, fmt.Sprintf(wrong, 3)+again) + frees, "", "succeeded, exit 0", "POST /things 1 2 3"},
		{"its retries end", fmt.Sprintf(held, fmt.Sprintf(wrong, 9)+again) + frees, "", "failed, exit 1", "POST /things 1 2 3 4"},
		{
			"a workflow that fails waits, and retries nothing",
			fmt.Sprintf(held, fmt.Sprintf(wrong, 9)+again) + "  - {stepId: bad, operationId: getThing, parameters: [{name: id, in: path, value: none}]}\n", "",
			"failed, exit 1", "GET /things/none 1",
		},
		{"several are under way at a time", fmt.Sprintf(held, "") + strings.Replace(fmt.Sprintf(held, ""), "stepId: held", "stepId: beside", 1) + frees, "", "succeeded, exit 0", "POST /things 1 2"},
		{
			"one that has nothing to send is judged at once",
			"  - {stepId: never, x-background: true, operationId: getThing, parameters: [{name: id, in: path, value: $inputs.none}]}\n" + last, "",
			`failed, exit 1, unresolved-value: the path parameter "id" was not sent: $inputs.none has no value: there is no none`, "",
		},
		{
			"one that was never sent fails who depends on it",
			fmt.Sprintf(held, ", timeout: 0") + frees + waits, "",
			"failed, exit 1, timeout: the request was not sent: the step's timeout is 0, which allows it no time", "",
		},
		{
			"one that takes too long fails where it is waited for",
			fmt.Sprintf(held, ", timeout: 20") + last + uses, "",
			"failed, exit 1, timeout: it was not over within 20ms, the step's own timeout", "GET /things",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := &holding{free: make(chan struct{}, 10), asked: make(chan string, 20)}
			document := later + "- workflowId: w\n  inputs: {type: object, properties: {none: {type: string}}}\n  steps:\n" + test.steps + test.outputs
			r := load(t, document, handle(t, h.answer), runner.Options{}).Run(t.Context())
			wantTold(t, r, test.want)
			close(h.asked)
			var asked []string
			for request := range h.asked {
				asked = append(asked, request)
			}
			if diff := cmp.Diff(test.asked, strings.Join(asked, " ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestBackgroundInALoop holds that each visit of a step waits for the one before, whose
// action is asked then.
func TestBackgroundInALoop(t *testing.T) {
	t.Parallel()
	h := &holding{free: make(chan struct{}, 10), asked: make(chan string, 20)}
	document := later + "- workflowId: w\n  steps:\n" + fmt.Sprintf(held, ", onSuccess: [{name: on, type: goto, stepId: last, criteria: [{condition: $response.body#/n == 2}]}]") +
		strings.Replace(frees, "}}\n", "}, onSuccess: [{name: back, type: goto, stepId: held}]}\n", 1) + last
	r := load(t, document, handle(t, h.answer), runner.Options{}).Run(t.Context())
	wantTold(t, r, "succeeded, exit 0")
	var visits []string
	for _, s := range r.Workflows[0].Steps {
		visits = append(visits, fmt.Sprintf("%s %s %v", s.StepID, s.Status, s.Outputs["n"]))
	}
	want := []string{"held succeeded 1", "frees succeeded <nil>", "held succeeded 2", "frees succeeded <nil>", "last succeeded <nil>"}
	if diff := cmp.Diff(want, visits); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestBackgroundIsInterrupted holds that the end of a run ends what is under way in the
// background, where it is waited for and where a step beside it is.
func TestBackgroundIsInterrupted(t *testing.T) {
	t.Parallel()
	for name, document := range map[string]string{
		"at the end":      fmt.Sprintf(held, ""),
		"by a step":       fmt.Sprintf(held, "") + uses,
		"beside another":  fmt.Sprintf(held, "") + strings.ReplaceAll(fmt.Sprintf(held, ""), "stepId: held, x-background: true", "stepId: beside"),
		"before a retry":  fmt.Sprintf(held, ", onFailure: [{name: again, type: retry, retryAfter: 3600}]"),
		"one of a stream": "  - {stepId: listen, x-background: true, operationId: streamThings}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithCancel(t.Context())
			server := handle(t, func(w http.ResponseWriter, r *http.Request, over <-chan struct{}) {
				stop()
				wait(w, r, over)
			})
			wantTold(t, load(t, later+"- workflowId: w\n  steps:\n"+document, server, runner.Options{}).Run(ctx), "failed, exit 130, interrupted: the run was interrupted")
		})
	}
}

// TestBackgroundOfACall holds that x-sse has no effect on a step that calls a workflow,
// whatever it says.
func TestBackgroundOfACall(t *testing.T) {
	t.Parallel()
	h := &holding{free: make(chan struct{}, 10), asked: make(chan string, 20)}
	document := later + "- workflowId: w\n  steps:\n  - {stepId: calls, workflowId: x, x-sse: {background: true}}\n- workflowId: x\n  steps:\n" + last
	wantTold(t, load(t, document, handle(t, h.answer), runner.Options{}).Run(t.Context()), "succeeded, exit 0")
}

// TestUnreachableInTheBackground holds that a request to which nobody answers is judged
// where it is waited for, whether or not it could be sent: that is a matter of moments.
func TestUnreachableInTheBackground(t *testing.T) {
	t.Parallel()
	breaks := transport(func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == "/things/held" {
			return nil, errors.New("no way")
		}
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
	})
	for range 100 {
		r := load(t, steps(fmt.Sprintf(held, "")+last), "http://api.test", runner.Options{Transport: breaks}).Run(t.Context())
		wantTold(t, r, "failed, exit 3, no-response: the server gave no answer: no way")
		if got := len(r.Workflows[0].Steps); got != 2 {
			t.Fatalf("%d steps ran", got)
		}
	}
}

// TestBackgroundTakesItsOwnTime holds that the time of a request in the background is
// that of its exchange, whenever it is waited for.
func TestBackgroundTakesItsOwnTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		answer := transport(func(r *http.Request) (*http.Response, error) {
			pause := 2 * time.Second
			if r.URL.Path == "/things/held" {
				pause = time.Second
			}
			<-time.After(pause) // on the clock of the test
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
		})
		r := load(t, steps(fmt.Sprintf(held, "")+last), "http://api.test", runner.Options{Transport: answer}).Run(t.Context())
		var took []float64
		for _, s := range r.Workflows[0].Steps {
			took = append(took, s.Attempts[0].DurationMS)
		}
		took = append(took, r.Workflows[0].DurationMS)
		if diff := cmp.Diff([]float64{1000, 2000, 2000}, took); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// holding answers GET /things/held with 1, 2 and so on: the first time when something
// else was created or not found.
type holding struct {
	free  chan struct{}
	asked chan string
	n     int
}

func (h *holding) answer(w http.ResponseWriter, r *http.Request, over <-chan struct{}) {
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.URL.Path == "/things/none":
		h.asked <- r.Method + " " + r.URL.Path
		h.free <- struct{}{}
		w.WriteHeader(http.StatusNotFound)
	case r.URL.Path != "/things/held":
		h.asked <- r.Method + " " + r.URL.Path
		fmt.Fprint(w, "{}")
		if r.Method == http.MethodPost {
			h.free <- struct{}{}
		}
	default:
		select {
		case <-h.free:
			h.n++
			h.asked <- fmt.Sprint(h.n)
			fmt.Fprintf(w, `{"n":%d}`, h.n)
			h.free <- struct{}{} // for those that come again
		case <-over:
		case <-r.Context().Done():
		}
	}
}
