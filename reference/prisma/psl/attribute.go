package psl

import "slices"

// attributes reads those of a line.
func (p *parser) attributes() (attributes []*attribute, err error) {
	for p.ahead.is("@") {
		a, err := p.attribute()
		if err != nil {
			return nil, err
		}
		attributes = append(attributes, a)
	}
	if p.ahead.is("@@") {
		return nil, Problem{p.ahead.Position, "expected the end of the line, found an attribute of the whole block: write it on a line of its own"}
	}
	return attributes, nil
}

// attribute reads one from its @ or @@.
func (p *parser) attribute() (*attribute, error) {
	a := &attribute{Position: p.ahead.Position}
	if err := p.advance(); err != nil {
		return nil, err
	}
	var err error
	if a.name, err = p.path("the name of the attribute"); err != nil {
		return nil, err
	}
	if p.ahead.is("(") {
		a.arguments, err = p.arguments()
	}
	return a, err
}

// path reads a name, or several with points between.
func (p *parser) path(what string) (string, error) {
	first, err := p.name(what)
	path := first.text
	for err == nil && p.ahead.is(".") {
		if err = p.advance(); err == nil {
			var next token
			next, err = p.name("a name after the point")
			path += "." + next.text
		}
	}
	return path, err
}

// arguments reads from ( to ).
func (p *parser) arguments() (arguments []*Argument, err error) {
	err = p.list("(", ")", func() error {
		a := &Argument{Position: p.ahead.Position}
		arguments = append(arguments, a)
		if a.Value, err = p.value(); err != nil || a.Value.Kind != Name || !p.ahead.is(":") {
			return err
		}
		a.Name = a.Value.Text
		if err := p.advance(); err != nil {
			return err
		}
		if err := p.skipLines(); err != nil {
			return err
		}
		a.Value, err = p.value()
		return err
	})
	return arguments, err
}

// list reads what stands between two signs with commas between, over any number of
// lines.
func (p *parser) list(open, end string, element func() error) error {
	if p.depth++; p.depth > maxDepth {
		return Problem{p.ahead.Position, "values lie too deep in one another"}
	}
	defer func() { p.depth-- }()
	if err := p.expect(open, open); err != nil {
		return err
	}
	for {
		if err := p.skipLines(); err != nil {
			return err
		}
		if done, err := p.accept(end); done || err != nil {
			return err
		}
		if err := element(); err != nil {
			return err
		}
		if err := p.skipLines(); err != nil {
			return err
		}
		if !p.ahead.is(",") && !p.ahead.is(end) {
			return p.expected(", or " + end)
		}
		if _, err := p.accept(","); err != nil {
			return err
		}
	}
}

// value reads a string, a number, a name, a list or a call.
func (p *parser) value() (*Value, error) {
	v := &Value{Position: p.ahead.Position, Text: p.ahead.text}
	var err error
	switch {
	case p.ahead.kind == quoted:
		v.Kind, err = Text, p.advance()
	case p.ahead.kind == number:
		v.Kind, err = Number, p.advance()
	case p.ahead.is("["):
		v.Kind, v.Text = List, ""
		err = p.list("[", "]", func() error {
			element, err := p.value()
			v.Elements = append(v.Elements, element)
			return err
		})
	case p.ahead.kind == word:
		v.Kind = Name
		if v.Text, err = p.path("a name"); err == nil && p.ahead.is("(") {
			v.Kind = Call
			v.Arguments, err = p.arguments()
		}
	default:
		err = p.expected("a value: a string, a number, a name or a list")
	}
	return v, err
}

// named is the argument of that name, else the first without a name if it is the
// unnamed one; nil where neither is there.
func (a *attribute) named(name string, unnamed bool) *Value {
	for _, argument := range a.arguments {
		if argument.Name == name {
			return argument.Value
		}
	}
	if i := slices.IndexFunc(a.arguments, func(argument *Argument) bool { return argument.Name == "" }); unnamed && i >= 0 {
		return a.arguments[i].Value
	}
	return nil
}
