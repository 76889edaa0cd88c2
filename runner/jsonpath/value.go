package jsonpath

// Equal tells whether two JSON values are equal as RFC 9535 (2.3.5.2.2) defines
// it: numbers by value with every digit, objects without regard to order. The
// error is [ErrLimit] for values too large to be compared, or names what is no
// JSON value.
func Equal(a, b any) (bool, error) {
	e := &evaluation{steps: MaxSteps}
	equal := e.equal(a, b)
	return equal && e.err == nil, e.err
}

// Less tells whether a comes before b: numbers by value, strings by their
// Unicode scalar values. Other values have no order. Errors are those of [Equal].
func Less(a, b any) (bool, error) {
	e := &evaluation{steps: MaxSteps}
	less := e.less(a, b)
	return less && e.err == nil, e.err
}
