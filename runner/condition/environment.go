package condition

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
)

// environment holds the operands' values during one evaluation.
type environment struct {
	values map[*operand]result
}

type result struct {
	value any
	err   error
}

// nodes is the value of a query that matched several.
type nodes []any

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
		value, err := o.expression.Evaluate(s)
		if err != nil {
			return result{} // an absent value is null in a condition
		}
		return result{value: value}
	case o.query != nil:
		value, err := o.selectValue(context)
		return result{value, err}
	default:
		return result{value: o.literal}
	}
}

// selectValue is the value of a query's one node, null without any; of several,
// all of them. A trailing .length is a length where there is no such member.
func (o *operand) selectValue(context any) (any, error) {
	found, err := o.query.Select(context)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nodes(found), nil
	case o.measured != nil:
		return lengthOf(o.measured, context)
	default:
		return nil, nil
	}
}

func lengthOf(q *jsonpath.Query, context any) (any, error) {
	found, err := q.Select(context)
	if err != nil {
		return nil, err
	}
	if !q.Singular() {
		return count(len(found)), nil
	}
	if len(found) == 1 {
		switch v := found[0].(type) {
		case []any:
			return count(len(v)), nil
		case string:
			return count(utf8.RuneCountInString(v)), nil
		}
	}
	return nil, nil
}

func count(n int) json.Number { return json.Number(strconv.Itoa(n)) }

func (env *environment) value(o *operand) (any, error) {
	r := env.values[o]
	return r.value, r.err
}

// verdict evaluates the whole condition.
func (env *environment) verdict(root node) Verdict {
	v := Verdict{Actual: map[string]any{}}
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
	case nil:
		v.Err = err
	default:
		v.Err = fmt.Errorf("the condition is %s, not true or false", short(value))
	}
	return v
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
	return value != nil
}
