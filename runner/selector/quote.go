package selector

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// Quote writes a value into a selector, behind the text before it, so that it is
// one value there and never syntax: in the quotes of a string its text, with them
// escaped; outside a literal with blank space around it, which keeps it apart
// from a name or number beside it. The error says why a value cannot stand there.
func (l Language) Quote(value any, before string) (string, error) {
	switch l.Name {
	case JSONPath:
		return quoteJSONPath(value, before)
	case XPath:
		return quoteXPath(value, before)
	default:
		return quotePointer(value)
	}
}

func quoteJSONPath(value any, before string) (string, error) {
	if quote := OpenQuote(before, true); quote != 0 {
		return EscapeJSONPath(expression.Text(value), quote), nil
	}
	switch value := value.(type) {
	case string:
		return ` "` + EscapeJSONPath(value, '"') + `" `, nil
	case []any, map[string]any:
		return "", errComposite(value)
	default:
		return " " + expression.Text(value) + " ", nil
	}
}

func errComposite(value any) error {
	return fmt.Errorf("%s cannot be written into a selector: only text, numbers, true and false can", expression.Excerpt(value, 40))
}

// OpenQuote is the quote of the string literal that text ends inside of, or zero.
// With escapes a backslash takes the character behind it along, as in JSONPath and
// not in XPath.
func OpenQuote(text string, escapes bool) byte {
	var open byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case open != 0 && escapes && c == '\\':
			i++
		case open != 0 && c == open:
			open = 0
		case open == 0 && (c == '\'' || c == '"'):
			open = c
		}
	}
	return open
}

// EscapeJSONPath writes a text for a string literal of RFC 9535 in these quotes.
func EscapeJSONPath(text string, quote byte) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == rune(quote) || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func quoteXPath(value any, before string) (string, error) {
	if quote := OpenQuote(before, false); quote != 0 {
		text := expression.Text(value)
		if strings.IndexByte(text, quote) >= 0 {
			return "", fmt.Errorf("the text %s has the quote that it would stand in, and XPath 1.0 has no escape for it: leave out the quotes around the expression", expression.Excerpt(text, 40))
		}
		return text, nil
	}
	switch value := value.(type) {
	case string:
		return " " + stringXPath(value) + " ", nil
	case bool:
		return " " + strconv.FormatBool(value) + "() ", nil
	case nil, []any, map[string]any:
		return "", errComposite(value)
	default:
		return numberXPath(expression.Text(value))
	}
}

// stringXPath is a text as a literal, in the quotes that it does not have; with
// both kinds in it, it takes a concat() of several.
func stringXPath(text string) string {
	if !strings.Contains(text, "'") {
		return "'" + text + "'"
	}
	if !strings.Contains(text, `"`) {
		return `"` + text + `"`
	}
	return "concat('" + strings.ReplaceAll(text, "'", `', "'", '`) + "')"
}

var decimalSyntax = regexp.MustCompile(`^-?[0-9]+(?:\.[0-9]+)?$`)

// numberXPath writes a number of JSON without the exponent that XPath 1.0 does
// not have.
func numberXPath(text string) (string, error) {
	if decimalSyntax.MatchString(text) {
		return " " + text + " ", nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return "", fmt.Errorf("%s is no number that XPath has", expression.Cut(text, 40))
	}
	return " " + strconv.FormatFloat(f, 'f', -1, 64) + " ", nil
}

// quotePointer writes one reference token, or a part of one.
func quotePointer(value any) (string, error) {
	switch value.(type) {
	case nil, []any, map[string]any:
		return "", errComposite(value)
	default:
		return strings.NewReplacer("~", "~0", "/", "~1").Replace(expression.Text(value)), nil
	}
}
