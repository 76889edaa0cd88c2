package condition

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// judge is a parsed regular expression or query.
type judge func(context any) Verdict

// templated builds a condition whose text may hold expressions. Their values
// are written into the text before it is parsed (Arazzo 1.1.0, section
// 5.6.11.1); to find syntax errors early it is parsed once with zeros in their
// place.
func templated(
	text string,
	parse func(string) (j judge, dialect bool, err error),
	write func(value any, before string) (string, error),
) (*Condition, error) {
	if err := tooLong(text); err != nil {
		return nil, err
	}
	template, err := expression.ParseTemplate(text)
	if err != nil {
		return nil, err
	}
	sample, _ := template.Expand(func(*expression.Expression, string) (string, error) { return "0", nil })
	fixed, dialect, err := parse(sample)
	if err != nil {
		return nil, err
	}
	c := &Condition{Dialect: dialect, references: template.References()}
	c.evaluate = func(_ expression.Scope, context any) Verdict { return fixed(context) }
	if len(c.references) > 0 {
		c.evaluate = func(s expression.Scope, context any) Verdict {
			j, err := expand(template, s, parse, write)
			if err != nil {
				return Verdict{Err: err, Actual: map[string]any{"context": context}}
			}
			return j(context)
		}
	}
	return c, nil
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
		return write(value, before)
	})
	if err != nil {
		return nil, err
	}
	j, _, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%.200q does not parse: %w", text, err)
	}
	return j, nil
}

// quoteForJSONPath writes a value into a JSONPath text: inside a string literal
// with that literal's quotes escaped, elsewhere as a literal of its own. Data
// can so never become syntax.
func quoteForJSONPath(value any, before string) (string, error) {
	if quote := openQuote(before); quote != 0 {
		return escapeFor(expression.Text(value), quote), nil
	}
	switch v := value.(type) {
	case string:
		return `"` + escapeFor(v, '"') + `"`, nil
	case []any, map[string]any:
		return "", fmt.Errorf("%s cannot be written into a query: only text, numbers, true, false and null can", short(value))
	default:
		return expression.Text(value), nil
	}
}

// openQuote returns the quote of the string literal that text ends inside of,
// or zero.
func openQuote(text string) byte {
	var open byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case open != 0 && c == '\\':
			i++
		case open != 0 && c == open:
			open = 0
		case open == 0 && (c == '\'' || c == '"'):
			open = c
		}
	}
	return open
}

// escapeFor escapes a text for a string literal of RFC 9535.
func escapeFor(text string, quote byte) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == rune(quote) || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
