package xpath

import "math"

// comparison is one of = != < <= > >= (XPath 1.0, section 3.4).
type comparison struct {
	operator    string
	left, right expression
}

func (comparison) kind() valueKind { return booleanKind }

func (c comparison) evaluate(e *evaluation, f focus) Value {
	left, right := c.left.evaluate(e, f), c.right.evaluate(e, f)
	if isBoolean(left) || isBoolean(right) {
		return c.scalars(whetherThere(left), whetherThere(right))
	}
	leftNodes, leftIs := left.(NodeSet)
	rightNodes, rightIs := right.(NodeSet)
	switch {
	case leftIs && rightIs:
		return c.sets(e, leftNodes, rightNodes)
	case leftIs:
		return c.any(e, leftNodes, func(text String) Boolean { return c.scalars(text, right) })
	case rightIs:
		return c.any(e, rightNodes, func(text String) Boolean { return c.scalars(left, text) })
	default:
		return c.scalars(left, right)
	}
}

func isBoolean(v Value) bool {
	_, ok := v.(Boolean)
	return ok
}

// whetherThere is what a node-set is beside a boolean.
func whetherThere(v Value) Value {
	if set, ok := v.(NodeSet); ok {
		return Boolean(set.Boolean())
	}
	return v
}

// any tells whether a comparison holds for the text of some node.
func (c comparison) any(e *evaluation, nodes NodeSet, holds func(String) Boolean) Boolean {
	for _, n := range nodes {
		if holds(String(e.text(n))) {
			return true
		}
	}
	return false
}

// scalars compares what is no node-set: as booleans when one is, else as numbers
// when one is or an order is asked for, else as strings.
func (c comparison) scalars(left, right Value) Boolean {
	if c.operator != "=" && c.operator != "!=" {
		return Boolean(ordered(c.operator, left.Number(), right.Number()))
	}
	return Boolean(equal(left, right) == (c.operator == "="))
}

func equal(left, right Value) bool {
	if isBoolean(left) || isBoolean(right) {
		return left.Boolean() == right.Boolean()
	}
	_, leftNumber := left.(Number)
	_, rightNumber := right.(Number)
	if leftNumber || rightNumber {
		return left.Number() == right.Number()
	}
	return left.Text() == right.Text()
}

func ordered(operator string, left, right float64) bool {
	switch operator {
	case "<":
		return left < right
	case "<=":
		return left <= right
	case ">":
		return left > right
	default:
		return left >= right
	}
}

// sets tells whether the comparison holds for a node of each set, without trying
// every pair: a pair is equal when the sets share a text, different unless all
// texts are one, and in order when the extremes are.
func (c comparison) sets(e *evaluation, left, right NodeSet) Boolean {
	if len(left) == 0 || len(right) == 0 {
		return false
	}
	switch c.operator {
	case "=":
		texts := map[string]bool{}
		for _, n := range left {
			texts[e.text(n)] = true
		}
		return c.any(e, right, func(text String) Boolean { return Boolean(texts[string(text)]) })
	case "!=":
		one := String(e.text(left[0]))
		differs := func(text String) Boolean { return text != one }
		return c.any(e, left, differs) || c.any(e, right, differs)
	}
	leftLow, leftHigh := e.extremes(left)
	rightLow, rightHigh := e.extremes(right)
	if c.operator == "<" || c.operator == "<=" {
		return Boolean(ordered(c.operator, leftLow, rightHigh))
	}
	return Boolean(ordered(c.operator, leftHigh, rightLow))
}

// extremes are the smallest and the largest number in the texts, both NaN when
// none is one.
func (e *evaluation) extremes(nodes NodeSet) (low, high float64) {
	low, high = math.NaN(), math.NaN()
	for _, n := range nodes {
		number := String(e.text(n)).Number()
		if math.IsNaN(number) {
			continue
		}
		if math.IsNaN(low) {
			low, high = number, number
		}
		low, high = min(low, number), max(high, number)
	}
	return low, high
}
