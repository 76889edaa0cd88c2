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
		{"S-163 anywhere in the text", "b+", `"abbc"`, "true", "bb"},
		{"anchored", "^b", `"abc"`, "false", ""},
		{"case counts", "ABC", `"abc"`, "false", ""},
		{"S-166 counts in braces are no expression", `^\d{2,3}$`, `"123"`, "true", "123"},
		{"a lookahead", "^a(?!b)", `"ac"`, "true", "a"},
		{"a back reference", `^(a)\1$`, `"aa"`, "true", "aa"},
		{"digits are ASCII", `^\d$`, `"٣"`, "false", ""},
		{"S-165 a number as text", "^12$", `12`, "true", "12"},
		{"a boolean as text", "^true$", `true`, "true", "true"},
		{"an object as JSON", `"a":1`, `{"a": 1}`, "true", `"a":1`},
		{"S-164 null", "null", `null`, "false: the context is null or absent", ""},
		{"an expression", "{$inputs.re}ctive$", `"Active"`, "true", "Active"},
		{"an absent expression", "{$inputs.gone}", `""`, "false: $inputs.gone has no value: there is no gone", ""},
		{"a number with an exponent", "^1500$", `1.5e3`, "true", "1500"},
		{"an array as JSON", `^\[1,"a"\]$`, `[1, "a"]`, "true", `[1,"a"]`},
		{"the end is the end", "^OK$", `"OK\n"`, "false", ""},
		{"a bare expression", "^$inputs.s$", `"Active"`, "true", "Active"},
		{"a value is a part of the pattern", "^{$inputs.dot}$", `"x"`, "true", "x"},
		{"an expression that is empty", "{$inputs.empty}", `"x"`, `false: "" does not parse: the regular expression is empty: it would match every text`, ""},
		{"S-173 an expression that breaks the pattern", "a{$inputs.bad}", `"a"`, `false: "a[" does not parse: unterminated [] set`, ""},
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
			match, _ := v.Actual()["match"].(string)
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

// TestRegexLimits judges what is too much to be matched.
func TestRegexLimits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 40<<10)
	tests := []struct {
		name, pattern string
		context       any
		want          string
	}{
		{"a context as long as may be", "^a", strings.Repeat("a", 4<<20), "true"},
		{"one that is longer", "a", strings.Repeat("a", 4<<20+1), "false: the context has more than 4194304 bytes: no regular expression is matched with it"},
		{"a value as long as may be", "{$inputs.long}", long, "true"},
		{"one that is longer with the text around it", "{$inputs.long}" + long, "a", "false: the condition has more than 65536 bytes"},
		{"several of them", "{$inputs.long}{$inputs.long}", "a", "false: the condition has more than 65536 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := condition.Regex(test.pattern)
			if err != nil {
				t.Fatal(err)
			}
			v := c.Evaluate(scope{"inputs": map[string]any{"long": long}}, test.context)
			if diff := cmp.Diff(test.want, said(v)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRegexErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, pattern, want string }{
		{"nothing", "", "0: the regular expression is empty: it would match every text"},
		{"an open parenthesis", "(", "0: missing closing )"},
		{"one behind a closed one", `(a[)])\((b|(c)`, "8: missing closing )"},
		{"one too many", "(é))", "4: unexpected )"},
		{"an open class", "[a", "0: unterminated [] set"},
		{"one behind a closed one, with a bracket", `[a\]][(b\]`, "5: unterminated [] set"},
		{"a quantifier of nothing", "*", "0: missing argument to repetition operator"},
		{"a quantifier of a quantifier", "ééa**b", "6: invalid nested repetition operator"},
		{"counts the wrong way round", "ab{2,1}c", "6: invalid repeat count"},
		{"a range the wrong way round", "x[é-a]y", "5: [é-a] range in reverse order"},
		{"a backslash at the end", `ab\`, `2: illegal \ at end of pattern`},
		{"an unknown group", `(?<a>.)\k<b>c`, `11: reference to undefined group name b`},
		{"behind an expression", "{$inputs.a}b**", "13: invalid nested repetition operator"},
		{"between expressions", "{$inputs.a}$inputs.b (b {$inputs.c}", "21: missing closing )"},
		{"before one", "**{$inputs.a}", "0: missing argument to repetition operator"},
		{"a count made of one", "a{2,{$inputs.a}}", "15: invalid repeat count"},
		{"too long", strings.Repeat("a", 70_000), "65536: the condition has more than 65536 bytes"},
		{"too many expressions", strings.Repeat("{$inputs.a}", 101), "1101: the condition has more than 100 operands"},
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
