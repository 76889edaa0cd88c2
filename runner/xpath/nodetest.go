package xpath

// nodeTest is what a step asks of a node (XPath 1.0, section 2.3).
type nodeTest interface {
	matches(e *evaluation, n *Node) bool
}

// anyNode is node(). anyName is *, any node of the axis' principal kind, and
// anyInSpace those in the namespace of a prefix: p:*.
type (
	anyNode    struct{}
	anyName    struct{ principal kind }
	anyInSpace struct {
		principal kind
		prefix    string
	}
)

// named asks for a name. Without prefix it is in no namespace.
type named struct {
	principal     kind
	prefix, local string
}

// ofKind is text(), comment() or processing-instruction(), which may ask for one
// target.
type ofKind struct {
	kind   kind
	target string
	one    bool
}

func (anyNode) matches(*evaluation, *Node) bool { return true }

func (t anyName) matches(_ *evaluation, n *Node) bool { return n.kind == t.principal }

func (t anyInSpace) matches(e *evaluation, n *Node) bool {
	return n.kind == t.principal && n.space == e.spaces[t.prefix]
}

func (t named) matches(e *evaluation, n *Node) bool {
	return n.kind == t.principal && n.local == t.local && n.space == e.spaces[t.prefix]
}

func (t ofKind) matches(_ *evaluation, n *Node) bool {
	return n.kind == t.kind && (!t.one || n.local == t.target)
}
