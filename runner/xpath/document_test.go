package xpath_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/xpath"
)

func parseDocument(t testing.TB, text string) *xpath.Node {
	t.Helper()
	root, err := xpath.ParseDocument(text)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func parse(t testing.TB, text string) *xpath.Expression {
	t.Helper()
	parsed, err := xpath.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestDocumentErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"nothing", ``, `line 1, column 1: expected the document element, found the end`},
		{"no XML", `{"a": 1}`, `line 1, column 9: expected the document element, found text outside of it`},
		{"an element left open", "<a>\n<b></b>", `line 2, column 8: expected </a>, found the end`},
		{"tags that cross", "<a><b></a></b>", `line 1, column 11: expected </b>, found </a>`},
		{"an end without a start", "<a/></b>", `line 1, column 9: found </b>, which nothing opened`},
		{"two document elements", "<a/><b/>", `line 1, column 9: expected the end, found a second document element <b>`},
		{"text behind the document element", "<a/>x", `line 1, column 6: expected the document element, found text outside of it`},
		{"a section outside of the document element", "<![CDATA[ ]]><a/>", `line 1, column 14: expected the document element, found text outside of it`},
		{"an attribute twice", `<a b="1" b="2"/>`, `line 1, column 17: found the attribute b twice in <a>`},
		{"an attribute twice under two prefixes", `<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>`, `line 1, column 45: found the attribute q:b twice in <a>`},
		{"a declaration twice", `<a xmlns:p="u" xmlns:p="v"/>`, `line 1, column 29: found xmlns:p twice in <a>`},
		{"a prefix of an element that nothing declares", `<p:a/>`, `line 1, column 7: found the prefix of p:a, which nothing declares`},
		{"a prefix out of scope", `<r><a xmlns:p="u"/><p:b/></r>`, `line 1, column 26: found the prefix of p:b, which nothing declares`},
		{"a prefix of an attribute that nothing declares", `<a p:b=""/>`, `line 1, column 12: found the prefix of p:b, which nothing declares`},
		{"two prefixes", `<a:b:c xmlns:a="u"/>`, `line 1, column 7: expected element name after <`},
		{"a colon first", `<:a/>`, `line 1, column 6: expected a name with one prefix at most, found :a`},
		{"a prefix undeclared", `<a xmlns:p=""/>`, `line 1, column 16: expected a namespace for the prefix p, found none`},
		{"the prefix xml as another", `<a xmlns:xml="u"/>`, `line 1, column 19: found the prefixes xml or xmlns declared as something else, in xmlns:xml`},
		{"an attribute without quotes", `<a b=1/>`, `line 1, column 7: unquoted or missing attribute value in element`},
		{"an unknown entity", `<a>&nbsp;</a>`, `line 1, column 10: invalid character entity &nbsp;`},
		{"an ampersand alone", `<a>a & b</a>`, `line 1, column 7: invalid character entity & (no semicolon)`},
		{"an entity of its own", `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`, `line 1, column 31: found a document type declaration with declarations of its own: they are not read, since entities can be made to fetch files or fill memory`},
		{"a document type behind the element", `<a/><!DOCTYPE a>`, `line 1, column 17: found <!DOCTYPE a, which cannot stand here`},
		{"two document types", `<!DOCTYPE a><!DOCTYPE a><a/>`, `line 1, column 25: found <!DOCTYPE a, which cannot stand here`},
		{"a declaration outside of a document type", `<!ELEMENT a ANY><a/>`, `line 1, column 17: found <!ELEMENT a ANY, which cannot stand here`},
		{"another encoding", `<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, `line 1, column 44: opening charset "ISO-8859-1": only UTF-8 is read`},
		{"another version", `<?xml version="1.1"?><a/>`, `line 1, column 22: unsupported version "1.1"; only version 1.0 is supported`},
		{"an XML declaration in the middle", `<a><?xml version="1.0"?></a>`, `line 1, column 25: found an XML declaration that is not at the start`},
		{"an instruction with a colon", `<?a:b c?><a/>`, `line 1, column 10: found a colon in the name of the processing instruction a:b`},
		{"bytes that are not UTF-8", "<a>\n\xe9</a>", `line 2, column 1: expected text in UTF-8, found "\xe9", which XML does not allow`},
		{"a control character", "<a>\x01</a>", `line 1, column 4: expected text in UTF-8, found "\x01", which XML does not allow`},
		{"a control character in a comment", "<a><!--\x02--></a>", `line 1, column 8: expected text in UTF-8, found "\x02", which XML does not allow`},
		{"a reference to a character that XML does not have", "<a>&#1;</a>", `line 1, column 8: illegal character code U+0001`},
		{"too deep", strings.Repeat("<a>", xpath.MaxDocumentDepth+1), `line 1, column 3004: expected at most 1000 elements inside one another`},
		{"too many bytes", strings.Repeat(" ", xpath.MaxDocumentBytes+1), `line 1, column 1: expected at most 67108864 bytes, found 67108865`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := xpath.ParseDocument(test.text)
			var document *xpath.DocumentError
			if !errors.As(err, &document) {
				t.Fatalf("got %v, want a DocumentError", err)
			}
			if diff := cmp.Diff("XML, "+test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, expression, want string }{
		{"a byte order mark", "\uFEFF<?xml version='1.0' encoding='utf-8'?><a>1</a>", `/a`, "1"},
		{"an encoding that is part of UTF-8", "<?xml version='1.0' encoding='US-ASCII'?><a>1</a>", `/a`, "1"},
		{"a document type that only names one", `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd"><html/>`, `name(/*)`, "html"},
		{"the deepest element", strings.Repeat("<a>", xpath.MaxDocumentDepth) + "x" + strings.Repeat("</a>", xpath.MaxDocumentDepth), `count(//a)`, "1000"},
		{"references", `<a b="&lt;&#65;">&amp;&#x42;&quot;&apos;</a>`, `concat(/a/@b, /a)`, `<A&B"'`},
		{"an instruction with spaces", "<a><?x  y ?></a>", `/a/processing-instruction()`, "y "},
		{"a declaration is normalised like an attribute", "<a xmlns:p='u\nv'/>", `/a/namespace::p`, "u v"},
		{"many sections are one text", "<a>" + strings.Repeat("<![CDATA[x]]>", 1000) + "</a>", `concat(count(/a/text()), ' ', string-length(/a))`, "1 1000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			value, err := parse(t, test.expression).Evaluate(parseDocument(t, test.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := value.Text(); got != test.want {
				t.Errorf("%s: got %q, want %q", test.expression, got, test.want)
			}
		})
	}
}

func TestXML(t *testing.T) {
	t.Parallel()
	const text = `<?xml version="1.0"?><p:a xmlns:p="urn:p" x='"1&amp;2"'><b  y="2" />three<![CDATA[<4>]]><!-- c --><?d e?></p:a>`
	for _, test := range []struct{ name, expression, want string }{
		{"the root", `/`, text},
		{"an element", `/*/b`, `<b  y="2" />`},
		{"an element with its children", `/*`, strings.TrimPrefix(text, `<?xml version="1.0"?>`)},
		{"an attribute", `/*/@x`, `x="&#34;1&amp;2&#34;"`},
		{"a text", `/*/text()`, `three<![CDATA[<4>]]>`},
		{"a comment", `//comment()`, `<!-- c -->`},
		{"an instruction", `//processing-instruction()`, `<?d e?>`},
		{"a namespace", `/*/namespace::p`, `xmlns:p="urn:p"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			value, err := parse(t, test.expression).Evaluate(parseDocument(t, text))
			if err != nil {
				t.Fatal(err)
			}
			set, _ := value.(xpath.NodeSet)
			if len(set) != 1 || set[0].XML() != test.want {
				t.Errorf("got %d nodes, %s, want %s", len(set), fmt.Sprint(set[0].XML()), test.want)
			}
		})
	}
}
