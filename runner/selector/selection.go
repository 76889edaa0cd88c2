package selector

import (
	"encoding/json"
	"math"

	"github.com/arazzo-conformance/arazzo/runner/xpath"
)

// Selection is what a selector found in a context.
type Selection struct {
	// Nodes are the values found, in the order of the language: JSON values, of
	// XPath the texts of nodes, or the one number, text or truth that the
	// expression came to. It is empty, never nil, when nothing was found.
	Nodes []any
	// Found tells that there is a value, even if it is null.
	Found bool

	// single is set when there can be one value at most.
	single, truth bool
	hint          func() string
}

// Value is the selection as one value (S-219): the only one, or all of them as an
// array, or nil without any; Found tells that from a null that was found.
func (s Selection) Value() any {
	switch {
	case !s.Found:
		return nil
	case s.single:
		return s.Nodes[0]
	default:
		return s.Nodes
	}
}

// Truth is the selection as a criterion's verdict: of JSONPath whether there is a
// node (S-167), of XPath the effective boolean value (S-171), of JSON Pointer
// whether there is a value that is neither null nor false.
func (s Selection) Truth() bool { return s.truth }

// Hint says what a selection may have missed, for a message, and is empty when
// nothing is known: where a JSON Pointer ended, or which names of an XPath stand
// in a namespace in this document. The latter is worth a warning even with a
// selection that holds: not(//Fault) holds when Fault was overlooked.
func (s Selection) Hint() string {
	if s.hint == nil {
		return ""
	}
	return s.hint()
}

// selectionOf is what an XPath expression came to.
func selectionOf(value xpath.Value, hint func() string) Selection {
	s := Selection{Nodes: []any{}, Found: true, single: true, truth: value.Boolean(), hint: hint}
	switch value := value.(type) {
	case xpath.NodeSet:
		for _, n := range value {
			s.Nodes = append(s.Nodes, n.Text())
		}
		s.Found, s.single = len(value) > 0, len(value) == 1
	case xpath.Number:
		s.Nodes = append(s.Nodes, jsonNumber(value))
	case xpath.Boolean:
		s.Nodes = append(s.Nodes, bool(value))
	default:
		s.Nodes = append(s.Nodes, value.Text())
	}
	return s
}

// jsonNumber is a number of XPath as JSON has it, which has neither NaN nor
// infinity: those stay the words that they are in XPath.
func jsonNumber(n xpath.Number) any {
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return n.Text()
	}
	return json.Number(n.Text())
}
