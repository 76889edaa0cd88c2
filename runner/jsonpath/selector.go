package jsonpath

// selector adds what it selects among the children of node to selected (RFC
// 9535, 2.3).
type selector interface {
	apply(e *evaluation, node any, selected []any) []any
	// places are the names or indexes of the same children.
	places(e *evaluation, node any) []any
}

// name selects a member of an object.
type name string

func (n name) child(node any) (any, bool) {
	object, _ := node.(map[string]any)
	value, ok := object[string(n)]
	return value, ok
}

func (n name) apply(_ *evaluation, node any, selected []any) []any {
	return appendChild(n, node, selected)
}

func appendChild(s step, node any, selected []any) []any {
	if value, ok := s.child(node); ok {
		return append(selected, value)
	}
	return selected
}

// index selects an element of an array, from its end when negative.
type index int64

func (i index) child(node any) (any, bool) {
	array, _ := node.([]any)
	at := int64(i)
	if at < 0 {
		at += int64(len(array))
	}
	if at < 0 || at >= int64(len(array)) {
		return nil, false
	}
	return array[at], true
}

func (i index) apply(_ *evaluation, node any, selected []any) []any {
	return appendChild(i, node, selected)
}

// wildcard selects all children.
type wildcard struct{}

func (wildcard) apply(e *evaluation, node any, selected []any) []any {
	for child := range e.children(node) {
		selected = append(selected, child)
	}
	return selected
}

// filter selects the children for which its condition holds.
type filter struct{ condition expression }

func (f filter) apply(e *evaluation, node any, selected []any) []any {
	for child := range e.children(node) {
		if f.condition.holds(e, child) {
			selected = append(selected, child)
		}
	}
	return selected
}
