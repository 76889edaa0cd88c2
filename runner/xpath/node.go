package xpath

import (
	"encoding/xml"
	"strings"
)

// kind is a kind of node (XPath 1.0, section 5).
type kind int

const (
	rootKind kind = iota
	elementKind
	attributeKind
	namespaceKind
	textKind
	commentKind
	instructionKind
)

// Node is a node of a document. It never changes: goroutines may share one.
type Node struct {
	kind kind
	// prefix and local are the name as it was written: of an element, an
	// attribute, a processing instruction, or the prefix that a namespace node
	// binds.
	prefix, local string
	// space is the namespace that the name is in.
	space string
	// value is the string-value of what has no children.
	value string

	document *document
	parent   *Node
	// index is the node's place among the children of its parent.
	index                int
	children, attributes []*Node
	// declared are the namespaces that the element's own start tag binds.
	declared []binding

	// order is the node's place in document order. Behind an element there is
	// room for its namespace nodes, which are made only when asked for.
	order int
	// start and end are the node's bytes in the document's text.
	start, end int
}

// binding is a namespace declaration; the prefix is empty for the default one.
type binding struct{ prefix, space string }

// document is what all nodes of one document share.
type document struct {
	text string
	// prefixes is what each prefix is bound to anywhere.
	prefixes map[string]meaning
}

// meaning is the namespace of a prefix in the whole of a document: final when
// the document element says it, else ambiguous as soon as two elements disagree.
type meaning struct {
	space            string
	final, ambiguous bool
}

// xmlSpace is what the prefix xml is bound to in every document.
const xmlSpace = "http://www.w3.org/XML/1998/namespace"

// Name is the name as it was written, with its prefix, and empty for a node that
// has none: the root, a text or a comment.
func (n *Node) Name() string {
	if n.prefix == "" {
		return n.local
	}
	return n.prefix + ":" + n.local
}

// Text is the string-value: the value of an attribute, the text of an element
// and all below it (XPath 1.0, section 5).
func (n *Node) Text() string {
	return n.text(func(int) bool { return true })
}

// text is the string-value, given up when spend refuses the nodes and bytes that
// it takes.
func (n *Node) text(spend func(steps int) bool) string {
	if n.kind != rootKind && n.kind != elementKind {
		spend(len(n.value) / bytesPerStep)
		return n.value
	}
	if len(n.children) == 1 && n.children[0].kind == textKind {
		return n.children[0].text(spend)
	}
	var b strings.Builder
	for m := n.next(n); m != nil; m = m.next(n) {
		if !spend(1) {
			break
		}
		if m.kind == textKind {
			spend(len(m.value) / bytesPerStep)
			b.WriteString(m.value)
		}
	}
	return b.String()
}

// XML is the node as it stands in the document's text, of the root the whole
// text. Namespaces that are declared further out are not declared again. An
// attribute is written as name="value".
func (n *Node) XML() string {
	switch n.kind {
	case attributeKind:
		return n.Name() + `="` + escaped(n.value) + `"`
	case namespaceKind:
		return strings.TrimSuffix("xmlns:"+n.local, ":") + `="` + escaped(n.value) + `"`
	default:
		return n.document.text[n.start:n.end]
	}
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}

// attribute is the element's attribute of a name, or nil.
func (n *Node) attribute(space, local string) *Node {
	for _, a := range n.attributes {
		if a.local == local && a.space == space {
			return a
		}
	}
	return nil
}

// next is the node after n in document order, attributes and namespaces left
// out, and nil where that is outside of top.
func (n *Node) next(top *Node) *Node {
	if len(n.children) > 0 {
		return n.children[0]
	}
	return n.after(top)
}

// after is next without the descendants of n.
func (n *Node) after(top *Node) *Node {
	for ; n != top && n.parent != nil; n = n.parent {
		if siblings := n.parent.children; n.index+1 < len(siblings) {
			return siblings[n.index+1]
		}
	}
	return nil
}

// before is the node before n in document order: the last one inside of the
// sibling before it, else its parent.
func (n *Node) before() *Node {
	if n.index == 0 || n.parent == nil {
		return n.parent
	}
	n = n.parent.children[n.index-1]
	for len(n.children) > 0 {
		n = n.children[len(n.children)-1]
	}
	return n
}

// owned tells attributes and namespaces, which have a parent and are no children
// of it.
func (n *Node) owned() bool { return n.kind == attributeKind || n.kind == namespaceKind }

// root is the root of the node's document.
func (n *Node) root() *Node {
	for n.parent != nil {
		n = n.parent
	}
	return n
}
