package source

import (
	"encoding/json"
	"strconv"
	"strings"
)

// The place of the point in a number that is written without an exponent, which
// is where ECMAScript and encoding/json have it: from 0.000001 to below 10^21.
const leastPoint, mostPoint = -5, 21

// PlainNumber is how a number is written where it is a text, such as a parameter or a
// part of a longer text: with the digits it has, and the exponent of an ordinary one
// written out, exactly (Arazzo 1.1.0, section 5.7). JSON keeps it as it was given.
func PlainNumber(n json.Number) string {
	number := n.String()
	at := strings.IndexAny(number, "eE")
	if at < 0 {
		return number
	}
	mantissa, sign := number[:at], ""
	if strings.HasPrefix(mantissa, "-") {
		mantissa, sign = mantissa[1:], "-"
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	exponent, err := strconv.Atoi(number[at+1:])
	if digits == "" {
		return "0"
	}
	// The number is 0.digits with the point moved to the right by so many places.
	point := exponent + len(digits) - len(fraction)
	if digits = strings.TrimRight(digits, "0"); err != nil || point < leastPoint || point > mostPoint {
		return number
	}
	switch {
	case point <= 0:
		return sign + "0." + strings.Repeat("0", -point) + digits
	case point >= len(digits):
		return sign + digits + strings.Repeat("0", point-len(digits))
	default:
		return sign + digits[:point] + "." + digits[point:]
	}
}
