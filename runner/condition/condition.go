package condition

import (
	"fmt"
	"strings"
	"time"

	"github.com/dlclark/regexp2"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
)

// Condition is one parsed condition.
type Condition struct {
	// evaluate judges the condition; context is nil for a simple one.
	evaluate func(s expression.Scope, context any) Verdict
	// Dialect tells that a jsonpath condition is no RFC 9535 query, but a
	// comparison of queries with values.
	Dialect bool
	// DoubleQuoted tells that a simple condition has a string in double quotes,
	// where the specification has single ones.
	DoubleQuoted bool
	references   []expression.Reference
}

// Verdict is what one evaluation came to.
type Verdict struct {
	Passed bool
	// Actual maps each operand of a simple condition to its value; for the other
	// types it holds the context and what matched in it.
	Actual map[string]any
	// Absent lists the operands that had no value, and so counted as null, in a
	// condition that does not ask for null. One of them may be misspelt.
	Absent []string
	// Err says why the condition could not be evaluated; it did not pass then.
	Err error
}

// Evaluate judges the condition. The context is what the criterion's context
// expression came to; a simple condition has none.
func (c *Condition) Evaluate(s expression.Scope, context any) Verdict { return c.evaluate(s, context) }

// References lists the runtime expressions in the condition.
func (c *Condition) References() []expression.Reference { return c.references }

// maxBytes bounds the text of a condition: far above any written by hand, and
// little enough that a chain of operators cannot exhaust the stack.
const maxBytes = 64 << 10

func tooLong(text string) error {
	if len(text) <= maxBytes {
		return nil
	}
	return &expression.SyntaxError{Offset: maxBytes, Message: fmt.Sprintf("the condition has more than %d bytes", maxBytes)}
}

// Simple parses a simple condition. The error is an [*expression.SyntaxError].
func Simple(text string) (*Condition, error) {
	if err := tooLong(text); err != nil {
		return nil, err
	}
	p := &parser{text: text, operand: simpleOperand, compare: compareSimple}
	root, err := p.parse()
	if err != nil {
		return nil, err
	}
	return &Condition{
		DoubleQuoted: p.doubleQuoted,
		references:   p.references(),
		evaluate: func(s expression.Scope, _ any) Verdict {
			env := newEnvironment(p.operands, s, nil)
			return env.verdict(root)
		},
	}, nil
}

// Regex parses a regular expression of the ECMAScript dialect, the one that
// other Arazzo tools use.
func Regex(text string) (*Condition, error) {
	return templated(text, parseRegex, func(value any, _ string) (string, error) { return expression.Text(value), nil })
}

func parseRegex(pattern string) (judge, bool, error) {
	compiled, err := regexp2.Compile(pattern, regexp2.ECMAScript)
	if err != nil {
		return nil, false, &expression.SyntaxError{Message: strings.TrimPrefix(err.Error(), "error parsing regexp: ")}
	}
	compiled.MatchTimeout = matchTimeout
	return func(context any) Verdict { return matchRegex(compiled, context) }, false, nil
}

// matchTimeout bounds the backtracking of one match. An ordinary match takes
// microseconds; a second is far beyond any that was meant.
const matchTimeout = time.Second

func matchRegex(pattern *regexp2.Regexp, context any) Verdict {
	v := Verdict{Actual: map[string]any{"context": context, "match": nil}}
	if context == nil {
		v.Err = errNullContext
		return v
	}
	match, err := pattern.FindStringMatch(expression.Text(context))
	if err != nil {
		v.Err = fmt.Errorf("the match was given up after %s", matchTimeout)
		return v
	}
	if match != nil {
		v.Passed, v.Actual["match"] = true, match.String()
	}
	return v
}

var errNullContext = fmt.Errorf("the context is null or absent")

// JSONPath parses an RFC 9535 query, which holds when it matches anything, or a
// comparison of queries with values.
func JSONPath(text string) (*Condition, error) {
	return templated(text, parseJSONPath, quoteForJSONPath)
}

func parseJSONPath(text string) (judge, bool, error) {
	if query, err := jsonpath.Parse(text); err == nil {
		return func(context any) Verdict { return matchQuery(query, context) }, false, nil
	}
	p := &parser{text: text, operand: jsonpathOperand, compare: compareJSONPath}
	root, err := p.parse()
	if err != nil {
		return nil, false, err
	}
	return func(context any) Verdict {
		if context == nil {
			return Verdict{Err: errNullContext, Actual: map[string]any{"context": nil}}
		}
		return newEnvironment(p.operands, nil, expression.Structured(context)).verdict(root)
	}, true, nil
}

func matchQuery(q *jsonpath.Query, context any) Verdict {
	v := Verdict{Actual: map[string]any{"context": context}}
	if context == nil {
		v.Err = errNullContext
		return v
	}
	nodes, err := q.Select(expression.Structured(context))
	v.Passed, v.Err = err == nil && len(nodes) > 0, err
	v.Actual["matched"] = nodes
	return v
}
