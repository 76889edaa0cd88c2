package xpath_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPrefixes holds what a prefix means, since nothing in Arazzo binds one.
func TestPrefixes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, document, expression, want string }{
		{"the document element binds it", `<a xmlns:p="1"><p:b/></a>`, `count(//p:b)`, "1"},
		{"another element binds it", `<a><p:b xmlns:p="1"/></a>`, `count(//p:b)`, "1"},
		{"the document element goes first", `<a xmlns:p="1"><p:b xmlns:p="2"/><p:b/></a>`, `count(//p:b)`, "1"},
		{"two elements agree", `<a><p:b xmlns:p="1"/><p:b xmlns:p="1"/></a>`, `count(//p:b)`, "2"},
		{"two elements do not", `<a><p:b xmlns:p="1"/><p:b xmlns:p="2"/></a>`, `count(//p:b)`, "count(//p:b): the document binds the prefix p to several namespaces, none of them in its document element"},
		{"nothing binds it", `<q:a xmlns:q="1"/>`, `not(//p:a)`, "not(//p:a): the document binds the prefix p to no namespace"},
		{"the same namespace under another prefix", `<q:a xmlns:q="1" xmlns:p="1"/>`, `count(/p:a)`, "1"},
		{"xml is always bound", `<a xml:lang="en"/>`, `string(/a/@xml:lang)`, "en"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			value, err := parse(t, test.expression).Evaluate(parseDocument(t, test.document))
			if err != nil {
				got = err.Error()
			} else {
				got = value.Text()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOverlooked(t *testing.T) {
	t.Parallel()
	const (
		byDefault = `<Envelope xmlns="urn:e"><Body><Price xmlns="">1</Price></Body></Envelope>`
		prefixed  = `<e:Envelope xmlns:e="urn:e"><e:Body/><Body/></e:Envelope>`
		disagreed = `<a><p:b xmlns:p="1"/><p:c xmlns:p="2"/></a>`
	)
	for _, test := range []struct{ name, document, expression, want string }{
		{"a default namespace", byDefault, `/Envelope/Body`, "Envelope is in the namespace urn:e in this document, and a name without prefix is in none: write *[local-name() = 'Envelope']; " +
			"Body is in the namespace urn:e in this document, and a name without prefix is in none: write *[local-name() = 'Body']"},
		{"a name in no namespace", byDefault, `//Price`, ""},
		{"a name that is not there", byDefault, `//Header`, ""},
		{"inside of not()", byDefault, `not(//Body)`, "Body is in the namespace urn:e in this document, and a name without prefix is in none: write *[local-name() = 'Body']"},
		{"a prefix", prefixed, `/Envelope`, "Envelope is in the namespace urn:e in this document, and a name without prefix is in none: write e:Envelope"},
		{"a name with and without prefix", prefixed, `//Body`, ""},
		{"a prefix of several meanings", disagreed, `//b`, "b is in the namespace 1 in this document, and a name without prefix is in none: write *[local-name() = 'b']"},
		{"an attribute", `<a xmlns="urn:a" a="1"/>`, `//@a`, ""},
		{"a name with its prefix", prefixed, `/e:Envelope`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, parse(t, test.expression).Overlooked(parseDocument(t, test.document))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
