package xpath

import (
	"iter"
	"slices"
)

// axis is a direction to look in (XPath 1.0, section 2.2). Nodes come in its own
// order, which for some is from the nearest backwards.
type axis struct {
	// principal is the kind of node that a name means there.
	principal kind
	from      func(e *evaluation, n *Node) iter.Seq[*Node]
}

var axes = map[string]axis{
	"ancestor":           {elementKind, ancestors},
	"ancestor-or-self":   {elementKind, orSelf(ancestors)},
	"attribute":          {attributeKind, attributes},
	"child":              {elementKind, children},
	"descendant":         {elementKind, descendants},
	"descendant-or-self": {elementKind, orSelf(descendants)},
	"following":          {elementKind, following},
	"following-sibling":  {elementKind, followingSiblings},
	"namespace":          {namespaceKind, namespaces},
	"parent":             {elementKind, parent},
	"preceding":          {elementKind, preceding},
	"preceding-sibling":  {elementKind, precedingSiblings},
	"self":               {elementKind, orSelf(nothing)},
}

func nothing(*evaluation, *Node) iter.Seq[*Node] { return func(func(*Node) bool) {} }

// orSelf puts the node itself before the others.
func orSelf(others func(*evaluation, *Node) iter.Seq[*Node]) func(*evaluation, *Node) iter.Seq[*Node] {
	return func(e *evaluation, n *Node) iter.Seq[*Node] {
		return func(yield func(*Node) bool) {
			if yield(n) {
				others(e, n)(yield)
			}
		}
	}
}

func children(_ *evaluation, n *Node) iter.Seq[*Node] { return slices.Values(n.children) }

func attributes(_ *evaluation, n *Node) iter.Seq[*Node] { return slices.Values(n.attributes) }

func namespaces(e *evaluation, n *Node) iter.Seq[*Node] {
	if n.kind != elementKind {
		return nothing(e, n)
	}
	return slices.Values(e.inScope(n))
}

func parent(_ *evaluation, n *Node) iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		if n.parent != nil {
			yield(n.parent)
		}
	}
}

func ancestors(_ *evaluation, n *Node) iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for n := n.parent; n != nil && yield(n); n = n.parent {
		}
	}
}

func descendants(_ *evaluation, n *Node) iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for m := n.next(n); m != nil && yield(m); m = m.next(n) {
		}
	}
}

// siblings are the children of the node's parent; attributes and namespaces have
// none.
func (n *Node) siblings() []*Node {
	if n.parent == nil || n.owned() {
		return nil
	}
	return n.parent.children
}

func followingSiblings(_ *evaluation, n *Node) iter.Seq[*Node] {
	return slices.Values(n.siblings()[min(n.index+1, len(n.siblings())):])
}

func precedingSiblings(_ *evaluation, n *Node) iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for i := min(n.index, len(n.siblings())) - 1; i >= 0 && yield(n.parent.children[i]); i-- {
		}
	}
}

// following are the nodes after n in document order without its descendants. What
// comes after an attribute are also the children of its element.
func following(_ *evaluation, n *Node) iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		m := n.after(nil)
		if n.owned() {
			m = n.parent.next(nil)
		}
		for ; m != nil && yield(m); m = m.next(nil) {
		}
	}
}

// preceding are the nodes before n in document order without its ancestors, the
// nearest first. What comes before an attribute is its element.
func preceding(_ *evaluation, n *Node) iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		ancestor := n.parent
		for m := n.before(); m != nil; m = m.before() {
			if m == ancestor {
				ancestor = ancestor.parent
			} else if !yield(m) {
				return
			}
		}
	}
}
