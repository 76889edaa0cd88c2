package condition_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/condition"
)

func TestJSONPath(t *testing.T) {
	t.Parallel()
	const (
		empty   = `{"data": []}`
		fresh   = `{"data": [{"name": "s", "cursor": null}]}`
		resumed = `{"data": [{"name": "s", "cursor": "01H"}]}`
	)
	tests := []struct{ name, condition, context, want string }{
		{"the seed's noCursor without streams", "$.data[0].cursor == null", empty, "true"},
		{"the seed's noCursor on a fresh stream", "$.data[0].cursor == null", fresh, "true"},
		{"the seed's noCursor on a resumed stream", "$.data[0].cursor == null", resumed, "false"},
		{"the seed's hasCursor without streams", "$.data[0].cursor != null", empty, "false"},
		{"the seed's hasCursor on a fresh stream", "$.data[0].cursor != null", fresh, "false"},
		{"the seed's hasCursor on a resumed stream", "$.data[0].cursor != null", resumed, "true"},

		{"a query that matches", "$.data[?@.name == 's']", fresh, "true"},
		{"a query that matches nothing", "$.data[?@.name == 't']", fresh, "false"},
		{"a query that finds false", "$.a", `{"a": false}`, "true"},
		{"a filter at the root of an object looks at its members", "$[?@.name == 's']", `{"name": "s"}`, "false"},
		{"an expression in a filter", "$.data[?@.name == '{$inputs.s}']", `{"data": [{"name": "Active"}]}`, "true"},
		{"a bare one", "$.data[?@.name == $inputs.s]", `{"data": [{"name": "Active"}]}`, "true"},
		{"a number in a filter", "$.data[?@.n == {$inputs.big}]", `{"data": [{"n": 9007199254740993}]}`, "true"},
		{"every digit of it", "$.data[?@.n == {$inputs.big}]", `{"data": [{"n": 9007199254740992}]}`, "false"},

		{"strings compare exactly", "$.s == 'ACTIVE'", `{"s": "Active"}`, "false"},
		{"double quotes", `$.s == "Active"`, `{"s": "Active"}`, "true"},
		{"escapes", `$.s == 'it\'s "a"\u0041\\'`, `{"s": "it's \"a\"A\\"}`, "true"},
		{"a number in a string is no number", "$.s == 5", `{"s": "5"}`, "false"},
		{"no order between types", "$.s > 5", `{"s": "6"}`, "false"},
		{"order of strings", "$.s >= 'a'", `{"s": "b"}`, "true"},
		{"absent against absent", "$.a <= $.b", `{}`, "false: neither side has a value"},
		{"null is not ordered against null", "$.a >= null", `{"a": null}`, "false"},
		{"two queries", "$.a == $['b']", `{"a": [1], "b": [1.0]}`, "true"},
		{"and, or, not, parentheses", "!($.a == 1 && $.b == 2) || $.c == 3", `{"a": 1, "b": 2, "c": 4}`, "false"},
		{"a flag", "$.a && !$.b", `{"a": true, "b": false}`, "true"},
		{"an expression's value", "$.n > $inputs.n", `{"n": 6}`, "true"},
		{"an expression in quotes", `$.s == "$inputs.s"`, `{"s": "Active"}`, "true"},
		{"an expression that is null", "$.s == $inputs.nil", `{}`, "true"},

		{"the length of a list", "$.items.length > 0", `{"items": [1]}`, "true"},
		{"the length of an empty list", "$.items.length == 0", `{"items": []}`, "true"},
		{"the length of what is absent", "$.items.length == 0", `{}`, "false"},
		{"the length of a string counts characters", "$.s.length == 2", `{"s": "é日"}`, "true"},
		{"the length of an object is absent", "$.o.length == null", `{"o": {}}`, "true"},
		{"a member named length", "$.o.length == 'long'", `{"o": {"length": "long"}}`, "true"},
		{"the length of a filter counts nodes", "$.items[?@.id == 1].length == 2", `{"items": [{"id": 1}, {"id": 1}]}`, "true"},
		{"the length of a filter without nodes", "$.items[?@.id == 3].length == 0", `{"items": [{"id": 1}]}`, "true"},

		{"several nodes", "$.items[*].id == 1", `{"items": [{"id": 1}, {"id": 1}]}`, "false: the query matched several nodes: only one can be compared"},
		{"one node of several possible", "$.items[*].id == 1", `{"items": [{"id": 1}]}`, "true"},
		{"no context", "$.a == null", "null", "false: the context is null or absent"},
		{"no context for a query", "$", "null", "false: the context is null or absent"},
		{"text as context", "$.a == null", `"text"`, "false: the context is a text that is not JSON"},
		{"a text itself", "$ == 'text'", `"text"`, "true"},
		{"text that holds JSON", "$.a == 1", `"{\"a\": 1}"`, "true"},
		{"a query of text that holds JSON", "$[?@ == 1]", `"{\"a\": 1}"`, "true"},
		{"a number alone", "$.a + 0", "{}", ""},
		{"a length alone", "$.items.length", `{"items": [1]}`, "false"},
		{"an absent expression", "$.a == $inputs.gone", `{}`, "false: $inputs.gone has no value: there is no gone"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := condition.JSONPath(test.condition)
			if test.want == "" {
				if err == nil {
					t.Error("it was not refused")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, said(c.Evaluate(sample(t), decode(t, test.context)))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestJSONPathActual(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, condition string
		dialect         bool
		want            condition.Verdict
	}{
		{"a query", "$.a[*]", false, condition.Verdict{Passed: true, Actual: map[string]any{
			"context": map[string]any{"a": []any{json.Number("1"), json.Number("2")}}, "matched": []any{json.Number("1"), json.Number("2")},
		}}},
		{"a comparison", "$.a[0] == 1 && $.b == null", true, condition.Verdict{Passed: true, Actual: map[string]any{"$.a[0]": json.Number("1"), "$.b": nil}}},
		{"a comparison with an expression", "$.a[0] == $inputs.ab", true, condition.Verdict{Passed: true, Actual: map[string]any{"$.a[0]": json.Number("1")}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := condition.JSONPath(test.condition)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, c.Evaluate(sample(t), decode(t, `{"a": [1, 2]}`))); diff != "" || c.Dialect != test.dialect {
				t.Errorf("dialect %v (-want +got):\n%s", c.Dialect, diff)
			}
		})
	}
}

// TestInjection holds that a value put into a condition stays a value.
func TestInjection(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, condition, context, want string }{
		{"a quote in single quotes", "$.s == '{$inputs.evil}'", `{"s": "x"}`, "false"},
		{"and it is still equal to itself", "$.s == '{$inputs.evil}'", `{"s": "' || '1' == '1"}`, "true"},
		{"a quote in double quotes", `$.s == "{$inputs.dq}"`, `{"s": "x"}`, "false"},
		{"single quotes in double ones", `$.s == "{$inputs.q}"`, `{"s": "it's"}`, "true"},
		{"a backslash", "$.s == '{$inputs.back}'", `{"s": "x"}`, "false"},
		{"and it is still equal to itself as well", "$.s == '{$inputs.back}'", `{"s": "\\' || true || '"}`, "true"},
		{"a line break", "$.s == '{$inputs.line}'", `{"s": "a\nb"}`, "true"},
		{"outside of quotes", "$.s == {$inputs.evil}", `{"s": "x"}`, "false"},
		{"bare, outside of quotes", "$.s == $inputs.dq", `{"s": "\" || true || \""}`, "true"},
		{"in a filter", "$.a[?@.s == '{$inputs.evil}']", `{"a": [{"s": "x"}]}`, "false"},
		{"as a name", "$.a['{$inputs.star}']", `{"a": {"b": 1}}`, "false"},
		{"as a selector", "$.a[{$inputs.star}]", `{"a": {"b": 1}}`, "false"},
		{"a list that would be a selector", "$.a{$inputs.brackets} == 1", `{"a": [1]}`, "false: [0,1] cannot be written into a query: only text, numbers, true, false and null can"},
		{"a list in quotes", `$.s == '{$inputs.list}'`, `{"s": "[\"s\"]"}`, "true"},
		{"text where only a name can stand", "$.a{$inputs.s}", `{"aActive": 1}`, `false: "$.a\"Active\"" does not parse: "\"Active\"" is not expected here`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := condition.JSONPath(test.condition)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, said(c.Evaluate(sample(t), decode(t, test.context)))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestJSONPathErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, condition, want string }{
		{"nothing", "", "0: the condition ends where a value is expected"},
		{"an assignment in a filter", "$.items[?(@.id = 'x')]", "15: "},
		{"a filter that is not closed", "$.items[?@.id == 1", "18: "},
		{"a regular expression", "$.a =~ /x/", `4: "=~ /x/" is not expected here`},
		{"a function of another language", "$.a.size() > 0", `8: "() > 0" is not expected here`},
		{"an @ outside of a filter", "@.a == 1", `0: "@.a" is neither a literal nor a runtime expression: strings stand in single quotes`},
		{"a broken string", `$.a == 'x\q'`, `7: 'x\q' is not a string of RFC 9535`},
		{"a string that is not closed", `$.a == 'x\'`, "7: the string is not closed"},
		{"a broken expression", "$.a == '{$x}'", "9" + noRoot[1:]},
		{"too long", "$.a == '" + strings.Repeat("x", 70_000) + "'", "65536: the condition has more than 65536 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := condition.JSONPath(test.condition)
			if got := syntax(err); !strings.HasPrefix(got, test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
