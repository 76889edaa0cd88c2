package condition

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// compareJSONPath compares as RFC 9535 does inside filters (2.3.5.2.2), except
// that an absent node is null (D3).
func compareJSONPath(operator string, a, b any) (bool, error) {
	if isNodes(a) || isNodes(b) {
		return false, errSeveralNodes
	}
	return compareValues(operator, a, b)
}

func isNodes(v any) bool {
	_, ok := v.(nodes)
	return ok
}

// compareValues applies an operator to two JSON values of one type; there is no
// order between values of two, nor with null: two absent values would else pass
// for <= and >= (S-160).
func compareValues(operator string, a, b any) (bool, error) {
	if ordered(operator) && (a == nil || b == nil) {
		return false, nil
	}
	equal, err := jsonpath.Equal(a, b)
	switch operator {
	case "==":
		return equal, err
	case "!=":
		return !equal, err
	case "<=", ">=":
		if equal || err != nil {
			return equal, err
		}
	}
	if operator[0] == '>' {
		a, b = b, a
	}
	return jsonpath.Less(a, b)
}

// compareSimple compares as simple conditions do (section 4.6.11.2): strings
// without regard to case (S-156), and a number with a string that holds one as
// numbers (S-159).
func compareSimple(operator string, a, b any) (bool, error) {
	text, isText := a.(string)
	other, otherIsText := b.(string)
	switch {
	case isText && otherIsText:
		return compareText(operator, text, other), nil
	case isText && isNumber(b):
		return compareNumeric(operator, text, b, func(n json.Number) (bool, error) { return compareValues(operator, n, b) })
	case otherIsText && isNumber(a):
		return compareNumeric(operator, other, a, func(n json.Number) (bool, error) { return compareValues(operator, a, n) })
	case !ordered(operator) || a == nil || b == nil || isNumber(a) && isNumber(b):
		return compareValues(operator, a, b)
	default:
		return false, fmt.Errorf("%s cannot be ordered against %s", short(a), short(b))
	}
}

// compareNumeric compares a text with a number: as numbers where the text is
// one. Else the two are not equal, and have no order.
func compareNumeric(operator, text string, number any, compare func(json.Number) (bool, error)) (bool, error) {
	trimmed := strings.TrimSpace(text)
	if numberPattern.FindString(trimmed) == trimmed && trimmed != "" {
		return compare(json.Number(trimmed))
	}
	if ordered(operator) {
		return false, fmt.Errorf("%s cannot be ordered against the number %s", short(text), short(number))
	}
	return operator == "!=", nil
}

func ordered(operator string) bool { return operator != "==" && operator != "!=" }

func isNumber(v any) bool { return source.KindOf(v) == source.Number }

// compareText compares two texts without regard to case.
func compareText(operator, a, b string) bool {
	switch operator {
	case "==":
		return strings.EqualFold(a, b)
	case "!=":
		return !strings.EqualFold(a, b)
	case "<":
		return folded(a, b) < 0
	case "<=":
		return folded(a, b) <= 0
	case ">":
		return folded(a, b) > 0
	default:
		return folded(a, b) >= 0
	}
}

// folded orders two texts by the folded forms of their characters.
func folded(a, b string) int {
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if order := cmp.Compare(fold(x), fold(y)); order != 0 {
			return order
		}
		a, b = a[n:], b[m:]
	}
	return cmp.Compare(len(a), len(b))
}

// fold is the least of the characters that Unicode's simple case folding makes
// equal to one.
func fold(r rune) rune {
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	return least
}
