package condition_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/condition"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// scope is what the tests' expressions see: keyed by root and part.
type scope map[string]any

func (s scope) Object(e *expression.Expression) (any, bool) {
	value, ok := s[strings.TrimSpace(string(e.Root)+" "+e.Part)]
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
		"statusCode":      json.Number("200"),
		"response header": http.Header{"X-A": {"Yes"}},
		"response body": decode(t, `{"n": 5, "big": 9007199254740993, "s": "Active", "five": "5", "quote": "it's", "dq": "say \"hi\"", "no": false, "yes": true, "nil": null,
			"list": [1, 2], "same": [1.0, 2], "o": {"a": 1}, "a-b": {"c/d": "dash"}, "items": [{"id": 7}], "x y": 1, "k": "\u212a", "dotless": "\u0130"}`),
		"inputs": decode(t, `{"flag": true, "ab": 1, "a": 2, "evil": "' || '1' == '1", "dq": "\" || true || \"", "q": "it's", "back": "\\' || true || '", "list": ["s"], "n": 5, "s": "Active", "big": 9007199254740993, "star": "*", "re": "^A", "nil": null, "brackets": [0, 1], "line": "a\nb"}`),
	}
}

// said is a verdict in one line.
func said(v condition.Verdict) string {
	if v.Err != nil {
		return fmt.Sprintf("%v: %v", v.Passed, v.Err)
	}
	return fmt.Sprint(v.Passed)
}

func TestSimple(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, condition, want string }{
		{"a number", "$statusCode == 200", "true"},
		{"another number", "$statusCode == 201", "false"},
		{"without blanks", "$statusCode==200&&$response.body#/n<6", "true"},
		{"different spelling of a number", "$statusCode == 2e2", "true"},
		{"big integers differ in the last digit", "$response.body#/big == 9007199254740992", "false"},
		{"big integers are equal", "$response.body#/big == 9007199254740993", "true"},
		{"negative number", "$response.body#/n > -1.5", "true"},
		{"less", "$response.body#/n < 5", "false"},
		{"less or equal", "$response.body#/n <= 5", "true"},
		{"greater", "5.1 > $response.body#/n", "true"},
		{"greater or equal", "$response.body#/n >= 5.0", "true"},

		{"strings without regard to case", "$response.body#/s == 'ACTIVE'", "true"},
		{"strings that differ", "$response.body#/s != 'inactive'", "true"},
		{"strings are ordered without regard to case", "$response.body#/s < 'B'", "true"},
		{"the Kelvin sign is a k", "$response.body#/k == 'K'", "true"},
		{"a dotted capital I is no i", "$response.body#/dotless == 'i'", "false"},
		{"a quote in a string", "$response.body#/quote == 'it''s'", "true"},
		{"the empty string", "'' == ''", "true"},
		{"double quotes", `$response.body#/s == "active"`, "true"},
		{"double quotes in a string", `$response.body#/dq == 'say "hi"'`, "true"},

		{"a number in a string equals it", "$response.body#/five == 5", "true"},
		{"and is ordered against it", "4 < $response.body#/five", "true"},
		{"blanks around it do not count", "' 5 ' == 5", "true"},
		{"two strings stay strings", "'10' > '9'", "false"},
		{"text is no number", "$response.body#/s == 5", "false"},
		{"so it is not equal", "$response.body#/s != 5", "true"},
		{"a leading zero is no number", "'05' == 5", "false"},
		{"a boolean is no number", "$response.body#/yes == 1", "false"},
		{"a boolean is no string", "$response.body#/yes == 'true'", "false"},

		{"null equals null", "$response.body#/nil == null", "true"},
		{"absent equals null", "$response.body#/gone == null", "true"},
		{"absent is not equal to absent", "$response.body#/gone == $response.body#/lost", "false: neither side has a value"},
		{"absent is not unequal to absent", "$response.body#/gone != $response.body#/lost", "false: neither side has a value"},
		{"absent is not equal to a value", "$response.body#/gone != 5", "true"},
		{"a value is not null", "$response.body#/n != null", "true"},
		{"null is not false", "$response.body#/nil == false", "false"},
		{"null is not zero", "$response.body#/nil == 0", "false"},
		{"null is not empty", "$response.body#/nil == ''", "false"},
		{"null is not less", "$response.body#/nil < 1", "false"},
		{"null is not less or equal to null", "$response.body#/nil <= $response.body#/gone", "false"},
		{"null is not greater or equal to null", "null >= null", "false"},

		{"true", "$response.body#/yes", "true"},
		{"false", "$response.body#/no", "false"},
		{"null is false", "$response.body#/nil", "false"},
		{"absent is false", "$response.body#/gone", "false"},
		{"the literal", "true", "true"},
		{"not", "!$response.body#/no", "true"},
		{"not not", "!!$response.body#/yes", "true"},
		{"not absent", "!$response.body#/gone", "true"},
		{"a number under not", "!$response.body#/n", "false"},
		{"a header", "$response.header.x-a == 'yes'", "true"},
		{"an input", "$inputs.flag == true", "true"},
		{"in braces", "{$inputs.flag} == true", "true"},

		{"a member with a dot", "$response.body.s == 'active'", "true"},
		{"an index and a member", "$response.body.items[0].id == 7", "true"},
		{"an index that is not there", "$response.body.items[1].id == null", "true"},
		{"a pointer with - and /", "$response.body#/a-b/c~1d == 'dash'", "true"},

		{"arrays by value", "$response.body#/list == $response.body#/same", "true"},
		{"objects by value", "$response.body#/o != $response.body#/list", "true"},

		{"and before or", "true || true && false", "true"},
		{"parentheses", "(true || true) && false", "false"},
		{"not before comparison", "!true == false", "true"},
		{"relation before equality", "1 < 2 == true", "true"},
		{"equality before and", "true && 1 == 1", "true"},
		{"many parentheses", "((($statusCode == 200)))", "true"},
		{"or of absent and true", "$response.body#/gone || $response.body#/yes", "true"},
		{"what and says of a number", "$response.body#/n && true", "true"},
		{"an error behind a decided or does not count", "true || $response.body#/o < 1", "true"},
		{"an error before it does", "$response.body#/o < 1 || true", `false: {"a":1} cannot be ordered against 1`},
		{"an error under not", "!($response.body#/o < 1)", `false: {"a":1} cannot be ordered against 1`},
		{"text ordered against a number", "$response.body#/s < 5", `false: "Active" cannot be ordered against the number 5`},
		{"booleans have no order", "$response.body#/yes > $response.body#/no", "false: true cannot be ordered against false"},
		{"a number alone", "$response.body#/n", "false: the condition is 5, not true or false"},
		{"a string alone", "$response.body#/s", `false: the condition is "Active", not true or false`},
		{"the text true", "'true'", `false: the condition is "true", not true or false`},
		{"an object alone", "$response.body#/o", `false: the condition is {"a":1}, not true or false`},
		{"data that looks like a condition", "$inputs.evil == 'x'", "false"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := condition.Simple(test.condition)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, said(c.Evaluate(sample(t), nil))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestSimpleBeforeAnyResponse judges a step that got no answer: nothing holds
// but what asks for absence.
func TestSimpleBeforeAnyResponse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"$statusCode == 200": "false", "$statusCode < 500": "false", "$statusCode >= 0": "false",
		"$statusCode == null": "true", "$response.body#/a == null": "true",
	} {
		c, err := condition.Simple(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := said(c.Evaluate(scope{}, nil)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestSimpleActual(t *testing.T) {
	t.Parallel()
	c, err := condition.Simple("$inputs.ab == $inputs.a || $response.body#/gone == null && 'x' == {$inputs.s}")
	if err != nil {
		t.Fatal(err)
	}
	want := condition.Verdict{Actual: map[string]any{
		"$inputs.ab": json.Number("1"), "$inputs.a": json.Number("2"), "$response.body#/gone": nil, "$inputs.s": "Active",
	}}
	if diff := cmp.Diff(want, c.Evaluate(sample(t), nil)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var references []string
	for _, r := range c.References() {
		references = append(references, fmt.Sprintf("%d %s", r.Offset, r.Text))
	}
	if diff := cmp.Diff([]string{"0 $inputs.ab", "14 $inputs.a", "27 $response.body#/gone", "67 $inputs.s"}, references); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
}

// syntax writes a syntax error with its place.
func syntax(err error) string {
	var s *expression.SyntaxError
	if !errors.As(err, &s) {
		return fmt.Sprintf("not a SyntaxError: %v", err)
	}
	return fmt.Sprintf("%d: %s", s.Offset, s.Message)
}

func TestSimpleErrors(t *testing.T) {
	t.Parallel()
	const noValue = " is neither a literal nor a runtime expression: strings stand in single quotes"
	tests := []struct{ name, condition, want string }{
		{"nothing", "", "0: the condition ends where a value is expected"},
		{"blanks", "  ", "2: the condition ends where a value is expected"},
		{"half a comparison", "$statusCode ==", "14: the condition ends where a value is expected"},
		{"one equals sign", "$statusCode = 200", `12: "= 200" is not expected here`},
		{"three equals signs", "$statusCode === 200", `14: "="` + noValue},
		{"two comparisons", "1 < 2 < 3", `6: "< 3" is not expected here`},
		{"two equalities", "1 == 1 == true", `7: "== true" is not expected here`},
		{"words", "$statusCode == 200 and true", `19: "and true" is not expected here`},
		{"text without quotes", "$response.body#/s == active", `21: "active"` + noValue},
		{"a string that is not closed", "$response.body#/s == 'a", "21: the string is not closed"},
		{"a string that ends in a quote", "'a''", "0: the string is not closed"},
		{"a parenthesis that is not closed", "(true", "5: a closing parenthesis is missing"},
		{"a parenthesis too many", "true)", `4: ")" is not expected here`},
		{"an unknown root", "$input.a == 1", noRoot},
		{"half an expression", "1 == $steps.s", "13: $steps.s is followed by .outputs.NAME"},
		{"an open brace", "{$inputs.a == 1", "0: a closing brace is missing"},
		{"a bad expression in braces", "{$x} == 1", "1" + noRoot[1:]},
		{"a JSONPath", "$.a == 1", noRoot},
		{"plus", "1 + 1 == 2", `2: "+ 1 == 2" is not expected here`},
		{"a call", "len($inputs.a) > 0", `0: "len"` + noValue},
		{"a number with a sign", "+1 == 1", `0: "+1"` + noValue},
		{"a capital", "True", `0: "True"` + noValue},
		{"an expression in a string", "$response.body#/s != '{$inputs.s}'", "21: '{$inputs.s}' is a string: the expression in it is not evaluated"},
		{"a bare expression in a string", `$response.body#/s == "$inputs.s"`, `21: "$inputs.s" is a string: the expression in it is not evaluated`},
		{"nested too deep", strings.Repeat("(", 300) + "true" + strings.Repeat(")", 300), "200: the condition nests too deep"},
		{"negated too often", strings.Repeat("!", 300) + "true", "200: the condition nests too deep"},
		{"too long", strings.Repeat("true && ", 10_000) + "true", "65536: the condition has more than 65536 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := condition.Simple(test.condition)
			if diff := cmp.Diff(test.want, syntax(err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

const noRoot = "0: an expression begins with one of $inputs, $outputs, $steps, $workflows, $request, $response, $statusCode, $url, $method, $sourceDescriptions"

func TestLongChain(t *testing.T) {
	t.Parallel()
	c, err := condition.Simple(strings.Repeat("true && ", 8000) + "true")
	if err != nil {
		t.Fatal(err)
	}
	if got := said(c.Evaluate(scope{}, nil)); got != "true" {
		t.Errorf("got %s", got)
	}
}
