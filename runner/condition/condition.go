package condition

import (
	"errors"
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// Condition is one parsed condition. It never changes: goroutines may share one.
type Condition struct {
	// Dialect tells that a jsonpath condition is no RFC 9535 query, but a
	// comparison of queries with values (D1).
	Dialect bool
	// RootFilter tells that a jsonpath condition begins with a filter at the
	// root, $[?@.a == 1]: of an object it looks at the values of the members,
	// where the author may have meant the object (S-168).
	RootFilter bool
	// DoubleQuotes are the strings of a simple condition that stand in double
	// quotes, where the specification has single ones (D4).
	DoubleQuotes []Literal

	references []expression.Reference
	// evaluate judges the condition; context is nil for a simple one.
	evaluate func(s expression.Scope, context any) Verdict
}

// Literal is a string literal in the text of a condition.
type Literal struct {
	// Offset counts bytes from the start of the text; Text is the literal with its
	// quotes.
	Offset int
	Text   string
	// Single is the same string in single quotes.
	Single string
}

// Evaluate judges the condition. The context is what the criterion's context
// expression came to; a simple condition has none.
func (c *Condition) Evaluate(s expression.Scope, context any) Verdict { return c.evaluate(s, context) }

// References lists the runtime expressions in the condition.
func (c *Condition) References() []expression.Reference { return c.references }

// Limits on a condition.
const (
	// maxBytes is far above any condition written by hand, and little enough
	// that a chain of operators cannot exhaust the stack.
	maxBytes = 64 << 10
	// maxOperands bounds the values that are looked up: a query of each may
	// search all of the context.
	maxOperands = 100
)

var (
	errTooLong      = fmt.Errorf("the condition has more than %d bytes", maxBytes)
	errTooMany      = fmt.Errorf("the condition has more than %d operands", maxOperands)
	errNullContext  = errors.New("the context is null or absent")
	errTextContext  = errors.New("the context is a text that is not JSON")
	errText         = errors.New("what [] or . reaches into is a text that is not JSON")
	errSeveralNodes = errors.New("the query matched several nodes: only one can be compared")
	// errBothAbsent keeps two misspelt names from being equal.
	errBothAbsent = errors.New("neither side has a value")
)

func tooLong(text string) error {
	if len(text) <= maxBytes {
		return nil
	}
	return &expression.SyntaxError{Offset: maxBytes, Message: errTooLong.Error()}
}
