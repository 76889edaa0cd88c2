package source

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// jsonReader makes of a JSON text the nodes that the YAML library would make, in
// one pass. It takes what encoding/json takes, which a fuzz test holds.
type jsonReader struct {
	text string
	// at is the byte that is read next.
	at int
	// counted is the last byte whose place, line and column, is known.
	counted, line, column int
	depth                 int
	// levels is how many levels of collections get nodes, 0 for all of them; what
	// is deeper is passed: checked alone.
	levels  int
	passing bool
	// spare are nodes to come: they are made many at a time.
	spare []yaml.Node
	// children of the open collections wait here until their number is known.
	children []*yaml.Node
}

// jsonSyntax says where and why a text is not JSON.
type jsonSyntax struct {
	offset          int
	found, expected string
}

// diagnostic gives the error its place; the text was read without its mark.
func (e *jsonSyntax) diagnostic(file *File) *Diagnostic {
	return &Diagnostic{
		Code: "arazzo/json-syntax", Severity: Error, Position: file.position(file.lines()[0] + e.offset),
		Message: "found " + e.found, Expected: e.expected,
		Fix: "look at this place and just before it: commas, quotes, brackets",
	}
}

func jsonNodes(text string) (*yaml.Node, *jsonSyntax) { return jsonOutline(text, 0) }

// jsonOutline makes the nodes of some levels, see [Outline]; 0 is all of them.
func jsonOutline(text string, levels int) (*yaml.Node, *jsonSyntax) {
	r := &jsonReader{text: text, line: 1, column: 1, levels: levels}
	root, err := r.value()
	if err != nil {
		return nil, err
	}
	if r.space(); r.at < len(r.text) {
		return nil, r.fail("nothing after the JSON value")
	}
	return root, nil
}

// fail says what was found where the reader is.
func (r *jsonReader) fail(expected string) *jsonSyntax {
	found := "the end of the text"
	if c, size := utf8.DecodeRuneInString(r.text[r.at:]); size > 0 {
		found = fmt.Sprintf("%q", c)
	}
	return &jsonSyntax{r.at, found, expected}
}

// next is the byte that is read next, 0 at the end: no zero may stand in JSON.
func (r *jsonReader) next() byte {
	if r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

// space passes white space.
func (r *jsonReader) space() {
	text, at := r.text, r.at
	for ; at < len(text); at++ {
		c := text[at]
		if c > ' ' {
			break
		}
		if c == '\n' || c == '\r' {
			if c == '\n' || !strings.HasPrefix(text[at+1:], "\n") {
				r.counted, r.line, r.column = at+1, r.line+1, 1
			}
		} else if c != ' ' && c != '\t' {
			break
		}
	}
	r.at = at
}

// node is an empty one at this place, nil for what is passed.
func (r *jsonReader) node() *yaml.Node {
	if r.passing {
		return nil
	}
	if r.at > r.counted {
		r.column += utf8.RuneCountInString(r.text[r.counted:r.at])
		r.counted = r.at
	}
	if len(r.spare) == 0 {
		// One node for each 16 bytes left is what documents have.
		r.spare = make([]yaml.Node, min(512, 4+(len(r.text)-r.at)/16))
	}
	n := &r.spare[0]
	r.spare = r.spare[1:]
	n.Kind, n.Line, n.Column = yaml.ScalarNode, r.line, r.column
	return n
}

func (r *jsonReader) value() (*yaml.Node, *jsonSyntax) {
	r.space()
	n := r.node()
	switch c := r.next(); {
	case c == '{' || c == '[':
		return n, r.collection(n, c+2) // the brace or bracket that closes it
	case c == '"':
		return n, r.quoted(n)
	case c == '-' || '0' <= c && c <= '9':
		return n, r.number(n)
	default:
		return n, r.word(n)
	}
}

// collection reads what stands between braces or brackets: keys and values alike
// are nodes.
func (r *jsonReader) collection(n *yaml.Node, end byte) *jsonSyntax {
	first, start, folded := len(r.children), r.at, r.levels > 0 && r.depth >= r.levels && !r.passing
	r.passing = r.passing || folded
	if err := r.entries(end, func() *jsonSyntax { return r.entry(end == '}') }); err != nil {
		return err
	}
	r.passing = r.passing && !folded
	if r.passing {
		return nil
	}
	n.Kind, n.Tag, n.Style = yaml.MappingNode, "!!map", yaml.FlowStyle
	if end == ']' {
		n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
	}
	if folded {
		n.Value = r.text[start:r.at]
	}
	if own := r.children[first:]; len(own) > 0 {
		n.Content = append(make([]*yaml.Node, 0, len(own)), own...)
	}
	r.children = r.children[:first]
	return nil
}

// entries reads a collection from its opening brace or bracket to the other one.
func (r *jsonReader) entries(end byte, entry func() *jsonSyntax) *jsonSyntax {
	if r.depth++; r.depth > maxDepth {
		return &jsonSyntax{r.at, fmt.Sprintf("more than %d levels", maxDepth), "a document that nests less deep"}
	}
	r.at++
	r.space()
	for later := false; r.next() != end; later = true {
		if later {
			if r.next() != ',' {
				return r.fail(fmt.Sprintf("a comma or %q", end))
			}
			r.at++
		}
		if err := entry(); err != nil {
			return err
		}
		r.space()
	}
	r.at++
	r.depth--
	return nil
}

// entry reads an item, or a key with its value.
func (r *jsonReader) entry(keyed bool) *jsonSyntax {
	if keyed {
		r.space()
		key := r.node()
		if err := r.key(key); err != nil {
			return err
		}
		if !r.passing {
			r.children = append(r.children, key)
		}
	}
	value, err := r.value()
	if !r.passing {
		r.children = append(r.children, value)
	}
	return err
}

// key reads the key of an entry, with the colon behind it.
func (r *jsonReader) key(n *yaml.Node) *jsonSyntax {
	if r.space(); r.next() != '"' {
		return r.fail("a key in double quotes")
	}
	if err := r.quoted(n); err != nil {
		return err
	}
	if r.space(); r.next() != ':' {
		return r.fail("a colon after the key")
	}
	r.at++
	return nil
}
