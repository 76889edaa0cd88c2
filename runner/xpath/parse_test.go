package xpath_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/xpath"
)

// refused is the whole error of a text that does not parse.
func refused(t *testing.T, text string) string {
	t.Helper()
	_, err := xpath.Parse(text)
	var syntax *xpath.SyntaxError
	if !errors.As(err, &syntax) {
		t.Fatalf("%q: got %v, want a SyntaxError", text, err)
	}
	if syntax.Offset < 0 || syntax.Offset > len(text) {
		t.Errorf("the offset %d is outside of %q", syntax.Offset, text)
	}
	return err.Error()
}

func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"nothing", ``, `byte 0: expected a name, *, @, a function, a string or a number, found the end`},
		{"an operator without an operand", `1 +`, `byte 3: expected a name, *, @, a function, a string or a number, found the end`},
		{"two equals signs", `a == 'b'`, `byte 3: expected a name, *, @, a function, a string or a number, found '='`},
		{"two operands", `/a /b c`, `byte 6: expected an operator or the end, found "c"`},
		{"an operator joined with an operand", `1 andb`, `byte 2: expected an operator or the end, found "andb"`},
		{"a slash at the end", `/a/`, `byte 3: expected a name, *, @, a function, a string or a number, found the end`},
		{"two slashes alone", `//`, `byte 2: expected a name, *, @, a function, a string or a number, found the end`},
		{"a predicate left open", `a[1`, `byte 3: expected an operator or ']', found the end`},
		{"an empty predicate", `a[]`, `byte 2: expected a name, *, @, a function, a string or a number, found ']'`},
		{"a parenthesis left open", `(1`, `byte 2: expected an operator or ')', found the end`},
		{"a string left open", `'abc`, `byte 0: expected a closing ' for the string, found '\''`},
		{"a prefix without a name", `p:`, `byte 1: expected an operator or the end, found ':'`},
		{"a byte that is not UTF-8", "a\xff", `byte 1: expected an operator or the end, found the byte 0xff, which is not UTF-8`},
		{"an unknown axis", `parents::a`, `byte 0: parents is no axis of XPath 1.0`},
		{"an unknown function", `sizeof(a)`, `byte 0: expected a function of XPath 1.0, found sizeof()`},
		{"a node type with an argument", `text('a')`, `byte 5: expected ')' after text(, found '\''`},
		{"an instruction left open", `processing-instruction('a`, `byte 23: expected a closing ' for the string, found '\''`},
		{"a variable", `/a[b = $inputs]`, `byte 7: found a variable, and nothing binds any: a runtime expression stands in braces, {$inputs.name}`},
		{"too few arguments", `contains('a')`, `byte 0: expected exactly 2 argument(s) in contains(), found 1`},
		{"too many arguments", `concat() = last(1)`, `byte 0: expected at least 2 arguments in concat(), found 0`},
		{"an argument of none", `true(1)`, `byte 0: expected no argument in true(), found 1`},
		{"a third optional argument", `substring('a')`, `byte 0: expected 2 to 3 arguments in substring(), found 1`},
		{"arguments without a comma", `contains('a' 'b')`, `byte 13: expected an operator or ',' or ')', found '\''`},
		{"count of a number", `count(1)`, `byte 6: expected a node-set in count(), found a number`},
		{"sum of a string", `sum('1')`, `byte 4: expected a node-set in sum(), found a string`},
		{"a union with a string", `a | 'b'`, `byte 4: expected a node-set after |, found a string`},
		{"a union of a boolean", `true() | a`, `byte 0: expected a node-set before |, found a boolean`},
		{"a predicate of a number", `1[1]`, `byte 0: expected a node-set before a predicate, found a number`},
		{"a path from a string", `'a'/b`, `byte 0: expected a node-set before /, found a string`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff("XPath, "+test.want, refused(t, test.text)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.text, diff)
			}
		})
	}
}

// TestLaterVersions holds that what XPath 1.0 does not have is refused by its
// name, whatever version a document asks for (S-170).
func TestLaterVersions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{`string-join(//a, ',')`, `byte 0: the function string-join() is of XPath 2.0`},
		{`//a[matches(., 'x')]`, `byte 4: the function matches() is of XPath 2.0`},
		{`fn:lower-case('A')`, `byte 0: the function fn:lower-case() is of XPath 2.0`},
		{`1 + head(//a)`, `byte 4: the function head() is of XPath 3.0`},
		{`sort(//a)`, `byte 0: the function sort() is of XPath 3.1`},
		{`map:keys(.)`, `byte 0: a function with a prefix, map:, or a constructor is of XPath 2.0`},
		{`xs:integer('1')`, `byte 0: a function with a prefix, xs:, or a constructor is of XPath 2.0`},
		{`element(a)`, `byte 0: the node test element() is of XPath 2.0`},
		{`//a/attribute(b)`, `byte 4: the node test attribute() is of XPath 2.0`},
		{`//a/string()`, `byte 4: a function as a step, /string(), instead of string(...) around the path, is of XPath 2.0`},
		{`//a/upper-case(.)`, `byte 4: the function upper-case() is of XPath 2.0`},
		{`/a/(b | c)`, `byte 3: a parenthesis as a step is of XPath 2.0`},
		{`/(a)`, `byte 1: a parenthesis as a step is of XPath 2.0`},
		{`//a/1`, `byte 4: a number as a step is of XPath 2.0`},
		{`.[1]`, `byte 1: a predicate after . or .. (write self::node()[...]) is of XPath 2.0`},
		{`..[a]`, `byte 2: a predicate after . or .. (write parent::node()[...]) is of XPath 2.0`},
		{`//*:a`, `byte 3: a name with any prefix, *:name, is of XPath 2.0`},
		{`for $x in //a return $x`, `byte 0: for ... in ... return is of XPath 2.0`},
		{`some $x in //a satisfies $x = 1`, `byte 0: some ... satisfies is of XPath 2.0`},
		{`every $x in //a satisfies $x`, `byte 0: every ... satisfies is of XPath 2.0`},
		{`if (//a) then 1 else 2`, `byte 0: if ... then ... else is of XPath 2.0`},
		{`let $x := 1 return $x`, `byte 0: let ... return is of XPath 3.0`},
		{`function($x) { $x }`, `byte 0: a function written in place is of XPath 3.0`},
		{`map { 'a': 1 }`, `byte 0: a map is of XPath 3.1`},
		{`array { 1 }`, `byte 0: an array is of XPath 3.1`},
		{`[1]`, `byte 0: an array is of XPath 3.1`},
		{`?a`, `byte 0: the lookup ? is of XPath 3.1`},
		{`a?b`, `byte 1: the lookup ? is of XPath 3.1`},
		{`Q{urn:a}b`, `byte 0: a name with its namespace in braces, Q{}, is of XPath 3.0`},
		{`()`, `byte 0: the empty sequence () is of XPath 2.0`},
		{`(1, 2)`, `byte 2: a sequence with a comma is of XPath 2.0`},
		{`(: all :) //a`, `byte 0: a comment (: :) is of XPath 2.0`},
		{`//a (: all :)`, `byte 4: a comment (: :) is of XPath 2.0`},
		{`1 to 3`, `byte 2: the operator to is of XPath 2.0`},
		{`a eq 1`, `byte 2: the operator eq is of XPath 2.0`},
		{`7 idiv 2`, `byte 2: the operator idiv is of XPath 2.0`},
		{`//a except //b`, `byte 4: the operator except is of XPath 2.0`},
		{`a instance of b`, `byte 2: the operator instance is of XPath 2.0`},
		{`a << b`, `byte 2: the operator << is of XPath 2.0`},
		{`a >> b`, `byte 2: the operator >> is of XPath 2.0`},
		{`'a' || 'b'`, `byte 4: the operator || is of XPath 3.0`},
		{`//a ! b`, `byte 4: the operator ! is of XPath 3.0`},
		{`'a' => count()`, `byte 4: the operator => is of XPath 3.1`},
		{`count#1`, `byte 5: a reference to a function, # is of XPath 3.0`},
		{`a[1](2)`, `byte 4: a call of what an expression gives is of XPath 3.0`},
		{`'it''s'`, `byte 4: a quote written twice in a string is of XPath 2.0`},
		{`1e3`, `byte 1: a number with an exponent is of XPath 2.0`},
		{`1.5E-3`, `byte 3: a number with an exponent is of XPath 2.0`},
	} {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff("XPath, "+test.want+"; this version evaluates XPath 1.0", refused(t, test.text)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if got, want := refused(t, `generate-id(a)`), `XPath, byte 0: the function generate-id() is of XSLT; this version evaluates XPath 1.0`; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestParseLimits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		ok         bool
	}{
		{"the longest text", strings.Repeat("a", xpath.MaxTextBytes), true},
		{"a longer text", strings.Repeat("a", xpath.MaxTextBytes+1), false},
		{"the deepest parentheses", strings.Repeat("(", xpath.MaxNesting-1) + "1" + strings.Repeat(")", xpath.MaxNesting-1), true},
		{"deeper parentheses", strings.Repeat("(", xpath.MaxNesting) + "1" + strings.Repeat(")", xpath.MaxNesting), false},
		{"deeper predicates", strings.Repeat("a[", xpath.MaxNesting) + "1" + strings.Repeat("]", xpath.MaxNesting), false},
		{"deeper calls", strings.Repeat("not(", xpath.MaxNesting) + "1" + strings.Repeat(")", xpath.MaxNesting), false},
		{"parentheses that never close", strings.Repeat("(", xpath.MaxTextBytes), false},
		{"a chain of operators is not deep", "1" + strings.Repeat("+1", xpath.MaxTextBytes/2-1), true},
		{"a chain of minus signs is not deep", strings.Repeat("-", xpath.MaxTextBytes-1) + "1", true},
		{"a chain of predicates is not deep", "a" + strings.Repeat("[1]", xpath.MaxTextBytes/3-1), true},
		{"a chain of steps is not deep", strings.Repeat("a/", xpath.MaxTextBytes/2-1) + "a", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			parsed, err := xpath.Parse(test.text)
			var syntax *xpath.SyntaxError
			if (err == nil) != test.ok || err != nil && !errors.As(err, &syntax) {
				t.Fatalf("got %v, want it parsed: %v", err, test.ok)
			}
			if err == nil {
				_, err = parsed.Evaluate(parseDocument(t, `<a/>`))
			}
			if test.ok && err != nil {
				t.Errorf("it did not run: %v", err)
			}
		})
	}
}
