package condition_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/condition"
)

func TestRegex(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, pattern, context, want, match string }{
		{"anywhere in the text", "b+", `"abbc"`, "true", "bb"},
		{"anchored", "^b", `"abc"`, "false", ""},
		{"case counts", "ABC", `"abc"`, "false", ""},
		{"counts in braces are no expression", `^\d{2,3}$`, `"123"`, "true", "123"},
		{"a lookahead", "^a(?!b)", `"ac"`, "true", "a"},
		{"a back reference", `^(a)\1$`, `"aa"`, "true", "aa"},
		{"digits are ASCII", `^\d$`, `"٣"`, "false", ""},
		{"a number as text", "^12$", `12`, "true", "12"},
		{"a boolean as text", "^true$", `true`, "true", "true"},
		{"an object as JSON", `"a":1`, `{"a": 1}`, "true", `"a":1`},
		{"null", "null", `null`, "false: the context is null or absent", ""},
		{"an expression", "{$inputs.re}ctive$", `"Active"`, "true", "Active"},
		{"an absent expression", "{$inputs.gone}", `""`, "false: $inputs.gone has no value: there is no gone", ""},
		{"an expression that breaks it", "[{$inputs.back}", `"x"`, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := condition.Regex(test.pattern)
			if test.want == "" {
				if err == nil {
					t.Error("it was not refused")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			v := c.Evaluate(sample(t), decode(t, test.context))
			match, _ := v.Actual["match"].(string)
			if diff := cmp.Diff(test.want+" "+test.match, said(v)+" "+match); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestRegexBacktracking matches what would take longer than the universe has
// left. It takes as long as matchTimeout allows.
func TestRegexBacktracking(t *testing.T) {
	t.Parallel()
	c, err := condition.Regex(`^(a+)+$`)
	if err != nil {
		t.Fatal(err)
	}
	v := c.Evaluate(scope{}, strings.Repeat("a", 200)+"b")
	if diff := cmp.Diff("false: the match was given up after 1s", said(v)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRegexErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, pattern, want string }{
		{"an open parenthesis", "(", "0: missing closing ) in `(`"},
		{"an open class", "[a", "0: unterminated [] set in `[a`"},
		{"a quantifier of nothing", "*", "0: missing argument to repetition operator in `*`"},
		{"a broken expression", "a{$x}", "2" + noRoot[1:]},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := condition.Regex(test.pattern)
			if diff := cmp.Diff(test.want, syntax(err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
