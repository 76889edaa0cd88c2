package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// Members of every type, as they stand in a row and in JSON.
var (
	textField = &prisma.Field{Name: "text", Column: "text", Type: prisma.String}
	typed     = []statement.Member{
		{Key: "string", Field: textField},
		{Key: "int", Field: &prisma.Field{Type: prisma.Int}},
		{Key: "big", Field: &prisma.Field{Type: prisma.BigInt}},
		{Key: "float", Field: &prisma.Field{Type: prisma.Float}},
		{Key: "decimal", Field: &prisma.Field{Type: prisma.Decimal}},
		{Key: "boolean", Field: &prisma.Field{Type: prisma.Boolean}},
		{Key: "at", Field: &prisma.Field{Type: prisma.DateTime}},
		{Key: "json", Field: &prisma.Field{Type: prisma.JSON}},
		{Key: "bytes", Field: &prisma.Field{Type: prisma.Bytes}},
		{Key: "enum", Field: &prisma.Field{Type: prisma.EnumType, Enum: &prisma.Enum{Values: []string{"SAD"}, Labels: []string{"so \"sad\""}}}},
		{Key: "list", Field: &prisma.Field{Type: prisma.BigInt, List: true}},
	}
)

func one(key string, members ...statement.Member) statement.Member {
	return statement.Member{Key: key, Kind: statement.One, Members: members}
}

func many(key string, members ...statement.Member) statement.Member {
	return statement.Member{Key: key, Kind: statement.Many, Members: members}
}

func group(key string, members ...statement.Member) statement.Member {
	return statement.Member{Key: key, Kind: statement.Group, Members: members}
}

func number(key string) statement.Member { return statement.Member{Key: key, Kind: statement.Number} }

// wide are more members than one array has.
func wide() (shape []statement.Member, array, object string) {
	var values [][]string
	var members []string
	for i := range 2*statement.RowWidth + 1 {
		key := fmt.Sprintf("f%d", i)
		shape = append(shape, statement.Member{Key: key, Field: textField})
		if i%statement.RowWidth == 0 {
			values = append(values, nil)
		}
		values[len(values)-1] = append(values[len(values)-1], fmt.Sprintf("%q", key))
		members = append(members, fmt.Sprintf(`"%s":"%s"`, key, key))
	}
	var arrays []string
	for _, part := range values {
		arrays = append(arrays, "["+strings.Join(part, ", ")+"]")
	}
	return shape, "[" + strings.Join(arrays, ", ") + "]", "{" + strings.Join(members, ",") + "}"
}

func TestAppendRow(t *testing.T) {
	t.Parallel()
	wideShape, wideArray, wideObject := wide()
	for _, test := range []struct {
		name  string
		shape []statement.Member
		row   []string
		want  string
	}{
		{
			"columns of every type", typed,
			[]string{"a\"b\n\u2028", "1", "9007199254740993", "1e+20", "12.30", "t", "2024-02-03 04:05:06.789+00", `{"a": 1}`, `\x00ff`, `so "sad"`, "{1,NULL}"},
			`{"string":"a\"b\n\u2028","int":1,"big":"9007199254740993","float":1e+20,"decimal":"12.3","boolean":true,"at":"2024-02-03T04:05:06.789Z","json":"{\"a\":1}","bytes":"AP8=","enum":"SAD","list":["1",null]}`,
		},
		{
			"the same within JSON",
			[]statement.Member{one("one", typed...)},
			[]string{`["a\"b\n` + "\u2028" + `", 1, 9007199254740993, 1e+20, 12.30, true, "2024-02-03 04:05:06.789+00", "{\"a\": 1}", "\\x00ff", "so \"sad\"", "{1,NULL}"]`},
			`{"one":{"string":"a\"b\n` + "\u2028" + `","int":1,"big":"9007199254740993","float":1e+20,"decimal":"12.3","boolean":true,"at":"2024-02-03T04:05:06.789Z","json":"{\"a\":1}","bytes":"AP8=","enum":"SAD","list":["1",null]}}`,
		},
		{
			"null",
			[]statement.Member{one("one", typed...)},
			[]string{`[null, null, null, null, null, null, null, null, null, null, null]`},
			`{"one":{"string":null,"int":null,"big":null,"float":null,"decimal":null,"boolean":null,"at":null,"json":null,"bytes":null,"enum":null,"list":[]}}`,
		},
		{
			"numbers that are strings in JSON",
			[]statement.Member{one("one", statement.Member{Key: "oid", Field: &prisma.Field{Type: prisma.Int}}, statement.Member{Key: "money", Field: &prisma.Field{Type: prisma.Decimal}}, statement.Member{Key: "nan", Field: &prisma.Field{Type: prisma.Float}})},
			[]string{`["42", "-$1,234.50", "NaN"]`},
			`{"one":{"oid":42,"money":"-1234.5","nan":"NaN"}}`,
		},
		{"no record", []statement.Member{one("one", typed...), number("after")}, []string{"", "3"}, `{"one":null,"after":3}`},
		{"no nested record", []statement.Member{many("many", one("one", typed...))}, []string{`[[null]]`}, `{"many":[{"one":null}]}`},
		{"an empty list", []statement.Member{many("many", typed...)}, []string{`[]`}, `{"many":[]}`},
		{
			"lists of lists, and the white space of json_agg",
			[]statement.Member{many("many", number("n"), many("inner", number("m"))), number("after")},
			[]string{"[[1, [[2], \n [3]]], \n [4, []]]", "5"},
			`{"many":[{"n":1,"inner":[{"m":2},{"m":3}]},{"n":4,"inner":[]}],"after":5}`,
		},
		{
			"groups are of the row they stand in",
			[]statement.Member{group("_count", number("a"), number("b")), many("many", group("_count", number("c")), number("d"))},
			[]string{"1", "2", "[[3, 4]]"},
			`{"_count":{"a":1,"b":2},"many":[{"_count":{"c":3},"d":4}]}`,
		},
		{"more than an array may have", []statement.Member{one("one", wideShape...)}, []string{wideArray}, `{"one":` + wideObject + `}`},
		{
			"strings with every escape",
			[]statement.Member{one("one", statement.Member{Key: "enum", Field: &prisma.Field{Type: prisma.EnumType}})},
			[]string{`["\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00"]`},
			`{"one":{"enum":"\"\\/\b\f\n\r\tAé😀"}}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			row := make([][]byte, len(test.row))
			for i, text := range test.row {
				if text != "" {
					row[i] = []byte(text)
				}
			}
			got, rest, err := appendRow(nil, test.shape, row, 1<<20)
			if err != nil || len(rest) > 0 {
				t.Fatalf("error %v, %d columns left", err, len(rest))
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("object (-want +got):\n%s", diff)
			}
			if !json.Valid(got) {
				t.Error("this is no JSON")
			}
		})
	}
}

// What Postgres cannot have made is an error, wherever it ends.
func TestAppendRowRefuses(t *testing.T) {
	t.Parallel()
	list := []statement.Member{many("many", statement.Member{Key: "s", Field: textField}, statement.Member{Key: "n", Field: &prisma.Field{Type: prisma.Int, Column: "n", NativeType: "integer"}})}
	for _, test := range []struct{ name, text, want string }{
		{"nothing", " ", `nested records: expected [ at byte 1, found ""`},
		{"no list", `{"a":1}`, `nested records: expected [ at byte 0, found "{\"a\":1}"`},
		{"no record", `[1]`, `nested records: expected [ at byte 1, found "1]"`},
		{"too few values", `[["a"]]`, `nested records: expected , at byte 5, found "]]"`},
		{"too many values", `[["a", 1, 2]]`, `nested records: expected ] at byte 8, found ", 2]]"`},
		{"an end too soon", `[["a", 1]`, `nested records: expected ] at byte 9, found ""`},
		{"more after the end", `[["a", 1]] x`, `nested records: expected the end at byte 11, found "x"`},
		{"a string without an end", `[["a\", 1]]`, `nested records: expected the end of a string at byte 2, found "\"a\\\", 1]]"`},
		{"a value that is none", `[["a", ]]`, `nested records: expected a value at byte 7, found "]]"`},
		{"a value of another type", `[["a", 1.5]]`, `column "n" of type integer: expected a whole number within 64 bits, found "1.5"`},
		{"an escape that is none", `[["a", "\x"]]`, `nested records: a string has an escape that JSON does not know`},
		{"half an escape", `[["a", "\u12"]]`, `nested records: a string has an escape that JSON does not know`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text, _, err := appendRow(nil, list, [][]byte{[]byte(test.text)}, 1<<20)
			if err == nil || err.Error() != test.want {
				t.Errorf("got  %v and %s\nwant %s", err, text, test.want)
			}
		})
	}
	if text, _, err := appendRow(nil, typed, [][]byte{nil}, 1<<20); err == nil {
		t.Errorf("a short row made %s", text)
	}
}

// Names are as long as the request has them, and every nested record has them all: a text
// that is short as it comes is not written to its end when it is too long as an answer.
func TestAppendRowEndsAtTheLimit(t *testing.T) {
	t.Parallel()
	const limit, long = 10_000, 500
	shape := []statement.Member{many("many", many("inner", number(strings.Repeat("n", long))))}
	records := "[[[" + strings.Repeat("[1], ", 99) + "[1]]]" + strings.Repeat(", [[[1]]]", 9_999) + "]"
	text, _, err := appendRow(nil, shape, [][]byte{[]byte(records)}, limit)
	if !errors.Is(err, errTooLong) || len(text) > limit+2*long {
		t.Errorf("got %d bytes and %v, want no more than %d, and errTooLong", len(text), err, limit)
	}
}

// Whatever comes in place of nested records, it is an object or an error; of JSON it
// is JSON.
func FuzzAppendRow(f *testing.F) {
	for _, text := range []string{
		`[["a", 1, 2, 1.5, "1.50", true, "2024-02-03 00:00:00", "{}", "\\x00", "x", "{1}", [[1, [3, 4]]]]]`,
		`[[null, null, null, null, null, null, null, null, null, null, null, []]]`,
		`[["\u0041\"", -1]]`, `[]`, `null`, `[[`, "[\"\\",
	} {
		f.Add([]byte(text))
	}
	shape := []statement.Member{many("many", append(typed[:len(typed):len(typed)], many("inner", number("n"), one("one", group("g", number("a")), number("b"))))...)}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, _, err := appendRow(nil, shape, [][]byte{text}, 1<<20)
		if err == nil && json.Valid(text) && !json.Valid(got) {
			t.Errorf("%q made %q", text, got)
		}
	})
}
