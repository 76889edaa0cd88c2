package report_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/runner"
)

var update = flag.Bool("update", false, "write the golden files anew")

// full is a report with everything in it.
func full() *report.Report {
	r := &report.Report{
		Version: report.Version,
		Suite:   report.Suite{Version: "1.2.0", Commit: "0123abc", Documents: map[string]string{"specs/requirements.yaml": strings.Repeat("0a", 32)}},
		Target: report.Target{
			Name: "Echo", Version: "0.1", URL: "https://echo.example.com", Contact: "echo@example.com", Pulse: "http://127.0.0.1:1",
			Accelerate: "http://127.0.0.1:2", Database: "PostgreSQL 15.18", Features: []string{"batch", "filters"},
		},
		Started: "2024-02-29T12:00:00Z", DurationMS: 12345,
		Selection: report.Selection{Profile: "all", Run: []string{"pulse-*"}, Skip: []string{"pulse-list"}, Timescale: 1},
		Smoke:     []report.Check{{Name: "Pulse answers", OK: true}},
		Cases: []report.Case{
			{ID: "pulse-list/order", Title: "The newest is first", Requirements: []string{"PULSE-LIST-02"}, Level: report.Core, Verdict: report.Skipped, Reason: "left out by -skip pulse-list"},
			{
				ID: "pulse-create/twice", Title: "A name that is taken | is a conflict", Requirements: []string{"PULSE-CREATE-05"}, Level: report.Core, Verdict: report.Fail,
				Reason: "criterion-not-met: $statusCode == 409", DurationMS: 12.5, Repeat: "arazzo conformance --run pulse-create/twice", Trace: trace(),
				Logged: []string{`level=ERROR msg="first"`, `level=ERROR msg="second"`},
			},
			{ID: "pulse-create/made", Title: "A stream is made", Requirements: []string{"PULSE-CREATE-01"}, Level: report.Core, Verdict: report.Pass, DurationMS: 3},
			{ID: "pulse-filter/gt", Title: "More is more", Requirements: []string{"PULSE-FILTER-03"}, Level: report.Extended, Features: []string{"filters"}, Verdict: report.Fail, Known: "not yet", Reason: "stream-ended: no event", DurationMS: 3},
			{ID: "pulse-event/off", Title: "Nothing is kept", Requirements: []string{"PULSE-EVENT-04"}, Level: report.Core, Condition: "persistence-off", Verdict: report.Unsupported, Reason: "no control"},
			{ID: "pulse-order/late", Title: "None comes late", Requirements: []string{"PULSE-ORDER-01"}, Level: report.Core, Verdict: report.Error, Reason: report.Interrupted},
			{ID: "pulse-order/odd", Title: "One after the other", Requirements: []string{"PULSE-ORDER-01"}, Level: report.Core, Verdict: report.Error, Reason: "the case cannot be run"},
		},
		Problems: []string{"known.txt:3: pulse-list/order was not run"},
		Notes:    []string{"not all is deleted:\nthe stream n stays"},
		Repeat:   "arazzo conformance --pulse http://127.0.0.1:1",
	}
	r.Conclude()
	return r
}

// trace is what was sent of a case that failed.
func trace() *runner.Result {
	return &runner.Result{Version: 1, Status: runner.Failed, Document: "d.yml", Workflows: []*runner.WorkflowResult{{
		WorkflowID: "twice", Status: runner.Failed,
		Steps: []*runner.StepResult{
			{StepID: "first", Status: runner.Succeeded, Attempts: []*runner.Attempt{{
				Request:  &runner.RequestResult{Method: http.MethodPost, URL: "http://127.0.0.1:1/streams", Body: map[string]any{"name": "n"}},
				Response: &runner.ResponseResult{Status: 201},
			}}},
			{StepID: "second", Status: runner.Failed, Attempts: []*runner.Attempt{{
				Request:  &runner.RequestResult{Method: http.MethodPost, URL: "http://127.0.0.1:1/streams", Headers: http.Header{"Authorization": {"***"}}, Body: map[string]any{"name": strings.Repeat("n", 700)}},
				Response: &runner.ResponseResult{Status: 201, Body: map[string]any{"name": "<n>"}},
				Criteria: []runner.CriterionResult{{Condition: "$statusCode == 409", Type: "simple", Actual: map[string]any{"$statusCode": json.Number("201")}}},
				Contract: []runner.ContractFinding{{Check: "schema", Severity: "error", Message: "createdAt is missing", File: "prisma-pulse-openapi.yml", Line: 241}},
			}}},
			{StepID: "receive", Status: runner.Failed, Workflow: &runner.WorkflowResult{WorkflowID: "event", Status: runner.Succeeded}, Attempts: []*runner.Attempt{{
				Criteria: []runner.CriterionResult{{Condition: "$[?length(@.deleted) == 1]", Type: "jsonpath", Actual: map[string]any{"context": []any{map[string]any{"deleted": map[string]any{"id": json.Number("1"), "name": "n"}}}}}},
			}}},
		},
	}}}
}

// TestForms holds each form of a report against its golden file.
func TestForms(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(io.Writer, *report.Report) error{
		"full.json": report.JSON, "full.xml": report.JUnit, "full.md": report.Markdown, "full.badge.json": report.Badge,
		"full.txt": text,
	} {
		golden(t, name, full(), write)
	}
	refused := full()
	refused.Cases, refused.Problems = nil, nil
	refused.Smoke = append(refused.Smoke, report.Check{Name: "the key is accepted", Found: "401 P6102", Next: "give the key of an environment"})
	refused.Conclude()
	golden(t, "refused.md", refused, report.Markdown)
	golden(t, "refused.txt", refused, text)
	golden(t, "refused.xml", refused, report.JUnit)
	golden(t, "refused.badge.json", refused, report.Badge)
}

func text(w io.Writer, r *report.Report) error {
	for i := range r.Cases {
		r.Cases[i].Text = "twice\n  POST http://127.0.0.1:1/streams\n"
	}
	return report.Text{W: w, Verbose: true}.All(r)
}

func golden(t *testing.T, name string, r *report.Report, write func(io.Writer, *report.Report) error) {
	t.Helper()
	var got bytes.Buffer
	if err := write(&got, r); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestHeadline holds what a run came to in a few words, without numbers of nothing.
func TestHeadline(t *testing.T) {
	t.Parallel()
	known := func(v report.Verdict) report.Case {
		return report.Case{ID: "k", Level: report.Core, Verdict: v, Known: "a reason"}
	}
	passed := report.Case{ID: "a", Level: report.Core, Verdict: report.Pass}
	left := report.Case{ID: "s", Level: report.Core, Verdict: report.Skipped}
	for _, test := range []struct {
		want  string
		cases []report.Case
	}{
		{"conforms", []report.Case{passed}},
		{"passes, with 1 known failure", []report.Case{passed, known(report.Fail)}},
		{"passes, with 2 cases left out", []report.Case{passed, left, left}},
		{"passes, with 1 known failure and 1 case left out", []report.Case{passed, known(report.Fail), left}},
		{"1 of 2 cases failed", []report.Case{passed, {ID: "f", Level: report.Core, Verdict: report.Fail}}},
		{"0 of 1 case failed, and 1 that should fail by the list of known failures passed", []report.Case{known(report.Pass)}},
	} {
		r := report.Report{Cases: test.cases}
		r.Conclude()
		var b strings.Builder
		if err := report.Markdown(&b, &r); err != nil {
			t.Fatal(err)
		}
		if got, _, _ := strings.Cut(b.String(), "\n"); got != "# An implementation: "+test.want {
			t.Errorf("%s\nexpected to end in: %s", got, test.want)
		}
	}
}

// TestStatus goes through what a run may come to.
func TestStatus(t *testing.T) {
	t.Parallel()
	verdicts := func(all ...report.Verdict) (cases []report.Case) {
		for i, v := range all {
			cases = append(cases, report.Case{ID: string(rune('a' + i)), Level: report.Core, Verdict: v})
		}
		return cases
	}
	known := func(v report.Verdict) []report.Case {
		return append(verdicts(report.Pass), report.Case{ID: "k", Level: report.Core, Verdict: v, Known: "a reason"})
	}
	for _, test := range []struct {
		name string
		r    report.Report
		want report.Status
	}{
		{"all pass", report.Report{Cases: verdicts(report.Pass, report.Pass)}, report.Conforms},
		{"something is unsupported", report.Report{Cases: verdicts(report.Pass, report.Unsupported)}, report.Conforms},
		{"something is left out", report.Report{Cases: verdicts(report.Pass, report.Skipped)}, report.Passes},
		{"a known failure fails", report.Report{Cases: known(report.Fail)}, report.Passes},
		{"a known failure passes", report.Report{Cases: known(report.Pass)}, report.Fails},
		{"one fails", report.Report{Cases: verdicts(report.Pass, report.Fail)}, report.Fails},
		{"something is wrong beside the cases", report.Report{Cases: verdicts(report.Pass), Problems: []string{"a line matches nothing"}}, report.Fails},
		{"a fault of ours goes before failures", report.Report{Cases: verdicts(report.Fail, report.Error)}, report.Unjudged},
		{"no case", report.Report{}, report.Empty},
		{"no case that was run", report.Report{Cases: verdicts(report.Skipped, report.Unsupported)}, report.Empty},
		{"a smoke check failed", report.Report{Smoke: []report.Check{{OK: true}, {}}}, report.Refused},
	} {
		test.r.Conclude()
		if test.r.Status != test.want {
			t.Errorf("%s: the status is %s, want %s", test.name, test.r.Status, test.want)
		}
	}
}

// TestRead reads what JSON wrote, and refuses what no run can have come to.
func TestRead(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	if err := report.JSON(&text, full()); err != nil {
		t.Fatal(err)
	}
	got, err := report.Read(bytes.NewReader(text.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := report.JSON(&again, got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text.String(), again.String()); diff != "" {
		t.Errorf("a report that was read is another (-written +read):\n%s", diff)
	}
	for _, test := range []struct{ name, from, to, want string }{
		{"no JSON", `{`, `[`, "it is no JSON"},
		{"another version", `"version": 1,`, `"version": 2,`, "it is no report of version 1"},
		{"an unknown verdict", `"verdict": "fail"`, `"verdict": "good"`, "verdict"},
		{"a better status", `"status": "error"`, `"status": "conforms"`, "its status is conforms, and its cases come to error"},
		{"a better count", `"pass": 1,`, `"pass": 7,`, "its summary counts 7 core cases as pass, and there are 1"},
		{"a case twice", `"id": "pulse-create/twice"`, `"id": "pulse-create/made"`, "the case pulse-create/made stands twice"},
		{"another order", `"id": "pulse-create/made"`, `"id": "pulse-z/made"`, "its cases are not in the order of their ids"},
		{"no reason", `"reason": "no control",`, ``, "missing property 'reason'"},
		{"a hash that is none", `0a0a`, `zz0a`, "does not match pattern"},
		{"a time that is none", `2024-02-29T12:00:00Z`, `2023-02-29T12:00:00Z`, "is not valid date-time"},
	} {
		altered := strings.Replace(text.String(), test.from, test.to, 1)
		if _, err := report.Read(strings.NewReader(altered)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the error is %v, want one with %q", test.name, err, test.want)
		}
	}
}

// TestSchemaHasEveryMember holds that the published schema tells of each member that a
// report may have, and of no other.
func TestSchemaHasEveryMember(t *testing.T) {
	t.Parallel()
	var schema map[string]any
	if err := json.Unmarshal([]byte(report.Schema), &schema); err != nil {
		t.Fatal(err)
	}
	properties := func(path ...string) map[string]any {
		at := schema
		for _, name := range path {
			at = at[name].(map[string]any)
		}
		return at["properties"].(map[string]any)
	}
	for _, test := range []struct {
		value      any
		properties map[string]any
	}{
		{report.Report{}, properties()},
		{report.Suite{}, properties("properties", "suite")},
		{report.Target{}, properties("properties", "target")},
		{report.Selection{}, properties("properties", "selection")},
		{report.Check{}, properties("properties", "smoke", "items")},
		{report.Case{}, properties("$defs", "case")},
	} {
		want, got := map[string]bool{}, map[string]bool{}
		for f := range reflect.TypeOf(test.value).Fields() {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "-" {
				want[name] = true
			}
		}
		for name := range test.properties {
			got[name] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%T (-members +schema):\n%s", test.value, diff)
		}
	}
}

// TestVisible holds that no report of any form has in it what a terminal takes for a
// command, and that JSON loses nothing by that.
func TestVisible(t *testing.T) {
	t.Parallel()
	const evil = "\x1b[31m\u009b31m\u202e\x7f\x07"
	r := &report.Report{Cases: []report.Case{{ID: "a/b", Level: report.Core, Verdict: report.Fail, Reason: evil, Trace: &runner.Result{Workflows: []*runner.WorkflowResult{{Steps: []*runner.StepResult{{
		Status: runner.Failed, Attempts: []*runner.Attempt{{Request: &runner.RequestResult{Method: "GET"}, Response: &runner.ResponseResult{Body: evil}}},
	}}}}}}}, Smoke: []report.Check{{Name: "asked", Found: evil}}, Notes: []string{evil}}
	r.Conclude()
	for name, write := range map[string]func(io.Writer, *report.Report) error{
		"json": report.JSON, "junit": report.JUnit, "markdown": report.Markdown, "badge": report.Badge, "text": func(w io.Writer, r *report.Report) error { return report.Text{W: w}.All(r) },
	} {
		var b bytes.Buffer
		if err := write(&b, r); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsFunc(b.String(), func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == '\u202e' }) {
			t.Errorf("%s: %q", name, b.String())
		}
		var again report.Report
		if name == "json" && (json.Unmarshal(b.Bytes(), &again) != nil || again.Cases[0].Reason != evil) {
			t.Errorf("as JSON it is %q", again.Cases[0].Reason)
		}
	}
}
