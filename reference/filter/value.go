package filter

import (
	"bytes"
	"cmp"
	"math"
	"strconv"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// value is a scalar of a type that is known beside it; two of one type compare.
type value struct {
	// text is of String, folded where case does not matter, Enum and Bytes, which
	// stays base64.
	text []byte
	// whole is of Int and BigInt, of Boolean as 0 and 1, and of DateTime as
	// milliseconds since 1970.
	whole   int64
	float   float64
	decimal decimal
}

// readValue reads a value of an event, as package prisma makes it: the JSON of a
// scalar that is not null. Not ok when it is of another type, as after an ALTER
// TABLE between the event and the filter. What it returns may lie in buf.
func readValue(t prisma.Type, fold bool, raw, buf []byte) (value, bool) {
	text, isString := raw, raw[0] == '"'
	if isString {
		text = raw[1 : len(raw)-1]
		if bytes.IndexByte(text, '\\') >= 0 {
			text = append(buf, unescaped(text)...)
		}
	}
	v, ok := parseValue(t, text, isString)
	if fold && ok {
		v.text = appendFolded(buf, v.text)
	}
	return v, ok
}

// parseValue reads a value from the text of a JSON string, or of a number or a
// boolean.
func parseValue(t prisma.Type, text []byte, isString bool) (v value, ok bool) {
	switch t {
	case prisma.String, prisma.EnumType, prisma.Bytes:
		v.text, ok = text, isString
	case prisma.Boolean:
		v.whole, ok = parseBoolean(text)
		ok = ok && !isString
	case prisma.Int:
		v.whole, ok = parseWhole(text)
		ok = ok && !isString
	case prisma.BigInt:
		v.whole, ok = parseWhole(text)
	case prisma.Float:
		v.float, ok = parseFloat(text, isString)
	case prisma.Decimal:
		v.decimal, ok = parseDecimal(text)
	case prisma.DateTime:
		v.whole, ok = parseTime(text)
		ok = ok && isString
	}
	return v, ok
}

// compare is negative, zero or positive as Postgres orders two values of a type.
func compare(t prisma.Type, a, b *value) int {
	switch t {
	case prisma.Float:
		return compareFloats(a.float, b.float)
	case prisma.Decimal:
		return compareDecimals(&a.decimal, &b.decimal)
	case prisma.String, prisma.EnumType, prisma.Bytes:
		// The order of UTF-8 is that of code points.
		return bytes.Compare(a.text, b.text)
	default:
		return cmp.Compare(a.whole, b.whole)
	}
}

func parseBoolean(text []byte) (int64, bool) {
	switch string(text) {
	case "true":
		return 1, true
	case "false":
		return 0, true
	}
	return 0, false
}

func parseWhole(text []byte) (int64, bool) {
	n, err := strconv.ParseInt(string(text), 10, 64)
	return n, err == nil
}

// parseFloat takes as a string only what JSON has no number for.
func parseFloat(text []byte, isString bool) (float64, bool) {
	switch string(text) {
	case "NaN", "Infinity", "-Infinity":
	default:
		if isString {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(string(text), 64)
	return f, err == nil
}

// compareFloats has NaN equal to itself and beyond every other, as Postgres does.
func compareFloats(a, b float64) int {
	switch {
	case math.IsNaN(a) && math.IsNaN(b):
		return 0
	case math.IsNaN(a):
		return 1
	case math.IsNaN(b):
		return -1
	}
	return cmp.Compare(a, b)
}
