package source

import (
	"fmt"
	"strings"
)

// openQuote is the library's message about a quote that is not closed.
const openQuote = "found unexpected end of stream"

// noToken is the library's message about a character that begins nothing.
const noToken = "found character that cannot start any token"

// words say what a message of the YAML library means to someone who does not
// know how it reads.
type words struct {
	message, expected, fix string
	// line is set when the whole line is meant, not the character at which the
	// library noticed.
	line bool
}

// yamlWords has the library's messages that documents meet in practice; others
// are passed on as they are.
var yamlWords = map[string]words{
	"did not find expected key": {
		message:  "this is no member of the object above: it stands at another indentation, or after the end of a value",
		expected: "key: value, indented exactly as the object's other members",
		fix:      "align it with its siblings; a value with text behind its closing quote needs other quotes around all of it",
	},
	"did not find expected '-' indicator": {
		message:  "this is no item of the list above",
		expected: "a line that begins with - at the list's indentation, or one with less indentation",
		fix:      "write - before it, or align it with what it belongs to", line: true,
	},
	"could not find expected ':'": {
		message:  "this line has no colon and space behind its key",
		expected: "key: value", fix: "write the colon and a space; a longer text needs quotes, or | and deeper indentation", line: true,
	},
	"mapping values are not allowed in this context": {
		message:  "a colon stands where no member can begin: inside a value, or in a line that is indented too deep",
		expected: "a value without a colon and space, or a key aligned with its siblings",
		fix:      "put the value in quotes, or correct the indentation",
	},
	openQuote: {
		message: "the quote that opens here is not closed", expected: "the same quote at the end of the text",
		fix: "close it; a quote inside a text is written twice in '…', and as \\\" in \"…\"",
	},
	"found unexpected document indicator": {
		message: "a text in quotes is still open where a new document begins", expected: "a closing quote before this line",
		fix: "close the quote above", line: true,
	},
	"a second document begins here": {
		message: "a second document begins here", expected: "one document in a file",
		fix: "put the documents into files of their own", line: true,
	},
	"did not find expected <document start>": {
		message: "there is more after the end of the document", expected: "one value in a file",
		fix: "remove it, or correct the brackets or the indentation before it",
	},
	"did not find expected ',' or ']'": {
		message: "the list that [ opens before this goes on wrongly", expected: "a comma before the next item, or ]",
		fix: "close the list, or put items with brackets, commas or quotes in quotes",
	},
	"did not find expected ',' or '}'": {
		message: "the object that { opens before this goes on wrongly", expected: "a comma before the next member, or }",
		fix: "close the object; a value that begins with { is text only in quotes",
	},
	"did not find expected node content": {
		message: "a value is missing here, or a bracket closes what is not open", expected: "a value",
		fix: "write the value, or remove the comma or bracket; a text that begins with a bracket needs quotes",
	},
	"block sequence entries are not allowed in this context": {
		message: "a list begins on the line of its key", expected: "- on a line of its own", fix: "begin a new line before the -, or put the text in quotes",
	},
	"mapping keys are not allowed in this context": {
		message: "a ? and a space begin a value", expected: "a value", fix: "put the text in quotes",
	},
	"did not find expected alphabetic or numeric character": {
		message: "a value begins with * or &, which name anchors", expected: "the name of an anchor, or text in quotes",
		fix: "put the text in quotes, such as '*/*'",
	},
	"did not find expected comment or line break": {
		message: "text stands behind | or >", expected: "the text on the lines below, indented", fix: "begin a new line, or put the text in quotes",
	},
	"found unknown escape character": {
		message: "this character is no escape behind a backslash", expected: `an escape such as \n, \" or \\`,
		fix: `write \\ for a backslash and / without one, or put the text in single quotes`,
	},
	"did not find expected hexdecimal number": {
		message: "the escape has not enough hexadecimal digits", expected: `\x and two, \u and four, or \U and eight of them`,
		fix: "write the digits, or the character itself",
	},
	"found invalid Unicode character escape code": {
		message: "the escape names no character: YAML has no pairs of them", expected: `the character itself, or \U and its eight hexadecimal digits`,
		fix: "write the character itself",
	},
	"found undefined tag handle": {
		message: "a value begins with !, which begins a tag", expected: "no tag", fix: "put the text in quotes",
	},
	"found incompatible YAML document": {
		message: "the document is written in another version of YAML", expected: "%YAML 1.2, or no such line", fix: "remove the line", line: true,
	},
}

// tabs are the library's messages about tabs alone.
var tabs = []string{"found a tab character that violates indentation", "found a tab character where an indentation space is expected"}

// explain puts better words in the place of the library's, and tells whether
// they are of the line as a whole. Found is the character that it stopped at, 0
// where that is not known.
func (d *Diagnostic) explain(message string, found rune) bool {
	w, ok := yamlWords[message]
	name, unknownAnchor := strings.CutPrefix(message, "unknown anchor ")
	switch {
	case message == tabs[0], message == tabs[1], found == '\t' && !ok:
		w = words{message: "a tab stands where YAML has spaces alone", expected: "spaces for indentation, and one behind -", fix: "put spaces in the place of the tab"}
	case message == noToken && found != 0:
		w = words{message: fmt.Sprintf("a value cannot begin with %q", found), expected: "text in quotes", fix: "put the text in quotes"}
	case unknownAnchor:
		name = strings.TrimSuffix(name, " referenced")
		w = words{message: "no anchor " + name + " stands before this alias", expected: "an anchor such as &name, or text in quotes", fix: "put text that begins with * in quotes"}
	case !ok:
		return false
	}
	d.Message, d.Expected, d.Fix = w.message, w.expected, w.fix
	return w.line
}
