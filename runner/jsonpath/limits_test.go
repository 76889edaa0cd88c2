package jsonpath

import (
	"errors"
	"strconv"
	"strings"
	"testing"
)

// nestedArrays is [[[...]]] of so many arrays.
func nestedArrays(depth int) any {
	value := []any{}
	for range depth - 1 {
		value = []any{value}
	}
	return value
}

func repeated(value any, times int) []any {
	values := make([]any, times)
	for i := range values {
		values[i] = value
	}
	return values
}

func members(count int) map[string]any {
	object := map[string]any{}
	for i := range count {
		object[strconv.Itoa(i)] = true
	}
	return object
}

// testSteps stands in for MaxSteps, so that passing it takes no time.
const testSteps = 25_000

func TestSelectLimits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 100*bytesPerStep)
	loop := map[string]any{}
	loop["self"] = loop
	for _, test := range []struct {
		name, query string
		root        any
		ok          bool
	}{
		{"as many nodes as there are steps", `$[*]`, repeated(true, testSteps-1), true},
		{"more nodes than steps", `$[*]`, repeated(true, testSteps), false},
		{"nodes multiplied by selectors", `$[*,*][*,*]`, repeated(repeated(true, 100), 100), false},
		{"a slice of too many nodes", `$[::]`, repeated(true, testSteps), false},
		{"an index repeated on many nodes", `$[*][0,0,0,0]`, repeated(repeated(true, 1), testSteps/4), false},
		{"a filter that walks everything each time", `$[?$..a]`, repeated(true, 200), false},
		{"an object whose names are sorted each time", `$[?$.*]`, members(90), false},
		{"a filter of a long singular query", `$[?@` + strings.Repeat(".a", 100) + `]`, repeated(loop, 300), false},
		{"long strings compared", `$[?@ == $[0]]`, repeated(long, 300), false},
		{"long strings ordered", `$[?@ < $[0]]`, repeated(long, 300), false},
		{"long strings counted", `$[?length(@) == 1]`, repeated(long, 300), false},
		{"large arrays compared", `$[?@ == $[0]]`, repeated(repeated(true, 200), 200), false},
		{"long strings matched", `$[?search(@, 'b')]`, repeated(long, 300), false},
		{"many patterns", `$[?search(@, @)]`, repeated(long[:10], 300), true},
		{"many different patterns", `$[?search('a', @)]`, []any{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z"}, false},
		{"the deepest value descended", `$..a`, nestedArrays(MaxDepth), true},
		{"a deeper value descended", `$..a`, nestedArrays(MaxDepth + 2), false},
		{"a value that holds itself", `$..a`, loop, false},
		{"deep values compared", `$[?@ == $[0]]`, []any{nestedArrays(MaxDepth + 1), nestedArrays(MaxDepth + 1)}, false},
		{"siblings are not deep", `$..a`, repeated([]any{}, MaxDepth+1), true},
		{"depth adds up over filters", `$..[?$..[?$..a]]`, nestedArrays(MaxDepth), false},
		{"an exponent that would fill memory", `$[?@ == 1e999999999]`, repeated(true, 2), true},
		{"an exponent beyond 64 bits", `$[?1 == 1e9999999999999999999]`, repeated(true, 2), false},
		{"a quantifier beyond Go's", `$[?!search('a', 'a{1001}')]`, repeated(true, 1), false},
		{"quantifiers that add up", `$[?!search('a', '` + strings.Repeat("a{900}", 12) + `')]`, repeated(true, 1), false},
		{"quantifiers that multiply beyond Go's", `$[?!search('a', '(a{50}){50}')]`, repeated(true, 1), false},
		{"deep groups", `$[?!search('a', '` + strings.Repeat("(", 200) + strings.Repeat(")", 200) + `')]`, repeated(true, 1), false},
		{"a long pattern", `$[?!search('a', '` + strings.Repeat("b", maxPatternBytes+1) + `')]`, repeated(true, 1), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			query, err := Parse(test.query)
			if err != nil {
				t.Fatal(err)
			}
			_, err = query.within(testSteps, test.root)
			if (err == nil) != test.ok || err != nil && !errors.Is(err, ErrLimit) {
				t.Errorf("got %v, want it within limits: %v", err, test.ok)
			}
		})
	}
}
