package jsonpath

import (
	"encoding/json"
	"fmt"
)

func (p *parser) operand() (operand, error) {
	switch b := p.peek(); {
	case b == '\'' || b == '"':
		text, err := p.quoted()
		return literal{text}, err
	case p.startsInteger():
		digits, err := p.number()
		return literal{json.Number(digits)}, err
	case b == '@' || b == '$':
		return p.subquery()
	case isLower(b):
		return p.callOrConstant()
	default:
		return nil, p.fail("'@', '$', a literal or a function")
	}
}

// subquery reads a query inside a filter.
func (p *parser) subquery() (*subquery, error) {
	absolute := p.take("$")
	if !absolute && !p.take("@") {
		return nil, p.fail("a query that starts with '@' or '$'")
	}
	inner, err := p.segments()
	return &subquery{absolute: absolute, path: inner}, err
}

// callOrConstant reads both, which start alike.
func (p *parser) callOrConstant() (operand, error) {
	start := p.offset
	word := p.word()
	if p.take("(") {
		return p.call(word, start)
	}
	switch word {
	case "true", "false":
		return literal{word == "true"}, nil
	case "null":
		return literal{nil}, nil
	}
	return nil, &SyntaxError{
		Offset:  start,
		Message: fmt.Sprintf("expected true, false, null or a function with its '(', found %s", word),
	}
}

// call reads what follows "(".
func (p *parser) call(word string, start int) (*call, error) {
	f, ok := functions[word]
	if !ok {
		return nil, &SyntaxError{
			Offset:  start,
			Message: fmt.Sprintf("expected length(), count(), match(), search() or value(), found %s()", word),
		}
	}
	if err := p.nest(); err != nil {
		return nil, err
	}
	defer func() { p.nesting-- }()
	c := &call{name: word, function: f}
	for i, parameter := range f.parameters {
		p.blank()
		if i > 0 {
			if !p.take(",") {
				return nil, p.fail(fmt.Sprintf("',' and another argument, as %s() takes %d", word, len(f.parameters)))
			}
			p.blank()
		}
		argumentStart := p.offset
		a, err := p.argument(parameter)
		if err != nil {
			return nil, err
		}
		if i == 1 {
			p.note(word, a, argumentStart)
		}
		c.arguments = append(c.arguments, a)
	}
	p.blank()
	if !p.take(")") {
		return nil, p.fail(fmt.Sprintf("')', as %s() takes %d", word, len(f.parameters)))
	}
	return c, nil
}

func (p *parser) argument(declared kind) (argument, error) {
	if declared == nodesKind {
		query, err := p.subquery()
		return argument{query: query}, err
	}
	start := p.offset
	value, err := p.operand()
	if err != nil {
		return argument{}, err
	}
	return argument{value: value}, checkValue(value, start)
}

// checkValue is the rule for what is compared or passed as a value: it has to
// give one value (RFC 9535, 2.4.3).
func checkValue(o operand, start int) error {
	switch o := o.(type) {
	case *subquery:
		if !o.path.singular {
			return &SyntaxError{Offset: start, Message: "expected a value, found a query that can select several nodes (value() gives the only one, count() their number)"}
		}
	case *call:
		if o.function.result != valueKind {
			return &SyntaxError{Offset: start, Message: fmt.Sprintf("expected a value, found %s(), which is true or false by itself", o.name)}
		}
	}
	return nil
}

// asTest is the rule for what stands alone in a filter: a query, which asks
// whether it selects anything, or a function that gives a logical value.
func asTest(o operand, start int) (expression, error) {
	switch o := o.(type) {
	case *subquery:
		return o, nil
	case *call:
		if o.function.result == logicalKind {
			return o, nil
		}
		return nil, &SyntaxError{Offset: start, Message: fmt.Sprintf("expected a comparison, found %s() alone, which is a value", o.name)}
	default:
		return nil, &SyntaxError{Offset: start, Message: "expected a comparison, found a literal alone"}
	}
}
