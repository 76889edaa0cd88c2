package expression_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

func TestTemplate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       any
		// references are the expressions with their offsets, bare ones with a star.
		references []string
	}{
		{"no expression", "plain text", "plain text", nil},
		{"nothing", "", "", nil},
		{"one expression keeps its type", "$inputs.n", json.Number("12345678901234567890"), []string{"0 $inputs.n"}},
		{"so does one in braces", "{$inputs.list}", []any{json.Number("1"), "b"}, []string{"1 $inputs.list"}},
		{"a null too", "{$inputs.nil}", nil, []string{"1 $inputs.nil"}},
		{"a pointer with blanks runs to the end", "$response.body#/data/0/n", nil, []string{"0 $response.body#/data/0/n"}},
		{"embedded", "id-{$inputs.n}!", "id-12345678901234567890!", []string{"4 $inputs.n"}},
		{"two side by side", "{$inputs.name}{$inputs.no}", "adafalse", []string{"1 $inputs.name", "15 $inputs.no"}},
		{"two pointers", "{$response.body#/s} {$inputs.o#/k}", "[1] v", []string{"1 $response.body#/s", "21 $inputs.o#/k"}},
		{"a bare pointer and then braces", "$inputs.o#/k {$inputs.name}", "v ada", []string{"0* $inputs.o#/k", "14 $inputs.name"}},
		{"an object becomes JSON", "x={$inputs.o}", `x={"k":"v"}`, []string{"3 $inputs.o"}},
		{"null becomes null", "x={$inputs.nil}", "x=null", []string{"3 $inputs.nil"}},
		{"a fraction keeps its digits", "{$inputs.f}m", "1.50m", []string{"1 $inputs.f"}},
		{"bare in text", "Bearer $inputs.name", "Bearer ada", []string{"7* $inputs.name"}},
		{"bare before a full stop", "Bearer $inputs.name.", "Bearer ada.", []string{"7* $inputs.name"}},
		{"bare before an ellipsis", "$inputs.name... ", "ada... ", []string{"0* $inputs.name"}},
		{"bare with a pointer", "a $inputs.o#/k, b", "a v, b", []string{"2* $inputs.o#/k"}},
		{"bare inside a path", "refs/heads/$inputs.name/x", "refs/heads/ada/x", []string{"11* $inputs.name"}},
		{"data is not evaluated again", "{$inputs.looks} {$inputs.name}", "$inputs.name ada", []string{"1 $inputs.looks", "17 $inputs.name"}},
		{"a GraphQL variable", "query ($url: String!, $method: M) { a(u: $url) }", "query ($url: String!, $method: M) { a(u: $url) }", nil},
		{"a GraphQL variable named as a root", "query ($inputs: [I!]!) { a(i: $inputs) }", "query ($inputs: [I!]!) { a(i: $inputs) }", nil},
		{"a root at the end of a sentence", "see $inputs. Then", "see $inputs. Then", nil},
		{"braces that are no expression", `{"a": {id}}`, `{"a": {id}}`, nil},
		{"JSON with one embedded", `{"a": {$inputs.n}}`, `{"a": 12345678901234567890}`, []string{"7 $inputs.n"}},
		{"braces around braces", "{{$inputs.name}}", "{ada}", []string{"2 $inputs.name"}},
		{"a price", "$5.00", "$5.00", nil},
		{"a reference of JSON Schema", "$ref", "$ref", nil},
		{"dollars", "$$ $", "$$ $", nil},
		{"an unknown root", "$input.name", "$input.name", nil},
		{"not ASCII", "é {$inputs.name} é", "é ada é", []string{"4 $inputs.name"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			template, err := expression.ParseTemplate(test.text)
			if err != nil {
				t.Fatal(err)
			}
			var references []string
			for _, r := range template.References() {
				star := map[bool]string{true: "*"}[r.Bare]
				references = append(references, fmt.Sprintf("%d%s %s", r.Offset, star, r.Text))
			}
			if diff := cmp.Diff(test.references, references); diff != "" {
				t.Errorf("references (-want +got):\n%s", diff)
			}
			got, err := template.Evaluate(sample(t))
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestTemplateErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		offset     int
		want       string
	}{
		{"an open brace", "a {$inputs.x", 2, `the brace of "{$inputs.x" is not closed`},
		{"an unknown root in braces", "a {$x}", 3, noRoot[3:]},
		{"a blank in braces", "a {$inputs.x y}", 12, `" y" does not belong to the expression "$inputs.x"`},
		{"a bare step without outputs", "a $steps.s b", 10, "$steps.s is followed by .outputs.NAME"},
		{"a bare response without part", "$response.x", 11, "$response is followed by .header.NAME or .body"},
		{"a root alone that needs more", "$response", 9, "$response is followed by .header.NAME or .body"},
		{"a bad pointer", "a $inputs.o#x", 11, `the JSON Pointer "x" does not begin with /`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := expression.ParseTemplate(test.text)
			if diff := cmp.Diff(fmt.Sprintf("%d: %s", test.offset, test.want), describe(nil, err)); err == nil || diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestValue evaluates a payload with everything in it.
func TestValue(t *testing.T) {
	t.Parallel()
	root, err := source.Parse(&source.File{Name: "w.yml", Text: `
$inputs.name: a key is not evaluated
name: $inputs.name
given: {n: '{$inputs.n}', nil: $inputs.nil}
gone: $inputs.other
goneToo: x {$inputs.other}
list: [$inputs.other, 1, [$inputs.no]]
plain: [2024-05-29, 0x10, ~, true]
`})
	if err != nil {
		t.Fatal(err)
	}
	var places []string
	value, found := expression.NewValue(root, func(r expression.Reference, at source.Position) {
		places = append(places, fmt.Sprintf("%s %s", at, r.Text))
	})
	if found != nil {
		t.Fatal(found)
	}
	got, err := value.Evaluate(sample(t))
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
		{"a syntax error deep inside", "a: [b, {c: 'x {$y}'}]\n", "w.yml:1:16: error[arazzo/expression-syntax]: " + noRoot[3:]},
		{"a misspelt root", "a: $input.name\n", `w.yml:1:4: error[arazzo/no-expression]: "$input.name" is no runtime expression`},
		{"a misspelt root in text", "a: pre-$input.name\n", `w.yml:1:8: warning[arazzo/no-expression]: $input is no root of a runtime expression: the text stays as it is`},
		{"a misspelt root beside a right one", "a: '{$inputs.a}-$step.b'\n", `w.yml:1:17: warning[arazzo/no-expression]: $step is no root of a runtime expression: the text stays as it is`},
		{"a name that cannot be", "a: $inputs.größe\n", ""},
		{"text that is nothing like one", "a: $schema.json\n", ""},
		{"a price", "a: $USD.5\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			root, err := source.Parse(&source.File{Name: "w.yml", Text: test.text})
			if err != nil {
				t.Fatal(err)
			}
			_, found := expression.NewValue(root, func(expression.Reference, source.Position) {})
			got := ""
			for _, d := range found {
				got += d.Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestValueAbsent holds that only an optional input is left out.
func TestValueAbsent(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a: $steps.two.outputs.x", "a: ['x {$response.body#/nope}']", "a: [[$inputs.o#/x]]"} {
		root, err := source.Parse(&source.File{Name: "w.yml", Text: text})
		if err != nil {
			t.Fatal(err)
		}
		value, _ := expression.NewValue(root, func(expression.Reference, source.Position) {})
		if got, err := value.Evaluate(sample(t)); err == nil {
			t.Errorf("%s gave %v", text, got)
		}
	}
}
