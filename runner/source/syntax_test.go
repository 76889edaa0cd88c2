package source_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestSyntax is the table of texts that are neither YAML nor JSON: where the caret
// stands, and in whose words (S-003).
func TestSyntax(t *testing.T) {
	t.Parallel()
	const (
		noMember  = "yaml: this is no member of the object above: it stands at another indentation, or after the end of a value"
		colon     = "yaml: a colon stands where no member can begin: inside a value, or in a line that is indented too deep"
		openQuote = "yaml: the quote that opens here is not closed"
		openList  = "yaml: the list that [ opens before this goes on wrongly"
		openBrace = "yaml: the object that { opens before this goes on wrongly"
		noColon   = "yaml: this line has no colon and space behind its key"
		noValue   = "yaml: a value is missing here, or a bracket closes what is not open"
		tab       = "yaml: a tab stands where YAML has spaces alone"
		star      = "yaml: a value begins with * or &, which name anchors"
		more      = "yaml: there is more after the end of the document"
	)
	tests := []struct{ name, text, want string }{
		{"wrong indentation", "a:\n  - b\n c: 1\nd: 2\n", "3:2 " + noMember},
		{"less indentation than before", "a:\n   b: 1\n  c: 2\n", "3:3 " + noMember},
		{"text behind a quote", "a: 1\nb: \"x\" y\n", "2:8 " + noMember},
		{"an apostrophe in quotes", "b: 'it's'\n", "1:8 " + noMember},
		{"an item among members", "a: b\n- c\n", "2:1 " + noMember},
		{"list and mapping", "- a\n b: c\n", "2:3 " + colon},
		{"a member among items", "- a\nb: c\n", "2:1 yaml: this is no item of the list above"},
		{"missing colon", "a: 1\nb\nc: 2\n", "2:1 " + noColon},
		{"missing space behind a dash", "- a\n-b\n", "2:1 " + noColon},
		{"colon in a value", "a: 1\nb: c: d\n", "2:5 " + colon},
		{"member of a scalar", "a: b\n c: d\n", "2:3 " + colon},
		{"open quote", "a: 1\nb: \"x\nc: 2\n", "2:4 " + openQuote},
		{"open quote on the first line", "a: 'x\nc: 2\n", "1:4 " + openQuote},
		{"open quote on the last line", "a: 1\nb: 'x", "2:4 " + openQuote},
		{"open quote behind one that is closed", "a: 'x\n  y'\nb: \"z\nc: 1\n", "3:4 " + openQuote},
		{"open quote before a document", "a: \"x\n---\ny\"\n", "2:1 yaml: a text in quotes is still open where a new document begins"},
		{"open bracket", "a: 1\nb: [1, 2\nc: 3\n", "2:5 " + openList},
		{"open brace", "a: 1\nb: {x: 1,\n y: 2\n", "3:5 " + openBrace},
		{"bracket in a text in braces", "a: 1\nb: {c: $r.body#/é[0].id > 3, d: 1}\n", "2:18 " + bracket('[')},
		{"the second of two brackets, behind one that may stand there", "a: x[0]\nb: {c: '$r[0]', d: $r[0]}\ne: [$r[1]]\n", "2:22 " + bracket('[')},
		{"brace in a text in brackets", "- [/pets/{id}]\n", "1:10 " + bracket('{')},
		{"brackets with commas, quotes and brackets", "{a: $.x[0,1]['y,z'], b: 1}", "1:8 " + bracket('[')},
		{"bracket in a text, and a brace that is not closed", "{a: $x[0]", "1:7 " + openBrace},
		{"comma without an item", "a: [,]\n", "1:5 " + noValue},
		{"bracket that closes nothing", "a: 1\nb: ]\n", "2:4 " + noValue},
		{"tab as indentation", "a:\n\tb: 1\n", "2:1 " + tab},
		{"tab as indentation behind spaces", "a:\n  b: 1\n\tc: 1\n", "3:1 " + tab},
		{"tab as indentation behind a tab before a comment", "a:\n\t# c\n\tb: 1\n", "3:1 " + tab},
		{"tab in a block", "a: |\n\tx\n", "2:1 " + tab},
		{"tab behind a dash", "a: 1\nb:\n-\tx\n", "3:2 " + tab},
		{"at sign", "a: @x\n", "1:4 yaml: a value cannot begin with '@'"},
		{"backquote", "a: `x`\n", "1:4 yaml: a value cannot begin with '`'"},
		{"any media type", "a: 1\nb: */*\n", "2:4 " + star},
		{"unknown anchor", "a: 1\nb: *x\n", "2:5 yaml: no anchor 'x' stands before this alias"},
		{"list on the line of its key", "a: - b\n", "1:4 yaml: a list begins on the line of its key"},
		{"question mark", "a: ? b\n", "1:4 yaml: a ? and a space begin a value"},
		{"text behind a bar", "a: | b\n", "1:6 yaml: text stands behind | or >"},
		{"unknown escape", `a: "\d"`, "1:5 yaml: this character is no escape behind a backslash"},
		{"half an escape", `a: "\xZ"`, "1:6 yaml: the escape has not enough hexadecimal digits"},
		{"escaped pair", `a: "\ud83d\ude00"`, "1:10 yaml: the escape names no character: YAML has no pairs of them"},
		{"undefined tag", "a: !x!y z\n", "1:7 yaml: a value begins with !, which begins a tag"},
		{"another version", "%YAML 2.0\n---\na: 1\n", "1:1 yaml: the document is written in another version of YAML"},
		{"two documents", "a: 1\n---\nb: 2\n", "2:1 yaml: a second document begins here"},
		{"damage in a second document", "a: 1\n---\nb: [\n", "3:4 " + noValue},
		{"text behind the end", "a: 1\n...\nb: 2\n", "3:1 " + more},
		{"text behind a brace", "{a: 1} b\n", "1:8 " + more},
		{"a message without other words", "%FOO bar\n---\na: 1\n", "1:2 yaml: found unknown directive name"},
		{"behind a byte order mark", "\ufeffa: [\n", "1:4 " + noValue},
		{"behind carriage returns", "é: 1\r\nü: [\r\n", "2:4 " + noValue},
		{"behind line separators", "a: x\u2028y\u0085z\nb: [\n", "2:4 " + noValue},
		{"JSON without a colon", "{\"a\": 1,\n \"b\" 2}", "2:6 json: found '2'"},
		{"JSON without its end", "\ufeff{\"a\": [1", "1:9 json: found the end of the text"},
		{"flow style without its end", "{a: b", "1:5 " + openBrace},
		{"too long to search", "a: " + strings.Repeat("x", 1<<20) + "\nb: [\n", "0:0 " + noValue},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := source.Parse(&source.File{Name: "doc", Text: test.text})
			found := source.Of(err)
			if len(found) != 1 {
				t.Fatalf("the error is %v", err)
			}
			if diff := cmp.Diff(test.want, place(found[0])); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if found[0].Expected == "" || found[0].Fix == "" {
				t.Errorf("nothing is advised: %s", found[0].Render())
			}
		})
	}
}

// bracket is the message about a bracket in a text without quotes.
func bracket(c rune) string {
	return fmt.Sprintf("yaml: the text before this %c has no quotes, and inside { } or [ ] a bracket ends such a text", c)
}

// place is the short form of a syntax error: line, column, which syntax, message.
func place(d *source.Diagnostic) string {
	at := strings.TrimPrefix(d.Position.String(), "doc:")
	if at == "doc" {
		at = "0:0"
	}
	syntax := strings.TrimSuffix(strings.TrimPrefix(d.Code, "arazzo/"), "-syntax")
	return at + " " + syntax + ": " + d.Message
}

// TestRenderedSyntax shows one as a whole.
func TestRenderedSyntax(t *testing.T) {
	t.Parallel()
	_, err := source.Parse(&source.File{Name: "doc.yml", Text: "a: 1\nb:\n\tc: 2\n"})
	want := `doc.yml:3:1: error[arazzo/yaml-syntax]: a tab stands where YAML has spaces alone
    3 |  c: 2
      | ^
  expected: spaces for indentation, and one behind -
  next: put spaces in the place of the tab
`
	if diff := cmp.Diff(want, source.Of(err)[0].Render()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestSyntaxOfALongDocument has no place, so it says where to look.
func TestSyntaxOfALongDocument(t *testing.T) {
	t.Parallel()
	_, err := source.Parse(&source.File{Name: "doc.yml", Text: "x: " + strings.Repeat("y", 1<<20) + "\nz:\n  - a: b\n    c: d\n   e: f\n"})
	want := `doc.yml: error[arazzo/yaml-syntax]: this is no item of the list above
  expected: a line that begins with - at the list's indentation, or one with less indentation
  next: look at the lines from 2 on: write - before it, or align it with what it belongs to
`
	if diff := cmp.Diff(want, source.Of(err)[0].Render()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
