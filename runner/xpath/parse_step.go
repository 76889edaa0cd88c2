package xpath

import (
	"fmt"
	"slices"
	"strings"
)

// step reads one step of a location path (XPath 1.0, section 2.1).
func (p *parser) step() (step, error) {
	if p.at(".") {
		return p.abbreviated()
	}
	direction := "child"
	if p.take("@") {
		direction = "attribute"
		p.blank()
	} else if name, ok := p.axisName(); ok {
		if _, known := axes[name]; !known {
			return step{}, &SyntaxError{p.offset, fmt.Sprintf("%s is no axis of XPath 1.0", name)}
		}
		direction = name
		p.offset += len(name)
		p.blank()
		p.take("::")
		p.blank()
	}
	s := step{direction: direction, axis: axes[direction]}
	var err error
	if s.test, err = p.nodeTest(s.axis); err != nil {
		return s, err
	}
	end := p.offset
	p.blank()
	s.predicates, err = p.predicates()
	if len(s.predicates) == 0 {
		p.offset = end
	}
	return s, err
}

// abbreviated reads . or .. which take no predicates.
func (p *parser) abbreviated() (step, error) {
	direction := "parent"
	if !p.take("..") {
		p.take(".")
		direction = "self"
	}
	s := step{direction: direction, axis: axes[direction], test: anyNode{}}
	end := p.offset
	if p.blank(); p.at("[") {
		return s, p.later("a predicate after . or .. (write "+direction+"::node()[...])", "2.0")
	}
	p.offset = end
	return s, nil
}

// axisName is the name before :: when both stand next.
func (p *parser) axisName() (string, bool) {
	ahead := p.scanner
	name := ahead.word()
	ahead.offset += len(name)
	ahead.blank()
	return name, name != "" && ahead.at("::")
}

// predicates reads as many as stand next.
func (p *parser) predicates() ([]expression, error) {
	var predicates []expression
	for p.take("[") {
		condition, err := p.expression()
		if err != nil {
			return nil, err
		}
		if !p.take("]") {
			return nil, p.unexpected("']'")
		}
		predicates = append(predicates, condition)
		end := p.offset
		if p.blank(); !p.at("[") {
			p.offset = end
		}
	}
	return predicates, nil
}

// nodeTest reads what a step asks of the nodes on its axis (XPath 1.0, section
// 2.3).
func (p *parser) nodeTest(on axis) (nodeTest, error) {
	start := p.offset
	if p.take("*") {
		if p.at(":") && !p.at("::") {
			return nil, p.later("a name with any prefix, *:name,", "2.0")
		}
		return anyName{on.principal}, nil
	}
	name := p.qualified()
	if name == "" {
		return nil, p.noStep()
	}
	prefix, local, prefixed := strings.Cut(name, ":")
	if !prefixed && p.take(":*") {
		p.prefixes = append(p.prefixes, prefix)
		return anyInSpace{on.principal, prefix}, nil
	}
	if p.startsArguments() {
		return p.nodeType(name, start)
	}
	if prefixed {
		p.prefixes = append(p.prefixes, prefix)
		return named{on.principal, prefix, local}, nil
	}
	if on.principal == elementKind && !slices.Contains(p.names, name) {
		p.names = append(p.names, name)
	}
	return named{on.principal, "", name}, nil
}

// nodeType reads what follows the name of a node type.
func (p *parser) nodeType(name string, start int) (nodeTest, error) {
	if !slices.Contains(nodeTypes, name) {
		return nil, functionStep(name, start)
	}
	p.blank()
	p.take("(")
	p.blank()
	test := nodeTest(anyNode{})
	switch name {
	case "text":
		test = ofKind{kind: textKind}
	case "comment":
		test = ofKind{kind: commentKind}
	case "processing-instruction":
		instruction := ofKind{kind: instructionKind}
		if p.at(`"`) || p.at("'") {
			target, err := p.quoted()
			if err != nil {
				return nil, err
			}
			instruction.target, instruction.one = string(target), true
			p.blank()
		}
		test = instruction
	}
	if !p.take(")") {
		return nil, p.fail("')' after " + name + "(")
	}
	return test, nil
}
