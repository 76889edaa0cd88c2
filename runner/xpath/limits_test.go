package xpath

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// testSteps stands in for MaxSteps, so that passing it takes no time.
const testSteps = 25_000

func TestEvaluateLimits(t *testing.T) {
	t.Parallel()
	wide := "<r>" + strings.Repeat("<a>1</a>", 2000) + "</r>"
	deep := strings.Repeat("<a>", 900) + strings.Repeat("</a>", 900)
	long := "<r>" + strings.Repeat("<a>"+strings.Repeat("x", 1000)+"</a>", 100) + "</r>"
	declared := &strings.Builder{}
	for i := range 100 {
		fmt.Fprintf(declared, " xmlns:p%d='u'", i)
	}
	many := "<r" + declared.String() + ">" + strings.Repeat("<a/>", 1000) + "</r>"
	attributes := "<r" + strings.ReplaceAll(declared.String(), "xmlns:", "") + ">" + strings.Repeat("<a/>", 1000) + "</r>"
	for _, test := range []struct {
		name, document, expression string
		ok                         bool
	}{
		{"two sets compared for a difference", wide, `/r/a != /r/a`, true},
		{"every node", wide, `//node()`, true},
		{"the product of two sets", wide, `//a[../a = 2]`, false},
		{"two sets compared", wide, `/r/a < /r/a or /r/a > 1`, true},
		{"everything after everything", wide, `//a/following::*`, false},
		{"everything before everything", wide, `//a/preceding::*`, false},
		{"all ancestors of all", deep, `//a/ancestor::a`, false},
		{"all texts of a deep document", deep, `//a[. = 'x']`, false},
		{"a predicate that walks everything each time", wide, `//a[count(//a) > 1]`, false},
		{"predicates without a walk", wide, `//a[1][1][1]`, true},
		{"text multiplied", long, `concat(` + strings.Repeat(`string(/),`, 50) + `'')`, false},
		{"text read again and again", long, `//a[contains(/, 'y')]`, false},
		{"text searched once", long, `//a[contains(., 'y')]`, true},
		{"text cut again and again", long, `//a[substring(/, 2) = 'y']`, false},
		{"namespaces of every element", many, `//a/namespace::*`, false},
		{"languages of every element", attributes, `//a[lang('en')]`, false},
		{"IDs looked for again and again", wide, `//a[id('x')]`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			root, err := ParseDocument(test.document)
			if err != nil {
				t.Fatal(err)
			}
			x, err := Parse(test.expression)
			if err != nil {
				t.Fatal(err)
			}
			value, err := x.within(testSteps, root)
			if (err == nil) != test.ok || err != nil && (!errors.Is(err, ErrLimit) || value != nil) {
				t.Errorf("got %v, %v, want it within limits: %v", value, err, test.ok)
			}
		})
	}
}

func TestDocumentNodes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		nodes      int
	}{
		{"elements", `<a><b/><b/></a>`, 3},
		{"attributes", `<a b="" c=""/>`, 3},
		{"declarations", `<a xmlns="u" xmlns:b="v"/>`, 3},
		{"texts", `<a>b<c/>d</a>`, 4},
		{"comments and instructions", `<!--a--><?b?><c/>`, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := parseWithin(test.nodes, test.text); err != nil {
				t.Errorf("with enough: %v", err)
			}
			_, err := parseWithin(test.nodes-1, test.text)
			if err == nil || !strings.Contains(err.Error(), "expected at most 1000000 elements, attributes, texts and comments") {
				t.Errorf("with one too few: %v", err)
			}
		})
	}
}
