package xpath

import (
	"fmt"
	"slices"
)

// parser follows grammar.txt, a method a rule. A method starts at its rule's
// first character, after any blank space, and ends after its last.
type parser struct {
	scanner
	nesting         int
	prefixes, names []string
}

// nest enters a rule that may hold itself; the caller leaves with p.nesting--.
func (p *parser) nest() error {
	p.nesting++
	if p.nesting > MaxNesting {
		return &SyntaxError{p.offset, fmt.Sprintf("expected at most %d parentheses, predicates and calls inside one another", MaxNesting)}
	}
	return nil
}

// precedence lists the binary operators from the weakest to the strongest (XPath
// 1.0, section 3.5); the union, which is stronger than the unary minus, is not
// among them.
var precedence = [][]string{{"or"}, {"and"}, {"=", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "div", "mod"}}

// expression reads one, with the blank space around it.
func (p *parser) expression() (expression, error) {
	if err := p.nest(); err != nil {
		return nil, err
	}
	defer func() { p.nesting-- }()
	p.blank()
	return p.binary(0)
}

// binary reads operands with operators of a level between them, and the blank
// space after the last.
func (p *parser) binary(level int) (expression, error) {
	if level == len(precedence) {
		return p.unary()
	}
	left, err := p.binary(level + 1)
	for err == nil {
		operator := p.operator(precedence[level]...)
		if operator == "" {
			return left, nil
		}
		var right expression
		right, err = p.binary(level + 1)
		left = combine(operator, left, right)
	}
	return nil, err
}

func combine(operator string, left, right expression) expression {
	switch operator {
	case "or", "and":
		return logical{left, right, operator == "or"}
	case "+", "-", "*", "div", "mod":
		return arithmetic{operator, left, right}
	default:
		return comparison{operator, left, right}
	}
}

// operator goes past one of the operators when it stands next, and past the blank
// space around it.
func (p *parser) operator(candidates ...string) string {
	p.blank()
	if slices.ContainsFunc(laterSymbols, p.at) {
		return ""
	}
	word := p.word()
	for _, operator := range candidates {
		if word == operator || word == "" && p.at(operator) {
			p.offset += len(operator)
			p.blank()
			return operator
		}
	}
	return ""
}

func (p *parser) unary() (expression, error) {
	minus, negative := false, false
	for p.take("-") {
		minus, negative = true, !negative
		p.blank()
	}
	operand, err := p.union()
	if err != nil || !minus {
		return operand, err
	}
	return sign{operand, negative}, nil
}

func (p *parser) union() (expression, error) {
	start := p.offset
	first, err := p.path()
	if err != nil {
		return nil, err
	}
	united := union{first}
	for p.operator("|") != "" {
		next := p.offset
		part, err := p.path()
		if err != nil {
			return nil, err
		}
		if err := mustBeNodes(part, next, "after |"); err != nil {
			return nil, err
		}
		united = append(united, part)
	}
	if len(united) == 1 {
		return first, nil
	}
	return united, mustBeNodes(first, start, "before |")
}

// mustBeNodes is the rule for what stands where only a node-set may.
func mustBeNodes(x expression, start int, where string) error {
	if x.kind() == nodeSetKind {
		return nil
	}
	return &SyntaxError{start, fmt.Sprintf("expected a node-set %s, found %s", where, x.kind())}
}
