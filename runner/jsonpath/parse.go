package jsonpath

import "fmt"

// parser follows grammar.txt, a method a rule. A method starts at its rule's
// first character, after any blank space, and ends after its last.
type parser struct {
	scanner
	dialect  Dialect
	nesting  int
	patterns []literalPattern
}

// nest enters a rule that may hold itself; the caller leaves with p.nesting--.
func (p *parser) nest() error {
	p.nesting++
	if p.nesting > MaxNesting {
		return &SyntaxError{
			Offset:  p.offset,
			Message: fmt.Sprintf("expected at most %d filters, parentheses and calls inside one another", MaxNesting),
		}
	}
	return nil
}

// segments reads what follows "$" or "@", and leaves blank space after the last
// segment alone.
func (p *parser) segments() (path, error) {
	var segments []segment
	for {
		end := p.offset
		p.blank()
		if p.peek() != '[' && p.peek() != '.' {
			p.offset = end
			return newPath(segments), nil
		}
		s, err := p.segment()
		if err != nil {
			return path{}, err
		}
		segments = append(segments, s)
	}
}

func (p *parser) segment() (segment, error) {
	if p.take("..") {
		selectors, err := p.descendants()
		return segment{descendant: true, selectors: selectors}, err
	}
	if p.take(".") {
		one, err := p.shorthand("a name or '*' after '.'; other names are written ['like this']")
		return segment{selectors: []selector{one}}, err
	}
	selectors, err := p.bracketed()
	return segment{selectors: selectors}, err
}

// descendants reads what follows "..".
func (p *parser) descendants() ([]selector, error) {
	if p.peek() == '[' {
		return p.bracketed()
	}
	one, err := p.shorthand("a name, '*' or '[' after '..'")
	return []selector{one}, err
}

func (p *parser) shorthand(expected string) (selector, error) {
	if p.take("*") {
		return wildcard{}, nil
	}
	if member := p.dottedName(); member != "" {
		return p.member(member), nil
	}
	return nil, p.fail(expected)
}

func (p *parser) bracketed() ([]selector, error) {
	p.take("[")
	var selectors []selector
	for {
		p.blank()
		s, err := p.selector()
		if err != nil {
			return nil, err
		}
		selectors = append(selectors, s)
		p.blank()
		if p.take("]") {
			return selectors, nil
		}
		if !p.take(",") {
			return nil, p.fail(continuation(s) + "',' or ']'")
		}
	}
}

// continuation names what else may follow a selector, for a message.
func continuation(s selector) string {
	switch s.(type) {
	case filter:
		return "'&&', '||', "
	case index:
		return "':', "
	default:
		return ""
	}
}

func (p *parser) selector() (selector, error) {
	switch b := p.peek(); {
	case b == '\'' || b == '"':
		member, err := p.quoted()
		return p.member(member), err
	case b == '*':
		p.offset++
		return wildcard{}, nil
	case b == '?':
		p.offset++
		p.blank()
		condition, err := p.disjunction()
		return filter{condition}, err
	case b == ':' || p.startsInteger():
		return p.indexOrSlice()
	case p.dialect == Goessner:
		return p.goessnerSelector()
	default:
		return nil, p.fail("a selector: 'name', *, index, start:end:step or ?filter")
	}
}

// indexOrSlice reads both, which start alike.
func (p *parser) indexOrSlice() (selector, error) {
	start, err := p.part()
	if err != nil {
		return nil, err
	}
	end := p.offset
	p.blank()
	if !p.take(":") {
		p.offset = end
		return p.element(*start), nil
	}
	return p.slice(start)
}

// slice reads what follows the first colon.
func (p *parser) slice(start *int64) (selector, error) {
	s := slice{start: start, step: 1}
	p.blank()
	var err error
	if s.end, err = p.part(); err != nil {
		return nil, err
	}
	p.blank()
	if !p.take(":") {
		return s, nil
	}
	p.blank()
	step, err := p.part()
	if step != nil {
		s.step = *step
	}
	return s, err
}

// part reads one integer of a slice, or nil where it is omitted.
func (p *parser) part() (*int64, error) {
	if !p.startsInteger() {
		return nil, nil
	}
	n, err := p.integer()
	return &n, err
}
