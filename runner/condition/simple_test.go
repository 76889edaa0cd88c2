package condition_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/condition"
)

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

		{"S-156 strings without regard to case", "$response.body#/s == 'ACTIVE'", "true"},
		{"strings that differ", "$response.body#/s != 'inactive'", "true"},
		{"strings are ordered without regard to case", "$response.body#/s < 'B'", "true"},
		{"the Kelvin sign is a k", "$response.body#/k == 'K'", "true"},
		{"a dotted capital I is no i", "$response.body#/dotless == 'i'", "false"},
		{"S-154 a quote in a string", "$response.body#/quote == 'it''s'", "true"},
		{"the empty string", "'' == ''", "true"},
		{"D4 double quotes", `$response.body#/s == "active"`, "true"},
		{"case in an order of what is not ASCII", "$inputs.o1 < 'Öb' && $inputs.o1 >= 'öA'", "true"},
		{"the shorter comes first", "'ab' < 'ABC' && 'abc' > 'AB' && 'a' <= 'A'", "true"},
		{"sharp s is not two of them", "'ß' == 'ss'", "false"},
		{"double quotes in a string", `$response.body#/dq == 'say "hi"'`, "true"},

		{"S-159 a number in a string equals it", "$response.body#/five == 5", "true"},
		{"and is ordered against it", "4 < $response.body#/five", "true"},
		{"blanks around it do not count", "' 5 ' == 5", "true"},
		{"two strings stay strings", "'10' > '9'", "false"},
		{"text is no number", "$response.body#/s == 5", "false"},
		{"so it is not equal", "$response.body#/s != 5", "true"},
		{"a leading zero is no number", "'05' == 5", "false"},
		{"a boolean is no number", "$response.body#/yes == 1", "false"},
		{"a boolean is no string", "$response.body#/yes == 'true'", "false"},

		{"S-160 null equals null", "$response.body#/nil == null", "true"},
		{"S-161 absent equals null", "$response.body#/gone == null", "true"},
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

		{"S-157 a member with a dot", "$response.body.s == 'active'", "true"},
		{"an index and a member", "$response.body.items[0].id == 7", "true"},
		{"an index that is not there", "$response.body.items[1].id == null", "true"},
		{"S-162 a pointer with - and /", "$response.body#/a-b/c~1d == 'dash'", "true"},

		{"a pointer with a blank, in braces", "{$response.body#/x y} == 1", "true"},
		{"a pointer and what reaches into it", "{$response.body#/items}[0].id == 7", "true"},
		{"a pointer and what does not", "{$response.body#/items}[1].id == null", "true"},
		{"a group and what reaches into it", "($response.body).items[0].id == 7", "true"},
		{"groups in groups", "((($response.body).items)[0]).id == 7", "true"},
		{"a group of which nothing is there", "($response.body#/gone).id == null", "true"},
		{"a group that is no object", "($statusCode == 200).id == null", "true"},
		{"a group that is a text", "($response.body#/s)[0] == null", "false: what [] or . reaches into is a text that is not JSON"},
		{"a group that is a text of JSON", "($response.body#/json).a == 1", "true"},
		{"a text inside of a body", "$response.body.s.a == null", "true"},
		{"an error in a group", "($response.body#/o < 1).a == null", `false: {"a":1} cannot be ordered against 1`},
		{"a token runs over what would reach into it", "$response.body#/items[0].id == null", "true"},
		{"a pointer into a text", "$response.body#/s == 'active' && $inputs.s#/a == null", "false: $inputs.s#/a has no value: it reaches into a text that is not JSON"},
		{"a header with several values", "$response.header.x-many == 'a, b'", "true"},
		{"a number of Go's", "$inputs.go == 3 && '3' == $inputs.go", "true"},

		{"arrays by value", "$response.body#/list == $response.body#/same", "true"},
		{"objects by value", "$response.body#/o != $response.body#/list", "true"},

		{"S-155 and before or", "true || true && false", "true"},
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
		{"S-158 a number alone", "$response.body#/n", "false: the condition is 5, not true or false"},
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
	want := map[string]any{
		"$inputs.ab": json.Number("1"), "$inputs.a": json.Number("2"), "$response.body#/gone": nil, "$inputs.s": "Active",
	}
	if diff := cmp.Diff(want, c.Evaluate(sample(t), nil).Actual()); diff != "" {
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

// TestDoubleQuotes finds the strings that stand in double quotes, and writes them
// in single ones (D4).
func TestDoubleQuotes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, condition string
		want            []condition.Literal
	}{
		{"none", `$response.body#/a == 'x' && 'say "hi"' != null`, nil},
		{"two", `"a" == $response.body#/a || !($response.body#/b != "it's")`, []condition.Literal{
			{Offset: 0, Text: `"a"`, Single: `'a'`}, {Offset: 51, Text: `"it's"`, Single: `'it''s'`},
		}},
		{"a quote written twice", `'' == "say ""hi"""`, []condition.Literal{{Offset: 6, Text: `"say ""hi"""`, Single: `'say "hi"'`}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := condition.Simple(test.condition)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, c.DoubleQuotes); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
