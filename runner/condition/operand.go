package condition

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// operand is a leaf of a condition: a literal, an expression or a query.
type operand struct {
	// text is what a report calls it.
	text    string
	literal any
	// find looks the value up; nil for a literal. The operands before it are
	// found already.
	find func(s expression.Scope, context any, found []finding) (any, error)
	// expression is nil where find evaluates none.
	expression *expression.Expression
}

// valueOf takes the value of an expression. One that reaches into a text that is
// not JSON cannot be judged.
func valueOf(value any, err error) (any, error) {
	if err == nil {
		return value, nil
	}
	var missing *expression.Absent
	if errors.As(err, &missing) && missing.Unreadable {
		return nil, err
	}
	return absent{}, nil
}

// dereference applies the operators [] and . to a value (S-157).
func dereference(value any, access expression.Access, err error) (any, error) {
	if access == "" || err != nil || isAbsent(value) {
		return value, err
	}
	value = expression.Structured(value)
	if _, isText := value.(string); isText {
		return nil, errText
	}
	if reached, ok := access.Follow(value); ok {
		return reached, nil
	}
	return absent{}, nil
}

var (
	numberPattern  = regexp.MustCompile(`^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?`)
	keywordPattern = regexp.MustCompile(`^(?:true|false|null)\b`)
	wordPattern    = regexp.MustCompile(`^[^\s()!=<>&|]*`)
)

// literalOperand reads true, false, null, a number or a string.
func literalOperand(rest string, readString func(string) (string, int, error)) (*operand, int, error) {
	if rest == "" {
		return nil, 0, &expression.SyntaxError{Message: "the condition ends where a value is expected"}
	}
	if word := keywordPattern.FindString(rest); word != "" {
		return &operand{text: word, literal: map[string]any{"true": true, "false": false, "null": nil}[word]}, len(word), nil
	}
	if number := numberPattern.FindString(rest); number != "" && number == wordPattern.FindString(rest) {
		return &operand{text: number, literal: json.Number(number)}, len(number), nil
	}
	if rest[0] == '\'' || rest[0] == '"' {
		text, n, err := readString(rest)
		if err != nil {
			return nil, 0, err
		}
		return &operand{text: rest[:n], literal: text}, n, nil
	}
	return nil, 0, &expression.SyntaxError{Message: fmt.Sprintf(
		"%.80q is neither a literal nor a runtime expression: strings stand in single quotes", word(rest))}
}

func word(rest string) string {
	if w := wordPattern.FindString(rest); w != "" {
		return w
	}
	return rest[:1]
}

// errNotClosed is a string without its last quote; the offset is its first.
func errNotClosed() error { return &expression.SyntaxError{Message: "the string is not closed"} }

// errNoString is what a literal in quotes is told that is more than a string.
func errNoString(text, why string) error {
	return &expression.SyntaxError{Message: fmt.Sprintf("%s %s", strings.TrimSpace(text), why)}
}
