package link

import (
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Output is a name, and an expression or selector that gives its value.
type Output struct {
	Name       string
	Position   source.Position
	expression *expression.Expression
	selector   *Selector
}

// Evaluate returns the output's value, or an [*expression.Absent] error.
func (o Output) Evaluate(s expression.Scope) (any, error) {
	if o.selector != nil {
		return o.selector.Evaluate(s)
	}
	return o.expression.Evaluate(s)
}

// Expression is the output's expression, or that which its selector looks into.
func (o Output) Expression() *expression.Expression {
	if o.selector != nil {
		return o.selector.context
	}
	return o.expression
}

// outputs links a map of outputs. One that does not parse is left out, as is one
// of another kind, which the reader reported.
func (at *site) outputs(given []arazzo.Output) []Output {
	var linked []Output
	for _, o := range given {
		out := Output{Name: o.Name, Position: o.Value.Position}
		if s, ok := at.document().Selector(o.Value); ok {
			out.selector = at.selector(s)
		} else if o.Value.Kind == source.String {
			out.expression = at.whole(o.Value)
		}
		if out.Expression() != nil {
			linked = append(linked, out)
		}
	}
	return linked
}

// whole reads a string that has to be one expression; it is nil when it is not.
func (at *site) whole(v *source.Value) *expression.Expression {
	text, _ := v.Text()
	e, err := expression.ParseWhole(text)
	if err != nil {
		at.report(diagnose(err, v))
		return nil
	}
	at.check(expression.Reference{Expression: e, Offset: strings.Index(text, "$")}, v)
	return e
}
