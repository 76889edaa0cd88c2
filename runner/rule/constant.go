package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// constant reports simple conditions that look at nothing, or at what is neither
// true nor false. One that holds is a warning, one that does not as grave as is
// given.
func (c *checker) constant(list []link.Criterion, never source.Severity) {
	for _, x := range list {
		if e := bare(x); e != nil && slices.Contains(textual, e.Root) {
			c.report(neverHolds(x, fixedKinds(e.Root), never))
		}
		if x.Type != arazzo.Simple || x.Condition == nil || len(x.Condition.References()) > 0 {
			continue
		}
		severity, comes := source.Warning, "always holds"
		if !x.Judge(nil).Passed {
			severity, comes = never, "never holds"
		}
		c.report(&source.Diagnostic{
			Code: "arazzo/constant-condition", Severity: severity, Position: x.At("condition"),
			Message:  fmt.Sprintf("the condition %s looks at nothing: it %s", x.Criterion.Condition, comes),
			Expected: "an expression in it, such as $statusCode == 200", Fix: "compare what was meant, or remove the criterion",
		})
	}
}

// textual are the roots whose values are never a boolean.
var textual = []expression.Root{expression.URL, expression.Method, expression.StatusCode, expression.Self, expression.SourceDescriptions}

func fixedKinds(root expression.Root) kinds {
	if root == expression.StatusCode {
		return isWhole
	}
	return isText
}

// operators end an expression in a condition.
var operators = []string{"==", "!=", "<", ">", "&&", "||"}

// bare is the expression that a simple condition is as a whole, or nil.
func bare(x link.Criterion) *expression.Expression {
	if x.Type != arazzo.Simple || x.Condition == nil || len(x.Condition.References()) != 1 {
		return nil
	}
	text := strings.TrimSpace(x.Criterion.Condition)
	if slices.ContainsFunc(operators, func(operator string) bool { return strings.Contains(text, operator) }) {
		return nil
	}
	if e, err := expression.ParseWhole(text); err == nil {
		return e
	}
	return nil
}

// neverHolds is about a condition that is one expression, of a value that is
// neither true nor false (S-158).
func neverHolds(x link.Criterion, k kinds, severity source.Severity) *source.Diagnostic {
	text := strings.TrimSpace(x.Criterion.Condition)
	return &source.Diagnostic{
		Code: "arazzo/constant-condition", Severity: severity, Position: x.At("condition"),
		Message:  fmt.Sprintf("the condition %s is %s, and never true: it never holds", text, k),
		Expected: "a comparison, such as $statusCode == 200", Fix: "say what it has to be equal to: " + text + " == …",
	}
}
