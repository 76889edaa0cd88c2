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

const noRoot = "0: an expression begins with one of $inputs, $outputs, $steps, $workflows, $request, $response, $message, $statusCode, $url, $method, $self, $sourceDescriptions, $components"

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"$url", "url"},               // S-180
		{"$method", "method"},         // S-181
		{"$statusCode", "statusCode"}, // S-182
		{"$self", "self"},             // S-195

		{"$request.header.X-Trace_Id!", "request header X-Trace_Id!"}, // S-183
		{"$request.header.a#b", "request header a#b"},
		{"$response.header.content-type", "response header content-type"},
		{"$message.header.a", "message header a"}, // S-188
		{"$message.payload", "message payload"},
		{"$message.payload#/a", `message payload #["a"]`},
		{"$message.payload.orderId", "message payload orderId"},

		{"$request.query.page", "request query page"}, // S-184
		{"$request.query.filter[status] or so", "request query filter[status] or so"},
		{"$request.query.a#/b", "request query a#/b"},
		{`$request.query.a\/b\u00e9\"`, `request query a/bé"`},
		{"$request.path.id", "request path id"},
		{"$request.path.größe", "request path größe"},

		{"$request.body", "request body"},
		{"$response.body#/data/0/cursor", `response body #["data" "0" "cursor"]`},
		{"$response.body#", `response body #[]`}, // S-186
		{"$response.body#/", `response body #[""]`},
		{"$response.body#//a/", `response body #["" "a" ""]`},
		{"$response.body#/a~1b/~0~01", `response body #["a/b" "~~1"]`}, // S-187
		{"$response.body#/a%20b", `response body #["a%20b"]`},
		{"$response.body#/a#b", `response body #["a#b"]`},
		{"$response.body#/ü and so on", `response body #["ü and so on"]`},
		{"$response.body#/{id}", `response body #["{id}"]`},
		{"$response.body.items[0].id", "response body items[0].id"}, // S-197
		{"$response.body[0]", "response body [0]"},
		{"$response.body.a#/b", `response body a #["b"]`},

		{"$inputs", "inputs"},
		{"$inputs.a", "inputs a"}, // S-189
		{"$inputs.a.b-c_d", "inputs a.b-c_d"},
		{"$inputs..a", "inputs .a"}, // S-196
		{"$inputs.a..b", "inputs a..b"},
		{"$inputs.a[0][1].b", "inputs a[0][1].b"},
		{"$inputs.a#/b", `inputs a #["b"]`},
		{"$inputs#/größe", `inputs #["größe"]`},
		{"$outputs.a", "outputs a"}, // S-190
		{"$outputs.a#/b", `outputs a #["b"]`},
		{"$steps.s-1.outputs", "steps s-1 outputs"},
		{"$steps.s.outputs.a.b[0]#/c", `steps s outputs a.b[0] #["c"]`}, // S-191
		{"$steps.outputs.outputs.outputs", "steps outputs outputs outputs"},
		{"$workflows.w.inputs.a", "workflows w inputs a"}, // S-192
		{"$workflows.w.outputs.a#/b", `workflows w outputs a #["b"]`},

		{"$sourceDescriptions.api.url", "sourceDescriptions api url"}, // S-193
		{"$sourceDescriptions.api.pets.list", "sourceDescriptions api pets.list"},
		{"$sourceDescriptions.api.pets/list all#1", "sourceDescriptions api pets/list all#1"}, // S-054
		{"$sourceDescriptions.a-b._.", "sourceDescriptions a-b _."},

		{"$components.parameters.page", "components parameters page"}, // S-194
		{"$components.successActions.a.b", "components successActions a.b"},
		{"$components.failureActions.a", "components failureActions a"},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, describe(expression.Parse(test.text))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	const (
		noRequest   = "$request is followed by .header.NAME, .query.NAME, .path.NAME or .body"
		noResponse  = "$response is followed by .header.NAME or .body"
		noMessage   = "$message is followed by .header.NAME or .payload"
		noSource    = "$sourceDescriptions is followed by .NAME.url, .NAME.name, .NAME.type, or .NAME and the id of an operation or workflow"
		noComponent = "$components is followed by .parameters.NAME, .successActions.NAME or .failureActions.NAME"
	)
	tests := []struct{ text, want string }{
		{"", noRoot},
		{"$", noRoot},
		{"inputs.a", noRoot},
		{"$input.a", noRoot},
		{"$INPUTS.a", noRoot},
		{"$inputsX", noRoot},
		{"$inputs.", `7: "." does not belong to the expression "$inputs"`},
		{"$inputs.a.", `9: "." does not belong to the expression "$inputs.a"`},
		{"$inputs a", `7: " a" does not belong to the expression "$inputs"`},
		{"$inputs[0]", `7: "[0]" does not belong to the expression "$inputs"`},
		{"$inputs.[0]", `7: ".[0]" does not belong to the expression "$inputs"`},
		{"$inputs.a[b]", `9: "[b]" does not belong to the expression "$inputs.a"`},
		{"$inputs.a[0", `9: "[0" does not belong to the expression "$inputs.a"`},
		{"$inputs.a[0]b", `12: "b" does not belong to the expression "$inputs.a[0]"`},
		{"$inputs.größe", `10: "öße" does not belong to the expression "$inputs.gr"`},
		{"$url.a", `4: ".a" does not belong to the expression "$url"`},
		{"$self.a", `5: ".a" does not belong to the expression "$self"`},
		{"$statusCode#/a", "11: a JSON Pointer cannot follow here"},
		{"$request", "8: " + noRequest},
		{"$request.query", "14: a parameter's name is missing"},
		{"$request.query.", "14: a parameter's name is missing"},
		{"$request.query.{a}", "14: a parameter's name is missing"},
		{`$request.query.a"b`, `16: "\"b" does not belong to the expression "$request.query.a"`},
		{`$request.query.a\x`, `16: "\\x" does not belong to the expression "$request.query.a"`},
		{"$request.query.a\tb", `16: "\tb" does not belong to the expression "$request.query.a"`},
		{"$request.cookie.a", "8: " + noRequest},
		{"$request.payload", "8: " + noRequest},   // S-188
		{"$response.query.a", "9: " + noResponse}, // S-185
		{"$response.path.a", "9: " + noResponse},
		{"$response.payload", "9: " + noResponse},
		{"$response.bodyX", "9: " + noResponse},
		{"$response.header", "16: a header's name is missing"},
		{"$response.header.", "16: a header's name is missing"},
		{"$response.header.a#/b", `19: "/b" does not belong to the expression "$response.header.a#"`},
		{"$message", "8: " + noMessage},
		{"$message.body", "8: " + noMessage}, // S-188
		{"$message.query.a", "8: " + noMessage},
		{"$response.body#a", `15: the JSON Pointer "a" does not begin with /`},
		{"$response.body#/a~2", `17: in the JSON Pointer "/a~2" a ~ is not followed by 0 or 1`},
		{"$response.body#/a~", `17: in the JSON Pointer "/a~" a ~ is not followed by 0 or 1`},
		{"$steps", "6: $steps is followed by .ID.outputs.NAME"},
		{"$steps.s", "8: $steps.s is followed by .outputs.NAME"},
		{"$steps.s.a", "8: $steps.s is followed by .outputs.NAME"}, // S-007
		{"$steps.s.outputsX", "8: $steps.s is followed by .outputs.NAME"},
		{"$workflows.w.steps.s", "12: $workflows.w is followed by .inputs.NAME or .outputs.NAME"},
		{"$sourceDescriptions.api", "23: " + noSource},
		{"$sourceDescriptions..url", "19: " + noSource},
		{"$components.inputs.a", "11: " + noComponent}, // S-146
		{"$components.parameters", "11: " + noComponent},
		{"$components.parameters.", "11: " + noComponent},
		{"$components.parameters.a#/b", "24: a JSON Pointer cannot follow here"},
		{"$inputs." + strings.Repeat("a", 9000), "8192: the expression has more than 8192 bytes"},
		{"$inputs.a" + strings.Repeat("[0]", 101), "312: a name has more than 100 dots and indexes"},
		{"$response.body" + strings.Repeat(".a", 102), "218: a name has more than 100 dots and indexes"},
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
// stands behind a bar (S-162).
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
		{"$response.body#/a b", `response body #["a"]| b`},
		{"$response.body#/a{$inputs.b}", `response body #["a"]|{$inputs.b}`},
		{"$response.body#/a<1", `response body #["a"]|<1`},
		{"$response.body#/a)", `response body #["a"]|)`},
		{"$response.body#/a'", `response body #["a"]|'`},
		{"$response.header.X-A!=1", "response header X-A|!=1"},
		{"$response.header.X-A&&$inputs.b", "response header X-A|&&$inputs.b"},
		{"$response.header.Location.", "response header Location|."},
		{"$statusCode==200", "statusCode|==200"},
		{"$response.header.A=1", "response header A|=1"},
		{"$response.header. b", "16: a header's name is missing"},
		{"$request.query.a[0] b", "request query a[0]| b"},
		{"$request.query. a", "14: a parameter's name is missing"},
		{"$sourceDescriptions.api.url/v1 and", "sourceDescriptions api url|/v1 and"}, // S-054
		{"$components.parameters.a. Then", "components parameters a|. Then"},
		{"$message.payload.a, b", "message payload a|, b"},
		{"$response.body#/a~2 b", `17: in the JSON Pointer "/a~2" a ~ is not followed by 0 or 1`},
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

// TestParseWhole reads one expression in braces (S-203).
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
		{"{$sourceDescriptions.api.list all}", "sourceDescriptions api list all"},
		{"{$response.body#/~}", `17: in the JSON Pointer "/~" a ~ is not followed by 0 or 1`},
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
