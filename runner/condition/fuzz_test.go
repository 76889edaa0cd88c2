package condition_test

import (
	"errors"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/condition"
	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// FuzzConditions holds that any text is refused with a place in it, or can be
// judged, and that what could not be judged did not pass.
func FuzzConditions(f *testing.F) {
	for _, seed := range []string{
		"$statusCode == 200 && ($inputs.a.b[0] != 'it''s' || !{$inputs.a})", "$.data[0].cursor == null", "$.items[?@.id == '{$inputs.s}'].length > 0",
		`^(a+)+\d{2}$`, `$.s == 'it\'s' && "x" < $inputs.n`, "!!!((true))", "$response.body#/a-b/c~1d<=5",
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
			if v := c.Evaluate(seen, context); v.Passed && v.Err != nil {
				t.Errorf("%q passed in spite of %v", text, v.Err)
			}
		}
	})
}
