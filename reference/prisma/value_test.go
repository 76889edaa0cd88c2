package prisma

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var mood = &Enum{Name: "Mood", Values: []string{"FINE", "soSo"}, Labels: []string{"fine", "so so"}}

func TestValue(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		field Field
		text  string
		want  string
	}{
		{"text", Field{Type: String}, `a "b"`, `"a \"b\""`},
		{"empty text", Field{Type: String}, ``, `""`},
		{"uuid", Field{Type: String}, `0b5c2c3e-0000-4000-8000-000000000000`, `"0b5c2c3e-0000-4000-8000-000000000000"`},
		{"true", Field{Type: Boolean}, `t`, `true`},
		{"false", Field{Type: Boolean}, `f`, `false`},
		{"integer", Field{Type: Int}, `-7`, `-7`},
		{"bigint keeps its digits", Field{Type: BigInt}, `9007199254740993`, `"9007199254740993"`},
		{"float", Field{Type: Float}, `1.5`, `1.5`},
		{"float with exponent", Field{Type: Float}, `1e+21`, `1e+21`},
		{"float that is no number", Field{Type: Float}, `NaN`, `"NaN"`},
		{"negative infinity", Field{Type: Float}, `-Infinity`, `"-Infinity"`},
		{"decimal loses zeros after the point", Field{Type: Decimal}, `12.30`, `"12.3"`},
		{"decimal loses the point too", Field{Type: Decimal}, `12.00`, `"12"`},
		{"decimal keeps zeros before the point", Field{Type: Decimal}, `1200`, `"1200"`},
		{"decimal zero", Field{Type: Decimal}, `0.000`, `"0"`},
		{"decimal that is no number", Field{Type: Decimal}, `NaN`, `"NaN"`},
		{"money", Field{Type: Decimal}, `-$92,233,720,368,547,758.50`, `"-92233720368547758.5"`},
		{"mapped enum", Field{Type: EnumType, Enum: mood}, `so so`, `"soSo"`},
		{"enum label without a name", Field{Type: EnumType, Enum: mood}, `new`, `"new"`},
		{"list of a mapped enum", Field{Type: EnumType, Enum: mood, List: true}, `{fine,"so so",NULL}`, `["FINE","soSo",null]`},
		{"bytes", Field{Type: Bytes}, `\x00ff`, `"AP8="`},
		{"no bytes", Field{Type: Bytes}, `\x`, `""`},
		{"json loses white space", Field{Type: JSON}, "{\"a\": [1,\n 2]}", `{"a":[1,2]}`},
		{"json null", Field{Type: JSON}, `null`, `null`},
		{"enum", Field{Type: EnumType}, `ADMIN`, `"ADMIN"`},
		{"unknown type", Field{Type: Unsupported}, `(1,2)`, `"(1,2)"`},
		{"list", Field{Type: Int, List: true}, `{1,2,3}`, `[1,2,3]`},
		{"empty list", Field{Type: Int, List: true}, `{}`, `[]`},
		{"list with null", Field{Type: String, List: true}, `{a,NULL,"NULL",""}`, `["a",null,"NULL",""]`},
		{"list with quotes", Field{Type: String, List: true}, `{"a,b","c\"d","e\\f","{g}"," h"}`, `["a,b","c\"d","e\\f","{g}"," h"]`},
		{"list from another bound", Field{Type: Int, List: true}, `[0:1]={5,6}`, `[5,6]`},
		{"list of bytes", Field{Type: Bytes, List: true}, `{"\\x00ff"}`, `["AP8="]`},
		{"list of json", Field{Type: JSON, List: true}, `{"{\"a\": 1}"}`, `[{"a":1}]`},
		{"list of lists", Field{Type: BigInt, List: true}, `{{1,NULL},{3,4}}`, `[["1",null],["3","4"]]`},
		{"list of lists with bounds", Field{Type: Int, List: true}, `[0:1][0:0]={{1},{2}}`, `[[1],[2]]`},
		{"list of an unknown type", Field{Type: Unsupported, List: true}, `{(1,2);(3,4)}`, `"{(1,2);(3,4)}"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			value, err := test.field.Value([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			checkJSON(t, value, test.want)
			written, err := test.field.AppendJSON([]byte("x"), []byte(test.text))
			if err != nil || string(written) != "x"+test.want {
				t.Errorf("AppendJSON: %s, %v", written, err)
			}
		})
	}
}

func TestValueOfNull(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		field Field
		want  string
	}{
		{"scalar", Field{Type: Int}, `null`},
		{"json", Field{Type: JSON}, `null`},
		{"list", Field{Type: Int, List: true}, `[]`},
		{"unknown list", Field{Type: Unsupported, List: true}, `null`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			value, err := test.field.Value(nil)
			if err != nil {
				t.Fatal(err)
			}
			checkJSON(t, value, test.want)
			written, err := test.field.AppendJSON([]byte("x"), nil)
			if err != nil || string(written) != "x"+test.want {
				t.Errorf("AppendJSON: %s, %v", written, err)
			}
		})
	}
}

func TestValueRefuses(t *testing.T) {
	t.Parallel()
	const prefix = `column "c" of type n: `
	for _, test := range []struct {
		name  string
		field Field
		text  string
		want  string
	}{
		{"boolean", Field{Type: Boolean}, `true`, `expected t or f, found "true"`},
		{"integer", Field{Type: Int}, `x`, `expected a whole number within 64 bits, found "x"`},
		{"integer JSON has no form for", Field{Type: Int}, `+5`, `expected a whole number within 64 bits, found "+5"`},
		{"bigint too big", Field{Type: BigInt}, `9223372036854775808`, `expected a whole number within 64 bits, found "9223372036854775808"`},
		{"float", Field{Type: Float}, `1.`, `expected a number, found "1."`},
		{"decimal with exponent", Field{Type: Decimal}, `1.0e10`, `expected a number without exponent, found "1.0e10"`},
		{"long text", Field{Type: Decimal}, `abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz`, `expected a number without exponent, found "abcdefghijklmnopqrstuvwxyzabcdefghijklmn..."`},
		{"bytes in escape form", Field{Type: Bytes}, `abc`, `expected \x and hexadecimal digits: set bytea_output to hex`},
		{"bytes with odd digits", Field{Type: Bytes}, `\x0`, `expected \x and hexadecimal digits: encoding/hex: odd length hex string`},
		{"json", Field{Type: JSON}, `{`, `expected JSON: unexpected end of JSON input`},
		{"date", Field{Type: DateTime}, `03/02/2024`, `expected a date or time in ISO form, found "03/02/2024"`},
		{"list without braces", Field{Type: Int, List: true}, `1`, `expected an array such as {1,2}`},
		{"list with a bad element", Field{Type: Int, List: true}, `{1,x}`, `expected a whole number within 64 bits, found "x"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.field.Column, test.field.NativeType = "c", "n"
			value, err := test.field.Value([]byte(test.text))
			if err == nil {
				t.Fatalf("no error, but %v", value)
			}
			if diff := cmp.Diff(prefix+test.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			written, err := test.field.AppendJSON([]byte("x"), []byte(test.text))
			if err == nil || err.Error() != prefix+test.want || string(written) != "x" {
				t.Errorf("AppendJSON: %s, %v", written, err)
			}
		})
	}
}

func checkJSON(t *testing.T, value any, want string) {
	t.Helper()
	got, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}
