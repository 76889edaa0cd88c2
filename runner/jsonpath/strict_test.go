package jsonpath_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
)

// TestStrict holds that a regular expression that is none is no answer: the RFC
// has it match nothing, and a negation of it everything.
func TestStrict(t *testing.T) {
	t.Parallel()
	value := map[string]any{"good": "a+", "bad": "[", "list": []any{"aa", "b", 1.0}}
	tests := []struct{ name, query, want string }{
		{"a literal", "$.list[?match(@, 'a+')]", "[aa]"},
		{"one that is none", "$.list[?!match(@, '[')]", `18: "[" is not an I-Regexp, the regular expressions of RFC 9485`},
		{"one inside another call", `$.list[?@ && search(@, "a\\d")]`, `23: "a\\d" is not an I-Regexp, the regular expressions of RFC 9485`},
		{"one in a query of a query", "$.list[?$.list[?!search(@,'*')]]", `26: "*" is not an I-Regexp, the regular expressions of RFC 9485`},
		{"one from the value", "$.list[?match(@, $.good)]", "[aa]"},
		{"one from the value that is none", "$.list[?!match(@, $.bad)]", `$.list[?!match(@, $.bad)]: "[" is not an I-Regexp, the regular expressions of RFC 9485`},
		{"one that no text is matched with", "$.list[?@ == 1 && !match(@, $.bad)]", `$.list[?@ == 1 && !match(@, $.bad)]: "[" is not an I-Regexp, the regular expressions of RFC 9485`},
		{"no text as a pattern", "$.list[?!match(@, $.list)]", "[aa b 1]"},
		{"too large", "$.list[?match(@, 'a{1001}')]", `17: JSONPath limit passed: the regular expression "a{1001}": a quantifier beyond 1000`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			q, err := jsonpath.Parse(test.query)
			if err != nil {
				t.Fatal(err)
			}
			if got := strictly(q, value); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func strictly(q *jsonpath.Query, value any) string {
	strict, err := q.Strict()
	var syntax *jsonpath.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Sprintf("%d: %s", syntax.Offset, syntax.Message)
	}
	nodes, err := strict.Select(value)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(nodes)
}
