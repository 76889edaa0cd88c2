package expression_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// describe writes what Parse took from a text: root id part name #pointer.
func describe(e *expression.Expression, err error) string {
	if err != nil {
		var syntax *expression.SyntaxError
		if !errors.As(err, &syntax) {
			return "not a SyntaxError: " + err.Error()
		}
		return fmt.Sprintf("%d: %s", syntax.Offset, syntax.Message)
	}
	var parts []string
	for _, part := range []string{string(e.Root), e.ID, e.Part, e.Name} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if e.Pointer != nil {
		parts = append(parts, fmt.Sprintf("#%q", []string(e.Pointer)))
	}
	return strings.Join(parts, " ")
}

const noRoot = "0: an expression begins with one of $inputs, $outputs, $steps, $workflows, $request, $response, $statusCode, $url, $method, $sourceDescriptions"

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"$url", "url"},
		{"$method", "method"},
		{"$statusCode", "statusCode"},
		{"$self", "self"},
		{"$message.payload#/a", `message payload #["a"]`},
		{"$components.parameters.page", "components parameters.page"},
		{"$request.header.X-Trace_Id!", "request header X-Trace_Id!"},
		{"$request.query.page[0]", "request query page[0]"},
		{"$request.path.id", "request path id"},
		{"$request.body", "request body"},
		{"$response.header.content-type", "response header content-type"},
		{"$response.body#/data/0/cursor", `response body #["data" "0" "cursor"]`},
		{"$response.body#", `response body #[]`},
		{"$response.body#/", `response body #[""]`},
		{"$response.body#/a~1b/~0~01", `response body #["a/b" "~~1"]`},
		{"$response.body#/a%20b", `response body #["a%20b"]`},
		{"$response.body#/ü and so on", `response body #["ü and so on"]`},
		{"$response.body#/{id}", `response body #["{id}"]`},
		{"$response.body.items[0].id", "response body items[0].id"},
		{"$response.body[0]", "response body [0]"},
		{"$inputs", "inputs"},
		{"$inputs.a", "inputs a"},
		{"$inputs.a.b-c_d", "inputs a.b-c_d"},
		{"$inputs.a#/b", `inputs a #["b"]`},
		{"$inputs#/b", `inputs #["b"]`},
		{"$outputs.a", "outputs a"},
		{"$steps.s-1.outputs", "steps s-1 outputs"},
		{"$steps.s.outputs.a.b[0]#/c", `steps s outputs a.b[0] #["c"]`},
		{"$workflows.w.inputs.a", "workflows w inputs a"},
		{"$workflows.w.outputs.a#/b", `workflows w outputs a #["b"]`},
		{"$sourceDescriptions.api.url", "sourceDescriptions api url"},

		{"", noRoot},
		{"$", noRoot},
		{"inputs.a", noRoot},
		{"$input.a", noRoot},
		{"$INPUTS.a", noRoot},
		{"$inputsX", noRoot},
		{"$inputs.", `7: "." does not belong to the expression "$inputs"`},
		{"$inputs a", `7: " a" does not belong to the expression "$inputs"`},
		{"$inputs.a[b]", `9: "[b]" does not belong to the expression "$inputs.a"`},
		{"$inputs.größe", `10: "öße" does not belong to the expression "$inputs.gr"`},
		{"$url.a", `4: ".a" does not belong to the expression "$url"`},
		{"$statusCode#/a", "11: a JSON Pointer cannot follow here"},
		{"$request", "8: $request is followed by .header.NAME or .body, .query.NAME or .path.NAME"},
		{"$request.query", "14: a parameter's name is missing"},
		{"$request.cookie.a", "15: $request is followed by .header.NAME or .body, .query.NAME or .path.NAME"},
		{"$response.query.a", "15: $response is followed by .header.NAME or .body"},
		{"$response.payload", "17: $response is followed by .header.NAME or .body"},
		{"$response.header", "16: a header's name is missing"},
		{"$response.header.", "16: a header's name is missing"},
		{"$response.header.a#/b", `19: "/b" does not belong to the expression "$response.header.a#"`},
		{"$request.query.a#/b", "16: a JSON Pointer cannot follow here"},
		{"$response.body#a", `14: the JSON Pointer "a" does not begin with /`},
		{"$response.body#/a~2", `14: in the JSON Pointer "/a~2" a ~ is not followed by 0 or 1`},
		{"$response.body#/a~", `14: in the JSON Pointer "/a~" a ~ is not followed by 0 or 1`},
		{"$steps", "6: $steps is followed by .ID.outputs.NAME"},
		{"$steps.s", "8: $steps.s is followed by .outputs.NAME"},
		{"$steps.s.a", "8: $steps.s is followed by .outputs.NAME"},
		{"$steps.s.outputsX", "8: $steps.s is followed by .outputs.NAME"},
		{"$workflows.w.steps.s", "12: $workflows.w is followed by .inputs.NAME or .outputs.NAME"},
		{"$sourceDescriptions.api", "23: $sourceDescriptions is followed by .NAME.url, .NAME.name or .NAME.type"},
		{"$inputs." + strings.Repeat("a", 9000), "9008: the expression has more than 8192 bytes"},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%.40s", test.text), func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, describe(expression.Parse(test.text))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestScan reads the expression that a longer text begins with; what follows it
// stands behind a bar.
func TestScan(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"$inputs.a, and", "inputs a|, and"},
		{"$inputs.a.", "inputs a|."},
		{"$inputs.a-{$inputs.b}", "inputs a-|{$inputs.b}"},
		{"$inputs.a... more", "inputs a|... more"},
		{"$response.body#/a-b/c d", `response body #["a-b" "c"]| d`},
		{"$response.body#/a==1", `response body #["a"]|==1`},
		{"$response.body#/a!=1", `response body #["a"]|!=1`},
		{"$response.body#/a=b!c", `response body #["a=b!c"]|`},
		{"$response.body#/a&&b", `response body #["a"]|&&b`},
		{"$response.body#/a&b||c", `response body #["a&b"]|||c`},
		{"$response.body#/a<1", `response body #["a"]|<1`},
		{"$response.body#/a)", `response body #["a"]|)`},
		{"$response.body#/a'", `response body #["a"]|'`},
		{"$response.header.X-A!=1", "response header X-A|!=1"},
		{"$response.header.X-A&&$inputs.b", "response header X-A|&&$inputs.b"},
		{"$response.header.Location.", "response header Location|."},
		{"$statusCode==200", "statusCode|==200"},
		{"$url(", "url|("},
		{"$nothing", noRoot},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			e, n, err := expression.Scan(test.text)
			got := describe(e, err)
			if err == nil {
				got += "|" + test.text[n:]
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseWhole(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"$inputs.a", "inputs a"},
		{"{$inputs.a}", "inputs a"},
		{"{$response.body#/a b}", `response body #["a b"]`},
		{"{$inputs.a}{$inputs.b}", `10: "{$inputs.a}{$inputs.b}" is not one expression in braces`},
		{"{$response.body#/a} b}", `18: "{$response.body#/a} b}" is not one expression in braces`},
		{"{$inputs.a", `0: "{$inputs.a" is not one expression in braces`},
		{"{", `0: "{" is not one expression in braces`},
		{"{}", "1" + noRoot[1:]},
		{"{$inputs.a b}", `10: " b" does not belong to the expression "$inputs.a"`},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, describe(expression.ParseWhole(test.text))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
