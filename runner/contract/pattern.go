package contract

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Limits on matches that may go back and forth.
const (
	// patience bounds the time of all that one exchange needs; an ordinary one takes
	// microseconds.
	patience = time.Second
	// maxSubject bounds the text in bytes.
	maxSubject = 4 << 20
)

// pattern is a regular expression of ECMAScript.
type pattern struct {
	text   string
	linear *regexp.Regexp
	full   *regexp2.Regexp
	// left is the time that matches may take yet.
	left *time.Duration
}

// compilePattern reads a pattern. Where it means the same in both dialects Go's
// own package matches it, which never goes back.
func compilePattern(text string) (*pattern, error) {
	if isPlain(text) {
		if linear, err := regexp.Compile(text); err == nil {
			return &pattern{text: text, linear: linear}, nil
		}
	}
	full, err := regexp2.Compile(text, regexp2.ECMAScript|regexp2.Unicode)
	if err != nil {
		if full, err = regexp2.Compile(text, regexp2.ECMAScript); err != nil {
			return nil, err
		}
	}
	return &pattern{text: text, full: full}, nil
}

// isPlain tells the patterns that mean the same in ECMAScript and in Go: no groups
// but plain ones, no escapes but of punctuation and of ASCII's classes, no dot,
// which means other line ends, and no class that one of both reads otherwise.
func isPlain(text string) bool {
	const escapes = "dDwW-/.+*?^$()|[]{}_@\\"
	inClass := false
	for i := 0; i < len(text); i++ {
		rest := text[i+1:]
		switch c := text[i]; {
		case c == '\\':
			if rest == "" || !strings.Contains(escapes, rest[:1]) {
				return false
			}
			i++
		case inClass:
			inClass = c != ']'
			if c == '[' {
				return false
			}
		case c == '[':
			if strings.HasPrefix(rest, "]") || strings.HasPrefix(rest, "^]") {
				return false
			}
			inClass = true
		case c == '.', c == '(' && strings.HasPrefix(rest, "?") && !strings.HasPrefix(rest, "?:"):
			return false
		}
	}
	return true
}

var errImpatient = errors.New("there is no time left")

// MatchString tells whether the pattern matches a part of the text. It gives the
// judgement up when that takes too long.
func (p *pattern) MatchString(text string) bool {
	if p.linear != nil && utf8.ValidString(text) {
		return p.linear.MatchString(text)
	}
	if len(text) > maxSubject || p.full == nil {
		stop(fmt.Sprintf("a text is too large, or no text, for the pattern %s", p.text))
	}
	matches, err := false, errImpatient
	if *p.left > 0 {
		started := time.Now()
		p.full.MatchTimeout = *p.left
		matches, err = p.full.MatchString(text)
		*p.left -= time.Since(started)
	}
	if err != nil {
		stop(fmt.Sprintf("the pattern %s took longer than %s", p.text, patience))
	}
	return matches
}

func (p *pattern) String() string { return p.text }

// engine is how the library reads patterns.
func (c *Checker) engine(text string) (jsonschema.Regexp, error) {
	p, err := compilePattern(text)
	if err != nil {
		return nil, err
	}
	p.left = &c.patience
	return p, nil
}
