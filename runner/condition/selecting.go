package condition

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/selector"
)

// Selecting parses a condition that is a selector: an XPath, a query of Goessner's
// JSONPath, a JSON Pointer. It holds when what it selects is true in its language
// (Arazzo 1.1.0, section 5.6.11.3). The error is an [*expression.SyntaxError], or
// says that the language has no such version.
func Selecting(l selector.Language, text string) (*Condition, error) {
	if err := tooLong(text); err != nil {
		return nil, err
	}
	t, err := selector.ParseTemplate(l, text)
	if err != nil {
		return nil, err
	}
	c := &Condition{references: t.References()}
	if len(c.references) > maxOperands {
		return nil, &expression.SyntaxError{Offset: c.references[maxOperands].Offset, Message: errTooMany.Error()}
	}
	c.evaluate = func(s expression.Scope, context any) Verdict {
		resolved, err := t.Resolve(s)
		if err != nil {
			return withContext(context, err)
		}
		return matchSelector(resolved, context)
	}
	return c, nil
}

func matchSelector(s *selector.Selector, context any) Verdict {
	if context == nil {
		return withContext(nil, errNullContext)
	}
	if len(s.String()) > maxBytes {
		return withContext(context, errTooLong)
	}
	selection, err := s.Select(context)
	if err != nil {
		return withContext(context, fmt.Errorf("%s: %w", expression.Cut(s.String(), 200), err))
	}
	v := withContext(context, nil)
	v.Passed, v.Hint = selection.Truth(), selection.Hint()
	v.found = append(v.found, finding{text: "matched", value: selection.Nodes})
	return v
}
