package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/report"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

func text(s string) *string { return &s }

// sample is a run of two workflows: one that succeeds after a retry, and one in
// which everything that can be told went wrong.
func sample() *runner.Result {
	request := &runner.RequestResult{Method: "GET", URL: "http://h/things", Headers: http.Header{"Accept": {"*/*"}}, Body: map[string]any{"n": json.Number("12345678901234567890")}}
	return &runner.Result{
		Version: 1, Status: runner.Failed, Document: "w.yml", Diagnostics: []runner.Diagnostic{},
		Workflows: []*runner.WorkflowResult{
			{
				WorkflowID: "good", Status: runner.Succeeded, Inputs: map[string]any{"b": "x", "a": json.Number("1"), "secret": "***"},
				Outputs: map[string]any{"id": json.Number("7")}, DurationMS: 12.34,
				Steps: []*runner.StepResult{{
					StepID: "list", Operation: "GET /things", Status: runner.Succeeded, Outputs: map[string]any{"id": json.Number("7")},
					Attempts: []*runner.Attempt{
						{
							Request: request, Response: &runner.ResponseResult{Status: 503, Body: "busy"}, DurationMS: 1.25,
							Criteria:   []runner.CriterionResult{{Condition: "$statusCode == 200", Type: "simple", Actual: map[string]any{"$statusCode": json.Number("503")}}},
							Considered: []runner.Considered{{Name: "again", Type: "retry", Taken: true}},
							Action:     &runner.ActionResult{Name: "again", Type: "retry"},
						},
						{
							Request: request, Response: &runner.ResponseResult{Status: 200, Headers: http.Header{"X-B": {"2"}, "X-A": {"1", "\x1b[2J"}}, Body: "\x1b[31mred\nline"}, DurationMS: 2,
							Criteria: []runner.CriterionResult{{Condition: "$statusCode == 200", Type: "simple", Passed: true}},
						},
					},
					Action: &runner.ActionResult{Name: "next", Type: "goto", Target: "other"},
					Notes:  source.Diagnostics{{Code: "absent-output", Severity: source.Warning, Message: "the output is null"}},
				}},
			},
			{
				WorkflowID: "bad", Status: runner.Failed, Inputs: map[string]any{}, Outputs: map[string]any{}, DurationMS: 3,
				Error: &runner.Problem{Code: "max-steps", Message: "too many <steps>"},
				Steps: []*runner.StepResult{
					{
						StepID: "handled", Operation: "GET /a", Status: runner.Failed, Handled: true, Action: &runner.ActionResult{Name: "go", Type: "goto", Target: "b"},
						Attempts: []*runner.Attempt{{Error: &runner.Problem{Code: "unresolved-value", Message: "the body was not sent"}}},
					},
					{
						StepID: "failed", Operation: "GET /b", Status: runner.Failed,
						Attempts: []*runner.Attempt{{
							Request: request, Response: &runner.ResponseResult{Status: 200, Body: map[string]any{"list": strings.Repeat("x", 200)}},
							Criteria: []runner.CriterionResult{
								{Condition: "$response.body#/a == 'b'", Type: "simple", Actual: map[string]any{"$response.body#/a": nil, "$inputs.b": "x\ty"}},
								{Condition: "(", Type: "regex", Actual: map[string]any{"context": "c"}, Error: text("it is no pattern")},
							},
							Considered: []runner.Considered{
								{Name: "again", Type: "retry", Spent: true},
								{Name: "go", Type: "goto", Criteria: []runner.CriterionResult{{Condition: "$statusCode == 404", Actual: map[string]any{"$statusCode": json.Number("200")}}}},
							},
						}},
						Notes: source.Diagnostics{{Code: "criterion-not-met", Severity: source.Error, Message: "it is told above"}},
					},
					{
						StepID: "unanswered", Operation: "GET /c", Status: runner.Failed,
						Attempts: []*runner.Attempt{{Request: request, Error: &runner.Problem{Code: "no-response", Message: "connection refused"}}},
					},
					{
						StepID: "status", Operation: "GET /d", Status: runner.Failed,
						Attempts: []*runner.Attempt{{Request: request, Response: &runner.ResponseResult{Status: 500}}},
					},
				},
			},
		},
	}
}

// play writes the text report of a result.
func play(t *testing.T, r *runner.Result, configure func(*report.Text)) string {
	t.Helper()
	var b bytes.Buffer
	x := &report.Text{W: &b}
	configure(x)
	for _, w := range r.Workflows {
		x.Observe(runner.WorkflowStarted{WorkflowID: w.WorkflowID, Inputs: w.Inputs})
		for _, s := range w.Steps {
			x.Observe(runner.StepEnded{WorkflowID: w.WorkflowID, Step: s})
		}
		x.Observe(runner.WorkflowEnded{Workflow: w})
	}
	if err := x.Summary(r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestText(t *testing.T) {
	t.Parallel()
	const want = `good
  inputs: a=1  b="x"  secret=***
  ✗ list  GET /things → 503  (1.2 ms)
      ✗ $statusCode == 200   ($statusCode is 503)
      response: "busy"
      action: again: retry
  ✓ list  GET /things → 200  (2.0 ms)
      ✓ $statusCode == 200
      action: next: goto other
      outputs: id=7
      warning[absent-output]: the output is null
  outputs: id=7
  ✓ succeeded  (12.3 ms)

bad
  ✗ handled  GET /a → not sent  (0.0 ms)
      unresolved-value: the body was not sent
      action: go: goto b
      the failure is handled by this action
  ✗ failed  GET /b → 200  (0.0 ms)
      ✗ $response.body#/a == 'b'   ($inputs.b is "x\ty"; $response.body#/a is null)
      ✗ (   (context is "c"; it is no pattern)
      response: {"list":"` + "LONG" + `…
      ✗ again: its retries are spent
      go: ✗ $statusCode == 404   ($statusCode is 200)
  ✗ unanswered  GET /c → no answer  (0.0 ms)
      no-response: connection refused
  ✗ status  GET /d → 500  (0.0 ms)
      response: null
  max-steps: too many <steps>
  ✗ failed  (3.0 ms)

✗ 1 succeeded, 1 failed
`
	got := strings.Replace(play(t, sample(), func(*report.Text) {}), strings.Repeat("x", 151), "LONG", 1)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestQuietText(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Workflows[1].Steps = r.Workflows[1].Steps[:1]
	const want = `  ✗ handled  GET /a → not sent  (0.0 ms)
      unresolved-value: the body was not sent
      action: go: goto b
      the failure is handled by this action
  max-steps: too many <steps>
✗ 1 succeeded, 1 failed
`
	if diff := cmp.Diff(want, play(t, r, func(x *report.Text) { x.Quiet = true })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestVerboseText(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Workflows = r.Workflows[:1]
	r.Workflows[0].Steps[0].Attempts = r.Workflows[0].Steps[0].Attempts[1:]
	r.Status = runner.Succeeded
	const want = `good
  inputs: a=1  b="x"  secret=***
  ✓ list  GET /things → 200  (2.0 ms)
      > GET http://h/things
      > Accept: */*
      > {"n":12345678901234567890}
      < X-A: 1
      < X-A: �[2J
      < X-B: 2
      < �[31mred
line
      ✓ $statusCode == 200
      action: next: goto other
      outputs: id=7
      warning[absent-output]: the output is null
  outputs: id=7
  ✓ succeeded  (12.3 ms)

✓ 1 succeeded, 0 failed
`
	if diff := cmp.Diff(want, play(t, r, func(x *report.Text) { x.Verbose = true })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestColors holds that colours change nothing but colours.
func TestColors(t *testing.T) {
	t.Parallel()
	colored := play(t, sample(), func(x *report.Text) { x.Color = true })
	for _, want := range []string{"\x1b[1mgood\x1b[m", "\x1b[32m✓\x1b[m", "\x1b[31m✗\x1b[m", "\x1b[31mno-response: connection refused\x1b[m", "\x1b[2m(12.3 ms)\x1b[m"} {
		if !strings.Contains(colored, want) {
			t.Errorf("%q is not in it", want)
		}
	}
	plain := colored
	for _, code := range []string{"\x1b[m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m"} {
		plain = strings.ReplaceAll(plain, code, "")
	}
	if diff := cmp.Diff(play(t, sample(), func(*report.Text) {}), plain); diff != "" {
		t.Errorf("(-without +with):\n%s", diff)
	}
}

// TestTextOfCalls holds that each attempt is told with the workflow that it called: the
// first one here called none.
func TestTextOfCalls(t *testing.T) {
	t.Parallel()
	nested := &runner.WorkflowResult{WorkflowID: "v", Status: runner.Succeeded}
	r := &runner.Result{Status: runner.Succeeded, Workflows: []*runner.WorkflowResult{{
		WorkflowID: "w", Status: runner.Succeeded,
		Steps: []*runner.StepResult{{
			StepID: "call", Operation: "workflow v", Status: runner.Succeeded, Workflow: nested,
			Attempts: []*runner.Attempt{
				{Error: &runner.Problem{Code: "unresolved-value", Message: "there is none"}},
				{Workflow: &runner.WorkflowResult{WorkflowID: "v", Status: runner.Failed}, Error: &runner.Problem{Code: "workflow-failed", Message: "it failed"}},
				{},
			},
		}},
	}}}
	const want = `w
  ✗ call  workflow v → not called  (0.0 ms)
      unresolved-value: there is none
  ✗ call  workflow v → failed  (0.0 ms)
      workflow-failed: it failed
  ✓ call  workflow v → succeeded  (0.0 ms)
  ✓ succeeded  (0.0 ms)

✓ 1 succeeded, 0 failed
`
	if diff := cmp.Diff(want, play(t, r, func(*report.Text) {})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type brokenWriter struct{}

var errBroken = errors.New("the disk is full")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestBrokenWriter(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(io.Writer, *runner.Result) error{
		"json": report.JSON, "junit": report.JUnit,
		"text": func(w io.Writer, r *runner.Result) error {
			x := &report.Text{W: w}
			x.Observe(runner.WorkflowStarted{WorkflowID: r.Workflows[0].WorkflowID})
			return x.Summary(r)
		},
	} {
		if err := write(brokenWriter{}, sample()); !errors.Is(err, errBroken) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	r := &runner.Result{
		Version: 1, Status: runner.Succeeded, Document: "<w>.yml", Diagnostics: []runner.Diagnostic{},
		Workflows: []*runner.WorkflowResult{{WorkflowID: "w", Status: runner.Succeeded, Inputs: map[string]any{"n": json.Number("1.50")}, Outputs: map[string]any{}, Steps: []*runner.StepResult{}}},
	}
	const want = `{
  "version": 1,
  "status": "succeeded",
  "document": "<w>.yml",
  "workflows": [
    {
      "workflowId": "w",
      "status": "succeeded",
      "inputs": {
        "n": 1.50
      },
      "outputs": {},
      "durationMs": 0,
      "via": null,
      "error": null,
      "steps": []
    }
  ],
  "diagnostics": []
}
`
	var b bytes.Buffer
	if err := report.JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJUnit(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Workflows[1].Steps[1].Attempts[0].Response.Body = "a & \x00 b"
	const want = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="good" tests="1" failures="0" errors="0" time="0.012">
    <testcase name="list" classname="w.yml.good" time="0.003"></testcase>
  </testsuite>
  <testsuite name="bad" tests="5" failures="4" errors="0" time="0.003">
    <testcase name="handled" classname="w.yml.bad" time="0.000">
      <system-out>the failure is handled:&#xA;  ✗ handled  GET /a → not sent  (0.0 ms)&#xA;      unresolved-value: the body was not sent&#xA;      action: go: goto b&#xA;      the failure is handled by this action&#xA;</system-out>
    </testcase>
    <testcase name="failed" classname="w.yml.bad" time="0.000">
      <failure message="not met: $response.body#/a == &#39;b&#39;">  ✗ failed  GET /b → 200  (0.0 ms)&#xA;      ✗ $response.body#/a == &#39;b&#39;   ($inputs.b is &#34;x\ty&#34;; $response.body#/a is null)&#xA;      ✗ (   (context is &#34;c&#34;; it is no pattern)&#xA;      response: &#34;a &amp; \x00 b&#34;&#xA;      ✗ again: its retries are spent&#xA;      go: ✗ $statusCode == 404   ($statusCode is 200)&#xA;</failure>
    </testcase>
    <testcase name="unanswered" classname="w.yml.bad" time="0.000">
      <failure message="no-response: connection refused">  ✗ unanswered  GET /c → no answer  (0.0 ms)&#xA;      no-response: connection refused&#xA;</failure>
    </testcase>
    <testcase name="status" classname="w.yml.bad" time="0.000">
      <failure message="the status is 500">  ✗ status  GET /d → 500  (0.0 ms)&#xA;      response: null&#xA;</failure>
    </testcase>
    <testcase name="max-steps" classname="w.yml.bad" time="0.000">
      <failure message="too many &lt;steps&gt;"></failure>
    </testcase>
  </testsuite>
</testsuites>
`
	wantXML(t, r, want)
}

// TestJUnitOfWhatWasNotRun holds that a document at fault is no success.
func TestJUnitOfWhatWasNotRun(t *testing.T) {
	t.Parallel()
	file := &source.File{Name: "w.yml"}
	r := runner.Diagnosed("w.yml", source.Diagnostics{
		{Code: "a", Severity: source.Warning, Message: "left out", Position: source.Position{File: file, Line: 1, Column: 1}},
		{Code: "b", Severity: source.Error, Message: "no <step>", Position: source.Position{File: file, Line: 2, Column: 3}},
	})
	if r.Outcome() != runner.OutcomeNothingSent {
		t.Errorf("the outcome is %d", r.Outcome())
	}
	wantXML(t, r, `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="w.yml" tests="1" failures="0" errors="1" time="0.000">
    <testcase name="load" classname="w.yml" time="0.000">
      <error message="nothing was sent">w.yml:2:3: b: no &lt;step&gt;&#xA;</error>
    </testcase>
  </testsuite>
</testsuites>
`)
}

// wantXML compares the JUnit report, and reads it with an XML parser.
func wantXML(t *testing.T, r *runner.Result, want string) {
	t.Helper()
	var b bytes.Buffer
	if err := report.JUnit(&b, r); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	decoder := xml.NewDecoder(&b)
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("it is no XML: %v", err)
		}
	}
}
