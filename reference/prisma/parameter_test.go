package prisma

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestParameter(t *testing.T) {
	t.Parallel()
	const null = "SQL NULL"
	for _, test := range []struct {
		name  string
		field Field
		value any
		want  string
	}{
		{"null", Field{Type: Int}, nil, null},
		{"string", Field{Type: String}, `'; DROP TABLE "User"; --`, `'; DROP TABLE "User"; --`},
		{"boolean", Field{Type: Boolean}, true, "true"},
		{"integer", Field{Type: Int}, json.Number("-7"), "-7"},
		{"bigint beyond 2^53", Field{Type: BigInt}, json.Number("9007199254740993"), "9007199254740993"},
		{"bigint as a string", Field{Type: BigInt}, "9007199254740993", "9007199254740993"},
		{"float with exponent", Field{Type: Float}, json.Number("2.5e+0"), "2.5e+0"},
		{"whole float", Field{Type: Float}, json.Number("2"), "2"},
		{"decimal as a string", Field{Type: Decimal}, "12.30", "12.30"},
		{"decimal as a number", Field{Type: Decimal}, json.Number("2"), "2"},
		{"date-time", Field{Type: DateTime}, "2024-02-03T04:05:06.789Z", "2024-02-03 04:05:06.789+00"},
		{"date-time with offset", Field{Type: DateTime}, "2024-02-03T04:05:06+05:30", "2024-02-02 22:35:06+00"},
		{"json", Field{Type: JSON}, `{"a":1}`, `{"a":1}`},
		{"json null", Field{Type: JSON}, JSONNull, `null`},
		{"json that is SQL NULL", Field{Type: JSON}, DBNull, null},
		{"bytes", Field{Type: Bytes}, "AP8=", `\x00ff`},
		{"enum bare", Field{Type: EnumType}, Symbol("ADMIN"), "ADMIN"},
		{"enum as a string", Field{Type: EnumType}, "ADMIN", "ADMIN"},
		{"mapped enum", Field{Type: EnumType, Enum: mood}, Symbol("soSo"), "so so"},
		{"list of a mapped enum", Field{Type: EnumType, Enum: mood, List: true}, []any{Symbol("FINE"), "soSo"}, `{"fine","so so"}`},
		{"list", Field{Type: String, List: true}, []any{"a", `b"c`, `d\e`, "NULL", ""}, `{"a","b\"c","d\\e","NULL",""}`},
		{"list of bytes", Field{Type: Bytes, List: true}, []any{"AP8="}, `{"\\x00ff"}`},
		{"empty list", Field{Type: Int, List: true}, []any{}, `{}`},
		{"list of the one element given", Field{Type: Int, List: true}, json.Number("1"), `{"1"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text, err := test.field.Parameter(test.value)
			if err != nil {
				t.Fatal(err)
			}
			got := null
			if text != nil {
				got = *text
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestParameterRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		field Field
		value any
		want  string
	}{
		{"number as a string", Field{Type: String}, json.Number("1"), "expected String, found 1"},
		{"bare name as a string", Field{Type: String}, Symbol("ADMIN"), "expected String, found ADMIN"},
		{"string as an integer", Field{Type: Int}, "1", `expected Int, a whole number within 64 bits, found "1"`},
		{"fraction as an integer", Field{Type: Int}, json.Number("1.5"), "expected Int, a whole number within 64 bits, found 1.5"},
		{"integer too big", Field{Type: BigInt}, json.Number("9223372036854775808"), "expected BigInt, a whole number within 64 bits or a string of its digits, found 9223372036854775808"},
		{"string as a boolean", Field{Type: Boolean}, "true", `expected Boolean, true or false, found "true"`},
		{"boolean as a float", Field{Type: Float}, false, "expected Float, a number, found false"},
		{"words as a decimal", Field{Type: Decimal}, "NaN", `expected Decimal, a number or a string of its digits, found "NaN"`},
		{"date without time", Field{Type: DateTime}, "2024-02-03", `expected DateTime, an RFC 3339 string such as "2024-02-03T00:00:00.000Z", found "2024-02-03"`},
		{"text that is no JSON", Field{Type: JSON}, "{", `expected Json, a string of JSON text, JsonNull or DbNull, found "{"`},
		{"another null of Json", Field{Type: JSON}, Symbol("AnyNull"), "expected Json, a string of JSON text, JsonNull or DbNull, found AnyNull"},
		{"text that is no base64", Field{Type: Bytes}, "*", `expected Bytes, a string of base64, found "*"`},
		{"list for a scalar", Field{Type: Int}, []any{}, "expected Int, a whole number within 64 bits, found a list"},
		{"object for a scalar", Field{Type: Int}, map[string]any{}, "expected Int, a whole number within 64 bits, found an object"},
		{"null in a list", Field{Type: Int, List: true}, []any{json.Number("1"), nil}, "element 1 of the list: expected Int, a whole number within 64 bits, found null"},
		{"character Postgres cannot hold", Field{Type: String}, "a\x00b", "expected text that Postgres can hold, found one with U+0000 or invalid UTF-8"},
		{"unknown type", Field{Type: Unsupported, NativeType: "point"}, "(1,2)", "columns of type point cannot be written or compared"},
		{"long value", Field{Type: Int}, strings.Repeat("é", 100), `expected Int, a whole number within 64 bits, found "` + strings.Repeat("é", 29) + "..."},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text, err := test.field.Parameter(test.value)
			if err == nil {
				t.Fatalf("no error, but %q", *text)
			}
			if err.Error() != test.want {
				t.Errorf("got  %s\nwant %s", err, test.want)
			}
		})
	}
}
