package xpath

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The documents that the recommendation's sentences are tried on.
const (
	tree = `<r id="r"><a id="a1"><b id="b1">1</b><b id="b2">2</b></a><a id="a2"><b id="b3">3</b>` +
		`<c id="c1"><b id="b4">4</b></c></a><!--note--><?go fast?><d id="d1"/></r>`
	values    = `<v><n>10</n><n>9</n><n>abc</n><s> x  y </s><e/><z>-0</z><w>1e3</w><plus>+1</plus><dot>.5</dot><dotted>5.</dotted></v>`
	mixed     = `<m>one<![CDATA[<two>]]>&amp;three<!--c-->four<i>five</i>six<?p i?>seven</m>`
	spaces    = `<p:r xmlns:p="urn:p" xmlns="urn:d"><p:x/><x/><y xmlns="" p:q="1" q="2"/><o:z xmlns:o="urn:o"/></p:r>`
	languages = `<l xml:lang="en"><a xml:lang="en-US"><b/></a><c xml:lang="DE"/><d xml:lang=""/></l>`
	ids       = `<i><x xml:id="one"/><y xml:id="two">one two</y><z id="three"/></i>`
)

// TestRecommendation holds sentences of the XPath 1.0 recommendation, by its
// sections (S-170).
func TestRecommendation(t *testing.T) {
	t.Parallel()
	for _, test := range recommendation {
		t.Run(test.section+" "+test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, evaluated(t, test.document, test.expression)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.expression, diff)
			}
		})
	}
}

// evaluated writes a value down, so that one text tells all of it.
func evaluated(t *testing.T, document, expression string) string {
	t.Helper()
	root, err := ParseDocument(document)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := Parse(expression)
	if err != nil {
		t.Fatal(err)
	}
	value, err := parsed.Evaluate(root)
	if err != nil {
		t.Fatal(err)
	}
	switch value := value.(type) {
	case NodeSet:
		shown := []string{}
		for _, n := range value {
			shown = append(shown, show(n))
		}
		return "[" + strings.Join(shown, " ") + "]"
	case String:
		return fmt.Sprintf("%q", string(value))
	default:
		return value.Text()
	}
}

func show(n *Node) string {
	switch n.kind {
	case rootKind:
		return "/"
	case elementKind:
		if id := n.attribute("", "id"); id != nil {
			return "#" + id.value
		}
		return n.Name()
	case attributeKind:
		return "@" + n.Name() + "=" + n.value
	case namespaceKind:
		return "xmlns:" + n.local + "=" + n.value
	case textKind:
		return fmt.Sprintf("%q", n.value)
	default:
		return n.XML()
	}
}
