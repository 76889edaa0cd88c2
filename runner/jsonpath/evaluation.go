package jsonpath

import "fmt"

// evaluation is one Select under way. The first error ends it: every method that
// can set err also tells its caller to stop, and Select looks at err in the end.
type evaluation struct {
	root     any
	steps    int // left
	depth    int // of recursion into values
	err      error
	strict   bool // about patterns, see [Query.Strict]
	patterns map[patternKey]*pattern
}

// bytesPerStep makes reading a long text cost more than reading a short one.
const bytesPerStep = 64

// spend takes steps from what is left, and is false when the evaluation is over.
func (e *evaluation) spend(steps int) bool {
	e.steps -= steps
	if e.steps < 0 {
		e.fail(fmt.Errorf("%w: the query needs more than %d steps on this value", ErrLimit, MaxSteps))
	}
	return e.err == nil
}

// enter goes one level down into a value, and is false when the evaluation is
// over; the caller leaves with e.depth--. The levels of all queries under way add
// up, because one inside a filter may start at the root again.
func (e *evaluation) enter() bool {
	e.depth++
	if e.depth > MaxDepth {
		e.fail(fmt.Errorf("%w: the value is nested more than %d deep", ErrLimit, MaxDepth))
	}
	return e.err == nil
}

func (e *evaluation) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}
