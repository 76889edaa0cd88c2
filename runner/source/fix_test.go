package source_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// at is an edit of the file's old text, found by its line.
func at(file *source.File, line int, old, replacement string) *source.Diagnostic {
	text := strings.Split(strings.TrimPrefix(file.Text, "\ufeff"), "\n")[line-1]
	before, _, _ := strings.Cut(text, old)
	return &source.Diagnostic{Code: old, Edit: source.Edit{
		At: source.Position{File: file, Line: line, Column: 1 + len([]rune(before))}, Old: old, New: replacement,
	}}
}

// TestFix is the table of what is made of a file, and by which diagnostics: they
// have the text that they replace as their code.
func TestFix(t *testing.T) {
	t.Parallel()
	type edit struct {
		line             int
		old, replacement string
	}
	tests := []struct {
		name, text string
		edits      []edit
		want       string
		applied    string
	}{
		{"nothing to do", "a: 1\n", nil, "a: 1\n", ""},
		{"several on a line", "é: one two # one\n", []edit{{1, "two", "2nd"}, {1, "one", "first"}}, "é: first 2nd # one\n", "two one"},
		{
			"every other byte stays", "\ufeff# one\r\na: one\r\n\r\nb: [ 'two' ]   # c\r\n",
			[]edit{{2, "one", "x"}, {4, "two", "y"}},
			"\ufeff# one\r\na: x\r\n\r\nb: [ 'y' ]   # c\r\n", "one two",
		},
		{"a key", "a: 1\nsucess: 2\n", []edit{{2, "sucess", "success"}}, "a: 1\nsuccess: 2\n", "sucess"},
		{"a number", "a: -1\n", []edit{{1, "-1", "1"}}, "a: 1\n", "-1"},
		{"overlapping: the first in the file", "a: one two three\n", []edit{{1, "two three", "x"}, {1, "one two", "y"}}, "a: y three\n", "one two"},
		{"the same twice", "a: one\n", []edit{{1, "one", "x"}, {1, "one", "x"}}, "a: x\n", "one one"},
		{"other text stands there", "a: one\n", []edit{{1, "two", "x"}}, "a: one\n", ""},
		{"an anchored text changes where it is used", "a: &x one\nb: *x\n", []edit{{1, "one", "two"}}, "a: &x two\nb: *x\n", "one"},
		{"the result does not parse", "a: one\nb: two\n", []edit{{1, "one", "'x"}, {2, "two", "y"}}, "a: one\nb: two\n", ""},
		{"the result has another structure", "a: one\nb: two\n", []edit{{1, "one", "{c: d}"}}, "a: one\nb: two\n", ""},
		{"the result has another list", "a: [one, two]\n", []edit{{1, "one", "x, y"}}, "a: [one, two]\n", ""},
		{"the result has a longer list", "a: [one, two]\n", []edit{{1, "two", "x, y"}}, "a: [one, two]\n", ""},
		{"the result has other members", "a: {b: one}\n", []edit{{1, "one", "x, y: z"}}, "a: {b: one}\n", ""},
		{"another value would change", "[one, two]\n", []edit{{1, "one, two", "uno, dos"}}, "[one, two]\n", ""},
		{"another key would change", "a: 1\n? &k b\n: 2\nc:\n  *k : 3\n", []edit{{2, "b", "x"}}, "a: 1\n? &k b\n: 2\nc:\n  *k : 3\n", ""},
		{"a key would stand twice", "a: 1\nb: 2\n", []edit{{2, "b", "a"}}, "a: 1\nb: 2\n", ""},
		{"the file is broken", "a: [\n", []edit{{1, "a", "b"}}, "a: [\n", ""},
		{"before the first scalar", "- # c\n  a\n", []edit{{1, "# c", "#d"}}, "- #d\n  a\n", "# c"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			file := &source.File{Name: "doc.yml", Text: test.text}
			var found source.Diagnostics
			for _, e := range test.edits {
				found = append(found, at(file, e.line, e.old, e.replacement))
			}
			found = append(found, &source.Diagnostic{Code: "without an edit"})
			fixed, applied := source.Fix(file, found)
			var codes []string
			for _, d := range applied {
				codes = append(codes, d.Code)
			}
			if diff := cmp.Diff(test.want, fixed); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.applied, strings.Join(codes, " ")); diff != "" {
				t.Errorf("applied (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFixOfAnotherFile holds that an edit is made in its own file alone, and not
// where it inserts without replacing: made twice it would insert twice.
func TestFixOfAnotherFile(t *testing.T) {
	t.Parallel()
	file := &source.File{Name: "a.yml", Text: "a: one\n"}
	other := &source.File{Name: "b.yml", Text: "a: one\n"}
	insertion := &source.Diagnostic{Edit: source.Edit{At: source.Position{File: file, Line: 1, Column: 4}, New: "x"}}
	fixed, applied := source.Fix(file, source.Diagnostics{at(other, 1, "one", "two"), insertion})
	if fixed != file.Text || applied != nil {
		t.Errorf("the text is %q after %d edits", fixed, len(applied))
	}
}

// FuzzFix holds that a certain edit of any string is made, changes that string as
// asked and nothing else, and is not certain any more when it was made.
func FuzzFix(f *testing.F) {
	f.Add("a: b $x # c\r\n", "$x", "{$x}")
	f.Add("- {a: 'it''s'}\n- \"b\\t\\u00e9\"\n", "s", "'")
	f.Add("a: |\n  x\n\n  y\nb: c\n d\n", "y", "z")
	f.Add("a: |\n  x\n\n  ya: |\n  d\n", " ", "\xb1")
	f.Add(`{"a": "\ud83d\ude00b\"c"}`, "\"", "\\")
	f.Fuzz(func(t *testing.T, text, old, replacement string) {
		file := &source.File{Name: "doc", Text: text}
		root, err := source.Parse(file)
		if err != nil || strings.Contains(text, "&") { // an anchored text changes at every alias
			return
		}
		var v *source.Value
		var edit source.Edit
		eachString(root, func(s *source.Value) {
			written, _ := s.Text()
			if i := strings.Index(written, old); i >= 0 && edit == (source.Edit{}) {
				v, edit = s, s.EditAt(i, old, replacement)
			}
		})
		if edit == (source.Edit{}) {
			return
		}
		fixed, applied := source.Fix(file, source.Diagnostics{{Edit: edit}})
		if len(applied) != 1 {
			t.Fatalf("the certain edit %+v was not made in %q", edit, text)
		}
		v.Scalar = strings.Replace(v.Scalar.(string), old, replacement, 1)
		again, err := source.Parse(&source.File{Name: "doc", Text: fixed})
		if err != nil {
			t.Fatalf("%q became %q: %v", text, fixed, err)
		}
		if diff := cmp.Diff(root.Data(), again.Data()); diff != "" {
			t.Errorf("%q became %q (-want +got):\n%s", text, fixed, diff)
		}
	})
}

func eachString(v *source.Value, visit func(*source.Value)) {
	if v.Kind == source.String {
		visit(v)
	}
	for _, item := range v.Items {
		eachString(item, visit)
	}
	for _, m := range v.Members {
		eachString(m.Value, visit)
	}
}
