package link

import (
	"cmp"
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/selector"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Selector is a Selector Object whose query is parsed in its language.
type Selector struct {
	*arazzo.Selector
	context *expression.Expression
	query   *selector.Template
}

// selector links a Selector Object; it has no context or no query where that does
// not parse, which is reported.
func (at *site) selector(s *arazzo.Selector) *Selector {
	linked := &Selector{Selector: s}
	if s.Context != "" {
		linked.context = at.whole(s.Field("context"))
	}
	linked.query = at.query(selector.Language{Name: s.Type.Name, Version: s.Type.Version}, s.Field("selector"))
	return linked
}

// query parses a selector in its language; it is nil when that is not possible.
// A language that there is not, and a query that is no text or an empty one, were
// reported by the reader.
func (at *site) query(language selector.Language, v *source.Value) *selector.Template {
	text, ok := v.Text()
	if !ok || selector.Check(language) != nil || text == "" && language.Name != selector.JSONPointer {
		return nil
	}
	query, err := selector.ParseTemplate(language, text)
	if err != nil {
		d := diagnose(err, v)
		d.Code, d.Expected = "arazzo/selector-syntax", "a query in the language that the type names"
		at.report(d)
		return nil
	}
	for _, r := range query.References() {
		at.check(r, v)
	}
	return query
}

// Evaluate selects from what the context comes to. Nothing selected is an
// [*expression.Absent] error.
func (s *Selector) Evaluate(scope expression.Scope) (any, error) {
	context, err := s.context.Evaluate(scope)
	if err != nil {
		return nil, err
	}
	query, err := s.query.Resolve(scope)
	if err != nil {
		return nil, err
	}
	selection, err := query.Select(context)
	if err != nil {
		return nil, s.absent(err.Error(), true)
	}
	if !selection.Found {
		return nil, s.absent(cmp.Or(selection.Hint(), fmt.Sprintf("%s selects nothing in %s", query, expression.Excerpt(context, 80))), false)
	}
	return selection.Value(), nil
}

func (s *Selector) absent(reason string, unreadable bool) error {
	return &expression.Absent{Expression: s.context, Unreadable: unreadable, Reason: reason}
}
