package condition_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/condition"
	"github.com/arazzo-conformance/arazzo/runner/expression"
)

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
		{"half a group", "($statusCode", "12: a closing parenthesis is missing"},
		{"a group and a dot", "($response.body). == 1", `16: ". == 1" is not expected here`},
		{"a group and a blank", "($response.body) .a == 1", `17: ".a == 1" is not expected here`},
		{"a literal and what reaches into it", "'a'.b == 1", `3: ".b == 1" is not expected here`},
		{"S-185 what a response has not", "1 == $response.query.a", "14: $response is followed by .header.NAME or .body"},
		{"a bad pointer", "1 == $response.body#/~ ", `21: in the JSON Pointer "/~" a ~ is not followed by 0 or 1`},
		{"a bad pointer in braces", "1 == {$response.body#/a~2}", `23: in the JSON Pointer "/a~2" a ~ is not followed by 0 or 1`},
		{"too many operands", manyOperands("$inputs.a%d == 1", " && "), "1990: the condition has more than 100 operands"},
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

const noRoot = "0: an expression begins with one of $inputs, $outputs, $steps, $workflows, $request, $response, $message, $statusCode, $url, $method, $self, $sourceDescriptions, $components"

// manyOperands joins more conditions than are looked up.
func manyOperands(condition, operator string) string {
	var list []string
	for i := range 200 {
		list = append(list, fmt.Sprintf(condition, i))
	}
	return strings.Join(list, operator)
}
