package condition

import (
	"errors"
	"fmt"
	"sort"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
	"github.com/dlclark/regexp2/syntax"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// Limits on a match, which may backtrack.
const (
	// matchTimeout bounds its time. An ordinary match takes microseconds; a
	// second is far beyond any that was meant.
	matchTimeout = time.Second
	// maxSubject bounds the text in bytes: to remember where it may go back to, a
	// match has been seen to take a hundred bytes for each.
	maxSubject = 4 << 20
)

// Regex parses a regular expression of the ECMAScript dialect, the one that
// other Arazzo tools use. The error is an [*expression.SyntaxError].
func Regex(text string) (*Condition, error) {
	return templated(text, parseRegex, func(value any, _ string) (string, error) { return expression.Text(value), nil })
}

func parseRegex(pattern string) (judge, bool, error) {
	if pattern == "" {
		return nil, false, &expression.SyntaxError{Message: "the regular expression is empty: it would match every text"}
	}
	compiled, err := regexp2.Compile(pattern, regexp2.ECMAScript)
	if err != nil {
		return nil, false, patternError(pattern, err)
	}
	compiled.MatchTimeout = matchTimeout
	return func(context any) Verdict { return matchRegex(compiled, context) }, false, nil
}

func matchRegex(pattern *regexp2.Regexp, context any) Verdict {
	v := withContext(context, nil)
	v.found = append(v.found, finding{text: "match"})
	if context == nil {
		v.Err = errNullContext
		return v
	}
	text := expression.Text(context)
	if len(text) > maxSubject {
		v.Err = fmt.Errorf("the context has more than %d bytes: no regular expression is matched with it", maxSubject)
		return v
	}
	match, err := pattern.FindStringMatch(text)
	if err != nil {
		v.Err = fmt.Errorf("the match was given up after %s", matchTimeout)
		return v
	}
	if match != nil {
		v.Passed, v.found[1].value = true, match.String()
	}
	return v
}

// patternError gives the library's error a place in the pattern.
func patternError(pattern string, err error) error {
	var fault *syntax.Error
	if !errors.As(err, &fault) {
		return &expression.SyntaxError{Message: err.Error()}
	}
	message := fault.Code.String()
	if len(fault.Args) > 0 {
		message = fmt.Sprintf(message, fault.Args...)
	}
	return &expression.SyntaxError{Offset: faultOffset(pattern, fault.Code), Message: message}
}

// faultOffset finds the byte of a pattern's fault, which the library does not
// tell. What is not closed is the parenthesis or class itself. Any other fault
// ends the shortest beginning of the pattern that has it, because the pattern is
// read from the left.
func faultOffset(pattern string, code syntax.ErrorCode) int {
	if code == syntax.ErrMissingParen || code == syntax.ErrUnterminatedBracket {
		return unclosed(pattern)
	}
	end := sort.Search(len(pattern), func(n int) bool { return codeOf(pattern[:n]) == code })
	_, size := utf8.DecodeLastRuneInString(pattern[:end])
	return end - size
}

func codeOf(pattern string) syntax.ErrorCode {
	var fault *syntax.Error
	if _, err := regexp2.Compile(pattern, regexp2.ECMAScript); errors.As(err, &fault) {
		return fault.Code
	}
	return ""
}

// unclosed finds the class, or else the innermost parenthesis, that is not
// closed.
func unclosed(pattern string) int {
	var open []int
	for at := 0; at < len(pattern); at++ {
		switch pattern[at] {
		case '\\':
			at++
		case '[':
			end := classEnd(pattern[at:])
			if end < 0 {
				return at
			}
			at += end
		case '(':
			open = append(open, at)
		case ')':
			open = open[:max(len(open)-1, 0)]
		}
	}
	if len(open) == 0 {
		return 0
	}
	return open[len(open)-1]
}

// classEnd is where the class that a pattern begins with is closed, or negative.
func classEnd(pattern string) int {
	for at := 1; at < len(pattern); at++ {
		switch pattern[at] {
		case '\\':
			at++
		case ']':
			return at
		}
	}
	return -1
}
