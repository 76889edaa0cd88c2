package source_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// FuzzParse holds that any text is either refused with a diagnostic that can be
// shown, or becomes a value that JSON can write and that reads back the same.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"a: 1\n", "a: &x [*x]\n", "- {a: 0x1F, b: .5}\n", "{\"a\": [\"\\ud83d\\ude00\", 1e400]}", "a: |\n  b\n",
		"a: !!int 12\n<<: *b\n", "a\r\nb: 'c''d'\r\n", "? [a]\n: b\n", "\ufeffa: \"\\x41\"", "a: 1\n---\nb",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := source.Parse(&source.File{Name: "doc.yml", Text: text})
		if err != nil {
			found := source.Of(err)
			if len(found) != 1 || found[0].Render() == "" {
				t.Fatalf("the error is no diagnostic: %v", err)
			}
			return
		}
		written, err := json.Marshal(v.Data())
		if err != nil {
			t.Fatalf("the value is not JSON: %v", err)
		}
		again, err := source.Parse(&source.File{Name: "doc.json", Text: string(written)})
		if err != nil {
			t.Fatalf("%s does not read back: %v", written, err)
		}
		if diff := cmp.Diff(v.Data(), again.Data()); diff != "" {
			t.Errorf("(-first +again):\n%s", diff)
		}
	})
}

// FuzzRoundTrip holds that what is written of a value, as JSON and as YAML, reads
// back as the same value.
func FuzzRoundTrip(f *testing.F) {
	for _, seed := range []string{
		"a: [1, {b: ~}, 'x: y']\n", "- |+\n  a\n \n- \"\\t \\u2028\\uFEFF\"\n", "? 'a\n\n  b '\n: - - c\n", `{"": "", "-": "---", "1:30": "0x_f"}`,
		"|2\n    a\n   b\n", "'a\tb\n\n c'", "\"\\n a\\n\"", "- 1_0\n- .5e-3\n- '*'\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := source.Parse(&source.File{Name: "doc", Text: text})
		if err == nil {
			roundTrip(t, v)
		}
	})
}

// FuzzWrittenString holds the same of one string as a key, an item and a value.
func FuzzWrittenString(f *testing.F) {
	for _, seed := range []string{"", "a\n\tb \n", "%a", "a\n\n", "\u2028\n", "a\n   ", "- ", "\t", "a\n---\nb", "0x1", "...\n#"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		s := &source.Value{Kind: source.String, Scalar: text}
		list := &source.Value{Kind: source.Array, Items: []*source.Value{s, {Kind: source.Object, Members: []source.Member{{Key: text, Value: s}}}, s}}
		roundTrip(t, s)
		roundTrip(t, &source.Value{Kind: source.Object, Members: []source.Member{{Key: text, Value: list}, {Key: text + "2", Value: s}}})
	})
}

// FuzzEncodeJSON holds that JSON reads back as it was written, in any order of members.
func FuzzEncodeJSON(f *testing.F) {
	f.Add(`{"b":[1.50,{"a":null}],"a":"<"}`, `{a: 1, b: [1, {c: 2}]}`)
	f.Fuzz(func(t *testing.T, text, document string) {
		value, err := source.DecodeJSON(text)
		like, wrong := source.Parse(&source.File{Text: document})
		if err != nil || wrong != nil {
			t.Skip()
		}
		written, err := source.EncodeJSON(value, like)
		if err != nil {
			t.Fatal(err)
		}
		again, err := source.DecodeJSON(string(written))
		if err != nil || !reflect.DeepEqual(again, value) {
			t.Errorf("%s is read as %v, error %v", written, again, err)
		}
	})
}
