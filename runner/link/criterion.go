package link

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/condition"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/selector"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Criterion is a criterion whose condition is parsed in its language.
type Criterion struct {
	*arazzo.Criterion
	// Context is nil for a simple condition.
	Context   *expression.Expression
	Condition *condition.Condition
}

// Judge evaluates the criterion. An absent context is null, and no condition
// holds on null.
func (c Criterion) Judge(s expression.Scope) condition.Verdict {
	var context any
	if c.Context != nil {
		context, _ = c.Context.Evaluate(s)
	}
	return c.Condition.Evaluate(s, context)
}

// criteria links criteria; one that does not parse is reported and left out.
func (at *site) criteria(given []*arazzo.Criterion) []Criterion {
	var linked []Criterion
	for _, g := range given {
		if c, ok := at.criterion(g); ok {
			linked = append(linked, c)
		}
	}
	return linked
}

func (at *site) criterion(g *arazzo.Criterion) (Criterion, bool) {
	linked := Criterion{Criterion: g}
	text := g.Field("condition")
	if g.Condition == "" {
		return linked, false // the reader reported it
	}
	var err error
	if linked.Condition, err = parseCondition(g); err != nil {
		at.report(conditionError(g, text, err))
		return linked, false
	}
	if linked.Condition == nil {
		return linked, false // the reader reported that there is no such language
	}
	for _, r := range linked.Condition.References() {
		at.check(r, text)
	}
	at.conditionDialects(linked.Condition, text)
	if g.Type == arazzo.Simple {
		return linked, true
	}
	if g.Context != "" {
		linked.Context = at.whole(g.Field("context"))
	}
	return linked, linked.Context != nil
}

// parseCondition parses the condition in its language; it is nil where the reader
// reported that there is no such language.
func parseCondition(g *arazzo.Criterion) (*condition.Condition, error) {
	language := selector.Language{Name: string(g.Type), Version: g.Version}
	switch {
	case g.Type == arazzo.Simple:
		return condition.Simple(g.Condition)
	case g.Type == arazzo.Regex:
		return condition.Regex(g.Condition)
	case selector.Check(language) != nil:
		return nil, nil
	case g.Type == arazzo.JSONPath && (g.Version == "" || g.Version == "rfc9535"):
		return condition.JSONPath(g.Condition)
	default:
		return condition.Selecting(language, g.Condition)
	}
}

func conditionError(g *arazzo.Criterion, text *source.Value, err error) *source.Diagnostic {
	d := diagnose(err, text)
	d.Code, d.Fix = "arazzo/condition-syntax", "correct the condition at the caret"
	switch g.Type {
	case arazzo.JSONPath:
		d.Expected = "an RFC 9535 query such as $.items[?@.id == 1], or queries compared with values: $.status == 'done'"
	case arazzo.XPath:
		d.Expected = "an expression of XPath 1.0 such as count(//pet) > 0"
	case arazzo.Regex:
		d.Expected = "a regular expression of ECMAScript"
	default:
		d.Expected = "a comparison such as $statusCode == 200 && $response.body#/status == 'done'"
	}
	return d
}

// conditionDialects reports what a condition has beyond the specification's
// letter.
func (at *site) conditionDialects(c *condition.Condition, text *source.Value) {
	written, _ := text.Text()
	if c.Dialect {
		at.report(&source.Diagnostic{
			Code: "arazzo/jsonpath-not-rfc9535", Severity: source.Warning, Position: text.Position,
			Message:  fmt.Sprintf("%q is not a query of RFC 9535; it is read as a comparison of queries with values", written),
			Expected: "a query, or a simple condition such as $response.body#/status == 'done'",
		})
	}
	if c.RootFilter {
		at.report(&source.Diagnostic{
			Code: "arazzo/root-filter", Severity: source.Info, Position: text.Position,
			Message:  fmt.Sprintf("of an object, %s looks at the values of its members, and not at the object", written),
			Expected: "a filter on an array, such as $.items[?@.id == 1]; for a member of the object a simple condition",
		})
	}
	for _, s := range c.DoubleQuotes {
		at.report(&source.Diagnostic{
			Code: "arazzo/double-quoted-string", Severity: source.Warning, Position: text.Offset(s.Offset),
			Message: fmt.Sprintf("the string %s stands in double quotes", s.Text), Expected: "single quotes: " + s.Single,
			Edit: text.EditAt(s.Offset, s.Text, s.Single),
		})
	}
}
