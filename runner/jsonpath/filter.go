package jsonpath

// expression is a logical expression of a filter; node is its "@" (RFC 9535,
// 2.3.5).
type expression interface {
	holds(e *evaluation, node any) bool
}

type disjunction []expression

func (d disjunction) holds(e *evaluation, node any) bool {
	for _, term := range d {
		if term.holds(e, node) {
			return true
		}
	}
	return false
}

type conjunction []expression

func (c conjunction) holds(e *evaluation, node any) bool {
	for _, term := range c {
		if !term.holds(e, node) {
			return false
		}
	}
	return true
}

type negation struct{ expression }

func (n negation) holds(e *evaluation, node any) bool { return !n.expression.holds(e, node) }

// operand gives one value, or false for what the RFC calls Nothing.
type operand interface {
	value(e *evaluation, node any) (any, bool)
}

type literal struct{ constant any }

func (l literal) value(*evaluation, any) (any, bool) { return l.constant, true }

// subquery is a query inside a filter. Alone it asks whether it selects
// anything; as an operand it is singular, which the parser has seen to.
type subquery struct {
	absolute bool
	path     path
}

func (s *subquery) holds(e *evaluation, node any) bool {
	if s.path.singular {
		_, ok := s.value(e, node)
		return ok
	}
	return len(s.nodes(e, node)) > 0
}

func (s *subquery) value(e *evaluation, node any) (any, bool) {
	if !e.spend(len(s.path.steps)) {
		return nil, false
	}
	return s.path.node(s.origin(e, node))
}

func (s *subquery) nodes(e *evaluation, node any) []any {
	return s.path.nodes(e, s.origin(e, node))
}

func (s *subquery) origin(e *evaluation, node any) any {
	if s.absolute {
		return e.root
	}
	return node
}

type comparison struct {
	left     operand
	operator string
	right    operand
}

func (c comparison) holds(e *evaluation, node any) bool {
	left, leftOK := c.left.value(e, node)
	right, rightOK := c.right.value(e, node)
	if !leftOK || !rightOK {
		return nothingHolds(c.operator, leftOK == rightOK)
	}
	switch c.operator {
	case "==":
		return e.equal(left, right)
	case "!=":
		return !e.equal(left, right)
	case "<":
		return e.less(left, right)
	case ">":
		return e.less(right, left)
	case "<=":
		return e.less(left, right) || e.equal(left, right)
	default:
		return e.less(right, left) || e.equal(left, right)
	}
}

// nothingHolds compares when Nothing is on one side, or on both: it equals
// itself alone and has no order (RFC 9535, 2.3.5.2.2).
func nothingHolds(operator string, both bool) bool {
	switch operator {
	case "<", ">":
		return false
	case "!=":
		return !both
	default:
		return both
	}
}
