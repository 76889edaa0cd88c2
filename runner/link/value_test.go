package link

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// given is what the values of these tests see: inputs, some of them not given.
type given map[string]any

func (g given) Object(e *expression.Expression) (any, bool) {
	return map[string]any(g), e.Root == expression.Inputs
}

// read reads a value as a part of a step whose workflow declares some inputs.
func read(t *testing.T, text string) (*Value, *site) {
	t.Helper()
	root, err := source.Parse(&source.File{Name: "w.yml", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	var inputs []Input
	for _, name := range strings.Fields("name n nil other no o") {
		inputs = append(inputs, Input{Name: name})
	}
	w := newWorkflow(&description.Document{Document: &arazzo.Document{Arazzo: "1.1.0"}}, &arazzo.Workflow{}, inputs)
	at := &site{Linker: New(nil), workflow: w, step: &Step{Step: &arazzo.Step{}, Workflow: w}}
	return at.value(root), at
}

// TestValue evaluates a payload with everything in it: values at any depth, and no
// keys (S-207).
func TestValue(t *testing.T) {
	t.Parallel()
	value, at := read(t, `
$inputs.name: a key is not evaluated
name: $inputs.name
given: {n: '{$inputs.n}', nil: $inputs.nil}
gone: $inputs.other
goneToo: x {$inputs.other}
list: [$inputs.other, 1, [$inputs.no]]
plain: [2024-05-29, 0x10, ~, true]
`)
	if found := at.Diagnostics(); found != nil {
		t.Fatal(found)
	}
	got, err := value.Evaluate(given{"name": "ada", "n": json.Number("12345678901234567890"), "nil": nil, "no": false}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"$inputs.name": "a key is not evaluated", "name": "ada",
		"given": map[string]any{"n": json.Number("12345678901234567890"), "nil": nil},
		"list":  []any{json.Number("1"), []any{false}},
		"plain": []any{"2024-05-29", json.Number("16"), nil, true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var places []string
	for _, r := range at.step.References {
		places = append(places, r.At.String()+" "+r.Text)
	}
	wantPlaces := []string{
		"w.yml:3:7 $inputs.name", "w.yml:4:14 $inputs.n", "w.yml:4:32 $inputs.nil", "w.yml:5:7 $inputs.other",
		"w.yml:6:13 $inputs.other", "w.yml:7:8 $inputs.other", "w.yml:7:27 $inputs.no",
	}
	if diff := cmp.Diff(wantPlaces, places); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

func TestValueDiagnostics(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"a syntax error deep inside", "a: [b, {c: 'x {$y}'}]\n", "w.yml:1:16: error[arazzo/expression-syntax]: an expression begins with one of"},
		{"a misspelt root", "a: $input.name\n", `w.yml:1:4: error[arazzo/no-expression]: "$input.name" is no runtime expression`},
		{"a misspelt root in text", "a: pre-$input.name\n", `w.yml:1:8: warning[arazzo/no-expression]: $input is no root of a runtime expression: the text stays as it is`},
		{"a misspelt root beside a right one", "a: '{$inputs.n}-$step.b'\n", `w.yml:1:17: warning[arazzo/no-expression]: $step is no root of a runtime expression: the text stays as it is`},
		{"text that is nothing like one", "a: $schema.json\n", ""},
		{"a price (S-199)", "a: $USD.5\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, at := read(t, test.text)
			got := ""
			for _, d := range at.Diagnostics() {
				got += d.Error()
			}
			if !strings.HasPrefix(got, test.want) || test.want == "" && got != "" {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestValueAbsent holds that only an optional input is left out (S-096).
func TestValueAbsent(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a: $steps.two.outputs.x", "a: ['x {$response.body#/nope}']", "a: [[$inputs.o#/x]]"} {
		value, _ := read(t, text)
		if got, err := value.Evaluate(given{"o": map[string]any{}}, nil); err == nil {
			t.Errorf("%s gave %v", text, got)
		}
	}
}
