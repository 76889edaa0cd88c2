package condition

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/selector"
)

// judge is a parsed regular expression or query.
type judge func(context any) Verdict

// templated builds a condition whose text may hold expressions. Their values
// are written into the text before it is parsed (Arazzo 1.1.0, section
// 5.6.11.3); to find syntax errors early it is parsed once with zeros in their
// place.
func templated(
	text string,
	parse func(string) (j judge, dialect bool, err error),
	write func(value any, before string) (string, error),
) (*Condition, error) {
	if err := tooLong(text); err != nil {
		return nil, err
	}
	template, err := expression.ParseText(text)
	if err != nil {
		return nil, err
	}
	c := &Condition{references: template.References()}
	if len(c.references) > maxOperands {
		return nil, &expression.SyntaxError{Offset: c.references[maxOperands].Offset, Message: errTooMany.Error()}
	}
	sample, _ := template.Expand(func(*expression.Expression, string) (string, error) { return "0", nil })
	fixed, dialect, err := parse(sample)
	if err != nil {
		return nil, c.inText(text, err)
	}
	c.Dialect = dialect
	c.evaluate = func(_ expression.Scope, context any) Verdict { return fixed(context) }
	if len(c.references) > 0 {
		c.evaluate = func(s expression.Scope, context any) Verdict {
			j, err := expand(template, s, parse, write)
			if err != nil {
				return withContext(context, err)
			}
			return j(context)
		}
	}
	return c, nil
}

// inText moves a syntax error of the sample, in which each expression is one
// byte, to its place in the text.
func (c *Condition) inText(text string, err error) error {
	fault, ok := err.(*expression.SyntaxError)
	if !ok {
		return err
	}
	at := fault.Offset
	for _, r := range c.references {
		start, end := r.Offset, r.Offset+len(r.Text)
		if !r.Bare {
			start, end = start-len("{"), end+len("}")
		}
		if at > start {
			at += end - start - len("0")
		}
	}
	return &expression.SyntaxError{Offset: min(at, len(text)), Message: fault.Message}
}

// expand parses the condition with its expressions' values in it.
func expand(
	template *expression.Template, s expression.Scope,
	parse func(string) (judge, bool, error),
	write func(value any, before string) (string, error),
) (judge, error) {
	text, err := template.Expand(func(e *expression.Expression, before string) (string, error) {
		value, err := e.Evaluate(s)
		if err != nil {
			return "", err
		}
		written, err := write(value, before)
		if len(before)+len(written) > maxBytes {
			err = errTooLong
		}
		return written, err
	})
	if err != nil {
		return nil, err
	}
	if len(text) > maxBytes {
		return nil, errTooLong
	}
	j, _, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s does not parse: %w", expression.Excerpt(text, 200), err)
	}
	return j, nil
}

// quoteForJSONPath writes a value into a JSONPath text: inside a string literal
// with that literal's quotes escaped, elsewhere as a literal of its own. Data
// can so never become syntax.
func quoteForJSONPath(value any, before string) (string, error) {
	if quote := selector.OpenQuote(before, true); quote != 0 {
		return selector.EscapeJSONPath(expression.Text(value), quote), nil
	}
	switch v := value.(type) {
	case string:
		return `"` + selector.EscapeJSONPath(v, '"') + `"`, nil
	case []any, map[string]any:
		return "", fmt.Errorf("%s cannot be written into a query: only text, numbers, true, false and null can", short(value))
	default:
		return expression.Text(value), nil
	}
}
