package jsonpath_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
)

func TestParsePrefix(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, query string }{
		{"the root alone", `$`, `$`},
		{"a comparison after blank space", `$.data[0].cursor == null`, `$.data[0].cursor`},
		{"a comparison without blank space", `$.status=='ACTIVE'`, `$.status`},
		{"a logical operator", `$.a && $.b`, `$.a`},
		{"a closing parenthesis", `$.a) || $.b`, `$.a`},
		{"a minus sign ends a name", `$.total-1`, `$.total`},
		{"a call is not part of a name", `$.items.length()`, `$.items.length`},
		{"operators inside a filter belong to it", `$.a[?@.b == 1 && @.c].d != 2`, `$.a[?@.b == 1 && @.c].d`},
		{"brackets inside a string belong to it", `$['a]'] == ']'`, `$['a]']`},
		{"blank space before a segment belongs to it", "$ .a\n[0] \t== 1", "$ .a\n[0]"},
		{"blank space at the end does not", "$.a \n\t", "$.a"},
		{"a wildcard before an operator", `$.a.* >= 1`, `$.a.*`},
		{"a byte that is not UTF-8 ends a name", "$.a\xff", "$.a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			query, length, err := jsonpath.ParsePrefix(test.text)
			if err != nil {
				t.Fatal(err)
			}
			if query.String() != test.query || length != len(test.query) {
				t.Errorf("got %q and %d bytes, want %q", query, length, test.query)
			}
		})
	}
}

func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"nothing", ``, `JSONPath, byte 0: expected '$', which starts every query, found the end`},
		{"no root", `data[0]`, `JSONPath, byte 0: expected '$', which starts every query, found 'd'`},
		{"a comparison outside of a filter", `$.a == 1`, `JSONPath, byte 3: expected the end of the query (a comparison belongs inside a filter: [?@.a == 1]), found ' '`},
		{"a dot without a name", `$.a.`, `JSONPath, byte 4: expected a name or '*' after '.'; other names are written ['like this'], found the end`},
		{"a number after a dot", `$.data.0`, `JSONPath, byte 7: expected a name or '*' after '.'; other names are written ['like this'], found '0'`},
		{"two dots without a name", `$..`, `JSONPath, byte 3: expected a name, '*' or '[' after '..', found the end`},
		{"an empty bracket", `$[]`, `JSONPath, byte 2: expected a selector: 'name', *, index, start:end:step or ?filter, found ']'`},
		{"a bracket left open after an index", `$[0`, `JSONPath, byte 3: expected ':', ',' or ']', found the end`},
		{"a name without quotes", `$[name]`, `JSONPath, byte 2: expected a selector: 'name', *, index, start:end:step or ?filter, found 'n'`},
		{"a leading zero", `$[01]`, `JSONPath, byte 2: expected an integer within ±(2^53-1), without leading zeros, found '0'`},
		{"an index beyond I-JSON", `$[9007199254740992]`, `JSONPath, byte 2: expected an integer within ±(2^53-1), without leading zeros, found '9'`},
		{"a string left open", `$['a`, `JSONPath, byte 4: expected more of the string and its closing ', found the end`},
		{"a line break in a string", "$['\n']", `JSONPath, byte 3: expected a control character written as an escape such as \n, found '\n'`},
		{"an escape of another language", `$['\x41']`, `JSONPath, byte 4: expected an escape: \b \f \n \r \t \/ \\ \uXXXX or \', found 'x'`},
		{"half a surrogate pair", `$['\uD800']`, `JSONPath, byte 5: expected a surrogate pair: \uD800 to \uDBFF followed by \uDC00 to \uDFFF, found 'D'`},
		{"too few digits of an escape", `$["\u12"]`, `JSONPath, byte 5: expected four hexadecimal digits after \u, found '1'`},
		{"a byte that is not UTF-8", "$['\xff']", `JSONPath, byte 3: expected more of the string and its closing ', found the byte 0xff, which is not UTF-8`},
		{"one equals sign", `$[?@.a = 1]`, `JSONPath, byte 7: expected '==' to compare, or match() and search() for a regular expression, found '='`},
		{"a word for an operator", `$[?@.a and @.b]`, `JSONPath, byte 7: expected '&&', '||', ',' or ']', found 'a'`},
		{"a parenthesis left open", `$[?(@.a]`, `JSONPath, byte 7: expected '&&', '||' or ')', found ']'`},
		{"a literal alone", `$[?true]`, `JSONPath, byte 3: expected a comparison, found a literal alone`},
		{"a literal in capitals", `$[?@ == True]`, `JSONPath, byte 8: expected '@', '$', a literal or a function, found 'T'`},
		{"a word that is no literal", `$[?@ == undefined]`, `JSONPath, byte 8: expected true, false, null or a function with its '(', found undefined`},
		{"a minus sign without a number", `$[?@ == -]`, `JSONPath, byte 8: expected a number, found '-'`},
		{"several nodes compared", `$[?@.* == 1]`, `JSONPath, byte 3: expected a value, found a query that can select several nodes (value() gives the only one, count() their number)`},
		{"a negated comparison", `$[?!@.a == 1]`, `JSONPath, byte 4: expected parentheses around a negated comparison: !(... == ...)`},
		{"an unknown function", `$[?size(@.a) == 1]`, `JSONPath, byte 3: expected length(), count(), match(), search() or value(), found size()`},
		{"a value function alone", `$[?length(@.a)]`, `JSONPath, byte 3: expected a comparison, found length() alone, which is a value`},
		{"a logical function compared", `$[?true == match(@.a, 'a')]`, `JSONPath, byte 11: expected a value, found match(), which is true or false by itself`},
		{"too few arguments", `$[?match(@.a)]`, `JSONPath, byte 12: expected ',' and another argument, as match() takes 2, found ')'`},
		{"too many arguments", `$[?length(@.a, @.b) == 1]`, `JSONPath, byte 13: expected ')', as length() takes 1, found ','`},
		{"a literal for nodes", `$[?count(1) == 1]`, `JSONPath, byte 9: expected a query that starts with '@' or '$', found '1'`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := jsonpath.Parse(test.text)
			var syntax *jsonpath.SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("got %v, want a SyntaxError", err)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.text, diff)
			}
		})
	}
}

func TestParseLimits(t *testing.T) {
	t.Parallel()
	nested := func(open, inner, closing string, times int) string {
		return strings.Repeat(open, times) + inner + strings.Repeat(closing, times)
	}
	for _, test := range []struct {
		name, text string
		ok         bool
	}{
		{"the longest text", "$." + strings.Repeat("a", jsonpath.MaxTextBytes-2), true},
		{"a longer text", "$." + strings.Repeat("a", jsonpath.MaxTextBytes-1), false},
		{"the deepest parentheses", "$[?" + nested("(", "@.a", ")", jsonpath.MaxNesting-1) + "]", true},
		{"deeper parentheses", "$[?" + nested("(", "@.a", ")", jsonpath.MaxNesting) + "]", false},
		{"the deepest filters", "$" + nested("[?@", "", "]", jsonpath.MaxNesting), true},
		{"deeper filters", "$" + nested("[?@", "", "]", jsonpath.MaxNesting+1), false},
		{"deeper calls", "$[?" + nested("length(", "@", ")", jsonpath.MaxNesting) + " == 1]", false},
		{"parentheses that never close", "$[?" + strings.Repeat("(", jsonpath.MaxTextBytes-3), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := jsonpath.Parse(test.text)
			var syntax *jsonpath.SyntaxError
			if (err == nil) != test.ok || err != nil && !errors.As(err, &syntax) {
				t.Errorf("got %v, want it parsed: %v", err, test.ok)
			}
		})
	}
}
