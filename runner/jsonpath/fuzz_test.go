package jsonpath_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
)

// FuzzParsePrefix holds of both dialects that a prefix is a query by itself, and
// that running it gives the same answer twice.
func FuzzParsePrefix(f *testing.F) {
	for _, text := range []string{
		`$.data[0].cursor == null`, `$..[?@.a == 'b' || !(@.c < 1.5e3)]`, "$ ['\\uD834\\uDD1E'][-1:0:-2, *]",
		`$[?count(@..*) >= length(value($.a)) && match(@, 'a{2}')]`, `$..`, `$[?@`, "$.\xff",
		`$.data.length`, `$..[(@.length - 1 + 2)]`, `$[data]..[?(@.count == '2' || !@.nested-1)]`, `$.a-b.0`,
	} {
		f.Add(text, false)
		f.Add(text, true)
	}
	root := decode(f, events)
	f.Fuzz(func(t *testing.T, text string, goessner bool) {
		dialect := jsonpath.RFC9535
		if goessner {
			dialect = jsonpath.Goessner
		}
		prefix, length, err := dialect.ParsePrefix(text)
		if err != nil {
			return
		}
		query, err := dialect.Parse(text[:length])
		if err != nil || query.String() != prefix.String() || query.Singular() != prefix.Singular() {
			t.Fatalf("the prefix %q of %q is not the query %v: %v", text[:length], text, query, err)
		}
		once, errOnce := prefix.Select(root)
		twice, errTwice := query.Select(root)
		if (errOnce == nil) != (errTwice == nil) || !cmp.Equal(once, twice) {
			t.Errorf("%q: %v, %v and then %v, %v", text, once, errOnce, twice, errTwice)
		}
		if query.Singular() && len(once) > 1 {
			t.Errorf("%q is singular and selected %v", text, once)
		}
	})
}
