package expression_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// scope is what the tests' expressions see: keyed by root, id and part.
type scope map[string]any

func (s scope) Object(e *expression.Expression) (any, bool) {
	key := string(e.Root)
	if e.ID != "" {
		key += " " + e.ID
	}
	if e.Part != "" {
		key += " " + e.Part
	}
	value, ok := s[key]
	return value, ok
}

func decode(t testing.TB, text string) any {
	t.Helper()
	value, err := source.DecodeJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func sample(t testing.TB) scope {
	return scope{
		"url": "https://h/p?a=b", "method": "POST", "statusCode": json.Number("200"),
		"request header": http.Header{"X-A": {"1"}, "LOWER": {"1"}, "lower": {"2"}},
		"request query":  map[string]any{"tags": []any{"a", "b"}, "a[b] c": "odd"},
		"request path":   map[string]any{"id": json.Number("7")},
		"response header": http.Header{
			"Content-Type": {"application/json"}, "X-Many": {"a", "b"}, "Set-Cookie": {"a=1", "b=2"},
		},
		"response body": decode(t, `{"data": [{"id": 9007199254740993, "n": null}], "a/b": 1, "~": 2, "": 3, "-": 4, "00": 5, "items": {"a.b": {"c": "exact"}, "a": {"b": {"c": "parts", "d": "d"}}}, "s": "[1]"}`),
		"inputs": decode(t, `{"name": "ada", "n": 12345678901234567890, "f": 1.50, "e": 1.5e3, "no": false, "nil": null, "list": [1, "b"], "o": {"k": "v"},
			"a": {"b": "parts"}, "a.b": "exact", "l": {"o": [{"n": 1}]}, "looks": "$inputs.name", "json": "{\"x\": {\"y\": 1}}", "text": "no json"}`),
		"steps one outputs":        map[string]any{"id": "x", "gone": nil, "p.q": "dotted", "p": map[string]any{"q": "member"}},
		"outputs":                  map[string]any{"a": "now"},
		"self":                     "https://h/workflow.yml",
		"message header":           http.Header{"K": {"v"}},
		"message payload":          decode(t, `{"o": {"id": 1}}`),
		"components parameters":    map[string]any{"a.b": "a component"},
		"workflows w inputs":       map[string]any{"a": "in"},
		"workflows w outputs":      map[string]any{"a": "out"},
		"sourceDescriptions api":   map[string]any{"url": "a.yml", "pets.list/all": "an operation"},
		"response body of nothing": nil,
	}
}

func TestEvaluate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want any
	}{
		{"$url", "https://h/p?a=b"},         // S-180
		{"$method", "POST"},                 // S-181
		{"$statusCode", json.Number("200")}, // S-182
		{"$self", "https://h/workflow.yml"}, // S-195
		{"$request.header.x-a", "1"},        // S-183
		{"$request.header.lower", "1, 2"},
		{"$request.query.tags", []any{"a", "b"}},
		{"$request.query.tags[1]", "b"},
		{"$request.query.a[b] c", "odd"}, // S-184
		{"$request.path.id", json.Number("7")},
		{"$response.header.content-TYPE", "application/json"},
		{"$response.header.X-Many", "a, b"},
		{"$response.header.set-cookie", "a=1"},
		{"$message.header.k", "v"}, // S-188
		{"$message.payload#/o/id", json.Number("1")},
		{"$message.payload.o.id", json.Number("1")},
		{"$response.body#/data/0/id", json.Number("9007199254740993")},
		{"$response.body.data[0].id", json.Number("9007199254740993")},
		{"$response.body#/data/0/n", nil},
		{"$response.body#/a~1b", json.Number("1")},
		{"$response.body#/~0", json.Number("2")},
		{"$response.body#/", json.Number("3")}, // S-186
		{"$response.body#/-", json.Number("4")},
		{"$response.body#/00", json.Number("5")},
		{"$response.body.items.a.b.c", "exact"},
		{"$response.body#/s", "[1]"},
		{"$inputs.name", "ada"},
		{"$inputs.n", json.Number("12345678901234567890")},
		{"$inputs.nil", nil},
		{"$inputs.list", []any{json.Number("1"), "b"}},
		{"$inputs.list[1]", "b"},
		{"$inputs.list#/1", "b"},
		{"$inputs.o.k", "v"},
		{"$inputs.o#/k", "v"},
		{"$inputs.a.b", "exact"},               // S-189
		{"$inputs.l.o[0].n", json.Number("1")}, // S-197
		{"$inputs#/a/b", "parts"},
		{"$inputs.looks", "$inputs.name"},       // S-204
		{"$inputs.json#/x/y", json.Number("1")}, // S-206
		{"$inputs.json.x.y", json.Number("1")},
		{"$inputs.json#", `{"x": {"y": 1}}`},
		{"$steps.one.outputs", sample(t)["steps one outputs"]},
		{"$steps.one.outputs.gone", nil},
		{"$steps.one.outputs.p.q", "dotted"}, // S-191
		{"$steps.one.outputs.p#/q", "member"},
		{"$outputs.a", "now"},           // S-190
		{"$workflows.w.inputs.a", "in"}, // S-192
		{"$workflows.w.outputs.a", "out"},
		{"$sourceDescriptions.api.url", "a.yml"}, // S-193
		{"$sourceDescriptions.api.pets.list/all", "an operation"},
		{"$components.parameters.a.b", "a component"}, // S-194
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			e, err := expression.Parse(test.text)
			if err != nil {
				t.Fatal(err)
			}
			got, err := e.Evaluate(sample(t))
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestAbsent holds what is said of a value that is not there (S-205), and whether
// it is an input that nobody had to give.
func TestAbsent(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, want string
		optional   bool
	}{
		{"$inputs.other", "$inputs.other has no value: there is no other", true},
		{"$inputs.other#/a", "$inputs.other#/a has no value: there is no other", false},
		{"$inputs.o.x", "$inputs.o.x has no value: there is no o.x", false},
		{"$inputs.list[2]", "$inputs.list[2] has no value: there is no list[2]", false},
		{"$inputs.name[0]", "$inputs.name[0] has no value: it reaches into a text that is not JSON", false},
		{"$inputs.o[0]", "$inputs.o[0] has no value: there is no o[0]", false},
		{"$inputs.list[01]", "$inputs.list[01] has no value: there is no list[01]", false},
		{"$inputs.a.b.c", "$inputs.a.b.c has no value: it reaches into a text that is not JSON", false},
		{"$inputs.l.o[0].x", "$inputs.l.o[0].x has no value: there is no l.o[0].x", false},
		{"$inputs.a..b", "$inputs.a..b has no value: there is no a..b", false},
		{"$inputs..a", "$inputs..a has no value: there is no .a", false},
		{"$inputs.list.[0]", "$inputs.list.[0] has no value: there is no list.[0]", false},
		{"$inputs.n.x", "$inputs.n.x has no value: there is no n.x", false},
		{"$sourceDescriptions.api.url.x", "$sourceDescriptions.api.url.x has no value: there is no url.x", false},
		{"$message.payload.x", "$message.payload.x has no value: there is no x", false},
		{"$inputs.text#/a", `$inputs.text#/a has no value: it reaches into a text that is not JSON`, false},
		// S-187: nothing that can be read has these indexes.
		{"$response.body#/data/1", `$response.body#/data/1 has no value: there is no "1" in an array of 1`, false},
		{"$response.body#/data/-", `$response.body#/data/- has no value: there is no "-" in an array of 1`, false},
		{"$response.body#/data/00", `$response.body#/data/00 has no value: there is no "00" in an array of 1`, false},
		{"$response.body#/data/-1", `$response.body#/data/-1 has no value: there is no "-1" in an array of 1`, false},
		{"$response.body#/data/99999999999999999999", `$response.body#/data/99999999999999999999 has no value: there is no "99999999999999999999" in an array of 1`, false},
		{"$response.body#/data/0/n/x", `$response.body#/data/0/n/x has no value: there is no "x" in null`, false},
		{"$response.body#/data/0/id/x", `$response.body#/data/0/id/x has no value: there is no "x" in a number`, false},
		{"$response.body#/s/0", `$response.body#/s/0 has no value: there is no "0" in a string`, false},
		{"$response.body#/DATA", `$response.body#/DATA has no value: there is no "DATA" in an object of 8 members`, false},
		{"$response.header.Nope", "$response.header.Nope has no value: there is no header Nope", false},
		{"$steps.one.outputs.ID", "$steps.one.outputs.ID has no value: the step one gave no ID", false},
		{"$steps.two.outputs.id", "$steps.two.outputs.id has no value: the step two has no outputs: it did not run, or got no answer", false},
		{"$workflows.x.outputs.id", "$workflows.x.outputs.id has no value: the workflow x did not run", false},
		{"$request.body", "$request.body has no value: it does not exist here", false},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			e, err := expression.Parse(test.text)
			if err != nil {
				t.Fatal(err)
			}
			got, err := e.Evaluate(sample(t))
			var absent *expression.Absent
			if !errors.As(err, &absent) {
				t.Fatalf("the value is %v and the error %v, want an Absent", got, err)
			}
			if err.Error() != test.want || absent.Optional != test.optional {
				t.Errorf("got %q, optional %v; want %q, %v", err, absent.Optional, test.want, test.optional)
			}
		})
	}
}

// TestNoResponse evaluates before there is any response.
func TestNoResponse(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"$response.body#/a", "$response.header.A", "$statusCode"} {
		e, err := expression.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Evaluate(scope{}); err == nil || err.Error() != text+" has no value: there was no response" {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestText writes values into a text (S-202).
func TestText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		value any
		want  string
	}{
		{"a string as it is", "a\"<b>", "a\"<b>"},
		{"null", nil, "null"},
		{"a boolean", true, "true"},
		{"every digit", json.Number("12345678901234567890.10"), "12345678901234567890.10"},
		{"an exponent is written out", json.Number("1e+06"), "1000000"},
		{"one that moves the point", json.Number("-12.50E1"), "-125"},
		{"one inside the digits", json.Number("1234.5e-2"), "12.345"},
		{"one to the left of them", json.Number("-1.5e-3"), "-0.0015"},
		{"every digit of it", json.Number("1234567890123456.7891e4"), "12345678901234567891"},
		{"a zero", json.Number("-0.0e400"), "0"},
		{"the largest without", json.Number("9e20"), "900000000000000000000"},
		{"the least with", json.Number("1e21"), "1e21"},
		{"the least without, to the other side", json.Number("1e-6"), "0.000001"},
		{"the largest with, to the other side", json.Number("1e-7"), "1e-7"},
		{"one that nothing can hold", json.Number("1e99999999999999999999"), "1e99999999999999999999"},
		{"a float of Go", 1e6, "1000000"},
		{"an integer of Go", 42, "42"},
		{"an object as JSON", map[string]any{"b": []any{json.Number("1"), "<&>"}, "a": nil}, `{"a":null,"b":[1,"<&>"]}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := expression.Text(test.value); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		value any
		want  string
	}{
		{"é\n", `"é\n"`},
		{"ééééééééé", `"éééé…`},
		{[]any{"a", nil}, `["a",…`},
		{json.Number("1"), "1"},
	}
	for _, test := range tests {
		if got := expression.Excerpt(test.value, 5); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}
