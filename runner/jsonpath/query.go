package jsonpath

import (
	"errors"
	"fmt"
)

// Limits on what comes from outside.
const (
	// MaxTextBytes bounds the text of a query: far above any written by hand,
	// and small enough that one query cannot hold much memory.
	MaxTextBytes = 64 << 10
	// MaxNesting bounds filters, parentheses and calls inside one another, which
	// the parser and the evaluation follow by recursion.
	MaxNesting = 100
	// MaxSteps bounds the work of one [Query.Select]: about one step for every
	// node looked at, every value compared and every 64 bytes of text compared,
	// and more where an object's names are sorted or a regular expression is
	// used. It allows `$..x` on a million members, and ends a query that
	// multiplies its nodes within seconds.
	MaxSteps = 10_000_000
	// MaxDepth bounds how deep a value may be nested where a query descends or
	// compares. encoding/json decodes as deep as this.
	MaxDepth = 10_000
)

// ErrLimit is wrapped by every error of [Query.Select] that comes from passing a
// limit of this package, such as [MaxSteps].
var ErrLimit = errors.New("JSONPath limit passed")

// SyntaxError says why a text is not a query: it is not well-formed, not
// well-typed, or passes a limit.
type SyntaxError struct {
	// Offset is where, in bytes from the start of the text.
	Offset int
	// Message says what was expected and what was found.
	Message string
}

// Error is the place and the message on one line.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("JSONPath, byte %d: %s", e.Offset, e.Message)
}

// Query is a parsed query. It never changes: goroutines may share one.
type Query struct {
	text     string
	path     path
	patterns []literalPattern
	strict   bool
}

// Parse reads text, all of it, as one query of RFC 9535. Its error is a
// [*SyntaxError].
func Parse(text string) (*Query, error) { return RFC9535.Parse(text) }

// ParsePrefix reads the longest query that starts text and says how many bytes
// it takes; blank space after it is not part of it. A "." or "[" is always taken
// for the start of a segment, so one that starts none is an error rather than
// the end of the query. The error is a [*SyntaxError].
func ParsePrefix(text string) (*Query, int, error) { return RFC9535.ParsePrefix(text) }

// Singular reports whether the query can select one node at most, whatever the
// value: only names and indexes, one in each segment (RFC 9535, 2.3.5.1).
func (q *Query) Singular() bool { return q.path.singular }

// String is the text the query was parsed from.
func (q *Query) String() string { return q.text }

// Select gives the values of the nodes that the query selects in root, in order
// and with duplicates, as the RFC has them; the slice is empty, never nil, when
// there are none. The values are root's own, not copies. The error wraps
// [ErrLimit] when a limit is passed; it does not when root holds something that
// is not JSON where the query compares.
func (q *Query) Select(root any) ([]any, error) {
	return q.within(MaxSteps, root)
}

// within is Select with its own bound on steps.
func (q *Query) within(steps int, root any) ([]any, error) {
	if q.path.singular {
		if value, ok := q.path.node(root); ok {
			return []any{value}, nil
		}
		return []any{}, nil
	}
	e := evaluation{root: root, steps: steps, strict: q.strict}
	nodes := q.path.nodes(&e, root)
	if e.err != nil {
		return nil, fmt.Errorf("%s: %w", cut(q.text), e.err)
	}
	if nodes == nil {
		return []any{}, nil
	}
	return nodes, nil
}
