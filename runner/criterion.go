package runner

import (
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
)

// judged asks a criterion, and says how it came to its verdict.
func judged(c link.Criterion, s expression.Scope) CriterionResult {
	v := c.Judge(s)
	r := CriterionResult{Condition: c.Criterion.Condition, Type: string(c.Type), Passed: v.Passed, Actual: v.Actual(), Absent: v.Absent(), Hint: v.Hint}
	if v.Err != nil {
		text := v.Err.Error()
		r.Error = &text
	}
	return r
}
