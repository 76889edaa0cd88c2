package xpath_test

import (
	"errors"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/xpath"
)

const fuzzed = `<r xmlns:p="urn:p" id="1"><a>1</a><p:b xml:lang="en" xml:id="x">two<!--c--><?d e?></p:b><a>3</a></r>`

// FuzzParse holds that any text is refused with a place in it, or runs and gives
// the same answer twice.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		`//a[1] | /r/p:b[@xml:lang]/..`, `count(//*) * 2 - -1 div 3 mod 4`, `concat("a", 'b', substring(string(), 1.5, 2))`,
		`(//a)[last()]/preceding::node()[position() < 3]`, `a and b or not(c) = (1 >= 2)`, `for $x in`, `*:a`, `"\xff`, `id(lang(*))`,
		`processing-instruction('d')/namespace::*`, `1e3`, `a||b`,
	} {
		f.Add(text)
	}
	root := parseDocument(f, fuzzed)
	f.Fuzz(func(t *testing.T, text string) {
		x, err := xpath.Parse(text)
		if err != nil {
			var syntax *xpath.SyntaxError
			if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(text) {
				t.Errorf("the error %v does not point into %q", err, text)
			}
			return
		}
		once, errOnce := x.Evaluate(root)
		twice, errTwice := x.Evaluate(root)
		if (errOnce == nil) != (errTwice == nil) || errOnce == nil && once.Text() != twice.Text() {
			t.Errorf("%q: %v, %v and then %v, %v", text, once, errOnce, twice, errTwice)
		}
		x.Overlooked(root)
	})
}

// FuzzParseDocument holds that any text is refused, or is a tree whose nodes can
// be counted both ways and whose elements are documents again.
func FuzzParseDocument(f *testing.F) {
	for _, text := range []string{
		fuzzed, "\uFEFF<?xml version='1.0'?><!DOCTYPE a><a b='\n'>\r\n<![CDATA[c]]>&lt;</a>", "<a xmlns=''/>", "<a:b", "<a>&#xD;</a><!---->",
	} {
		f.Add(text)
	}
	forward, backward, elements := parse(f, `count(//node())`), parse(f, `count((//node())[last()]/ancestor-or-self::node() | (//node())[last()]/preceding::node()) - 1`), parse(f, `//*`)
	f.Fuzz(func(t *testing.T, text string) {
		root, err := xpath.ParseDocument(text)
		if err != nil {
			return
		}
		there, errThere := forward.Evaluate(root)
		back, errBack := backward.Evaluate(root)
		all, errAll := elements.Evaluate(root)
		if err := errors.Join(errThere, errBack, errAll); err != nil {
			t.Fatal(err)
		}
		if there.Number() != back.Number() {
			t.Errorf("%q has %s nodes forward, %s backward", text, there.Text(), back.Text())
		}
		if first := all.(xpath.NodeSet)[0]; first.Text() != root.Text() {
			t.Errorf("%q: the document element has the text %q, the root %q", text, first.Text(), root.Text())
		}
	})
}
