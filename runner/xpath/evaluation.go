package xpath

import (
	"cmp"
	"fmt"
	"slices"
)

// expression is a part of an expression. Its type is known before it is
// evaluated.
type expression interface {
	kind() valueKind
	evaluate(e *evaluation, f focus) Value
}

// focus is what a part is evaluated for: the context node, and its position among
// the nodes that are looked at (XPath 1.0, section 1).
type focus struct {
	node           *Node
	position, size int
}

// evaluation is one Evaluate under way. The first error ends it: what spends
// steps stops when there are none, and Evaluate looks at err in the end.
type evaluation struct {
	steps int // left
	err   error
	// spaces are the namespaces of the expression's prefixes.
	spaces map[string]string
	// namespaces are the namespace nodes made so far, by their element: a node has
	// to be the same one each time.
	namespaces map[*Node][]*Node
}

// bytesPerStep makes reading a long text cost more than reading a short one.
const bytesPerStep = 16

// spend takes steps from what is left, and is false when the evaluation is over.
func (e *evaluation) spend(steps int) bool {
	e.steps -= steps
	if e.steps < 0 && e.err == nil {
		e.err = fmt.Errorf("%w: the expression needs more than %d steps on this document", ErrLimit, MaxSteps)
	}
	return e.err == nil
}

// text is the string-value of a node, paid for.
func (e *evaluation) text(n *Node) string {
	e.spend(1)
	return n.text(e.spend)
}

// string and number are what the functions of these names give, paid for.
func (e *evaluation) string(v Value) string {
	if set, ok := v.(NodeSet); ok {
		if len(set) == 0 {
			return ""
		}
		return e.text(set[0])
	}
	return v.Text()
}

func (e *evaluation) number(v Value) float64 {
	if set, ok := v.(NodeSet); ok {
		return String(e.string(set)).Number()
	}
	return v.Number()
}

// nodes is the value of an expression that the parser knows to be a node-set.
func (e *evaluation) nodes(x expression, f focus) NodeSet {
	set, _ := x.evaluate(e, f).(NodeSet)
	return set
}

// inOrder sorts nodes into document order and drops those that are there twice.
func inOrder(nodes NodeSet) NodeSet {
	byOrder := func(a, b *Node) int { return cmp.Compare(a.order, b.order) }
	if !slices.IsSortedFunc(nodes, byOrder) {
		slices.SortFunc(nodes, byOrder)
	}
	return slices.Compact(nodes)
}

// inScope are the namespace nodes of an element, sorted by prefix (XPath 1.0,
// section 5.4).
func (e *evaluation) inScope(element *Node) []*Node {
	if made, ok := e.namespaces[element]; ok {
		return made
	}
	spaces := map[string]string{"xml": xmlSpace}
	for n := element; n != nil && e.spend(1+len(n.declared)); n = n.parent {
		for _, b := range n.declared {
			if _, hidden := spaces[b.prefix]; !hidden {
				spaces[b.prefix] = b.space
			}
		}
	}
	var made []*Node
	for prefix, space := range spaces {
		if space != "" { // xmlns="" undeclares
			made = append(made, &Node{kind: namespaceKind, local: prefix, value: space, document: element.document, parent: element})
		}
	}
	slices.SortFunc(made, func(a, b *Node) int { return cmp.Compare(a.local, b.local) })
	for i, n := range made {
		n.order = element.order + 1 + i
	}
	if e.namespaces == nil {
		e.namespaces = map[*Node][]*Node{}
	}
	e.namespaces[element] = made
	return made
}
