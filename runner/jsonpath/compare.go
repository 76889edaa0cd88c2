package jsonpath

// equal compares two JSON values: numbers by value, objects without regard to
// order (RFC 9535, 2.3.5.2.2).
func (e *evaluation) equal(a, b any) bool {
	if !e.spend(1) {
		return false
	}
	switch a := a.(type) {
	case nil:
		return b == nil
	case bool:
		other, ok := b.(bool)
		return ok && a == other
	case string:
		other, ok := b.(string)
		return ok && len(a) == len(other) && e.spend(len(a)/bytesPerStep) && a == other
	case []any:
		other, ok := b.([]any)
		return ok && len(a) == len(other) && e.equalArrays(a, other)
	case map[string]any:
		other, ok := b.(map[string]any)
		return ok && len(a) == len(other) && e.equalObjects(a, other)
	default:
		order, ok := e.compareNumbers(a, b)
		return ok && order == 0
	}
}

// equalArrays takes arrays of one length.
func (e *evaluation) equalArrays(a, b []any) bool {
	if !e.enter() {
		return false
	}
	defer func() { e.depth-- }()
	for i := range a {
		if !e.equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

// equalObjects takes objects of one number of members.
func (e *evaluation) equalObjects(a, b map[string]any) bool {
	if !e.enter() {
		return false
	}
	defer func() { e.depth-- }()
	for member, value := range a {
		other, ok := b[member]
		if !ok || !e.equal(value, other) {
			return false
		}
	}
	return true
}

// less orders two numbers by value, or two strings by Unicode scalar values,
// which is the order of their UTF-8 bytes. Nothing else is ordered.
func (e *evaluation) less(a, b any) bool {
	if a, ok := a.(string); ok {
		b, ok := b.(string)
		return ok && e.spend(1+min(len(a), len(b))/bytesPerStep) && a < b
	}
	order, ok := e.compareNumbers(a, b)
	return ok && order < 0
}
