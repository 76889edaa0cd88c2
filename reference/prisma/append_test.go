package prisma

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Writing JSON at once and by way of a value are the same, for every type and for
// lists; and neither fails where the other does not.
func FuzzAppendJSON(f *testing.F) {
	for i, text := range []string{
		"t", "-7", "1e+21", "12.30", "-$1,234.50", "2024-02-03 04:05:06+05:30", "2024-02-03 04:05:06.7", `{"a":1}`, `\x00`, `{a,NULL}`, `{{1,2},{3,4}}`,
		"\u2028\xff\x01<", `{"\"a\\"}`,
	} {
		f.Add(uint8(i), i%2 == 0, text)
	}
	enum := &Enum{Values: []string{"A", "b\"c"}, Labels: []string{"a", "b"}}
	types := []Type{Boolean, Int, BigInt, Float, Decimal, DateTime, JSON, Bytes, EnumType, String, Unsupported}
	f.Fuzz(func(t *testing.T, which uint8, list bool, text string) {
		field := Field{Type: types[int(which)%len(types)], List: list, Enum: enum}
		before := []byte("before")
		got, err := field.AppendJSON(before, []byte(text))
		value, valueErr := field.Value([]byte(text))
		if (err == nil) != (valueErr == nil) {
			t.Fatalf("AppendJSON says %v, Value %v", err, valueErr)
		}
		if err != nil {
			if string(got) != "before" {
				t.Errorf("an error, and %q was appended", got)
			}
			return
		}
		if diff := cmp.Diff("before"+encoded(t, value), string(got)); diff != "" {
			t.Errorf("JSON of the value and JSON appended (-value +appended):\n%s", diff)
		}
	})
}

// encoded is what encoding/json writes of a value without the escapes for web
// pages.
func encoded(t *testing.T, value any) string {
	t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(text.String(), "\n")
}

func TestAppendGraphQL(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		field Field
		text  string
		want  string
	}{
		{"json is a string", Field{Type: JSON}, `{"a": 1}`, `"{\"a\":1}"`},
		{"so are the elements of a list", Field{Type: JSON, List: true}, `{"{\"a\": 1}",NULL}`, `["{\"a\":1}",null]`},
		{"others are values", Field{Type: Int}, `1`, `1`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := test.field.AppendGraphQL([]byte("before "), []byte(test.text))
			if want := "before " + test.want; err != nil || string(got) != want {
				t.Errorf("got %s, %v; want %s", got, err, want)
			}
		})
	}
}

func TestGraphQLHasNoListOfLists(t *testing.T) {
	t.Parallel()
	field := Field{Type: Int, List: true, Column: "c", NativeType: "n"}
	value, err := field.AppendGraphQL(nil, []byte(`{{1},{2}}`))
	const want = `column "c" of type n: expected a list, found a list of lists, which Prisma has no type for`
	if err == nil || err.Error() != want {
		t.Errorf("got %s, %v; want %s", value, err, want)
	}
}
