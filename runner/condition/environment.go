package condition

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
)

// environment holds the operands' values during one evaluation.
type environment struct {
	values map[*operand]result
}

// result is an operand's value: nil and absent where it has none, which is not
// the same as null.
type result struct {
	value  any
	absent bool
	err    error
}

// nodes is the value of a query that matched several.
type nodes []any

// absent is the value of an operand that has none, while operators look at it.
type absent struct{}

// errBothAbsent keeps two misspelt names from being equal.
var errBothAbsent = errors.New("neither side has a value")

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

func newEnvironment(operands []*operand, s expression.Scope, context any) *environment {
	env := &environment{values: make(map[*operand]result, len(operands))}
	for _, o := range operands {
		env.values[o] = o.evaluate(s, context)
	}
	return env
}

func (o *operand) evaluate(s expression.Scope, context any) result {
	switch {
	case o.expression != nil:
		return valueOf(o.expression.Evaluate(s))
	case o.query != nil:
		return o.selectValue(context)
	default:
		return result{value: o.literal}
	}
}

// valueOf takes the value of an expression. One that reaches into a text that is
// not JSON cannot be judged.
func valueOf(value any, err error) result {
	var missing *expression.Absent
	if errors.As(err, &missing) && missing.Unreadable {
		return result{err: err}
	}
	return result{value: value, absent: err != nil}
}

// selectValue is the value of a query's one node; of several, all of them. A
// trailing .length is a length where there is no such member.
func (o *operand) selectValue(context any) result {
	if _, isText := context.(string); isText && o.text != "$" {
		return result{err: errTextContext}
	}
	found, err := o.query.Select(context)
	switch {
	case err != nil:
		return result{err: err}
	case len(found) == 1:
		return result{value: found[0]}
	case len(found) > 1:
		return result{value: nodes(found)}
	case o.measured != nil:
		return lengthOf(o.measured, context)
	default:
		return result{absent: true}
	}
}

var errTextContext = errors.New("the context is a text that is not JSON")

func lengthOf(q *jsonpath.Query, context any) result {
	found, err := q.Select(context)
	if err != nil {
		return result{err: err}
	}
	if !q.Singular() {
		return result{value: count(len(found))}
	}
	if len(found) == 1 {
		switch v := found[0].(type) {
		case []any:
			return result{value: count(len(v))}
		case string:
			return result{value: count(utf8.RuneCountInString(v))}
		}
	}
	return result{absent: true}
}

func count(n int) json.Number { return json.Number(strconv.Itoa(n)) }

func (env *environment) value(o *operand) (any, error) {
	r := env.values[o]
	if r.absent {
		return absent{}, r.err
	}
	return r.value, r.err
}

// verdict evaluates the whole condition.
func (env *environment) verdict(root node) Verdict {
	v := Verdict{Actual: map[string]any{}, Absent: env.absent()}
	for o, r := range env.values {
		if o.isLiteral() {
			continue
		}
		if list, ok := r.value.(nodes); ok {
			r.value = []any(list)
		}
		v.Actual[o.text] = r.value
	}
	value, err := root(env)
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

// absent lists the operands without a value, unless the condition asks for null.
func (env *environment) absent() []string {
	var texts []string
	for o, r := range env.values {
		if o.isLiteral() && o.literal == nil {
			return nil
		}
		if r.absent && !slices.Contains(texts, o.text) {
			texts = append(texts, o.text)
		}
	}
	slices.Sort(texts)
	return texts
}

// short writes a value into a message.
func short(value any) string {
	if list, ok := value.(nodes); ok {
		return fmt.Sprintf("%d nodes", len(list))
	}
	if text, ok := value.(string); ok {
		return fmt.Sprintf("%.80q", text)
	}
	if runes := []rune(expression.Text(value)); len(runes) > 80 {
		return string(runes[:80]) + "…"
	}
	return expression.Text(value)
}

// truth is a value's truth as an operand of && || and !.
func truth(value any) bool {
	if b, ok := value.(bool); ok {
		return b
	}
	return value != nil && !isAbsent(value)
}
