package condition

import (
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// Simple parses a simple condition. The error is an [*expression.SyntaxError].
func Simple(text string) (*Condition, error) {
	if err := tooLong(text); err != nil {
		return nil, err
	}
	p := &parser{text: text, language: language{operand: simpleOperand, compare: compareSimple, access: true}}
	root, err := p.parse()
	if err != nil {
		return nil, err
	}
	return &Condition{
		DoubleQuotes: p.doubleQuotes,
		references:   p.references,
		evaluate:     func(s expression.Scope, _ any) Verdict { return p.judge(root, s, nil) },
	}, nil
}

func simpleOperand(rest string) (*operand, int, error) {
	if strings.HasPrefix(rest, "$") {
		e, n, err := expression.Scan(rest)
		if err != nil {
			return nil, 0, err
		}
		return expressionOperand(e, e.Text, ""), n, nil
	}
	if strings.HasPrefix(rest, "{$") {
		return bracedOperand(rest)
	}
	o, n, err := literalOperand(rest, simpleString)
	if err == nil && holdsExpression(o.literal) {
		err = errNoString(o.text, "is a string: the expression in it is not evaluated")
	}
	return o, n, err
}

func expressionOperand(e *expression.Expression, text string, access expression.Access) *operand {
	return &operand{text: text, expression: e, find: func(s expression.Scope, _ any, _ []finding) (any, error) {
		value, err := valueOf(e.Evaluate(s))
		return dereference(value, access, err)
	}}
}

// holdsExpression tells a string that was meant to be an expression's value. As
// a string it would never be equal to anything, and != would always hold.
func holdsExpression(literal any) bool {
	text, _ := literal.(string)
	t, err := expression.ParseTemplate(text)
	return err != nil || len(t.References()) > 0
}

// bracedOperand reads an expression in braces, and what reaches into its value.
func bracedOperand(rest string) (*operand, int, error) {
	end := strings.IndexByte(rest, '}')
	if end < 0 {
		return nil, 0, &expression.SyntaxError{Message: "a closing brace is missing"}
	}
	e, err := expression.ParseWhole(rest[:end+1])
	if err != nil {
		return nil, 0, err
	}
	access := expression.ScanAccess(rest[end+1:])
	n, text := end+1+len(access), e.Text
	if access != "" {
		text = rest[:n]
	}
	return expressionOperand(e, text, access), n, nil
}

// simpleString reads a string literal of a simple condition, in which a quote is
// written twice (section 4.6.11.2).
func simpleString(rest string) (string, int, error) {
	quote := rest[:1]
	var b strings.Builder
	for at := 1; ; {
		end := strings.Index(rest[at:], quote)
		if end < 0 {
			return "", 0, errNotClosed()
		}
		b.WriteString(rest[at : at+end])
		if at += end + 1; !strings.HasPrefix(rest[at:], quote) {
			return b.String(), at, nil
		}
		b.WriteString(quote)
		at++
	}
}
