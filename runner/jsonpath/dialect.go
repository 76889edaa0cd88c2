package jsonpath

import "fmt"

// Dialect is a kind of JSONPath. The zero value is RFC 9535.
type Dialect int

const (
	// RFC9535 is JSONPath as the IETF made it a standard.
	RFC9535 Dialect = iota
	// Goessner is JSONPath as Stefan Gössner described it in 2007 and the draft
	// draft-goessner-dispatch-jsonpath-00 took over: goessner.go says what of it,
	// and where it goes another way than RFC 9535.
	Goessner
)

// Parse reads text, all of it, as one query of the dialect. Its error is a
// [*SyntaxError].
func (d Dialect) Parse(text string) (*Query, error) {
	q, end, err := d.ParsePrefix(text)
	if err != nil {
		return nil, err
	}
	if end < len(text) {
		rest := scanner{text: text, offset: end}
		return nil, rest.fail("the end of the query (a comparison belongs inside a filter: [?@.a == 1])")
	}
	return q, nil
}

// ParsePrefix is the function [ParsePrefix] for the dialect.
func (d Dialect) ParsePrefix(text string) (*Query, int, error) {
	if len(text) > MaxTextBytes {
		return nil, 0, &SyntaxError{
			Offset:  MaxTextBytes,
			Message: fmt.Sprintf("expected at most %d bytes, found %d", MaxTextBytes, len(text)),
		}
	}
	p := parser{scanner: scanner{text: text}, dialect: d}
	if !p.take("$") {
		return nil, 0, p.fail("'$', which starts every query")
	}
	path, err := p.segments()
	if err != nil {
		return nil, 0, err
	}
	return &Query{text: text[:p.offset], path: path, patterns: p.patterns}, p.offset, nil
}

// member and element are the selectors of a name and an index.
func (p *parser) member(text string) selector {
	if p.dialect == Goessner {
		return key(text)
	}
	return name(text)
}

func (p *parser) element(at int64) selector {
	if p.dialect == Goessner {
		return key(fmt.Sprint(at))
	}
	return index(at)
}

// compared is a comparison in a filter.
func (p *parser) compared(left operand, operator string, right operand) expression {
	if p.dialect == Goessner {
		return looseComparison{left, operator, right}
	}
	return comparison{left, operator, right}
}

// test is what stands alone in a filter.
func (p *parser) test(o operand, start int) (expression, error) {
	if q, ok := o.(*subquery); ok && p.dialect == Goessner && q.path.singular {
		return truth{q}, nil
	}
	return asTest(o, start)
}
