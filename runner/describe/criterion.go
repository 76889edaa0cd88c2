package describe

import (
	"regexp"
	"strings"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/secret"
)

// criterion is a condition, with its language where it is not the simple one and
// with what it looks at where that is not the body.
func criterion(c *arazzo.Criterion) string {
	switch {
	case c.Condition == "":
		return "no condition"
	case c.Type == arazzo.Simple:
		return short(simpleQuotes().withoutLiterals(c.Condition))
	}
	condition := c.Condition
	switch {
	case secret.Named(c.Context):
		condition = secret.Masked
	case c.Type == arazzo.JSONPath:
		condition = pathQuotes().withoutLiterals(condition)
	case c.Type == arazzo.XPath:
		condition = simpleQuotes().withoutLiterals(condition)
	}
	text := inLanguage(string(c.Type), c.Version, condition)
	if c.Context != "$response.body" {
		text += " of " + short(c.Context)
	}
	return text
}

// quotes finds, in the way that a language quotes its strings, the terms of a
// condition and the literals of a term. A string may be left open.
type quotes struct{ terms, literals *regexp.Regexp }

var (
	simpleQuotes = sync.OnceValue(func() quotes { return quoting(`'[^']*(?:'|$)|"[^"]*(?:"|$)`) })
	pathQuotes   = sync.OnceValue(func() quotes { return quoting(`'(?:[^'\\]|\\.)*(?:'|$)|"(?:[^"\\]|\\.)*(?:"|$)`) })
)

// quoting takes the pattern of a string. The string in a bracket is a name.
func quoting(text string) quotes {
	return quotes{
		terms:    regexp.MustCompile(`(?s)(?:` + text + `|[^&|'"])+`),
		literals: regexp.MustCompile(`(?s)(\[\s*)?(?:` + text + `)+|(?:^|[\s(=<>])-?\d[\w.+-]*`),
	}
}

// withoutLiterals masks what a secret is compared with: the strings and numbers
// of each term that names one.
func (q quotes) withoutLiterals(condition string) string {
	return q.terms.ReplaceAllStringFunc(condition, func(term string) string {
		if !secret.Named(term) {
			return term
		}
		return q.literals.ReplaceAllStringFunc(term, func(literal string) string {
			start := strings.IndexAny(literal, `'"-0123456789`)
			if literal[0] == '[' || literal[start:] == "''" || literal[start:] == `""` {
				return literal // a name, or the empty string
			}
			return literal[:start] + secret.Masked
		})
	})
}
