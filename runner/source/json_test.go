package source

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.yaml.in/yaml/v3"
)

// TestJSONNodes holds that the nodes of a JSON text are those the YAML parser
// makes, places included.
func TestJSONNodes(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text string }{
		{"every kind of value", `{"a": [null, true, false, 0, -1, 1.50, 1e9, "x\n\"y\"", ""], "b": {}, "c": []}`},
		{"over many lines", "\n{\r\n\t\"a\"  : {\n \"ü\" : 1 , \"日\":[ 2\n,3]\n}\n}\n"},
		{"over carriage returns", "{\r\"a\":\r1,\r\n\r\"b\":2\r}"},
		{"keys that stand twice", `{"a": 1, "a": 2}`},
		{"what YAML would read otherwise", `{"yes": "no", "<<": "2020-01-01", "~": "*a"}`},
		{"escapes", `["\"\\\b\f\n\r\t", "a\u00e9\u20ACb"]`},
		{"as many as two batches", `[` + strings.Repeat(`{"k": "é"}, `, 1000) + `1]`},
	}
	for _, test := range tests {
		var document yaml.Node
		if err := yaml.Unmarshal([]byte(test.text), &document); err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		got, err := jsonNodes(test.text)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if diff := cmp.Diff(document.Content[0], got, cmpopts.IgnoreFields(yaml.Node{}, "Style")); diff != "" {
			t.Errorf("%s (-YAML +JSON):\n%s", test.name, diff)
		}
	}
}

func TestJSONNodesRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want jsonSyntax
	}{
		{"", jsonSyntax{0, "the end of the text", "a JSON value"}},
		{"{", jsonSyntax{1, "the end of the text", "a key in double quotes"}},
		{`{"a"`, jsonSyntax{4, "the end of the text", "a colon after the key"}},
		{`{"a" 1}`, jsonSyntax{5, "'1'", "a colon after the key"}},
		{`{"a": 1,}`, jsonSyntax{8, "'}'", "a key in double quotes"}},
		{`{"a": 1 "b"}`, jsonSyntax{8, `'"'`, "a comma or '}'"}},
		{`{a: 1}`, jsonSyntax{1, "'a'", "a key in double quotes"}},
		{`{,}`, jsonSyntax{1, "','", "a key in double quotes"}},
		{`[1 2]`, jsonSyntax{3, "'2'", "a comma or ']'"}},
		{`[1,]`, jsonSyntax{3, "']'", "a JSON value"}},
		{`{]`, jsonSyntax{1, "']'", "a key in double quotes"}},
		{`{} {}`, jsonSyntax{3, "'{'", "nothing after the JSON value"}},
		{`{}x`, jsonSyntax{2, "'x'", "nothing after the JSON value"}},
		{`[nul]`, jsonSyntax{1, "'n'", "a JSON value"}},
		{`[-]`, jsonSyntax{2, "']'", "a digit"}},
		{`[01]`, jsonSyntax{2, "'1'", "a comma or ']'"}},
		{`[1.]`, jsonSyntax{2, "'.'", "a comma or ']'"}},
		{"[\"\n\"]", jsonSyntax{2, `'\n'`, "a quote at the end of the string, or an escape"}},
		{"[\"\\n\t\"]", jsonSyntax{4, `'\t'`, "a quote at the end of the string, or an escape"}},
		{`["a`, jsonSyntax{3, "the end of the text", "a quote at the end of the string"}},
		{`["\n`, jsonSyntax{4, "the end of the text", "a quote at the end of the string"}},
		{`["é\x"]`, jsonSyntax{4, `'\\'`, `an escape: \" \\ \/ \b \f \n \r \t, or \u and four hexadecimal digits`}},
		{`["\u00g0"]`, jsonSyntax{2, `'\\'`, `an escape: \" \\ \/ \b \f \n \r \t, or \u and four hexadecimal digits`}},
		{`["\`, jsonSyntax{2, `'\\'`, `an escape: \" \\ \/ \b \f \n \r \t, or \u and four hexadecimal digits`}},
		{strings.Repeat("[", 501), jsonSyntax{500, "more than 500 levels", "a document that nests less deep"}},
	}
	for _, test := range tests {
		n, err := jsonNodes(test.text)
		if err == nil {
			t.Errorf("%q: got %v, want an error", test.text, n)
			continue
		}
		if *err != test.want {
			t.Errorf("%q: got %v, want %v", test.text, *err, test.want)
		}
	}
}

// FuzzJSONNodes holds that this reader takes what encoding/json takes, and reads
// the same.
func FuzzJSONNodes(f *testing.F) {
	for _, seed := range []string{
		`{"a": [null, true, 1e9, "\ud83d\ude00\/"]}`, `{"a": {]}`, `[-0.0E+1, 01, "\ud800\u0041", "\u00E9"]`, ` "a" x`, "[\"\x7f\u2028\"]", `{"a":1,}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		want, refused := decodeJSON(text)
		if own, err := DecodeJSON(text); (err == nil) != (refused == nil) || !reflect.DeepEqual(own, want) {
			t.Fatalf("%q: got %v with %v, encoding/json says %v with %v", text, own, err, want, refused)
		}
		n, err := jsonNodes(text)
		switch {
		case err != nil && strings.HasPrefix(err.found, "more than"):
			return
		case (err != nil) != (refused != nil), json.Valid([]byte(text)) != (err == nil):
			t.Fatalf("%q: %v, and encoding/json says %v", text, err, refused)
		case err != nil:
			return
		}
		c := converter{file: &File{Text: text}}
		v, twice := c.value(n, 0)
		if twice != nil { // a key stands twice, which is refused later
			return
		}
		if diff := cmp.Diff(want, v.Data(), cmp.Comparer(sameNumber)); diff != "" {
			t.Errorf("%q (-encoding/json +this):\n%s", text, diff)
		}
	})
}

// sameNumber compares numbers as they are written in the end.
func sameNumber(a, b json.Number) bool { return jsonNumber(a.String()) == jsonNumber(b.String()) }
