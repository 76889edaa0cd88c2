package report_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/report"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// found is one diagnostic of each severity, and the documents it is about.
func found() ([]string, source.Diagnostics) {
	file := &source.File{Name: "a.yml", Text: "arazzo: 1.0.1\ninfo: <&>\n"}
	at := func(line, column int) source.Position { return source.Position{File: file, Line: line, Column: column} }
	return []string{"a.yml", "b.yml"}, source.Diagnostics{
		{Code: "arazzo/a", Severity: source.Info, Position: at(1, 1), Message: "one"},
		{Code: "arazzo/b", Severity: source.Warning, Position: at(1, 9), Message: "two", Expected: "that", Fix: "do this"},
		{Code: "arazzo/c", Severity: source.Error, Position: at(2, 7), Message: "three <&>", Expected: "other"},
		{Code: "d", Severity: source.Error, Message: "four"},
	}
}

const (
	info    = "a.yml:1:1: info[arazzo/a]: one\n    1 | arazzo: 1.0.1\n      | ^\n"
	warning = "a.yml:1:9: warning[arazzo/b]: two\n    1 | arazzo: 1.0.1\n      |         ^\n  expected: that\n  next: do this\n"
	errs    = "a.yml:2:7: error[arazzo/c]: three <&>\n    2 | info: <&>\n      |       ^\n  expected: other\nerror[d]: four\n"
)

func TestValidationText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		text report.ValidationText
		want string
	}{
		{"as usual", report.ValidationText{}, warning + errs + "✗ 2 documents: 2 errors, 1 warning, 1 info (-v shows them)\n"},
		{"quiet", report.ValidationText{Quiet: true}, errs + "✗ 2 documents: 2 errors, 1 warning, 1 info\n"},
		{"verbose", report.ValidationText{Verbose: true}, info + warning + errs + "✗ 2 documents: 2 errors, 1 warning, 1 info\n"},
		{
			"with what can be corrected",
			report.ValidationText{Verbose: true, Fixable: 2},
			info + warning + errs + "✗ 2 documents: 2 errors, 1 warning, 1 info; --fix corrects 2 places\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			documents, found := found()
			if err := test.text.Write(&b, documents, found); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, b.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestValidationTextOfNothing(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := (report.ValidationText{}).Write(&b, []string{"a.yml"}, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("✓ 1 document: 0 errors, 0 warnings, 0 infos\n", b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestValidationJSON(t *testing.T) {
	t.Parallel()
	documents, all := found()
	tests := []struct {
		name  string
		found source.Diagnostics
		want  string
	}{
		{"nothing", nil, `{
  "version": 1,
  "status": "succeeded",
  "documents": [
    "a.yml",
    "b.yml"
  ],
  "diagnostics": []
}
`},
		{"a warning", all[1:2], `{
  "version": 1,
  "status": "succeeded",
  "documents": [
    "a.yml",
    "b.yml"
  ],
  "diagnostics": [
    {
      "code": "arazzo/b",
      "severity": "warning",
      "message": "two",
      "file": "a.yml",
      "line": 1,
      "column": 9,
      "expected": "that",
      "fix": "do this"
    }
  ]
}
`},
		{"an error, one without a place", all[2:], `{
  "version": 1,
  "status": "error",
  "documents": [
    "a.yml",
    "b.yml"
  ],
  "diagnostics": [
    {
      "code": "arazzo/c",
      "severity": "error",
      "message": "three <&>",
      "file": "a.yml",
      "line": 2,
      "column": 7,
      "expected": "other",
      "fix": ""
    },
    {
      "code": "d",
      "severity": "error",
      "message": "four",
      "file": "",
      "line": 0,
      "column": 0,
      "expected": "",
      "fix": ""
    }
  ]
}
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := report.ValidationJSON(&b, documents, test.found); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, b.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestValidationThatCannotBeWritten holds that the writer's error comes back.
func TestValidationThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	reader, w := io.Pipe()
	broken := errors.New("broken")
	_ = reader.CloseWithError(broken)
	documents, all := found()
	if err := (report.ValidationText{}).Write(w, documents, all); !errors.Is(err, broken) {
		t.Errorf("text: %v", err)
	}
	if err := report.ValidationJSON(w, documents, all); !errors.Is(err, broken) {
		t.Errorf("JSON: %v", err)
	}
}
