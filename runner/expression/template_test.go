package expression_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/expression"
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
		{"S-201 one expression keeps its type", "$inputs.n", json.Number("12345678901234567890"), []string{"0 $inputs.n"}},
		{"S-203 so does one in braces", "{$inputs.list}", []any{json.Number("1"), "b"}, []string{"1 $inputs.list"}},
		{"a null too", "{$inputs.nil}", nil, []string{"1 $inputs.nil"}},
		{"a pointer with blanks runs to the end", "$response.body#/data/0/n", nil, []string{"0 $response.body#/data/0/n"}},
		{"S-202 embedded", "id-{$inputs.n}!", "id-12345678901234567890!", []string{"4 $inputs.n"}},
		{"two side by side", "{$inputs.name}{$inputs.no}", "adafalse", []string{"1 $inputs.name", "15 $inputs.no"}},
		{"two pointers", "{$response.body#/s} {$inputs.o#/k}", "[1] v", []string{"1 $response.body#/s", "21 $inputs.o#/k"}},
		{"a bare pointer and then braces", "$inputs.o#/k {$inputs.name}", "v ada", []string{"0* $inputs.o#/k", "14 $inputs.name"}},
		{"an object becomes JSON", "x={$inputs.o}", `x={"k":"v"}`, []string{"3 $inputs.o"}},
		{"null becomes null", "x={$inputs.nil}", "x=null", []string{"3 $inputs.nil"}},
		{"a fraction keeps its digits", "{$inputs.f}m", "1.50m", []string{"1 $inputs.f"}},
		{"S-200 bare in text", "Bearer $inputs.name", "Bearer ada", []string{"7* $inputs.name"}},
		{"bare before a full stop", "Bearer $inputs.name.", "Bearer ada.", []string{"7* $inputs.name"}},
		{"bare before an ellipsis", "$inputs.name... ", "ada... ", []string{"0* $inputs.name"}},
		{"bare with a pointer", "a $inputs.o#/k, b", "a v, b", []string{"2* $inputs.o#/k"}},
		{"bare inside a path", "refs/heads/$inputs.name/x", "refs/heads/ada/x", []string{"11* $inputs.name"}},
		{"S-204 data is not evaluated again", "{$inputs.looks} {$inputs.name}", "$inputs.name ada", []string{"1 $inputs.looks", "17 $inputs.name"}},
		{"a GraphQL variable", "query ($url: String!, $method: M) { a(u: $url) }", "query ($url: String!, $method: M) { a(u: $url) }", nil},
		{"a GraphQL variable named as a root", "query ($inputs: [I!]!) { a(i: $inputs) }", "query ($inputs: [I!]!) { a(i: $inputs) }", nil},
		{"a root at the end of a sentence", "see $inputs. Then", "see $inputs. Then", nil},
		{"S-198 braces that are no expression", `{"a": {id}}`, `{"a": {id}}`, nil},
		{"JSON with one embedded", `{"a": {$inputs.n}}`, `{"a": 12345678901234567890}`, []string{"7 $inputs.n"}},
		{"braces around braces", "{{$inputs.name}}", "{ada}", []string{"2 $inputs.name"}},
		{"S-199 a price", "$5.00", "$5.00", nil},
		{"a reference of JSON Schema", "$ref", "$ref", nil},
		{"a price in cents", "$5.00 for $inputs.name", "$5.00 for ada", []string{"10* $inputs.name"}},
		{"a message", "see $message.payload.o.id", "see 1", []string{"4* $message.payload.o.id"}},
		{"a variable named message", "query ($message: M) { a(m: $message.x) }", "query ($message: M) { a(m: $message.x) }", nil},
		{"an id with a blank, whole", "$sourceDescriptions.api.pets.list/all", "an operation", []string{"0 $sourceDescriptions.api.pets.list/all"}},
		{"a field of a source, in braces", "{$sourceDescriptions.api.url}/v1", "a.yml/v1", []string{"1 $sourceDescriptions.api.url"}},
		{"a name in brackets, in braces", "x={$request.query.a[b] c}", "x=odd", []string{"3 $request.query.a[b] c"}},
		{"a bare pointer and an opening brace", "a $inputs.o#/k{$inputs.name}", "a vada", []string{"2* $inputs.o#/k", "15 $inputs.name"}},
		{"a pointer with braces, whole", "$inputs.o#/{k}", nil, []string{"0 $inputs.o#/{k}"}},
		{"roots without a dot", "$url $method $statusCode $self", "$url $method $statusCode $self", nil},
		{"dollars", "$$ $", "$$ $", nil},
		{"an unknown root", "$input.name", "$input.name", nil},
		{"an exponent written out", "{$inputs.e}m", "1500m", []string{"1 $inputs.e"}},
		{"not ASCII", "é {$inputs.name} é", "é ada é", []string{"4 $inputs.name"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			template, err := expression.ParseTemplate(test.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.references, places(template)); diff != "" {
				t.Errorf("references (-want +got):\n%s", diff)
			}
			got, err := template.Evaluate(sample(t))
			var absent *expression.Absent
			if diff := cmp.Diff(test.want, got); err != nil && !errors.As(err, &absent) || diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestParseText holds that a text is never an expression as a whole.
func TestParseText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, want string
		references []string
	}{
		{"$inputs.n", "12345678901234567890", []string{"0* $inputs.n"}},
		{"{$inputs.n}", "12345678901234567890", []string{"1 $inputs.n"}},
		{"$inputs.o#/k == 'v'", "v == 'v'", []string{"0* $inputs.o#/k"}},
		{"$.a", "$.a", nil},
		{"$url", "$url", nil},
		{"", "", nil},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			template, err := expression.ParseText(test.text)
			if err != nil {
				t.Fatal(err)
			}
			got, err := template.Evaluate(sample(t))
			if diff := cmp.Diff(any(test.want), got); err != nil || diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
			if diff := cmp.Diff(test.references, places(template)); diff != "" {
				t.Errorf("references (-want +got):\n%s", diff)
			}
		})
	}
}

// places lists a template's expressions with their offsets, bare ones with a star.
func places(template *expression.Template) []string {
	var list []string
	for _, r := range template.References() {
		star := map[bool]string{true: "*"}[r.Bare]
		list = append(list, fmt.Sprintf("%d%s %s", r.Offset, star, r.Text))
	}
	return list
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
		{"a bare response without part", "$response.x", 9, "$response is followed by .header.NAME or .body"},
		{"S-185 what a response has not, in text", "a $response.query.b", 11, "$response is followed by .header.NAME or .body"},
		{"S-199 a root with what it has not", "$url.path", 4, `".path" does not belong to the expression "$url"`},
		{"what a message has not", "$message.body", 8, "$message is followed by .header.NAME or .payload"},
		{"an index of all inputs", "$inputs[0]", 7, `"[0]" does not belong to the expression "$inputs"`},
		{"a component of no type", "$components.inputs.a", 11, "$components is followed by .parameters.NAME, .successActions.NAME or .failureActions.NAME"},
		{"a bad tilde in braces", "ab {$inputs.o#/~} c", 15, `in the JSON Pointer "/~" a ~ is not followed by 0 or 1`},
		{"a root alone that needs more", "$response", 9, "$response is followed by .header.NAME or .body"},
		{"a bad pointer", "a $inputs.o#x", 12, `the JSON Pointer "x" does not begin with /`},
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
