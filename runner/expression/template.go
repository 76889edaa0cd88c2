package expression

import (
	"fmt"
	"regexp"
	"strings"
)

// Template is a string that may hold expressions.
type Template struct {
	text  string
	whole *Expression
	parts []part
}

// part is a piece of text, or an expression that stands for one.
type part struct {
	text       string
	expression *Expression
	offset     int
	bare       bool
}

// barePattern is how a bare expression inside text begins. The dot and the name
// tell it from a variable of the text's own language, such as $url in a GraphQL
// document, and from the end of a sentence.
var barePattern = regexp.MustCompile(`^\$(?:(?:inputs|outputs|steps|workflows|request|response|sourceDescriptions)\.[A-Za-z0-9_-]|message\.(?:header\.|payload\b))`)

// attemptPattern is how an expression looks that does not parse, or that needs
// more after its root.
var attemptPattern = regexp.MustCompile(`^\$[A-Za-z]+(?:[.#\[]\S*)?$`)

// ParseTemplate reads a string: one that is an expression as a whole, or a text
// with expressions in it. The error is a [*SyntaxError] for what begins like an
// expression and does not parse: sent as text it would be a wrong request.
func ParseTemplate(text string) (*Template, error) {
	if e := wholeExpression(text); e != nil {
		return &Template{text: text, whole: e}, nil
	}
	if IsRoot(text) && attemptPattern.MatchString(text) && !barePattern.MatchString(text) {
		_, err := Parse(text) // such as $response alone: surely no text
		return nil, err
	}
	return ParseText(text)
}

// ParseText reads a text with expressions in it, such as the condition of a
// criterion. It is never an expression as a whole: it comes to a text, and an
// expression without braces is a bare one. Errors are those of [ParseTemplate].
func ParseText(text string) (*Template, error) {
	t := &Template{text: text}
	for at := 0; at < len(text); {
		next, err := t.next(at)
		if err != nil {
			return nil, err
		}
		at = next
	}
	return t, nil
}

// wholeExpression reads a string that is one expression, with or without braces.
// What looks like one because a pointer runs to the end is several where another
// begins in it: {$a#/b} and {$c#/d}.
func wholeExpression(text string) *Expression {
	if !strings.HasPrefix(strings.TrimPrefix(text, "{"), "$") { // as most are
		return nil
	}
	e, err := ParseWhole(text)
	if err != nil || strings.Contains(e.Text, "{$") {
		return nil
	}
	return e
}

// next takes one part, beginning at a byte of the text, and returns where the
// part after it begins.
func (t *Template) next(at int) (int, error) {
	rest := t.text[at:]
	switch {
	case strings.HasPrefix(rest, "{$"):
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			return 0, &SyntaxError{Offset: at, Message: fmt.Sprintf("the brace of %.80q is not closed", rest)}
		}
		e, err := Parse(rest[1:end])
		if err != nil {
			return 0, shift(err, at+1)
		}
		t.parts = append(t.parts, part{expression: e, offset: at + 1})
		return at + end + 1, nil
	case barePattern.MatchString(rest):
		e, n, err := Scan(rest)
		if err != nil {
			return 0, shift(err, at)
		}
		t.parts = append(t.parts, part{expression: e, offset: at, bare: true})
		return at + n, nil
	}
	end := len(rest)
	if i := strings.IndexAny(rest[1:], "{$"); i >= 0 {
		end = i + 1
	}
	t.parts = append(t.parts, part{text: rest[:end]})
	return at + end, nil
}

// IsWhole tells whether the string is one expression, whose value keeps its type.
func (t *Template) IsWhole() bool { return t.whole != nil }

// References lists the template's expressions in order.
func (t *Template) References() []Reference {
	if t.whole != nil {
		return []Reference{{Expression: t.whole, Offset: strings.Index(t.text, "$")}}
	}
	var list []Reference
	for _, p := range t.parts {
		if p.expression != nil {
			list = append(list, Reference{Expression: p.expression, Offset: p.offset, Bare: p.bare})
		}
	}
	return list
}

// Evaluate returns the value: of the expression's own type when the string is
// one expression, else a string. The error is an [*Absent].
func (t *Template) Evaluate(s Scope) (any, error) {
	if t.whole != nil {
		return t.whole.Evaluate(s)
	}
	return t.Expand(func(e *Expression, _ string) (string, error) {
		value, err := e.Evaluate(s)
		return Text(value), err
	})
}

// Expand writes the string with each expression replaced by what write returns
// for it; write is also given the text before it.
func (t *Template) Expand(write func(e *Expression, before string) (string, error)) (string, error) {
	parts := t.parts
	if t.whole != nil {
		parts = []part{{expression: t.whole}}
	}
	var b strings.Builder
	b.Grow(len(t.text))
	for _, p := range parts {
		if p.expression == nil {
			b.WriteString(p.text)
			continue
		}
		text, err := write(p.expression, b.String())
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}
