package jsonpath

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// Limits on regular expressions, which may come from the value that is queried.
// They keep compiling one within milliseconds, and matching within the steps
// that it is charged. Go's own limit on a quantifier is 1000.
const (
	maxPatternBytes   = 4 << 10
	maxPatternSize    = 10_000 // atoms, once quantifiers are written out
	maxPatternNesting = 100
	maxQuantifier     = 1000
	maxPatterns       = 64 // kept compiled during one evaluation
)

// patternKey is an I-Regexp and how it is used: on the whole text, or anywhere
// in it.
type patternKey struct {
	source string
	whole  bool
}

// pattern is a compiled I-Regexp; regexp is nil when the source is none, which
// matches nothing (RFC 9535, 2.4.6).
type pattern struct {
	regexp *regexp.Regexp
	size   int
}

// pattern gives a compiled pattern, or nil when the evaluation is over. A query
// with a few patterns compiles each of them once.
func (e *evaluation) pattern(key patternKey) *pattern {
	if p, ok := e.patterns[key]; ok {
		return p
	}
	// Compiling costs a thousand times a step, and a category alone, which is a
	// table of ranges, some hundreds more.
	if !e.spend(1000 + 50*len(key.source)) {
		return nil
	}
	p, err := compilePattern(key)
	if err != nil {
		e.fail(err)
		return nil
	}
	if e.patterns == nil || len(e.patterns) == maxPatterns {
		e.patterns = make(map[patternKey]*pattern)
	}
	e.patterns[key] = p
	return p
}

// errNotIRegexp says that a source breaks the grammar of RFC 9485.
var errNotIRegexp = errors.New("not an I-Regexp")

// compilePattern fails only for an I-Regexp that passes a limit: that it matches
// nothing would be a wrong answer.
func compilePattern(key patternKey) (*pattern, error) {
	if len(key.source) > maxPatternBytes {
		return nil, patternLimit(key.source, fmt.Sprintf("more than %d bytes", maxPatternBytes))
	}
	t := translation{scanner: scanner{text: key.source}}
	size, err := t.alternatives()
	if err == nil && t.offset < len(t.text) {
		err = errNotIRegexp
	}
	if errors.Is(err, errNotIRegexp) {
		return &pattern{}, nil
	}
	if err != nil {
		return nil, err
	}
	expression := t.out.String()
	if key.whole {
		expression = `\A(?:` + expression + `)\z`
	}
	compiled, err := regexp.Compile(expression)
	if err != nil {
		return nil, patternLimit(key.source, err.Error())
	}
	return &pattern{regexp: compiled, size: size + 1}, nil
}

func patternLimit(source, what string) error {
	return fmt.Errorf("%w: the regular expression %s: %s", ErrLimit, cut(strconv.Quote(source)), what)
}
