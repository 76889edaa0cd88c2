package condition

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// maxDepth bounds the nesting of ! and parentheses; a written condition stays
// below ten.
const maxDepth = 200

// parser reads the operators; the two languages differ in their operands and in
// how they compare.
type parser struct {
	text     string
	at       int
	depth    int
	operands []*operand
	// operand reads the operand that text begins with, and its length.
	operand      func(text string) (*operand, int, error)
	compare      comparison
	doubleQuoted bool
}

// comparison applies one of the six relational operators.
type comparison func(operator string, a, b any) (bool, error)

// node is a parsed condition: it evaluates to any JSON value.
type node func(*environment) (any, error)

func (p *parser) parse() (node, error) {
	root, err := p.or()
	if err == nil && p.peek() != "" {
		err = p.fail(fmt.Sprintf("%q is not expected here", p.peek()))
	}
	return root, err
}

func (p *parser) or() (node, error)  { return p.logical("||", p.and, true) }
func (p *parser) and() (node, error) { return p.logical("&&", p.equality, false) }

// logical reads a chain of one logical operator, which ends at the first
// operand whose truth is decisive.
func (p *parser) logical(operator string, next func() (node, error), decisive bool) (node, error) {
	left, err := next()
	for err == nil && p.take(operator) {
		var right node
		if right, err = next(); err == nil {
			left = shortCircuit(left, right, decisive)
		}
	}
	return left, err
}

func shortCircuit(left, right node, decisive bool) node {
	return func(env *environment) (any, error) {
		a, err := left(env)
		if err != nil || truth(a) == decisive {
			return truth(a), err
		}
		b, err := right(env)
		return truth(b), err
	}
}

func (p *parser) equality() (node, error) { return p.relational(p.relation, "==", "!=") }
func (p *parser) relation() (node, error) { return p.relational(p.unary, "<=", ">=", "<", ">") }

func (p *parser) relational(next func() (node, error), operators ...string) (node, error) {
	left, err := next()
	if err != nil {
		return nil, err
	}
	for _, operator := range operators {
		if !p.take(operator) {
			continue
		}
		right, err := next()
		if err != nil {
			return nil, err
		}
		return relate(operator, left, right, p.compare), nil
	}
	return left, nil
}

func relate(operator string, left, right node, compare comparison) node {
	return func(env *environment) (any, error) {
		a, err := left(env)
		if err != nil {
			return nil, err
		}
		b, err := right(env)
		if err != nil {
			return nil, err
		}
		if isAbsent(a) && isAbsent(b) {
			return nil, errBothAbsent
		}
		return compare(operator, orNull(a), orNull(b))
	}
}

func (p *parser) unary() (node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail("the condition nests too deep")
	}
	defer func() { p.depth-- }()
	switch {
	case p.take("!"):
		inner, err := p.unary()
		return func(env *environment) (any, error) {
			v, err := inner(env)
			return !truth(v), err
		}, err
	case p.take("("):
		inner, err := p.or()
		if err == nil && !p.take(")") {
			err = p.fail("a closing parenthesis is missing")
		}
		return inner, err
	default:
		return p.leaf()
	}
}

func (p *parser) leaf() (node, error) {
	rest := p.peek()
	o, n, err := p.operand(rest)
	if err != nil {
		if syntax, ok := err.(*expression.SyntaxError); ok {
			syntax.Offset += p.at
		}
		return nil, err
	}
	p.doubleQuoted = p.doubleQuoted || rest[0] == '"'
	o.offset = p.at + strings.Index(rest, o.text)
	p.at += n
	p.operands = append(p.operands, o)
	return func(env *environment) (any, error) { return env.value(o) }, nil
}

// peek returns what is left, without the white space before it.
func (p *parser) peek() string {
	rest := strings.TrimLeft(p.text[p.at:], " \t\r\n")
	p.at = len(p.text) - len(rest)
	return rest
}

func (p *parser) take(token string) bool {
	rest := p.peek()
	if !strings.HasPrefix(rest, token) || (token == "!" && strings.HasPrefix(rest, "!=")) {
		return false
	}
	p.at += len(token)
	return true
}

func (p *parser) fail(message string) error {
	return &expression.SyntaxError{Offset: p.at, Message: message}
}

func (p *parser) references() []expression.Reference {
	var list []expression.Reference
	for _, o := range p.operands {
		if o.expression != nil {
			list = append(list, expression.Reference{Expression: o.expression, Offset: o.offset})
		}
	}
	return list
}
