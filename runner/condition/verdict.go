package condition

import (
	"fmt"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// Verdict is what one evaluation came to.
type Verdict struct {
	Passed bool
	// Err says why the condition could not be evaluated; it did not pass then.
	Err error
	// Hint is what an XPath may have overlooked, such as names in a namespace; it
	// matters to a condition that holds too: not(//Fault).
	Hint string

	found []finding
	// asksForNull is true of a condition with the literal null.
	asksForNull bool
}

// finding is an operand and its value, or why it cannot be judged.
type finding struct {
	text  string
	value any
	err   error
}

// nodes is the value of a query that matched several.
type nodes []any

// absent is the value of an operand that has none, which is not the same as
// null.
type absent struct{}

func isAbsent(value any) bool {
	_, ok := value.(absent)
	return ok
}

// orNull is an absent value as the null that it counts as (S-161).
func orNull(value any) any {
	if isAbsent(value) {
		return nil
	}
	return value
}

// Actual maps each operand of a simple condition, and each query of a comparison,
// to its value; for the other types it holds the context and what matched.
func (v Verdict) Actual() map[string]any {
	actual := make(map[string]any, len(v.found))
	for _, f := range v.found {
		if list, ok := f.value.(nodes); ok {
			f.value = []any(list)
		}
		actual[f.text] = orNull(f.value)
	}
	return actual
}

// Absent lists the operands that had no value, and so counted as null, in a
// condition that does not ask for null. One of them may be misspelt.
func (v Verdict) Absent() []string {
	if v.asksForNull {
		return nil
	}
	var texts []string
	for _, f := range v.found {
		if isAbsent(f.value) && f.err == nil {
			texts = append(texts, f.text)
		}
	}
	slices.Sort(texts)
	return texts
}

// conclude makes a verdict of what the operators came to (S-158).
func (v Verdict) conclude(value any, err error) Verdict {
	switch passed := value.(type) {
	case bool:
		v.Passed, v.Err = passed && err == nil, err
	case nil, absent:
		v.Err = err
	default:
		v.Err = fmt.Errorf("the condition is %s, not true or false", short(value))
	}
	return v
}

// withContext is a verdict that shows the context it is about, and has room for
// what matched in it.
func withContext(context any, err error) Verdict {
	return Verdict{Err: err, found: append(make([]finding, 0, 2), finding{text: "context", value: context})}
}

// longestShown bounds a value in a message, in characters.
const longestShown = 80

// short writes a value into a message.
func short(value any) string {
	if list, ok := value.(nodes); ok {
		return fmt.Sprintf("%d nodes", len(list))
	}
	return expression.Excerpt(value, longestShown)
}

// truth is a value's truth as an operand of && || and !.
func truth(value any) bool {
	if b, ok := value.(bool); ok {
		return b
	}
	return value != nil && !isAbsent(value)
}
