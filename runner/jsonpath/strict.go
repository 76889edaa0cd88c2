package jsonpath

import (
	"fmt"
	"strconv"
)

// literalPattern is a regular expression that stands in a query, as text.
type literalPattern struct {
	patternKey
	offset int
}

// note keeps a call's pattern when it is a literal that starts at offset.
func (p *parser) note(word string, a argument, offset int) {
	l, _ := a.value.(literal)
	if source, ok := l.constant.(string); ok && (word == "match" || word == "search") {
		p.patterns = append(p.patterns, literalPattern{patternKey{source, word == "match"}, offset})
	}
}

// Strict is the query with every regular expression of match and search that is
// no I-Regexp as an error. The RFC has it match nothing (2.4.6), so that
// !match(@.a, '[') holds for all nodes. Of a literal the error is here, a
// [*SyntaxError]; else it is one of [Query.Select], and does not wrap [ErrLimit].
func (q *Query) Strict() (*Query, error) {
	for _, l := range q.patterns {
		compiled, err := compilePattern(l.patternKey)
		if err == nil && compiled.regexp == nil {
			err = notIRegexp(l.source)
		}
		if err != nil {
			return nil, &SyntaxError{Offset: l.offset, Message: err.Error()}
		}
	}
	strict := *q
	strict.strict = true
	return &strict, nil
}

func notIRegexp(source string) error {
	return fmt.Errorf("%s is not an I-Regexp, the regular expressions of RFC 9485", cut(strconv.Quote(source)))
}
