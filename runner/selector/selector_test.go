package selector_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/selector"
	"github.com/arazzo-conformance/arazzo/runner/source"
	"github.com/arazzo-conformance/arazzo/runner/xpath"
)

var (
	jsonPath    = selector.Language{Name: selector.JSONPath}
	goessner    = selector.Language{Name: selector.JSONPath, Version: "draft-goessner-dispatch-jsonpath-00"}
	xPath       = selector.Language{Name: selector.XPath}
	jsonPointer = selector.Language{Name: selector.JSONPointer}
)

func decode(t testing.TB, text string) any {
	t.Helper()
	value, err := source.DecodeJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

const (
	items = `{"items": [{"id": 1, "ok": true}, {"id": 2, "ok": false}], "none": null, "a/b": "slash", "o": {}}`
	soap  = `<e:Envelope xmlns:e="urn:e"><e:Body><item id="1">one</item><item id="2">two</item></e:Body></e:Envelope>`
)

// TestCheck holds the languages and versions of the Expression Type Object
// (S-172).
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, version, want string }{
		{"jsonpath", "", ""},
		{"jsonpath", "rfc9535", ""},
		{"jsonpath", "draft-goessner-dispatch-jsonpath-00", ""},
		{"xpath", "", ""},
		{"xpath", "xpath-31", ""},
		{"xpath", "xpath-30", ""},
		{"xpath", "xpath-20", ""},
		{"xpath", "xpath-10", ""},
		{"jsonpointer", "", ""},
		{"jsonpointer", "rfc6901", ""},
		{"jsonpath", "xpath-10", `"xpath-10" is no version of jsonpath: expected rfc9535 or draft-goessner-dispatch-jsonpath-00`},
		{"xpath", "xpath-40", `"xpath-40" is no version of xpath: expected xpath-31, xpath-30, xpath-20 or xpath-10`},
		{"jsonpointer", "rfc9535", `"rfc9535" is no version of jsonpointer: expected rfc6901`},
		{"JSONPath", "", `"JSONPath" is no selector language: expected jsonpath, jsonpointer or xpath`},
		{"", "", `"" is no selector language: expected jsonpath, jsonpointer or xpath`},
	} {
		t.Run(test.name+" "+test.version, func(t *testing.T) {
			t.Parallel()
			l, got := selector.Language{Name: test.name, Version: test.version}, ""
			if err := selector.Check(l); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if _, err := selector.Parse(l, "$"); test.want != "" && (err == nil || err.Error() != test.want) {
				t.Errorf("Parse: got %v", err)
			}
			if _, err := selector.ParseTemplate(l, "$"); test.want != "" && (err == nil || err.Error() != test.want) {
				t.Errorf("ParseTemplate: got %v", err)
			}
		})
	}
}

// TestSelect holds what a selection is as a value (S-219) and as a verdict (S-167,
// S-171).
func TestSelect(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		language selector.Language
		selector string
		context  any
		found    bool
		truth    bool
		want     string
	}{
		{"a singular query", jsonPath, `$.items[0].id`, decode(t, items), true, true, `1`},
		{"a singular query that finds null", jsonPath, `$.none`, decode(t, items), true, true, `null`},
		{"a singular query that finds false", jsonPath, `$.items[1].ok`, decode(t, items), true, true, `false`},
		{"a singular query that finds nothing", jsonPath, `$.gone`, decode(t, items), false, false, `null`},
		{"a query of several", jsonPath, `$.items[*].id`, decode(t, items), true, true, `[1,2]`},
		{"a query of several that finds one", jsonPath, `$.items[?@.ok == true].id`, decode(t, items), true, true, `[1]`},
		{"a query of several that finds none", jsonPath, `$.items[?@.id > 2]`, decode(t, items), false, false, `null`},
		{"text that holds JSON (S-206)", jsonPath, `$.items[1].id`, items, true, true, `2`},
		{"Gössner's length", goessner, `$.items.length`, decode(t, items), true, true, `2`},
		{"Gössner's last", goessner, `$.items[(@.length-1)].id`, decode(t, items), true, true, `2`},

		{"a pointer", jsonPointer, `/items/1/id`, decode(t, items), true, true, `2`},
		{"the whole", jsonPointer, ``, []any{}, true, true, `[]`},
		{"an escape", jsonPointer, `/a~1b`, decode(t, items), true, true, `"slash"`},
		{"a pointer to null", jsonPointer, `/none`, decode(t, items), true, false, `null`},
		{"a pointer to false", jsonPointer, `/items/1/ok`, decode(t, items), true, false, `false`},
		{"a pointer to an empty object", jsonPointer, `/o`, decode(t, items), true, true, `{}`},
		{"a pointer to nothing", jsonPointer, `/items/2`, decode(t, items), false, false, `null`},
		{"a pointer into text that holds JSON (S-206)", jsonPointer, `/items/0/id`, items, true, true, `1`},

		{"a node", xPath, `//item[1]`, soap, true, true, `"one"`},
		{"an attribute", xPath, `/e:Envelope/e:Body/item[. = 'two']/@id`, soap, true, true, `"2"`},
		{"several nodes", xPath, `//item`, soap, true, true, `["one","two"]`},
		{"no node", xPath, `//gone`, soap, false, false, `null`},
		{"a number", xPath, `count(//item)`, soap, true, true, `2`},
		{"zero", xPath, `count(//gone)`, soap, true, false, `0`},
		{"a fraction", xPath, `1 div 4`, soap, true, true, `0.25`},
		{"NaN", xPath, `number('x')`, soap, true, false, `"NaN"`},
		{"infinity", xPath, `-1 div 0`, soap, true, true, `"-Infinity"`},
		{"a text", xPath, `string(//item[2])`, soap, true, true, `"two"`},
		{"an empty text", xPath, `string(//gone)`, soap, true, false, `""`},
		{"true", xPath, `//item = 'two'`, soap, true, true, `true`},
		{"false", xPath, `boolean(//gone)`, soap, true, false, `false`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := selector.Parse(test.language, test.selector)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Select(test.context)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, expression.Excerpt(got.Value(), 100)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.Found != test.found || got.Truth() != test.truth || got.Found != (len(got.Nodes) > 0) || got.Nodes == nil {
				t.Errorf("found %v, truth %v, nodes %v", got.Found, got.Truth(), got.Nodes)
			}
			if s.String() != test.selector {
				t.Errorf("it says that it is %q", s)
			}
		})
	}
}

// TestVersionsOfXPath holds that all of them run the same, and refuse the same by
// its name (S-170).
func TestVersionsOfXPath(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"", "xpath-31", "xpath-30", "xpath-20", "xpath-10"} {
		l := selector.Language{Name: selector.XPath, Version: version}
		s, err := selector.Parse(l, `sum(//item/@id)`)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Select(soap)
		if diff := cmp.Diff(any(json.Number("3")), got.Value()); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", version, err, diff)
		}
		if _, err = selector.Parse(l, `string-join(//item)`); err == nil {
			t.Errorf("%s: string-join() was not refused", version)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		language selector.Language
		selector string
		want     string
	}{
		{"JSONPath", jsonPath, `$.a[`, `4: expected a selector: 'name', *, index, start:end:step or ?filter, found the end`},
		{"Gössner's JSONPath", goessner, `$.a[(@.size)]`, `4: expected the script (@.length-1), or with other integers: no other script is run`},
		{"XPath", xPath, `//a[`, `4: expected a name, *, @, a function, a string or a number, found the end`},
		{"XPath of a later version", xPath, `//a ! b`, `4: the operator ! is of XPath 3.0; this version evaluates XPath 1.0`},
		{"a pointer without a slash", jsonPointer, `a`, `0: the JSON Pointer "a" does not begin with /`},
		{"a pointer with a bad escape", jsonPointer, `/a/b~2`, `4: in the JSON Pointer "/a/b~2" a ~ is not followed by 0 or 1`},
		{"a pointer with a ~ at its end", jsonPointer, `/a~`, `2: in the JSON Pointer "/a~" a ~ is not followed by 0 or 1`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := selector.Parse(test.language, test.selector)
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

func TestContexts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		language selector.Language
		selector string
		context  any
		want     string
	}{
		{"null for JSONPath", jsonPath, `$`, nil, `the context is null or absent`},
		{"null for XPath", xPath, `/`, nil, `the context is null or absent`},
		{"null for a pointer", jsonPointer, ``, nil, `the context is null or absent`},
		{"text that is no JSON", jsonPath, `$`, `text`, `the context is a text that is not JSON: invalid character 'e' in literal true (expecting 'r')`},
		{"text that is no JSON for a pointer", jsonPointer, ``, `<a/>`, `the context is a text that is not JSON: invalid character '<' looking for beginning of value`},
		{"an object for XPath", xPath, `/`, map[string]any{"a": true}, `the context is no text of XML, but {"a":true}`},
		{"text that is no XML", xPath, `/`, `<a>`, `the context is a text that is not XML: XML, line 1, column 4: expected </a>, found the end`},
		{"a prefix that the document does not bind", xPath, `//f:a`, soap, `//f:a: the document binds the prefix f to no namespace`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := selector.Parse(test.language, test.selector)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Select(test.context)
			if err == nil || got.Truth() || got.Found {
				t.Fatalf("got %v, %v", got, err)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	s, err := selector.Parse(xPath, `//a[contains(/r/long, 'y')]`)
	if err != nil {
		t.Fatal(err)
	}
	many := "<r><long>" + strings.Repeat("x", 100_000) + "</long>" + strings.Repeat("<a/>", 5000)
	if _, err := s.Select(many + "</r>"); !errors.Is(err, xpath.ErrLimit) {
		t.Errorf("got %v, want a limit", err)
	}
}

func TestHint(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		language selector.Language
		selector string
		context  string
		want     string
	}{
		{"a name in a namespace", xPath, `/Envelope`, soap, `Envelope is in the namespace urn:e in this document, and a name without prefix is in none: write e:Envelope`},
		{"a name that not() passes over", xPath, `not(//Body)`, soap, `Body is in the namespace urn:e in this document, and a name without prefix is in none: write e:Body`},
		{"a name that was found", xPath, `//item`, soap, ``},
		{"a pointer to nothing", jsonPointer, `/items/7/id`, items, `there is no "7" in an array of 2`},
		{"a query that finds nothing", jsonPath, `$.gone`, items, ``},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := selector.Parse(test.language, test.selector)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Select(test.context)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got.Hint()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
