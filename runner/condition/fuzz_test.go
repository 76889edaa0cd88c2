package condition_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/condition"
	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// FuzzConditions holds that any text is refused with a place in it, or can be
// judged, that its references stand where they say, and that what could not be
// judged did not pass.
func FuzzConditions(f *testing.F) {
	for _, seed := range []string{
		"$statusCode == 200 && ($inputs.a.b[0] != 'it''s' || !{$inputs.a})", "$.data[0].cursor == null", "$.items[?@.id == '{$inputs.s}'].length > 0",
		`^(a+)+\d{2}$`, `$.s == 'it\'s' && "x" < $inputs.n`, "!!!((true))", "$response.body#/a-b/c~1d<=5", "($response.body).items[0].id == {$response.body}.n",
		"$[?!match(@.s, '{$inputs.re}')]", "a{$inputs.re}**", "[é-a]", "$inputs.n > 5", "(a[)]\\((b|(c)",
	} {
		f.Add(seed, `{"data": [{"cursor": null}], "s": "text"}`)
	}
	seen := sample(f)
	f.Fuzz(func(t *testing.T, text, context string) {
		for _, parse := range []func(string) (*condition.Condition, error){condition.Simple, condition.Regex, condition.JSONPath} {
			c, err := parse(text)
			if err != nil {
				var syntax *expression.SyntaxError
				if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(text) {
					t.Errorf("the error %v does not point into %q", err, text)
				}
				continue
			}
			for _, r := range c.References() {
				if !strings.HasPrefix(text[r.Offset:], r.Text) {
					t.Errorf("%q is not at byte %d of %q", r.Text, r.Offset, text)
				}
			}
			v := c.Evaluate(seen, context)
			if v.Passed && v.Err != nil {
				t.Errorf("%q passed in spite of %v", text, v.Err)
			}
			wantAbsentNull(t, v)
		}
	})
}

// wantAbsentNull holds that what is absent is shown as null.
func wantAbsentNull(t *testing.T, v condition.Verdict) {
	t.Helper()
	actual := v.Actual()
	for _, operand := range v.Absent() {
		if value, shown := actual[operand]; !shown || value != nil {
			t.Errorf("%q is absent among %q, and %v", operand, slices.Sorted(maps.Keys(actual)), value)
		}
	}
}
