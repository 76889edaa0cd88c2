package jsonpath

import (
	"cmp"
	"encoding/json"
	"math/big"
	"testing"
)

func TestCompareNumbers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, a, b string
		want       int
	}{
		{"integers", "2", "10", -1},
		{"an integer and its fraction", "1", "1.0", 0},
		{"an integer and its exponent", "100", "1E+2", 0},
		{"zero and its negative", "0", "-0.000e5", 0},
		{"negative numbers", "-2", "-1.5", -1},
		{"zero and less", "0", "-1e-400", 1},
		{"zero and more", "0.0", "1e-400", -1},
		{"one beyond the digits of a float64", "9007199254740993", "9007199254740992", 1},
		{"one beyond 64 bits", "18446744073709551617", "18446744073709551616", 1},
		{"a fraction beyond a float64", "0.10000000000000000001", "0.1", 1},
		{"leading zeros of a fraction", "0.001", "1e-3", 0},
		{"exponents that would fill memory", "1e999999999", "2e999999999", -1},
		{"the exponent before the digits", "9e999999998", "1e999999999", -1},
		{"zeros in an exponent", "1e00000000000000000000002", "100", 0},
		{"zero with any exponent", "0e99999999999999999999", "0", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := evaluation{steps: testSteps}
			got, ok := e.compareNumbers(json.Number(test.a), json.Number(test.b))
			back, _ := e.compareNumbers(json.Number(test.b), json.Number(test.a))
			if !ok || e.err != nil || got != test.want || back != -test.want {
				t.Errorf("got %d, %d back, %v, %v; want %d", got, back, ok, e.err, test.want)
			}
		})
	}
}

// FuzzCompareNumbers compares with the rational numbers of math/big.
func FuzzCompareNumbers(f *testing.F) {
	f.Add(int64(1), uint8(0), int8(0), int64(10), uint8(1), int8(-1))
	f.Add(int64(-120), uint8(3), int8(3), int64(-12), uint8(1), int8(1))
	f.Fuzz(func(t *testing.T, a int64, aPoint uint8, aExponent int8, b int64, bPoint uint8, bExponent int8) {
		left, right := numeralOf(a, aPoint, aExponent), numeralOf(b, bPoint, bExponent)
		x, okX := new(big.Rat).SetString(left)
		y, okY := new(big.Rat).SetString(right)
		if !okX || !okY {
			t.Fatalf("math/big cannot read %s or %s", left, right)
		}
		e := evaluation{steps: testSteps}
		got, ok := e.compareNumbers(json.Number(left), json.Number(right))
		if want := cmp.Compare(x.Cmp(y), 0); !ok || got != want {
			t.Errorf("%s and %s: got %d, %v, %v; want %d", left, right, got, ok, e.err, want)
		}
	})
}

// numeralOf writes n with a decimal point before its last digits.
func numeralOf(n int64, point uint8, exponent int8) string {
	digits := big.NewInt(n).String()
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	whole, fraction := digits, "0"
	if at := len(digits) - int(point%8); at > 0 && at < len(digits) {
		whole, fraction = digits[:at], digits[at:]
	}
	return sign + whole + "." + fraction + "e" + big.NewInt(int64(exponent)).String()
}
