package xpath

// path reads a location path, or a primary expression with predicates and steps
// after it (XPath 1.0, sections 2 and 3.3).
func (p *parser) path() (expression, error) {
	if err := p.laterIn(laterOperands); err != nil {
		return nil, err
	}
	if p.startsPrimary() {
		return p.filtered()
	}
	if p.at("/") && !p.at("//") {
		p.offset++
		p.blank()
		if err := p.laterIn(laterSteps); err != nil {
			return nil, err
		}
		if !p.startsStep() {
			return path{start: fromRoot{}}, nil
		}
		steps, err := p.steps(nil)
		return path{start: fromRoot{}, steps: steps}, err
	}
	if p.take("//") {
		p.blank()
		steps, err := p.steps([]step{anywhere})
		return path{start: fromRoot{}, steps: steps}, err
	}
	steps, err := p.steps(nil)
	return path{start: self{}, steps: steps}, err
}

// filtered reads a primary expression and what follows it.
func (p *parser) filtered() (expression, error) {
	start := p.offset
	inner, err := p.primary()
	if err != nil {
		return nil, err
	}
	end := p.offset
	p.blank()
	if p.at("[") {
		if err := mustBeNodes(inner, start, "before a predicate"); err != nil {
			return nil, err
		}
		predicates, err := p.predicates()
		if err != nil {
			return nil, err
		}
		inner, end = filter{inner, predicates}, p.offset
		p.blank()
	}
	if !p.at("/") {
		p.offset = end
		return inner, nil
	}
	if err := mustBeNodes(inner, start, "before /"); err != nil {
		return nil, err
	}
	var first []step
	if p.take("//") {
		first = []step{anywhere}
	} else {
		p.take("/")
	}
	p.blank()
	steps, err := p.steps(first)
	return path{start: inner, steps: steps}, err
}

// startsStep reports whether a step can stand next.
func (p *parser) startsStep() bool {
	return p.at("*") || p.at("@") || p.at(".") || p.word() != ""
}

// steps reads a relative location path, behind the steps that it has already.
func (p *parser) steps(steps []step) ([]step, error) {
	for {
		s, err := p.step()
		if err != nil {
			return nil, err
		}
		steps = appendStep(steps, s)
		end := p.offset
		p.blank()
		switch {
		case p.take("//"):
			steps = append(steps, anywhere)
		case !p.take("/"):
			p.offset = end
			return steps, nil
		}
		p.blank()
	}
}

// appendStep takes the two steps of //name as the one that they come to, unless
// there are predicates: //a[1] counts among the children of each parent.
func appendStep(steps []step, s step) []step {
	last := len(steps) - 1
	if last < 0 || steps[last].direction != "//" || s.direction != "child" || len(s.predicates) > 0 {
		return append(steps, s)
	}
	s.direction, s.axis = "descendant", axes["descendant"]
	return append(steps[:last], s)
}
