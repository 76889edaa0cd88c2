package expression

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Text writes a value into a string (Arazzo 1.1.0, section 5.7): a string as it
// is, other scalars in JSON's spelling, objects and arrays as JSON text. A number
// keeps its digits, and has an exponent only beyond what is ordinary.
func Text(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return withoutExponent(string(v))
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) != nil {
		return fmt.Sprint(value)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// The place of the point in a number that is written without an exponent, which
// is where ECMAScript and encoding/json have it: from 0.000001 to below 10^21.
const leastPoint, mostPoint = -5, 21

// withoutExponent writes the exponent of an ordinary number out, exactly.
func withoutExponent(number string) string {
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

// Excerpt writes a value for a person, as JSON, and cuts what is longer than so
// many characters.
func Excerpt(value any, most int) string {
	text := Text(value)
	if s, ok := value.(string); ok {
		text = fmt.Sprintf("%q", s)
	}
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
