package source_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestEditAt puts a text in the place of another in the value of v; what is
// wanted is the whole file after it, nothing where no edit is certain.
func TestEditAt(t *testing.T) {
	t.Parallel()
	const bare, braced = "$inputs.x", "{$inputs.x}"
	tests := []struct{ name, text, old, replacement, want string }{
		{"plain", "v: Bearer $inputs.x # c\n", bare, braced, "v: Bearer {$inputs.x} # c\n"},
		{"plain over lines", "v: a\n  b $inputs.x\n", bare, braced, "v: a\n  b {$inputs.x}\n"},
		{"an item", "v:\n- v: a $inputs.x\n", bare, braced, "v:\n- v: a {$inputs.x}\n"},
		{"single quotes", "v: '$inputs.x'\n", bare, braced, "v: '{$inputs.x}'\n"},
		{"double quotes", "v: \"é\\t$inputs.x\"\n", bare, braced, "v: \"é\\t{$inputs.x}\"\n"},
		{"literal block", "v: |\r\n  a\r\n  $inputs.x\r\n", bare, braced, "v: |\r\n  a\r\n  {$inputs.x}\r\n"},
		{"literal block before another key", "v: |\n  $inputs.x\nw: 1\n", bare, braced, "v: |\n  {$inputs.x}\nw: 1\n"},
		{"quotes in flow", "{v: '$inputs.x'}\n", bare, braced, "{v: '{$inputs.x}'}\n"},
		{"plain behind flow", "u: {w: [1]}\nv: a $inputs.x\n", bare, braced, "u: {w: [1]}\nv: a {$inputs.x}\n"},
		{"plain in flow", "{v: a b, w: 1}\n", "a", "c", "{v: c b, w: 1}\n"},
		{"JSON", `{"v": "\ud83d\ude00 $inputs.x"}`, bare, braced, `{"v": "\ud83d\ude00 {$inputs.x}"}`},
		{"apostrophes into single quotes", `v: '$.a == "b"'`, `"b"`, "'b'", `v: '$.a == ''b'''`},
		{"quotes out of double quotes", `{"v": "$.a == \"b\""}`, `"b"`, "'b'", `{"v": "$.a == 'b'"}`},
		{"quotes into double quotes", `v: "$.a == 'b'"`, "'b'", "\"b\"", `v: "$.a == \"b\""`},
		{"apostrophes into plain", `v: $.a == "b"`, `"b"`, "'b'", `v: $.a == 'b'`},
		{"behind a byte order mark", "\ufeffv: a $inputs.x\n", bare, braced, "\ufeffv: a {$inputs.x}\n"},
		{"the whole of a text", "v: abc", "abc", "def", "v: def"},

		{"a brace at the start of plain", "v: $inputs.x\n", bare, braced, ""},
		{"a brace in plain in flow", "{v: a $inputs.x}\n", bare, braced, ""},
		{"a comma in flow", "[{v: a b}]\n", "b", "b, c", ""},
		{"a colon in plain", "v: a b\n", "b", "b: c", ""},
		{"a colon at the end of plain", "v: a b\n", "b", "b:", ""},
		{"a comment in plain", "v: a b\n", "b", "b #c", ""},
		{"space at the end of plain", "v: a b\n", "b", "b ", ""},
		{"a list in plain", "- v: abc\n", "abc", "- c", ""},
		{"a number", "v: 1x\n", "1x", "1", ""},
		{"a word that is no string", "v: nulls\n", "nulls", "null", ""},
		{"an alias in plain", "v: abc\n", "abc", "*c", ""},
		{"a line break into plain", "v: a b\n", "b", "b\nc", ""},
		{"a line break into quotes", "v: 'a b'\n", "b", "b\nc", ""},
		{"a line break into a block", "v: |\n  a b\n", "b", "b\nc", ""},
		{"space at the start of a block", "v: |\n  a b\n", "a", " a", ""},
		{"nothing left of a line of a block", "v: |\n  a\n  b\n", "a", "", ""},
		{"over the lines of a text", "v: a\n  b\n", "a b", "c", ""},
		{"over the lines of a block", "v: |\n  a\n  b\n", "a\nb", "c", ""},
		{"a folded block", "v: >\n  a $inputs.x\n", bare, braced, ""},
		{"an anchor", "v: &y a $inputs.x\n", bare, braced, ""},
		{"an alias", "w: &y a $inputs.x\nv: *y\n", bare, braced, ""},
		{"a tag", "v: !!str a $inputs.x\n", bare, braced, ""},
		{"the same text", "v: abc\n", "abc", "abc", ""},
		{"no text", "v: abc\n", "", "x", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			file := &source.File{Name: "doc", Text: test.text}
			root, err := source.Parse(file)
			if err != nil {
				t.Fatal(err)
			}
			v := last(root, "v")
			text, _ := v.Text()
			edit := v.EditAt(strings.Index(text, test.old), test.old, test.replacement)
			if test.want == "" {
				if edit != (source.Edit{}) {
					t.Errorf("the edit %v is not certain", edit)
				}
				return
			}
			fixed, applied := source.Fix(file, source.Diagnostics{{Edit: edit}})
			if diff := cmp.Diff(test.want, fixed); diff != "" || len(applied) != 1 {
				t.Errorf("%d applied (-want +got):\n%s", len(applied), diff)
			}
		})
	}
}

// last is the innermost first member of that name.
func last(v *source.Value, name string) *source.Value {
	found := find(v, name)
	for inner := found; inner != nil; inner = find(inner, name) {
		found = inner
	}
	return found
}

// TestEditAtWhatIsNotThere asks for edits that the value does not have.
func TestEditAtWhatIsNotThere(t *testing.T) {
	t.Parallel()
	root := parse(t, "v: abc\nn: 12\n")
	for name, edit := range map[string]source.Edit{
		"another text":         root.Get("v").EditAt(0, "b", "x"),
		"before the text":      root.Get("v").EditAt(-1, "a", "x"),
		"behind the text":      root.Get("v").EditAt(4, "a", "x"),
		"a number":             root.Get("n").EditAt(0, "12", "13"),
		"a value without file": (&source.Value{Kind: source.String, Scalar: "abc"}).EditAt(0, "abc", "x"),
		"nothing":              (*source.Value)(nil).EditAt(0, "abc", "x"),
	} {
		if edit != (source.Edit{}) {
			t.Errorf("%s: got %v", name, edit)
		}
	}
}
