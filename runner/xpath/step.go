package xpath

// path is a location path: steps from where it starts.
type path struct {
	start expression
	steps []step
}

// self is the context node, and fromRoot the root of its document.
type (
	self     struct{}
	fromRoot struct{}
)

// step selects nodes on an axis (XPath 1.0, section 2.1).
type step struct {
	// direction is the name of the axis, or // where that stood.
	direction  string
	axis       axis
	test       nodeTest
	predicates []expression
}

// anywhere is the step that // is short for.
var anywhere = step{direction: "//", axis: axes["descendant-or-self"], test: anyNode{}}

// filter is an expression with predicates (section 3.3).
type filter struct {
	inner      expression
	predicates []expression
}

func (path) kind() valueKind     { return nodeSetKind }
func (self) kind() valueKind     { return nodeSetKind }
func (fromRoot) kind() valueKind { return nodeSetKind }
func (filter) kind() valueKind   { return nodeSetKind }

func (self) evaluate(_ *evaluation, f focus) Value { return NodeSet{f.node} }

func (fromRoot) evaluate(_ *evaluation, f focus) Value { return NodeSet{f.node.root()} }

func (p path) evaluate(e *evaluation, f focus) Value {
	nodes := e.nodes(p.start, f)
	for _, s := range p.steps {
		var next NodeSet
		for _, n := range nodes {
			next = s.apply(e, n, next)
		}
		nodes = inOrder(next)
	}
	return nodes
}

// apply adds what the step selects from n to selected, in the order of its axis.
func (s step) apply(e *evaluation, n *Node, selected NodeSet) NodeSet {
	before := len(selected)
	for candidate := range s.axis.from(e, n) {
		if !e.spend(1) {
			return nil
		}
		if s.test.matches(e, candidate) {
			selected = append(selected, candidate)
		}
	}
	kept := selected[before:]
	for _, condition := range s.predicates {
		kept = e.keep(kept, condition)
	}
	return selected[:before+len(kept)]
}

func (x filter) evaluate(e *evaluation, f focus) Value {
	nodes := e.nodes(x.inner, f)
	for _, condition := range x.predicates {
		nodes = e.keep(nodes, condition)
	}
	return nodes
}

// keep moves the nodes for which the condition holds to the front, and returns
// those. A number is the position that it holds for (section 2.4).
func (e *evaluation) keep(nodes NodeSet, condition expression) NodeSet {
	kept := nodes[:0]
	for i, n := range nodes {
		if !e.spend(1) {
			return nil
		}
		value := condition.evaluate(e, focus{n, i + 1, len(nodes)})
		holds := value.Boolean()
		if position, ok := value.(Number); ok {
			holds = float64(position) == float64(i+1)
		}
		if holds {
			kept = append(kept, n)
		}
	}
	return kept
}
