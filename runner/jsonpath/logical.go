package jsonpath

func (p *parser) disjunction() (expression, error) {
	if err := p.nest(); err != nil {
		return nil, err
	}
	defer func() { p.nesting-- }()
	terms, err := p.terms("||", p.conjunction)
	if err != nil || len(terms) == 1 {
		return first(terms), err
	}
	return disjunction(terms), nil
}

func (p *parser) conjunction() (expression, error) {
	terms, err := p.terms("&&", p.basic)
	if err != nil || len(terms) == 1 {
		return first(terms), err
	}
	return conjunction(terms), nil
}

func first(terms []expression) expression {
	if len(terms) == 0 {
		return nil
	}
	return terms[0]
}

// terms reads one or more terms with an operator between them.
func (p *parser) terms(operator string, term func() (expression, error)) ([]expression, error) {
	var terms []expression
	for {
		t, err := term()
		if err != nil {
			return nil, err
		}
		terms = append(terms, t)
		end := p.offset
		p.blank()
		if !p.take(operator) {
			p.offset = end
			return terms, nil
		}
		p.blank()
	}
}

func (p *parser) basic() (expression, error) {
	negated := p.take("!")
	if negated {
		p.blank()
	}
	inner, err := p.positive(negated)
	if err != nil || !negated {
		return inner, err
	}
	return negation{inner}, nil
}

// positive reads a basic expression after its "!", where there is one. A
// comparison cannot be negated without parentheses.
func (p *parser) positive(negated bool) (expression, error) {
	if p.take("(") {
		return p.parenthesized()
	}
	start := p.offset
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	end := p.offset
	p.blank()
	operator, err := p.operator()
	if err != nil {
		return nil, err
	}
	if operator == "" {
		p.offset = end
		return p.test(left, start)
	}
	if negated {
		return nil, &SyntaxError{Offset: start, Message: "expected parentheses around a negated comparison: !(... " + operator + " ...)"}
	}
	return p.comparison(left, start, operator)
}

// parenthesized reads what follows "(".
func (p *parser) parenthesized() (expression, error) {
	p.blank()
	inner, err := p.disjunction()
	if err != nil {
		return nil, err
	}
	p.blank()
	if !p.take(")") {
		return nil, p.fail("'&&', '||' or ')'")
	}
	return inner, nil
}

// comparison reads what follows the operator.
func (p *parser) comparison(left operand, start int, operator string) (expression, error) {
	if err := checkValue(left, start); err != nil {
		return nil, err
	}
	p.blank()
	start = p.offset
	right, err := p.operand()
	if err != nil {
		return nil, err
	}
	return p.compared(left, operator, right), checkValue(right, start)
}

// operator reads a comparison operator. It is empty when none stands next.
func (p *parser) operator() (string, error) {
	if err := p.goessnerOperator(); err != nil {
		return "", err
	}
	for _, operator := range []string{"==", "!=", "<=", ">=", "<", ">"} {
		if p.take(operator) {
			return operator, nil
		}
	}
	if p.peek() == '=' {
		return "", p.fail("'==' to compare, or match() and search() for a regular expression")
	}
	return "", nil
}
