package jsonpath

import (
	"encoding/json"
	"strings"
)

// truth is a query alone in a filter, which asks whether its value is true.
type truth struct{ query *subquery }

func (t truth) holds(e *evaluation, node any) bool {
	value, ok := t.query.value(e, node)
	if !ok {
		return false
	}
	switch value := value.(type) {
	case nil:
		return false
	case bool:
		return value
	case string:
		return value != ""
	case []any, map[string]any:
		return true
	default:
		return !e.equal(value, json.Number("0"))
	}
}

// looseComparison compares as script languages do, as far as JSON needs it.
type looseComparison struct {
	left     operand
	operator string
	right    operand
}

func (c looseComparison) holds(e *evaluation, node any) bool {
	left, right := c.sides(e, node)
	switch c.operator {
	case "==":
		return !isComposite(left) && e.equal(left, right)
	case "!=":
		return isComposite(left) || !e.equal(left, right)
	case "<":
		return e.less(left, right)
	case ">":
		return e.less(right, left)
	case "<=":
		return e.less(left, right) || e.equalInOrder(left, right)
	default:
		return e.less(right, left) || e.equalInOrder(left, right)
	}
}

// sides are both values, absent as null, and as numbers when one is a number and
// the other a string that is one.
func (c looseComparison) sides(e *evaluation, node any) (left, right any) {
	left, _ = c.left.value(e, node)
	right, _ = c.right.value(e, node)
	if text, ok := left.(string); ok {
		left = asNumberBeside(text, right)
	}
	if text, ok := right.(string); ok {
		right = asNumberBeside(text, left)
	}
	return left, right
}

func asNumberBeside(text string, other any) any {
	switch other.(type) {
	case nil, bool, string, []any, map[string]any:
		return text
	}
	if number := strings.TrimSpace(text); number != "" && numberSyntax.FindString(number) == number {
		return json.Number(number)
	}
	return text
}

// equalInOrder is the equality of <= and >=, which null and booleans do not have.
func (e *evaluation) equalInOrder(a, b any) bool {
	switch a.(type) {
	case nil, bool, []any, map[string]any:
		return false
	}
	return e.equal(a, b)
}

func isComposite(value any) bool { return !isLeaf(value) }
