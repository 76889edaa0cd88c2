package jsonpath

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// compareNumbers orders two numbers exactly. It is false when one of the values
// is no number.
func (e *evaluation) compareNumbers(a, b any) (order int, ok bool) {
	left, leftOK := e.numeral(a)
	right, rightOK := e.numeral(b)
	if !leftOK || !rightOK || !e.spend(1+(len(left)+len(right))/bytesPerStep) {
		return 0, false
	}
	if len(left) <= plainDigits && len(right) <= plainDigits {
		x, errX := strconv.ParseInt(left, 10, 64)
		y, errY := strconv.ParseInt(right, 10, 64)
		if errX == nil && errY == nil {
			return cmp.Compare(x, y), true
		}
	}
	x, errX := parseDecimal(left)
	y, errY := parseDecimal(right)
	if err := cmp.Or(errX, errY); err != nil {
		e.fail(err)
		return 0, false
	}
	return x.compare(y), true
}

// plainDigits is the length up to which an integer surely fits in 64 bits.
const plainDigits = 18

// numeral is the text of a number. It is false for the other JSON values, and
// an error for what is no JSON value at all.
func (e *evaluation) numeral(value any) (string, bool) {
	switch value := value.(type) {
	case json.Number:
		return value.String(), true
	case int:
		return strconv.Itoa(value), true
	case int64:
		return strconv.FormatInt(value, 10), true
	case uint64:
		return strconv.FormatUint(value, 10), true
	case float64:
		return strconv.FormatFloat(value, 'g', -1, 64), true
	case nil, bool, string, []any, map[string]any:
		return "", false
	default:
		e.fail(fmt.Errorf("expected a JSON value to compare, found Go's %T", value))
		return "", false
	}
}

// numberSyntax is the longest number that starts a text. JSON and the literals
// of a query have the same one.
var numberSyntax = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`)

// decimal is a number as 0.digits × 10^exponent, with a sign. The digits neither
// start nor end with 0, and are empty for zero, so that equal numbers have equal
// decimals; a large exponent costs nothing.
type decimal struct {
	negative bool
	digits   string
	exponent int64
}

// exponentDigits bounds the digits of an exponent, so that it and the length of
// any text that fits in memory add up within 64 bits.
const exponentDigits = 18

func parseDecimal(text string) (decimal, error) {
	if text == "" || numberSyntax.FindString(text) != text {
		return decimal{}, fmt.Errorf("expected a JSON number to compare, found %.40q", text)
	}
	unsigned, negative := strings.CutPrefix(text, "-")
	mantissa, power := unsigned, ""
	if at := strings.IndexAny(unsigned, "eE"); at >= 0 {
		mantissa, power = unsigned[:at], unsigned[at+1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	point := int64(len(digits) - len(fraction))
	digits = strings.TrimRight(digits, "0")
	if digits == "" {
		return decimal{}, nil
	}
	exponent, err := parseExponent(power)
	return decimal{negative: negative, digits: digits, exponent: point + exponent}, err
}

func parseExponent(power string) (int64, error) {
	unsigned, negative := strings.CutPrefix(strings.TrimPrefix(power, "+"), "-")
	unsigned = strings.TrimLeft(unsigned, "0")
	if unsigned == "" {
		return 0, nil
	}
	if len(unsigned) > exponentDigits {
		return 0, fmt.Errorf("%w: an exponent of more than %d digits in a comparison", ErrLimit, exponentDigits)
	}
	exponent, err := strconv.ParseInt(unsigned, 10, 64)
	if negative {
		exponent = -exponent
	}
	return exponent, err
}

// compare is negative when d is the smaller number, positive when it is the
// larger, and 0 when both are equal.
func (d decimal) compare(other decimal) int {
	if order := cmp.Compare(d.sign(), other.sign()); order != 0 {
		return order
	}
	order := cmp.Or(cmp.Compare(d.exponent, other.exponent), strings.Compare(d.digits, other.digits))
	return order * d.sign()
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	default:
		return 1
	}
}
