package filter

import (
	"encoding/json"
	"fmt"
	"math/big"
	"testing"
	"time"
)

// Whatever a client sends is refused or can be asked about every event.
func FuzzParse(f *testing.F) {
	f.Add(typical)
	for _, filter := range []string{
		`{"create":{"s":{"equals":"A","mode":"insensitive"},"d":"1.5e3"},"update":{"after":{"t":{"gt":"+012024-01-01T00:00:00Z"}}},"delete":{}}`,
		`{"create":{"big":{"not":{"in":[{"$type":"BigInt","value":"5"}]}},"l":{"hasEvery":[1,2],"isEmpty":false}}}`,
		`{"create":{"OR":[{"f":"NaN"},{"x":{"notIn":["AP8="]}}],"NOT":[{"b":{"not":true}},{"e":"A"}]}}`,
	} {
		f.Add(filter)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := Parse(json.RawMessage(text), user)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without a word")
			}
			return
		}
		for _, e := range events {
			wanted := parsed.Wants(e.action, e.model, []byte(e.body))
			if wanted != parsed.Wants(e.action, e.model, []byte(e.body)) {
				t.Errorf("%s: asked twice about %s, answered differently", text, e.body)
			}
			if wanted && e.model != "User" {
				t.Errorf("%s wants %s", text, e.body)
			}
		}
	})
}

// pick finds what encoding/json finds.
func FuzzPick(f *testing.F) {
	for _, e := range events {
		f.Add([]byte(e.body))
	}
	f.Add([]byte(`{"s":"\\","a\"":[{"s":"]}"}],"\u0069":-1.5e3}`))
	names := []string{"s", "i", "created", `a"`}
	var fields []field
	for _, name := range names {
		fields = append(fields, newField(name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		row := make([][]byte, len(fields))
		pick(data, fields, row)
		var members map[string]json.RawMessage
		if json.Unmarshal(data, &members) != nil || !distinct(data, len(members)) {
			return
		}
		for i, name := range names {
			if string(row[i]) != string(members[name]) {
				t.Errorf("%s: found %q of %s, encoding/json %q", data, row[i], name, members[name])
			}
		}
	})
}

// distinct reports whether an object has as many members as names.
func distinct(object []byte, names int) bool {
	rest, ok := enter(object, '{')
	n := 0
	for ok {
		if _, _, rest, ok = cutMember(rest); ok {
			n++
			rest, ok = after(rest)
		}
	}
	return n == names
}

// Decimals compare as rational numbers do.
func FuzzDecimal(f *testing.F) {
	f.Add("-0.0", "0e5")
	f.Add("123.4500", "12345e-2")
	f.Add("0.001", "1e-3")
	f.Add("99", "100")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, ok := parseDecimal([]byte(a))
		y, also := parseDecimal([]byte(b))
		if !ok || !also || x.rank != 0 || y.rank != 0 || max(len(a), len(b)) > 50 || max(x.exponent, -x.exponent, y.exponent, -y.exponent) > 1000 {
			return
		}
		r, okR := new(big.Rat).SetString(a)
		s, okS := new(big.Rat).SetString(b)
		if !okR || !okS {
			t.Fatalf("%q or %q is no number", a, b)
		}
		if got, want := compareDecimals(&x, &y), r.Cmp(s); got != want {
			t.Errorf("%s and %s compare as %d, want %d", a, b, got, want)
		}
	})
}

// Years beyond 9999 are read as others are.
func FuzzTime(f *testing.F) {
	f.Add(12024, 3600)
	f.Add(-43, 0)
	f.Add(0, 31*86400)
	f.Fuzz(func(t *testing.T, year, second int) {
		year, second = year%9_999_999, second%86_400
		moment := time.Date(year, 2, 28, 0, 0, second, 0, time.UTC)
		sign, digits := "+", year
		if year < 0 {
			sign, digits = "-", -year
		}
		text := sign + fmt.Sprintf("%06d", digits) + moment.Format("-01-02T15:04:05Z")
		if got, ok := parseTime([]byte(text)); !ok || got != moment.UnixMilli() {
			t.Errorf("%s is read as %d (%t), want %d", text, got, ok, moment.UnixMilli())
		}
	})
}
