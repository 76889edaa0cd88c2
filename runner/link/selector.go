package link

import (
	"cmp"
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/selector"
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
	if v := s.Field("context"); s.Context != "" {
		linked.context = at.whole(v)
	}
	text := s.Field("selector")
	language := selector.Language{Name: s.Type.Name, Version: s.Type.Version}
	if _, ok := text.Text(); !ok || selector.Check(language) != nil {
		return linked // the reader reported it
	}
	var err error
	if linked.query, err = selector.ParseTemplate(language, s.Selector); err != nil {
		d := diagnose(err, text)
		d.Code, d.Expected = "arazzo/selector-syntax", "a query in the language that the type names"
		at.report(d)
		return linked
	}
	for _, r := range linked.query.References() {
		at.check(r, text)
	}
	return linked
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
