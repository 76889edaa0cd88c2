package runner

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/condition"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// criterion is a parsed criterion.
type criterion struct {
	*arazzo.Criterion
	// context is nil for a simple condition.
	context   *expression.Expression
	condition *condition.Condition
}

func (c *scoped) criteria(given []*arazzo.Criterion) []criterion {
	var planned []criterion
	for _, g := range given {
		if x, ok := c.criterion(g); ok {
			planned = append(planned, x)
		}
	}
	return planned
}

func (c *scoped) criterion(g *arazzo.Criterion) (criterion, bool) {
	planned := criterion{Criterion: g}
	text := g.Field("condition")
	if text == nil || text.Kind != source.String {
		return planned, false
	}
	var err error
	if planned.condition, err = c.parseCondition(g); err != nil {
		c.report(conditionError(g, text, err))
		return planned, false
	}
	if planned.condition == nil {
		return planned, false
	}
	for _, r := range planned.condition.References() {
		c.check(r, text.Offset(r.Offset))
	}
	c.dialects(planned, text)
	return planned, c.context(&planned)
}

// parseCondition parses the condition in its language; it is nil where that
// language is not executed yet.
func (c *scoped) parseCondition(g *arazzo.Criterion) (*condition.Condition, error) {
	switch {
	case g.Type == arazzo.Simple:
		return condition.Simple(g.Condition)
	case g.Type == arazzo.Regex:
		return condition.Regex(g.Condition)
	case g.Type == arazzo.JSONPath && (g.Version == "" || g.Version == "rfc9535"):
		return condition.JSONPath(g.Condition)
	}
	what := string(g.Type)
	if g.Version != "" {
		what = g.Version
	}
	c.report(&source.Diagnostic{
		Code: "unsupported", Position: g.At("type"), Message: "this version of the runner does not judge conditions of type " + what,
		Expected: "simple, regex or jsonpath",
	})
	return nil, nil
}

func conditionError(g *arazzo.Criterion, text *source.Value, err error) *source.Diagnostic {
	d := expression.Diagnose(err, text)
	d.Code, d.Fix = "arazzo/condition-syntax", "correct the condition at the caret"
	switch g.Type {
	case arazzo.JSONPath:
		d.Expected = "an RFC 9535 query such as $.items[?@.id == 1], or queries compared with values: $.status == 'done'"
	case arazzo.Regex:
		d.Expected = "a regular expression of ECMAScript"
	default:
		d.Expected = "a comparison such as $statusCode == 200 && $response.body#/status == 'done'"
	}
	return d
}

// dialects reports what the condition has beyond the specification's letter.
func (c *scoped) dialects(x criterion, text *source.Value) {
	if x.condition.Dialect {
		c.dialect(&source.Diagnostic{
			Code: "arazzo/jsonpath-not-rfc9535", Position: text.Position,
			Message:  fmt.Sprintf("%q is not a query of RFC 9535; it is read as a comparison of queries with values", x.Condition),
			Expected: "a query, or a simple condition such as $response.body#/status == 'done'",
		})
	}
	if x.condition.DoubleQuoted {
		c.dialect(&source.Diagnostic{
			Code: "arazzo/double-quoted-string", Position: text.Position,
			Message: fmt.Sprintf("%q has a string in double quotes", x.Condition), Expected: "single quotes",
		})
	}
}

// context plans the criterion's context expression.
func (c *scoped) context(x *criterion) bool {
	if x.Context == "" || x.Type == arazzo.Simple {
		return x.Type == arazzo.Simple
	}
	v := x.Field("context")
	e, err := expression.Parse(x.Context)
	if err != nil {
		c.report(expression.Diagnose(err, v))
		return false
	}
	c.check(expression.Reference{Expression: e}, v.Position)
	x.context = e
	return true
}

// holds judges the criterion, and says how it came to its verdict.
func (x criterion) holds(s expression.Scope) CriterionResult {
	var context any
	if x.context != nil {
		// An absent context is null, and no condition holds on null.
		context, _ = x.context.Evaluate(s)
	}
	v := x.condition.Evaluate(s, context)
	r := CriterionResult{Condition: x.Condition, Type: string(x.Type), Passed: v.Passed, Actual: v.Actual, Absent: v.Absent}
	if v.Err != nil {
		text := v.Err.Error()
		r.Error = &text
	}
	return r
}
