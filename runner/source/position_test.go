package source_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

func TestRender(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		d    source.Diagnostic
		text string
		want string
	}{
		{
			"everything",
			source.Diagnostic{Code: "arazzo/unknown-step", Severity: source.Error, Message: "no such step", Expected: "a step", Fix: "write one"},
			"a: 1\nb: $x\n",
			"doc.yml:2:4: error[arazzo/unknown-step]: no such step\n" +
				"    2 | b: $x\n" +
				"      |    ^\n" +
				"  expected: a step\n" +
				"  next: write one\n",
		},
		{
			"tabs and control characters are spaces",
			source.Diagnostic{Code: "c", Severity: source.Warning, Message: "m"},
			"\n\t\x1b$x\r\n",
			"doc.yml:2:3: warning[c]: m\n    2 |   $x\n      |   ^\n",
		},
		{
			"a long line is cut behind",
			source.Diagnostic{Code: "c", Severity: source.Info, Message: "m"},
			"\nab $" + strings.Repeat("é", 200),
			"doc.yml:2:4: info[c]: m\n    2 | ab $" + strings.Repeat("é", 156) + "…\n      |    ^\n",
		},
		{
			"a long line is cut on both sides",
			source.Diagnostic{Code: "c", Severity: source.Error, Message: "m"},
			"\n" + strings.Repeat("é", 200) + "$" + strings.Repeat("è", 200),
			"doc.yml:2:201: error[c]: m\n    2 | …" + strings.Repeat("é", 80) + "$" + strings.Repeat("è", 78) + "…\n" +
				"      | " + strings.Repeat(" ", 81) + "^\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			before, _, _ := strings.Cut(test.text, "$")
			line := before[strings.LastIndexByte(before, '\n')+1:]
			test.d.Position = source.Position{
				File: &source.File{Name: "doc.yml", Text: test.text}, Line: 2, Column: len([]rune(line)) + 1,
			}
			if diff := cmp.Diff(test.want, test.d.Render()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestPlacesOutside renders positions that point at nothing.
func TestPlacesOutside(t *testing.T) {
	t.Parallel()
	file := &source.File{Name: "doc.yml", Text: "a\nb"}
	tests := []struct {
		name string
		at   source.Position
		want string
	}{
		{"no file", source.Position{}, "error[c]: m\n"},
		{"the file as a whole", source.Position{File: file}, "doc.yml: error[c]: m\n"},
		{"control characters in its name", source.Position{File: &source.File{Name: "d\x1b[2Jo\nc\u009b.yml"}}, "d?[2Jo?c?.yml: error[c]: m\n"},
		{"a place in such a file", source.Position{File: &source.File{Name: "\x1b.yml"}, Line: 9, Column: 1}, "?.yml:9:1: error[c]: m\n"},
		{"past the last line", source.Position{File: file, Line: 9, Column: 1}, "doc.yml:9:1: error[c]: m\n"},
		{"past the last column", source.Position{File: file, Line: 2, Column: 9}, "doc.yml:2:9: error[c]: m\n    2 | b\n      |  ^\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := source.Diagnostic{Code: "c", Severity: source.Error, Message: "m", Position: test.at}
			if diff := cmp.Diff(test.want, d.Render()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestLines finds the lines of a file, whatever ends them.
func TestLines(t *testing.T) {
	t.Parallel()
	file := &source.File{Name: "doc.yml", Text: "\ufeffa\r\nb\rc\n\n\u2028d"}
	for line, want := range []string{"", "a", "b", "c", "", " d"} {
		if line == 0 {
			continue
		}
		d := source.Diagnostic{Code: "c", Severity: source.Error, Message: "m", Position: source.Position{File: file, Line: line, Column: 1}}
		_, shown, _ := strings.Cut(d.Render(), " | ")
		shown, _, _ = strings.Cut(shown, "\n")
		if strings.ReplaceAll(shown, "\u2028", " ") != want {
			t.Errorf("line %d is %q, want %q", line, shown, want)
		}
	}
}

// TestFilesCompare holds that a file compares by what it says, whether a position
// in it was shown or not.
func TestFilesCompare(t *testing.T) {
	t.Parallel()
	file := source.File{Name: "doc.yml", URI: "file:///doc.yml", Text: "a"}
	shown := &source.File{Name: file.Name, URI: file.URI, Text: file.Text}
	position := source.Position{File: shown, Line: 1, Column: 1}
	if got := position.Shift(1).String(); got != "doc.yml:1:2" {
		t.Errorf("the position moved to %s", got)
	}
	if diff := cmp.Diff(&file, shown); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, other := range []*source.File{nil, {Name: "b", URI: file.URI, Text: "a"}, {Name: "doc.yml", Text: "a"}, {Name: "doc.yml", URI: file.URI}} {
		if shown.Equal(other) || other.Equal(shown) {
			t.Errorf("%v is the same", other)
		}
	}
}
