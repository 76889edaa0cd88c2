package source_test

import (
	"strings"
	"testing"

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
		{"plain over lines", "v: a b c\n  d $x\n", "doc.yml:2:5"},
		{"plain with an empty line", "v: a\r\n\r\n   $x\r\n", "doc.yml:3:4"},
		{"single quotes over lines", "v: 'it''s\n\n\n  so $x'\n", "doc.yml:4:6"},
		{"double quotes over lines", "v: \"a \\\" \n  b $x\"\n", "doc.yml:2:5"},
		{"behind doubled quotes", "v: 'it''s $x'\n", "doc.yml:1:11"},
		{"behind escapes", `v: "\n\x41\u00e9\U0001F600\\ $x"`, "doc.yml:1:30"},
		{"a literal block", "v: |\n  text\n  a $x\n", "doc.yml:3:5"},
		{"a literal block with deeper lines", "a:\n  v: |2- # c\r\n     text\r\n\r\n      a $x\r\n", "doc.yml:5:9"},
		{"a literal block at the end", "v: |-\n    $x", "doc.yml:2:5"},
		{"a folded block stays at its start", "v: >-\n  a $x\n", "doc.yml:1:4"},
		{"a folded block that looks like itself", "v: >\n  > $x\n", "doc.yml:1:4"},
		{"behind an escaped line break", "v: \"a \\\r\n  $x\"\n", "doc.yml:2:3"},
		{"behind several it stays at the start", "v: \"a \\\n\n  $x\"\n", "doc.yml:1:4"},
		{"behind an anchor it stays at the start", "v: &y a $x\n", "doc.yml:1:4"},
		{"behind a tag too", "v: !!str a $x\n", "doc.yml:1:4"},
		{"an alias is where its anchor is", "w: &y a $x\nv: *y\n", "doc.yml:1:4"},
		{"JSON", "{\"b\":\n\t\"é\", \"v\": \"a $x\"}", "doc.yml:2:15"},
		{"JSON behind escapes", `{"v": "\ud83d\ude00\ud800 \/\" $x"}`, "doc.yml:1:32"},
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

// TestOffsetOutside asks for what is not in the text: the answer is the value.
func TestOffsetOutside(t *testing.T) {
	t.Parallel()
	root := parse(t, "n: 12\nv: abc\nb: |\n  a\nc: 1\n")
	for _, test := range []struct {
		name   string
		value  *source.Value
		offset int
		want   string
	}{
		{"before the text", root.Get("v"), -1, "doc.yml:2:4"},
		{"at the end of the text", root.Get("v"), 3, "doc.yml:2:7"},
		{"behind the text", root.Get("v"), 4, "doc.yml:2:4"},
		{"at the end of a block", root.Get("b"), 2, "doc.yml:3:4"},
		{"in a number", root.Get("n"), 1, "doc.yml:1:4"},
		{"in a value that has no file", &source.Value{Kind: source.String, Scalar: "abc"}, 1, ""},
	} {
		if got := test.value.Offset(test.offset).String(); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}
