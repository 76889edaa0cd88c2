package selector

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// Template is a selector with runtime expressions in its text (Arazzo 1.1.0,
// section 5.6.11.1).
type Template struct {
	language Language
	template *expression.Template
	// fixed is the selector of a text without expressions.
	fixed *Selector
}

// ParseTemplate reads a selector that may hold runtime expressions. It is parsed
// with zeros in their place, so that its syntax is known to be right before any
// value is. Errors are those of [Parse], with their place in the text as it was
// written.
func ParseTemplate(l Language, text string) (*Template, error) {
	if err := Check(l); err != nil {
		return nil, err
	}
	parsed, err := expression.ParseTemplate(text)
	if err != nil {
		return nil, err
	}
	t := &Template{language: l, template: parsed}
	references := parsed.References()
	var spans []span
	sample, err := parsed.Expand(func(_ *expression.Expression, before string) (string, error) {
		zero, err := l.Quote(json.Number("0"), before)
		spans = append(spans, spanOf(text, references[len(spans)], len(before), len(zero)))
		return zero, err
	})
	if err != nil {
		return nil, err
	}
	fixed, err := Parse(l, sample)
	var syntax *expression.SyntaxError
	if errors.As(err, &syntax) {
		return nil, &expression.SyntaxError{Offset: asWritten(syntax.Offset, spans), Message: syntax.Message}
	}
	if len(spans) == 0 {
		t.fixed = fixed
	}
	return t, nil
}

// References lists the runtime expressions in the selector.
func (t *Template) References() []expression.Reference { return t.template.References() }

// Resolve gives the selector with the expressions' values in it. The error is an
// [*expression.Absent], or says which value cannot be written there.
func (t *Template) Resolve(s expression.Scope) (*Selector, error) {
	if t.fixed != nil {
		return t.fixed, nil
	}
	text, err := t.template.Expand(func(e *expression.Expression, before string) (string, error) {
		value, err := e.Evaluate(s)
		if err != nil {
			return "", err
		}
		written, err := t.language.Quote(value, before)
		if err != nil {
			return "", fmt.Errorf("%s: %w", e.Text, err)
		}
		return written, nil
	})
	if err != nil {
		return nil, err
	}
	selector, err := Parse(t.language, text)
	if err != nil {
		return nil, fmt.Errorf("%s does not parse: %w", expression.Excerpt(text, 200), err)
	}
	return selector, nil
}

// span is where an expression stands in the text as it was written, from start to
// end with its braces, and where its zero stands in the sample.
type span struct{ start, end, zeroStart, zeroEnd int }

func spanOf(text string, r expression.Reference, at, length int) span {
	s := span{start: r.Offset, end: r.Offset + len(r.Text), zeroStart: at, zeroEnd: at + length}
	if s.start > 0 && text[s.start-1] == '{' {
		s.start--
		s.end++
	}
	return s
}

// asWritten is the place in the text of a place in the sample.
func asWritten(offset int, spans []span) int {
	shift := 0
	for _, s := range spans {
		if offset < s.zeroStart {
			break
		}
		if offset < s.zeroEnd {
			return s.start
		}
		shift = s.end - s.zeroEnd
	}
	return offset + shift
}
