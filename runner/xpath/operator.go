package xpath

import "math"

// logical is or, or and. The right side is not looked at when the left decides
// (XPath 1.0, section 3.4).
type logical struct {
	left, right expression
	either      bool
}

// arithmetic is an operator of section 3.5, and sign the minus signs before an
// operand: an even number of them still makes it a number.
type (
	arithmetic struct {
		operator    string
		left, right expression
	}
	sign struct {
		operand  expression
		negative bool
	}
)

// union is the nodes of all its parts (section 3.3).
type union []expression

func (logical) kind() valueKind    { return booleanKind }
func (arithmetic) kind() valueKind { return numberKind }
func (sign) kind() valueKind       { return numberKind }
func (union) kind() valueKind      { return nodeSetKind }

func (l logical) evaluate(e *evaluation, f focus) Value {
	if l.left.evaluate(e, f).Boolean() == l.either {
		return Boolean(l.either)
	}
	return Boolean(l.right.evaluate(e, f).Boolean())
}

func (a arithmetic) evaluate(e *evaluation, f focus) Value {
	x, y := e.number(a.left.evaluate(e, f)), e.number(a.right.evaluate(e, f))
	switch a.operator {
	case "+":
		return Number(x + y)
	case "-":
		return Number(x - y)
	case "*":
		return Number(x * y)
	case "div":
		return Number(x / y)
	default:
		return Number(math.Mod(x, y))
	}
}

func (s sign) evaluate(e *evaluation, f focus) Value {
	n := e.number(s.operand.evaluate(e, f))
	if s.negative {
		n = -n
	}
	return Number(n)
}

func (u union) evaluate(e *evaluation, f focus) Value {
	var nodes NodeSet
	for _, part := range u {
		nodes = append(nodes, e.nodes(part, f)...)
	}
	return inOrder(nodes)
}
