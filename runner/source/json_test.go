package source

import (
	"testing"

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
		{"keys that stand twice", `{"a": 1, "a": 2}`},
		{"what YAML would read otherwise", `{"yes": "no", "<<": "2020-01-01", "~": "*a"}`},
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
	for _, text := range []string{"", "{", `{"a"`, `{"a" 1}`, `{"a": 1,}`, `[1 2]`, `{]`, `{} {}`, `{}x`, `{a: 1}`, "[\"\n\"]"} {
		if n, err := jsonNodes(text); err == nil {
			t.Errorf("%q: got %v, want an error", text, n)
		}
	}
}

func FuzzJSONNodes(f *testing.F) {
	f.Add(`{"a": [null, true, 1e9, "\ud83d\ude00\/"]}`)
	f.Add(`{"a": {]}`)
	f.Fuzz(func(t *testing.T, text string) {
		if n, err := jsonNodes(text); (n == nil) != (err != nil) {
			t.Fatalf("node %v with error %v", n, err)
		}
	})
}
