package condition_test

import (
	"encoding/json"
	"fmt"
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
		{"D3 the seed's noCursor without streams", "$.data[0].cursor == null", empty, "true"},
		{"the seed's noCursor on a fresh stream", "$.data[0].cursor == null", fresh, "true"},
		{"the seed's noCursor on a resumed stream", "$.data[0].cursor == null", resumed, "false"},
		{"the seed's hasCursor without streams", "$.data[0].cursor != null", empty, "false"},
		{"the seed's hasCursor on a fresh stream", "$.data[0].cursor != null", fresh, "false"},
		{"the seed's hasCursor on a resumed stream", "$.data[0].cursor != null", resumed, "true"},

		{"S-167 a query that matches", "$.data[?@.name == 's']", fresh, "true"},
		{"a query that matches nothing", "$.data[?@.name == 't']", fresh, "false"},
		{"a query that finds false", "$.a", `{"a": false}`, "true"},
		{"S-168 a filter at the root of an object looks at its members", "$[?@.name == 's']", `{"name": "s"}`, "false"},
		{"and never at the object", "$[?!@.error]", `{"a": {"error": 1}}`, "false"},
		{"nor at one without members", "$[?!@.error]", `{}`, "false"},
		{"the object inside of a filter", "$[?$.status == 'done']", `{"status": "done"}`, "true"},
		{"S-168 the specification's example on an object", "$[?count(@.pets) > 0]", `{"pets": [1]}`, "false"},
		{"and on a list", "$[?count(@.pets) > 0]", `[{"pets": []}]`, "true"},
		{"S-166 an expression in a filter", "$.data[?@.name == '{$inputs.s}']", `{"data": [{"name": "Active"}]}`, "true"},
		{"D6 a bare one", "$.data[?@.name == $inputs.s]", `{"data": [{"name": "Active"}]}`, "true"},
		{"a number in a filter", "$.data[?@.n == {$inputs.big}]", `{"data": [{"n": 9007199254740993}]}`, "true"},
		{"every digit of it", "$.data[?@.n == {$inputs.big}]", `{"data": [{"n": 9007199254740992}]}`, "false"},

		{"D1 strings compare exactly", "$.s == 'ACTIVE'", `{"s": "Active"}`, "false"},
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
		{"D6 an expression in quotes", `$.s == "$inputs.s"`, `{"s": "Active"}`, "true"},
		{"an expression that is null", "$.s == $inputs.nil", `{}`, "true"},

		{"D2 the length of a list", "$.items.length > 0", `{"items": [1]}`, "true"},
		{"the length of an empty list", "$.items.length == 0", `{"items": []}`, "true"},
		{"the length of what is absent", "$.items.length == 0", `{}`, "false"},
		{"the length of a string counts characters", "$.s.length == 2", `{"s": "é日"}`, "true"},
		{"the length of an object is absent", "$.o.length == null", `{"o": {}}`, "true"},
		{"a member named length", "$.o.length == 'long'", `{"o": {"length": "long"}}`, "true"},
		{"the length of a filter counts nodes", "$.items[?@.id == 1].length == 2", `{"items": [{"id": 1}, {"id": 1}]}`, "true"},
		{"the length of a filter without nodes", "$.items[?@.id == 3].length == 0", `{"items": [{"id": 1}]}`, "true"},

		{"several nodes", "$.items[*].id == 1", `{"items": [{"id": 1}, {"id": 1}]}`, "false: the query matched several nodes: only one can be compared"},
		{"one node of several possible", "$.items[*].id == 1", `{"items": [{"id": 1}]}`, "true"},
		{"a query that begins with a bare expression", "$inputs.n > $.n", `{"n": 4}`, "true"},
		{"a bare expression with a pointer", "$inputs.list#/0 == $.s", `{"s": "s"}`, "true"},
		{"an I-Regexp", "$.list[?match(@, 'a.')]", `{"list": ["ab"]}`, "true"},
		{
			"S-173 one from the context that is none", "$.list[?!match(@, $.re)]", `{"list": ["ab"], "re": "["}`,
			`false: $.list[?!match(@, $.re)]: "[" is not an I-Regexp, the regular expressions of RFC 9485`,
		},
		{
			"one in a comparison", "$.list[?!match(@, $.re)] == 'ab'", `{"list": ["ab"], "re": "["}`,
			`false: $.list[?!match(@, $.re)]: "[" is not an I-Regexp, the regular expressions of RFC 9485`,
		},
		{
			"one that is measured", "$.list[?!match(@, $.re)].length == 1", `{"list": ["ab"], "re": "["}`,
			`false: $.list[?!match(@, $.re)].length: "[" is not an I-Regexp, the regular expressions of RFC 9485`,
		},
		{
			"one that an expression made", "$.list[?!match(@, '{$inputs.bad}')]", `{"list": ["ab"]}`,
			`false: "$.list[?!match(@, '[')]" does not parse: "[" is not an I-Regexp, the regular expressions of RFC 9485`,
		},
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
		want            map[string]any
	}{
		{"a query", "$.a[*]", false, map[string]any{
			"context": map[string]any{"a": []any{json.Number("1"), json.Number("2")}}, "matched": []any{json.Number("1"), json.Number("2")},
		}},
		{"a comparison", "$.a[0] == 1 && $.b == null", true, map[string]any{"$.a[0]": json.Number("1"), "$.b": nil}},
		{"a comparison with an expression", "$.a[0] == $inputs.ab", true, map[string]any{"$.a[0]": json.Number("1")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := condition.JSONPath(test.condition)
			if err != nil {
				t.Fatal(err)
			}
			v := c.Evaluate(sample(t), decode(t, `{"a": [1, 2]}`))
			if diff := cmp.Diff(test.want, v.Actual()); diff != "" || !v.Passed || c.Dialect != test.dialect {
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

// TestJSONPathOnText judges a response that is no JSON: $ would match it whatever
// it says (S-167, S-206).
func TestJSONPathOnText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"$", "$.a", "$..*"} {
		c, err := condition.JSONPath(text)
		if err != nil {
			t.Fatal(err)
		}
		v := c.Evaluate(nil, "<error/>")
		if v.Passed || v.Err == nil || v.Err.Error() != "the context is a text that is not JSON" {
			t.Errorf("%s: passed %v with %v", text, v.Passed, v.Err)
		}
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
		{"a pattern that is no I-Regexp", "$.a[?!match(@, '[')]", `15: "[" is not an I-Regexp`},
		{"one in a comparison", "$.b == 1 && $.a[?!match(@, '[')] == 1", `27: "[" is not an I-Regexp`},
		{"one that is measured", `$.a[?search(@.n, "\\d")].length > 0`, `17: "\\d" is not an I-Regexp`},
		{"behind an expression", "$.a == {$inputs.a} && $.b = 1", `26: "= 1" is not expected here`},
		{"between expressions", "$.a == '$inputs.a' && $.b = '{$inputs.b}'", `26: "= '0'" is not expected here`},
		{"a filter behind an expression", "$.a[?@.b == {$inputs.a} && @.c = 1]", "31: expected '=='"},
		{"an end behind an expression", "$.a == {$inputs.a} &&", "21: the condition ends where a value is expected"},
		{"too many operands", manyOperands("$.a%d == 1", " || "), "1390: the condition has more than 100 operands"},
		{"too many expressions", "$.a == '" + strings.Repeat("{$inputs.a}", 101) + "'", "1109: the condition has more than 100 operands"},
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

// TestRootFilter tells the queries that look at the members of the context.
func TestRootFilter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"$[?@.a]": true, "$ [ ?@.a == {$inputs.n}].b": true, "$[?@.a].length > 0": true,
		"$.a[?@.b]": false, "$[*]": false, "$.a == 1": false,
	} {
		c, err := condition.JSONPath(text)
		if err != nil {
			t.Fatal(err)
		}
		if c.RootFilter != want {
			t.Errorf("%s: %v", text, c.RootFilter)
		}
	}
}

// TestJSONPathBareReferences holds that an expression without braces is told as
// such, in quotes, outside of them and alone (D6).
func TestJSONPathBareReferences(t *testing.T) {
	t.Parallel()
	c, err := condition.JSONPath("$inputs.n == $.a && $.b == '$inputs.s' && $.c == '{$inputs.q}'")
	if err != nil {
		t.Fatal(err)
	}
	var references []string
	for _, r := range c.References() {
		references = append(references, fmt.Sprintf("%d %s %v", r.Offset, r.Text, r.Bare))
	}
	want := []string{"0 $inputs.n true", "28 $inputs.s true", "51 $inputs.q false"}
	if diff := cmp.Diff(want, references); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestJSONPathLimits judges what needs more work than a query may make.
func TestJSONPathLimits(t *testing.T) {
	t.Parallel()
	const query = "$[?search(@, 'a{999}b{999}c{999}d{999}e{999}f{999}g{999}')]"
	for _, text := range []string{query, query + " != 1"} {
		c, err := condition.JSONPath(text)
		if err != nil {
			t.Fatal(err)
		}
		want := "false: " + query + ": JSONPath limit passed: the query needs more than 10000000 steps on this value"
		if diff := cmp.Diff(want, said(c.Evaluate(scope{}, []any{strings.Repeat("a", 128<<10)}))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// TestJSONPathLongValue writes a value into a query that is too long for one.
func TestJSONPathLongValue(t *testing.T) {
	t.Parallel()
	c, err := condition.JSONPath("$.a == '{$inputs.a}'")
	if err != nil {
		t.Fatal(err)
	}
	v := c.Evaluate(scope{"inputs": map[string]any{"a": strings.Repeat("a", 70_000)}}, map[string]any{})
	if diff := cmp.Diff("false: the condition has more than 65536 bytes", said(v)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
