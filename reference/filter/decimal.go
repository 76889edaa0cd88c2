package filter

import (
	"bytes"
	"cmp"
	"strconv"
)

// decimal is a number of any size, by reference to the digits it was written with:
// 0.whole fraction times ten to the power of exponent. Leading zeros are not among
// the digits, so two decimals of one sign compare by exponent, then digit by digit.
type decimal struct {
	// rank sorts what is no number around the numbers: -1 for -Infinity, 1 for
	// Infinity, 2 for NaN.
	rank     int
	negative bool
	// whole and fraction are digits, both empty for zero.
	whole, fraction []byte
	exponent        int
}

// maxExponent is more than Postgres' numeric has digits before or after the point.
const maxExponent = 1 << 18

// parseDecimal reads digits with an optional sign, fraction and exponent.
func parseDecimal(text []byte) (d decimal, ok bool) {
	switch string(text) {
	case "NaN":
		return decimal{rank: 2}, true
	case "Infinity":
		return decimal{rank: 1}, true
	case "-Infinity":
		return decimal{rank: -1}, true
	}
	if len(text) > 0 && text[0] == '-' {
		d.negative, text = true, text[1:]
	}
	d.whole, text = cutDigits(text)
	if len(d.whole) == 0 {
		return d, false
	}
	if len(text) > 0 && text[0] == '.' {
		if d.fraction, text = cutDigits(text[1:]); len(d.fraction) == 0 {
			return d, false
		}
	}
	if len(text) > 0 {
		if d.exponent, ok = parseExponent(text); !ok {
			return d, false
		}
	}
	return d.normalized(), true
}

func parseExponent(text []byte) (int, bool) {
	if text[0] != 'e' && text[0] != 'E' {
		return 0, false
	}
	n, err := strconv.Atoi(string(text[1:]))
	return n, err == nil && -maxExponent <= n && n <= maxExponent
}

// normalized drops leading zeros and moves the point before the first digit.
func (d decimal) normalized() decimal {
	d.whole = bytes.TrimLeft(d.whole, "0")
	d.exponent += len(d.whole)
	if len(d.whole) == 0 {
		zeros := len(d.fraction)
		d.fraction = bytes.TrimLeft(d.fraction, "0")
		d.exponent -= zeros - len(d.fraction)
	}
	return d
}

func cutDigits(text []byte) (digits, rest []byte) {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return text[:n], text[n:]
}

// sign is that of the number, 0 for zero.
func (d *decimal) sign() int {
	switch {
	case len(d.whole)+len(d.fraction) == 0:
		return 0
	case d.negative:
		return -1
	}
	return 1
}

// digit is the one at a place behind the point, 0 beyond the last.
func (d *decimal) digit(place int) byte {
	if place < len(d.whole) {
		return d.whole[place]
	}
	if place -= len(d.whole); place < len(d.fraction) {
		return d.fraction[place]
	}
	return '0'
}

// compareDecimals has NaN equal to itself and beyond every other, as Postgres does.
func compareDecimals(a, b *decimal) int {
	if a.rank != 0 || b.rank != 0 {
		return cmp.Compare(a.rank, b.rank)
	}
	sign := a.sign()
	if c := cmp.Compare(sign, b.sign()); c != 0 || sign == 0 {
		return c
	}
	if c := cmp.Compare(a.exponent, b.exponent); c != 0 {
		return sign * c
	}
	digits := max(len(a.whole)+len(a.fraction), len(b.whole)+len(b.fraction))
	for place := range digits {
		if c := cmp.Compare(a.digit(place), b.digit(place)); c != 0 {
			return sign * c
		}
	}
	return 0
}
