package source_test

import (
	"encoding/json"
	"testing"

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
