package source_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestOffset finds the place of a $ inside the value of v.
func TestOffset(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"plain", "v: a $x\n", "doc.yml:1:6"},
		{"single quotes", "v: 'a $x'\n", "doc.yml:1:7"},
		{"double quotes", "v:   \"a $x\"\n", "doc.yml:1:9"},
		{"columns are characters", "é: 1\nv: '日本 $x'\n", "doc.yml:2:8"},
		{"tabs count one", "v:\t\ta $x\n", "doc.yml:1:7"},
		{"behind carriage returns", "a: 1\r\nv: a $x\r\n", "doc.yml:2:6"},
		{"behind a byte order mark", "\ufeffv: 'a $x'\n", "doc.yml:1:7"},
		{"nested", "a:\n- b:\n    v: a $x\n", "doc.yml:3:10"},
		{"a block stays at its start", "v: |\n  text\n  a $x\n", "doc.yml:1:4"},
		{"a folded block too", "v: >-\n  a $x\n", "doc.yml:1:4"},
		{"behind an anchor it stays at the start", "v: &y a $x\n", "doc.yml:1:4"},
		{"behind a tag too", "v: !!str a $x\n", "doc.yml:1:4"},
		{"past the line's end it stays at the start", "v: a b c\n  d $x\n", "doc.yml:1:4"},
		{"JSON", "{\"b\":\n\t\"é\", \"v\": \"a $x\"}", "doc.yml:2:15"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v := find(parse(t, test.text), "v")
			text, _ := v.Text()
			if got := v.Offset(strings.Index(text, "$")).String(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// find is the first member of that name, at any depth.
func find(v *source.Value, name string) *source.Value {
	if found := v.Get(name); found != nil {
		return found
	}
	for _, m := range v.Members {
		if found := find(m.Value, name); found != nil {
			return found
		}
	}
	for _, item := range v.Items {
		if found := find(item, name); found != nil {
			return found
		}
	}
	return nil
}

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
