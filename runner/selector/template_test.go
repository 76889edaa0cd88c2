package selector_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/selector"
)

// inputs is a scope in which only $inputs has values.
type inputs map[string]any

func (i inputs) Object(e *expression.Expression) (any, bool) {
	return map[string]any(i), e.Root == expression.Inputs
}

func sample(t testing.TB) inputs {
	values, _ := decode(t, `{
		"n": 2, "negative": -2, "big": 9007199254740993, "tiny": 1.5e-7, "huge": 1e999, "yes": true, "nil": null, "list": ["a"],
		"s": "two", "evil": "' or '1' = '1", "dq": "x\" or \"1\" = \"1", "both": "it's \"x\"", "slash": "a/b~c", "back": "\\' || true || '",
		"line": "a\nb", "star": "*"
	}`).(map[string]any)
	return values
}

// TestTemplates holds that values are written as one value each (S-166, S-204).
func TestTemplates(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		language selector.Language
		selector string
		want     string
	}{
		{"no expression", jsonPath, `$.a`, `$.a`},
		{"a string in single quotes", jsonPath, `$.a[?@.b == '{$inputs.s}']`, `$.a[?@.b == 'two']`},
		{"a string in double quotes", jsonPath, `$.a[?@.b == "{$inputs.s}"]`, `$.a[?@.b == "two"]`},
		{"a string without quotes", jsonPath, `$.a[?@.b == {$inputs.s}]`, `$.a[?@.b ==  "two" ]`},
		{"a bare expression", jsonPath, `$.a[?@.b == $inputs.n]`, `$.a[?@.b ==  2 ]`},
		{"a number with all its digits", jsonPath, `$.a[?@.b == {$inputs.big}]`, `$.a[?@.b ==  9007199254740993 ]`},
		{"an index", jsonPath, `$.a[{$inputs.n}]`, `$.a[ 2 ]`},
		{"a name", jsonPath, `$.a['{$inputs.star}']`, `$.a['*']`},
		{"a name without quotes", jsonPath, `$.a[{$inputs.star}]`, `$.a[ "*" ]`},
		{"null", jsonPath, `$.a[?@.b == {$inputs.nil}]`, `$.a[?@.b ==  null ]`},
		{"a quote in quotes", jsonPath, `$.a[?@.b == '{$inputs.evil}']`, `$.a[?@.b == '\' or \'1\' = \'1']`},
		{"a quote without quotes", jsonPath, `$.a[?@.b == {$inputs.dq}]`, `$.a[?@.b ==  "x\" or \"1\" = \"1" ]`},
		{"a backslash", jsonPath, `$.a[?@.b == '{$inputs.back}']`, `$.a[?@.b == '\\\' || true || \'']`},
		{"a line feed", jsonPath, `$.a['{$inputs.line}']`, `$.a['a\u000ab']`},
		{"an expression behind an escaped quote", jsonPath, `$.a['\'{$inputs.evil}']`, `$.a['\'\' or \'1\' = \'1']`},
		{"a list in quotes", jsonPath, `$.a['{$inputs.list}']`, `$.a['["a"]']`},
		{"a list without quotes", jsonPath, `$.a[{$inputs.list}]`, `$inputs.list: ["a"] cannot be written into a selector: only text, numbers, true and false can`},
		{"an absent value", jsonPath, `$.a[{$inputs.gone}]`, `$inputs.gone has no value: there is no gone`},
		{"a fraction as an index", jsonPath, `$.a[{$inputs.tiny}]`, `"$.a[ 1.5e-7 ]" does not parse: expected ':', ',' or ']', found '.'`},
		{"a quote in Gössner's dialect", goessner, `$.a[?(@.b == '{$inputs.evil}')].length`, `$.a[?(@.b == '\' or \'1\' = \'1')].length`},

		{"a number in XPath", xPath, `/root/items[price > {$inputs.n}]`, `/root/items[price >  2 ]`},
		{"a negative number in XPath", xPath, `//a[b = 1 -{$inputs.negative}]`, `//a[b = 1 - -2 ]`},
		{"a number with an exponent in XPath", xPath, `//a[b = {$inputs.tiny}]`, `//a[b =  0.00000015 ]`},
		{"a number that XPath does not have", xPath, `//a[b = {$inputs.huge}]`, `$inputs.huge: 1e999 is no number that XPath has`},
		{"true in XPath", xPath, `//a[@b = {$inputs.yes}]`, `//a[@b =  true() ]`},
		{"null in XPath", xPath, `//a[@b = {$inputs.nil}]`, `$inputs.nil: null cannot be written into a selector: only text, numbers, true and false can`},
		{"a list in XPath", xPath, `//a[@b = {$inputs.list}]`, `$inputs.list: ["a"] cannot be written into a selector: only text, numbers, true and false can`},
		{"a string in quotes in XPath", xPath, `//a[@b = '{$inputs.s}']`, `//a[@b = 'two']`},
		{"a string without quotes in XPath", xPath, `//a[@b = {$inputs.s}]`, `//a[@b =  'two' ]`},
		{"a single quote without quotes in XPath", xPath, `//a[@b = {$inputs.evil}]`, `//a[@b =  "' or '1' = '1" ]`},
		{"both quotes without quotes in XPath", xPath, `//a[@b = {$inputs.both}]`, `//a[@b =  concat('it', "'", 's "x"') ]`},
		{"the other quote in quotes in XPath", xPath, `//a[@b = "{$inputs.evil}"]`, `//a[@b = "' or '1' = '1"]`},
		{"the same quote in quotes in XPath", xPath, `//a[@b = '{$inputs.evil}']`, `$inputs.evil: the text "' or '1' = '1" has the quote that it would stand in, and XPath 1.0 has no escape for it: leave out the quotes around the expression`},
		{"a backslash is no escape in XPath", xPath, `//a[@b = '\' and @c = {$inputs.s}]`, `//a[@b = '\' and @c =  'two' ]`},

		{"a token of a pointer", jsonPointer, `/a/{$inputs.n}/b`, `/a/2/b`},
		{"a token with a slash", jsonPointer, `/a/{$inputs.slash}`, `/a/a~1b~0c`},
		{"null in a pointer", jsonPointer, `/a/{$inputs.nil}`, `$inputs.nil: null cannot be written into a selector: only text, numbers, true and false can`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			template, err := selector.ParseTemplate(test.language, test.selector)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if s, err := template.Resolve(sample(t)); err != nil {
				got = err.Error()
			} else {
				got = s.String()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestValueStaysItself holds that a text written into an XPath is equal to itself,
// whatever quotes it has.
func TestValueStaysItself(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, `x`, `it's`, `say "x"`, `'"`, `"'`, `''""''`, `' or '1' = '1`, `")]|//*[("`, "a\nb", `{$inputs.x}`} {
		template, err := selector.ParseTemplate(xPath, `concat('', {$inputs.x})`)
		if err != nil {
			t.Fatal(err)
		}
		s, err := template.Resolve(inputs{"x": text})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Select(`<a/>`)
		if err != nil || got.Value() != text {
			t.Errorf("%q became %q, %v", text, got.Value(), err)
		}
	}
}

func TestTemplateErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		language selector.Language
		selector string
		want     string
	}{
		{"a place before an expression", xPath, `//a[, {$inputs.s}]`, `4: expected a name, *, @, a function, a string or a number, found ','`},
		{"a place behind an expression", xPath, `//a[b = {$inputs.s} or ]`, `23: expected a name, *, @, a function, a string or a number, found ']'`},
		{"a place behind two expressions", xPath, `//a[b = $inputs.s and c = '{$inputs.n}' or ]`, `43: expected a name, *, @, a function, a string or a number, found ']'`},
		{"a value where only a name can stand", xPath, `/a{$inputs.s}`, `2: expected an operator or the end, found '0'`},
		{"a value where only a node-set can stand", xPath, `count({$inputs.s})`, `6: expected a node-set in count(), found a number`},
		{"a value behind a name", jsonPath, `$.a{$inputs.n}`, `3: expected the end of the query (a comparison belongs inside a filter: [?@.a == 1]), found ' '`},
		{"a selector that is all value", jsonPath, `{$inputs.s}`, `0: expected '$', which starts every query, found ' '`},
		{"a pointer that is all value", jsonPointer, `{$inputs.s}`, `0: the JSON Pointer "0" does not begin with /`},
		{"a broken expression", xPath, `//a[b = '{$inputs.s']`, `9: the brace of "{$inputs.s']" is not closed`},
		{"a misspelt root", jsonPath, `$.a['{$input.s}']`, `6: an expression begins with one of $inputs, $outputs, $steps, $workflows, $request, $response, $message, $statusCode, $url, $method, $self, $sourceDescriptions, $components`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := selector.ParseTemplate(test.language, test.selector)
			var syntax *expression.SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("got %v, want a SyntaxError", err)
			}
			if diff := cmp.Diff(test.want, fmt.Sprintf("%d: %s", syntax.Offset, syntax.Message)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	template, err := selector.ParseTemplate(xPath, `//a[b = $inputs.s and c = '{$inputs.n}']`)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, r := range template.References() {
		got = append(got, fmt.Sprintf("%d %s %v", r.Offset, r.Text, r.Bare))
	}
	if diff := cmp.Diff([]string{"8 $inputs.s true", "28 $inputs.n false"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
