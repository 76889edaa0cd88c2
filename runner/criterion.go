package runner

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/condition"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// judged asks a criterion, and says how it came to its verdict.
func judged(c link.Criterion, s expression.Scope) CriterionResult {
	r := resultOf(c.Judge(s))
	r.Condition, r.Type = c.Criterion.Condition, string(c.Type)
	return r
}

// resultOf is what a condition came to.
func resultOf(v condition.Verdict) CriterionResult {
	r := CriterionResult{Passed: v.Passed, Actual: v.Actual(), Absent: v.Absent(), Hint: v.Hint}
	if v.Err != nil {
		text := v.Err.Error()
		r.Error = &text
	}
	return r
}

// absentOperands warns of criteria that hold although an operand of theirs has
// no value: "$response.body#/stauts != 'failed'" holds for every response; and of
// those that may have overlooked names.
func absentOperands(s *step, last *Attempt) source.Diagnostics {
	var notes source.Diagnostics
	for i, c := range last.Criteria {
		if c.Passed && len(c.Absent) > 0 {
			notes = append(notes, &source.Diagnostic{
				Code: "absent-operand", Severity: source.Warning, Position: s.Criteria[i].At("condition"),
				Message:  fmt.Sprintf("the condition %s holds, and there is no %s", c.Condition, strings.Join(c.Absent, " and no ")),
				Expected: "a value, or a comparison with null",
			})
		}
		if c.Passed && c.Hint != "" {
			notes = append(notes, &source.Diagnostic{
				Code: "overlooked-names", Severity: source.Warning, Position: s.Criteria[i].At("condition"),
				Message: fmt.Sprintf("the condition %s holds, and may have overlooked something: %s", c.Condition, c.Hint),
			})
		}
	}
	return notes
}

// mask hides the secrets in what the actions' criteria said.
func (r *run) mask(considered []Considered) []Considered {
	if considered == nil {
		return []Considered{}
	}
	for i := range considered {
		for j, c := range considered[i].Criteria {
			considered[i].Criteria[j] = r.maskCriterion(c)
		}
	}
	return considered
}

// maskCriterion hides them in what one criterion said, which nobody else has.
func (r *run) maskCriterion(c CriterionResult) CriterionResult {
	secrets := r.secrets
	context, ofText := c.Actual["context"].(string)
	for operand, value := range c.Actual {
		if _, isText := value.(string); isText && secret.Named(operand) && !secrets.show {
			value = secret.Masked
		}
		c.Actual[operand] = secrets.value(value)
	}
	if ofText && secrets.text(context) != context && c.Actual["match"] != nil {
		c.Actual["match"] = secret.Masked // it may be a part of the secret
	}
	c.Hint = secrets.message(c.Hint)
	if c.Error != nil {
		text := secrets.message(*c.Error)
		c.Error = &text
	}
	return c
}
