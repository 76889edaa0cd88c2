package condition

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
)

// operand is a leaf of a condition: a literal, an expression or a query.
type operand struct {
	text string
	// offset counts bytes from the start of the condition.
	offset     int
	literal    any
	expression *expression.Expression
	query      *jsonpath.Query
	// measured is the query without its last .length, nil when it has none.
	measured *jsonpath.Query
}

func (o *operand) isLiteral() bool { return o.expression == nil && o.query == nil }

var (
	numberPattern  = regexp.MustCompile(`^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?`)
	keywordPattern = regexp.MustCompile(`^(?:true|false|null)\b`)
	wordPattern    = regexp.MustCompile(`^[^\s()!=<>&|]*`)
)

func simpleOperand(rest string) (*operand, int, error) {
	if strings.HasPrefix(rest, "$") {
		e, n, err := expression.Scan(rest)
		if err != nil {
			return nil, 0, err
		}
		return &operand{text: e.Text, expression: e}, n, nil
	}
	if strings.HasPrefix(rest, "{$") {
		return bracedOperand(rest)
	}
	o, n, err := literalOperand(rest, simpleString)
	if err == nil && holdsExpression(o.literal) {
		err = &expression.SyntaxError{Message: fmt.Sprintf("%s is a string: the expression in it is not evaluated", o.text)}
	}
	return o, n, err
}

// holdsExpression tells a string that was meant to be an expression's value. As
// a string it would never be equal to anything, and != would always hold.
func holdsExpression(literal any) bool {
	text, _ := literal.(string)
	t, err := expression.ParseTemplate(text)
	return err != nil || len(t.References()) > 0
}

func bracedOperand(rest string) (*operand, int, error) {
	end := strings.IndexByte(rest, '}')
	if end < 0 {
		return nil, 0, &expression.SyntaxError{Message: "a closing brace is missing"}
	}
	e, err := expression.ParseWhole(rest[:end+1])
	if err != nil {
		return nil, 0, err
	}
	return &operand{text: e.Text, expression: e}, end + 1, nil
}

func jsonpathOperand(rest string) (*operand, int, error) {
	if !strings.HasPrefix(rest, "$") {
		return literalOperand(rest, jsonpathString)
	}
	query, n, err := jsonpath.ParsePrefix(rest)
	if err != nil {
		syntax := &expression.SyntaxError{Message: err.Error()}
		var query *jsonpath.SyntaxError
		if errors.As(err, &query) {
			syntax.Offset, syntax.Message = query.Offset, query.Message
		}
		return nil, 0, syntax
	}
	o := &operand{text: rest[:n], query: query}
	if base, ok := strings.CutSuffix(o.text, ".length"); ok {
		o.measured, _ = jsonpath.Parse(base)
	}
	return o, n, nil
}

// literalOperand reads true, false, null, a number or a string.
func literalOperand(rest string, readString func(string) (string, int, error)) (*operand, int, error) {
	if rest == "" {
		return nil, 0, &expression.SyntaxError{Message: "the condition ends where a value is expected"}
	}
	if word := keywordPattern.FindString(rest); word != "" {
		return &operand{text: word, literal: map[string]any{"true": true, "false": false, "null": nil}[word]}, len(word), nil
	}
	if number := numberPattern.FindString(rest); number != "" && number == wordPattern.FindString(rest) {
		return &operand{text: number, literal: json.Number(number)}, len(number), nil
	}
	if rest[0] == '\'' || rest[0] == '"' {
		text, n, err := readString(rest)
		if err != nil {
			return nil, 0, err
		}
		return &operand{text: rest[:n], literal: text}, n, nil
	}
	return nil, 0, &expression.SyntaxError{Message: fmt.Sprintf(
		"%q is neither a literal nor a runtime expression: strings stand in single quotes", word(rest))}
}

func word(rest string) string {
	if w := wordPattern.FindString(rest); w != "" {
		return w
	}
	return rest[:1]
}

// simpleString reads a string literal of a simple condition, in which a quote is
// written twice (section 4.6.11.2).
func simpleString(rest string) (string, int, error) {
	quote := rest[:1]
	var b strings.Builder
	for at := 1; ; {
		end := strings.Index(rest[at:], quote)
		if end < 0 {
			return "", 0, &expression.SyntaxError{Message: "the string is not closed"}
		}
		b.WriteString(rest[at : at+end])
		if at += end + 1; !strings.HasPrefix(rest[at:], quote) {
			return b.String(), at, nil
		}
		b.WriteString(quote)
		at++
	}
}

// jsonpathString reads a string literal of RFC 9535, in either quotes.
func jsonpathString(rest string) (string, int, error) {
	end := 1
	for end < len(rest) && rest[end] != rest[0] {
		if rest[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(rest) {
		return "", 0, &expression.SyntaxError{Message: "the string is not closed"}
	}
	quoted := rest[:end+1]
	if rest[0] == '\'' {
		inner := strings.ReplaceAll(strings.ReplaceAll(quoted[1:end], `\'`, `'`), `"`, `\"`)
		quoted = `"` + inner + `"`
	}
	var text string
	if json.Unmarshal([]byte(quoted), &text) != nil {
		return "", 0, &expression.SyntaxError{Message: fmt.Sprintf("%s is not a string of RFC 9535", rest[:end+1])}
	}
	return text, end + 1, nil
}
