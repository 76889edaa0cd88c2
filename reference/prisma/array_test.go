package prisma

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// texts is a list column: its elements are text, so that nothing but the form of
// the array is judged.
var texts = Field{Type: String, List: true}

func TestArraysThatPostgresDoesNotPrint(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "{", "}", "{,}", "{1,}", "{,1}", "{1", "{1}}", "{1} ", "{1}{2}", `{"a}`, `{"a\`, `{"a"b}`, `{a"b"}`, `{a\b}`, "[0:1]", "[0:1]=",
		"{1,{2}}", "{{1},2}", "{{}}", "{{1}{2}}", "{{1},}", "{{1}", "{{{{{{{1}}}}}}}",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			if got, err := texts.AppendJSON(nil, []byte(text)); err == nil {
				t.Errorf("no error, but %s", got)
			}
			if got, err := texts.Value([]byte(text)); err == nil {
				t.Errorf("no error, but %v", got)
			}
		})
	}
}

// What was read as a flat list can be written as a parameter and read again.
func FuzzArray(f *testing.F) {
	for _, text := range []string{`{}`, `{1,NULL,"a,\"b\\"}`, `[0:1]={1,2}`, `{{1}}`, `{"`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		value, err := texts.Value([]byte(text))
		if err != nil {
			return
		}
		var elements []string
		present := []any{}
		for _, element := range value.([]any) {
			if e, ok := element.(string); ok {
				elements = append(elements, e)
				present = append(present, e)
			}
		}
		again, err := texts.Value([]byte(joinArray(elements)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(present, again); diff != "" {
			t.Errorf("written and read again (-want +got):\n%s", diff)
		}
	})
}
