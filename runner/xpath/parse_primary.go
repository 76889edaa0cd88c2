package xpath

import (
	"fmt"
	"slices"
)

// primary reads what a path may begin with besides its steps: a string, a number,
// a call or a parenthesis.
func (p *parser) primary() (expression, error) {
	switch {
	case p.at(`"`) || p.at("'"):
		literal, err := p.quoted()
		return literal, err
	case p.startsNumber():
		literal, err := p.number()
		return literal, err
	case p.at("("):
		return p.parenthesized()
	default:
		return p.call()
	}
}

func (p *parser) parenthesized() (expression, error) {
	p.take("(")
	inner, err := p.expression()
	if err != nil {
		return nil, err
	}
	if !p.take(")") {
		return nil, p.unexpected("')'")
	}
	return inner, nil
}

// nodeTypes are the node tests that look like functions.
var nodeTypes = []string{"node", "text", "comment", "processing-instruction"}

// startsPrimary reports whether a primary expression stands next; the other thing
// that can is a location path (XPath 1.0, section 3.7).
func (p *parser) startsPrimary() bool {
	if p.at(`"`) || p.at("'") || p.at("(") || p.startsNumber() {
		return true
	}
	ahead := p.scanner
	name := ahead.qualified()
	return name != "" && ahead.startsArguments() && !slices.Contains(nodeTypes, name)
}

// startsArguments reports whether a parenthesis comes next that is not the start
// of a comment of XPath 2.0.
func (s scanner) startsArguments() bool {
	s.blank()
	return s.at("(") && !s.at("(:")
}

// qualified goes past a name with a prefix or without (QName). It is empty when
// none stands next.
func (s *scanner) qualified() string {
	start := s.offset
	s.offset += len(s.word())
	if s.offset == start || !s.at(":") || s.at("::") {
		return s.text[start:s.offset]
	}
	end := s.offset
	s.offset++
	if local := s.word(); local != "" {
		s.offset += len(local)
	} else {
		s.offset = end
	}
	return s.text[start:s.offset]
}

// call reads a function call and checks its arguments.
func (p *parser) call() (expression, error) {
	start := p.offset
	name := p.qualified()
	f, ok := functions[name]
	if !ok {
		return nil, unknownFunction(name, start)
	}
	p.blank()
	p.take("(")
	p.blank()
	var arguments []expression
	for !p.take(")") {
		if len(arguments) > 0 && !p.take(",") {
			return nil, p.unexpected("',' or ')'")
		}
		p.blank()
		next := p.offset
		argument, err := p.expression()
		if err != nil {
			return nil, err
		}
		if f.nodes {
			if err := mustBeNodes(argument, next, "in "+name+"()"); err != nil {
				return nil, err
			}
		}
		arguments = append(arguments, argument)
	}
	if len(arguments) == 0 && f.defaults {
		arguments = []expression{self{}}
	}
	if len(arguments) < f.least || len(arguments) > f.most {
		return nil, &SyntaxError{start, fmt.Sprintf("expected %s in %s(), found %d", f.takes(), name, len(arguments))}
	}
	return call{f, arguments}, nil
}
