package prisma

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitArrayRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "{", "}", "{,}", "{1,}", "{,1}", "{1", "{1}}", "{1} ", "{1}{2}", `{"a}`, `{"a\`, `{"a"b}`, `{a"b"}`, `{a\b}`, "[0:1]", "[0:1]=", "{1,{2}}",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			if got, err := splitArray(text); err == nil {
				t.Errorf("no error, but %q", got)
			}
		})
	}
}

// Splitting never fails badly, and what was split can be joined and split again.
func FuzzSplitArray(f *testing.F) {
	for _, text := range []string{`{}`, `{1,NULL,"a,\"b\\"}`, `[0:1]={1,2}`, `{{1}}`, `{"`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		elements, err := splitArray(text)
		if err != nil {
			return
		}
		var texts []string
		var present [][]byte
		for _, element := range elements {
			if element != nil {
				texts = append(texts, string(element))
				present = append(present, element)
			}
		}
		again, err := splitArray(joinArray(texts))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(present, again); diff != "" {
			t.Errorf("joined and split again (-want +got):\n%s", diff)
		}
	})
}
