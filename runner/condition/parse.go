package condition

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// maxDepth bounds the nesting of ! and parentheses; a written condition stays
// below ten.
const maxDepth = 200

// language is what the two languages differ in: their operands, and how these
// compare.
type language struct {
	// operand reads the operand that text begins with, and its length.
	operand func(text string) (*operand, int, error)
	compare comparison
	// access tells that . and [] reach into what stands in parentheses.
	access bool
}

// comparison applies one of the six relational operators.
type comparison func(operator string, a, b any) (bool, error)

// node is a parsed condition: it makes a JSON value of what the operands have.
type node func(found []finding) (any, error)

// parser reads the operators.
type parser struct {
	language
	text  string
	at    int
	depth int
	// operands are those that have to be looked up, each once. One stands behind
	// those that it needs.
	operands     []*operand
	references   []expression.Reference
	doubleQuotes []Literal
	asksForNull  bool
}

func (p *parser) parse() (node, error) {
	root, err := p.or()
	if err == nil && p.peek() != "" {
		err = p.fail(fmt.Sprintf("%.80q is not expected here", p.peek()))
	}
	return root, err
}

// judge evaluates a parsed condition.
func (p *parser) judge(root node, s expression.Scope, context any) Verdict {
	v := Verdict{found: make([]finding, 0, len(p.operands)), asksForNull: p.asksForNull}
	for _, o := range p.operands {
		value, err := o.find(s, context, v.found)
		v.found = append(v.found, finding{text: o.text, value: value, err: err})
	}
	return v.conclude(root(v.found))
}

func (p *parser) or() (node, error)  { return p.logical("||", p.and, true) }
func (p *parser) and() (node, error) { return p.logical("&&", p.equality, false) }

// logical reads a chain of one logical operator.
func (p *parser) logical(operator string, next func() (node, error), decisive bool) (node, error) {
	first, err := next()
	terms := []node{first}
	for err == nil && p.take(operator) {
		var term node
		if term, err = next(); err == nil {
			terms = append(terms, term)
		}
	}
	if len(terms) == 1 || err != nil {
		return first, err
	}
	return chain(terms, decisive), nil
}

// chain ends at the first term whose truth is decisive, or that has none.
func chain(terms []node, decisive bool) node {
	return func(found []finding) (any, error) {
		for _, term := range terms {
			value, err := term(found)
			if err != nil || truth(value) == decisive {
				return truth(value), err
			}
		}
		return !decisive, nil
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
	return func(found []finding) (any, error) {
		a, err := left(found)
		if err != nil {
			return nil, err
		}
		b, err := right(found)
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
	start := len(p.text) - len(p.peek())
	switch {
	case p.take("!"):
		inner, err := p.unary()
		return func(found []finding) (any, error) {
			v, err := inner(found)
			return !truth(v), err
		}, err
	case p.take("("):
		inner, err := p.or()
		if err == nil && !p.take(")") {
			err = p.fail("a closing parenthesis is missing")
		}
		if err != nil {
			return nil, err
		}
		return p.group(inner, start)
	default:
		return p.leaf()
	}
}

// group reads what reaches into a parenthesis that began at start. The value it
// finds is an operand of its own, so that its absence is told like any other.
func (p *parser) group(inner node, start int) (node, error) {
	access := expression.ScanAccess(p.text[p.at:])
	if !p.access || access == "" {
		return inner, nil
	}
	p.at += len(access)
	return p.look(start, &operand{text: p.text[start:p.at], find: func(_ expression.Scope, _ any, found []finding) (any, error) {
		value, err := inner(found)
		return dereference(value, access, err)
	}})
}

func (p *parser) leaf() (node, error) {
	rest := p.peek()
	o, n, err := p.operand(rest)
	if err != nil {
		if fault, ok := err.(*expression.SyntaxError); ok {
			fault.Offset += p.at
		}
		return nil, err
	}
	if o.find == nil {
		if text, _ := o.literal.(string); rest[0] == '"' {
			single := "'" + strings.ReplaceAll(text, "'", "''") + "'"
			p.doubleQuotes = append(p.doubleQuotes, Literal{Offset: p.at, Text: o.text, Single: single})
		}
		p.asksForNull = p.asksForNull || o.literal == nil
		p.at += n
		return func([]finding) (any, error) { return o.literal, nil }, nil
	}
	if o.expression != nil {
		offset := p.at + strings.Index(rest, o.expression.Text)
		p.references = append(p.references, expression.Reference{Expression: o.expression, Offset: offset, Operand: true})
	}
	start := p.at
	p.at += n
	return p.look(start, o)
}

// look takes an operand that has to be looked up and stands at start. What is
// written twice is looked up once.
func (p *parser) look(start int, o *operand) (node, error) {
	at := slices.IndexFunc(p.operands, func(other *operand) bool { return other.text == o.text })
	if at < 0 {
		at = len(p.operands)
		p.operands = append(p.operands, o)
	}
	if len(p.operands) > maxOperands {
		return nil, &expression.SyntaxError{Offset: start, Message: errTooMany.Error()}
	}
	return func(found []finding) (any, error) { return found[at].value, found[at].err }, nil
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
