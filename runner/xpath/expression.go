package xpath

import (
	"errors"
	"fmt"
)

// Limits on expressions, which come from documents.
const (
	// MaxTextBytes bounds the text of an expression: far above any written by
	// hand.
	MaxTextBytes = 64 << 10
	// MaxNesting bounds parentheses, predicates and calls inside one another,
	// which the parser and the evaluation follow by recursion.
	MaxNesting = 100
	// MaxSteps bounds the work of one [Expression.Evaluate]: about one step for
	// every node looked at and every 16 bytes of text read or made. It allows
	// //x on a million nodes, keeps what is made of text within 160 MB, and ends
	// an expression that multiplies its nodes within seconds.
	MaxSteps = 10_000_000
)

// ErrLimit is wrapped by every error of [Expression.Evaluate] that comes from
// passing a limit of this package.
var ErrLimit = errors.New("XPath limit passed")

// SyntaxError says why a text is not an XPath 1.0 expression.
type SyntaxError struct {
	// Offset is where, in bytes from the start of the text.
	Offset int
	// Message says what was expected and what was found, or which later version
	// of XPath has it.
	Message string
}

// Error is the place and the message on one line.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("XPath, byte %d: %s", e.Offset, e.Message)
}

// Expression is a parsed expression. It never changes: goroutines may share one.
type Expression struct {
	text string
	root expression
	// prefixes are those of its name tests, names the unprefixed ones of elements.
	prefixes, names []string
}

// Parse reads text, all of it, as one expression, and checks its types. The error
// is a [*SyntaxError].
func Parse(text string) (*Expression, error) {
	if len(text) > MaxTextBytes {
		return nil, &SyntaxError{MaxTextBytes, fmt.Sprintf("expected at most %d bytes, found %d", MaxTextBytes, len(text))}
	}
	p := &parser{scanner: scanner{text: text}}
	root, err := p.expression()
	if err != nil {
		return nil, err
	}
	if p.offset < len(text) {
		return nil, p.unexpected("the end")
	}
	return &Expression{text: text, root: root, prefixes: p.prefixes, names: p.names}, nil
}

// String is the text the expression was parsed from.
func (x *Expression) String() string { return x.text }

// SelectsNodes tells whether the expression comes to a node-set, and not to a number,
// a text or a truth: its type is known before it is evaluated.
func (x *Expression) SelectsNodes() bool { return x.root.kind() == nodeSetKind }

// Evaluate gives the value of the expression with n as its context node; for a
// whole document that is the node of [ParseDocument]. The error wraps [ErrLimit]
// when a limit is passed; it does not when the document gives one of the
// expression's prefixes no meaning.
func (x *Expression) Evaluate(n *Node) (Value, error) {
	return x.within(MaxSteps, n)
}

// within is Evaluate with its own bound on steps.
func (x *Expression) within(steps int, n *Node) (Value, error) {
	e := &evaluation{steps: steps, spaces: map[string]string{}}
	for _, prefix := range x.prefixes {
		known, ok := n.document.prefixes[prefix]
		switch {
		case !ok:
			return nil, fmt.Errorf("%s: the document binds the prefix %s to no namespace", cut(x.text), prefix)
		case known.ambiguous:
			return nil, fmt.Errorf("%s: the document binds the prefix %s to several namespaces, none of them in its document element", cut(x.text), prefix)
		}
		e.spaces[prefix] = known.space
	}
	value := x.root.evaluate(e, focus{node: n, position: 1, size: 1})
	if e.err != nil {
		return nil, fmt.Errorf("%s: %w", cut(x.text), e.err)
	}
	return value, nil
}

// cut is a text for a message: what is left out of a long one is marked, so that who
// hides a secret in it can tell where one is cut.
func cut(text string) string {
	const most = 80
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
