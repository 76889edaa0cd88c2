package prisma

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Whatever text a value has becomes JSON with its type, or an error.
func FuzzRawType(f *testing.F) {
	for i, text := range []string{
		"t", "-7", "1e+21", "12.30", "-$1,234.50", "2024-02-03 04:05:06+05:30", "0044-03-15 BC", "24:00:00", "12:34:56.7+05", "infinity", `{"a":1}`, `\x00`, `{a,NULL}`, `{{1,2},{3,4}}`, "\u2028\xff\x01<", `{"\"a\\"}`,
	} {
		f.Add(uint8(i), i%2 == 0, text)
	}
	oids := slices.Sorted(maps.Keys(rawScalars))
	f.Fuzz(func(t *testing.T, which uint8, list bool, text string) {
		raw := rawScalars[oids[int(which)%len(oids)]]
		raw.list = list
		got, err := raw.AppendJSON([]byte("before"), []byte(text), 1<<20)
		if err != nil {
			return
		}
		var cell struct {
			Type  string           `json:"prisma__type"`
			Value *json.RawMessage `json:"prisma__value"`
		}
		if err := json.Unmarshal(got[len("before"):], &cell); err != nil {
			t.Fatalf("%q is written as %q: %v", text, got, err)
		}
		want := raw.name
		if list {
			want = "array"
		}
		if cell.Type != want {
			t.Errorf("%q is written as %q, want the type %s", text, got, want)
		}
	})
}

// A type that the query engine has no word for is told by Postgres' name.
func TestRawTypeUnknown(t *testing.T) {
	t.Parallel()
	for _, text := range [][]byte{nil, []byte("(1,2)")} {
		got, err := RawType{postgres: "point"}.AppendJSON([]byte("before"), text, 1<<20)
		var failed *Error
		if string(got) != "before" || !errors.As(err, &failed) || failed.Code != "P2010" || failed.Meta["code"] != "N/A" {
			t.Errorf("%q is written as %q: %v", text, got, err)
		}
	}
}

// An array is given up where it is too long, not when it is whole.
func TestRawArrayEndsAtTheLimit(t *testing.T) {
	t.Parallel()
	const limit, element = 10_000, 50
	numbers := RawType{name: "int", write: appendInt, list: true}
	text := "{" + strings.Repeat("1,", 10_000) + "1}"
	got, err := numbers.AppendJSON(nil, []byte(text), limit)
	if !errors.Is(err, ErrTooLong) || len(got) > limit+element {
		t.Errorf("got %d bytes and %v, want no more than %d, and ErrTooLong", len(got), err, limit)
	}
}
