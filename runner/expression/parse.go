package expression

import (
	"fmt"
	"strings"
)

// Parse reads a text that is one expression from start to end. The error is a
// [*SyntaxError].
func Parse(text string) (*Expression, error) {
	e, n, err := scan(text, false)
	if err == nil && n < len(text) {
		err = &SyntaxError{Offset: n, Message: fmt.Sprintf("%.80q does not belong to the expression %.80q", text[n:], text[:n])}
	}
	if err != nil {
		return nil, err
	}
	return e, nil
}

// ParseWhole is [Parse] for a string that is one expression, with or without
// braces around it. In braces it has none of its own.
func ParseWhole(text string) (*Expression, error) {
	if !strings.HasPrefix(text, "{") {
		return Parse(text)
	}
	end := strings.IndexAny(text[1:], "{}") + 1
	if end < len(text)-1 || text[end] != '}' {
		return nil, &SyntaxError{Offset: max(end, 0), Message: fmt.Sprintf("%.80q is not one expression in braces", text)}
	}
	e, err := Parse(text[1:end])
	return e, shift(err, 1)
}

// shift moves a syntax error to its place in a longer text.
func shift(err error, by int) error {
	if syntax, ok := err.(*SyntaxError); ok {
		return &SyntaxError{Offset: syntax.Offset + by, Message: syntax.Message}
	}
	return err
}

// Scan reads the expression that text begins with, and returns its length in
// bytes. Where it ends in running text grammar.txt says. The error is a
// [*SyntaxError].
func Scan(text string) (*Expression, int, error) { return scan(text, true) }
