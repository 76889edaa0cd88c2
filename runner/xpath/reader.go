package xpath

import (
	"encoding/xml"
	"strings"
)

// reader makes the tree of a document's tokens.
type reader struct {
	decoder  *xml.Decoder
	document *document
	root     *Node
	// open is the element that is being read, or the root.
	open *Node
	// element is the document element, once it began.
	element *Node
	// depth is that of open, nodes counts those that may follow, order all numbers
	// given.
	depth, nodes, order int
	// scope has the namespaces that a prefix was bound to, the innermost last, and
	// bound counts all of them.
	scope map[string][]string
	bound int
	// pending is the text since the last tag, comment or instruction, which is
	// one node even if it came as several tokens (XPath 1.0, section 5.7).
	pending      strings.Builder
	pendingStart int
	doctype      bool
}

func newReader(nodes int, text string) *reader {
	d := xml.NewDecoder(strings.NewReader(text))
	d.CharsetReader = onlyUTF8
	shared := &document{text: text, prefixes: map[string]meaning{"xml": {space: xmlSpace, final: true}}}
	root := &Node{kind: rootKind, document: shared, end: len(text)}
	return &reader{decoder: d, document: shared, root: root, open: root, nodes: nodes, order: 1, bound: 1, scope: map[string][]string{"xml": {xmlSpace}}}
}

// token takes the token whose bytes begin at start and end where the decoder is.
func (r *reader) token(token xml.Token, start int) error {
	end := int(r.decoder.InputOffset())
	if text, ok := token.(xml.CharData); ok {
		return r.text(string(text), start, end)
	}
	if err := r.flush(start); err != nil {
		return err
	}
	switch token := token.(type) {
	case xml.StartElement:
		return r.startElement(token, start, end)
	case xml.EndElement:
		return r.endElement(token.Name, end)
	case xml.Comment:
		return r.add(&Node{kind: commentKind, value: string(token), start: start, end: end})
	case xml.ProcInst:
		return r.instruction(token, start, end)
	case xml.Directive:
		return r.directive(string(token))
	}
	return nil
}

// add puts a node behind the children of the open element.
func (r *reader) add(n *Node) error {
	n.document, n.parent, n.index = r.document, r.open, len(r.open.children)
	r.open.children = append(r.open.children, n)
	return r.number(n)
}

// number gives a node its place in document order.
func (r *reader) number(n *Node) error {
	n.order = r.order
	r.order++
	return r.count()
}

func (r *reader) count() error {
	if r.nodes--; r.nodes < 0 {
		return r.fail("expected at most %d elements, attributes, texts and comments", MaxDocumentNodes)
	}
	return nil
}

const whiteSpace = " \t\r\n"

func (r *reader) text(text string, start, end int) error {
	if r.open == r.root {
		if strings.Trim(r.document.text[start:end], whiteSpace) != "" {
			return r.fail("expected the document element, found text outside of it")
		}
		return nil
	}
	if r.pending.Len() == 0 {
		r.pendingStart = start
	}
	r.pending.WriteString(text)
	return nil
}

// flush makes the pending text, which ends there, a node.
func (r *reader) flush(end int) error {
	if r.pending.Len() == 0 {
		return nil
	}
	n := &Node{kind: textKind, value: r.pending.String(), start: r.pendingStart, end: end}
	r.pending.Reset()
	return r.add(n)
}

func (r *reader) endElement(name xml.Name, end int) error {
	n := r.open
	if n == r.root {
		return r.fail("found </%s>, which nothing opened", written(name))
	}
	if n.prefix != name.Space || n.local != name.Local {
		return r.fail("expected </%s>, found </%s>", n.Name(), written(name))
	}
	n.end = end
	r.leave(n)
	r.open = n.parent
	r.depth--
	return nil
}

func (r *reader) instruction(token xml.ProcInst, start, end int) error {
	if start == 0 && token.Target == "xml" {
		return nil // the XML declaration is no instruction
	}
	if strings.EqualFold(token.Target, "xml") {
		return r.fail("found an XML declaration that is not at the start")
	}
	if strings.Contains(token.Target, ":") {
		return r.fail("found a colon in the name of the processing instruction %s", token.Target)
	}
	return r.add(&Node{kind: instructionKind, local: token.Target, value: string(token.Inst), start: start, end: end})
}

// directive passes over a document type declaration that declares nothing.
func (r *reader) directive(text string) error {
	switch {
	case !strings.HasPrefix(text, "DOCTYPE"), r.doctype, r.element != nil:
		return r.fail("found <!%.20s, which cannot stand here", text)
	case strings.Contains(text, "["):
		return r.fail("found a document type declaration with declarations of its own: they are not read, since entities can be made to fetch files or fill memory")
	}
	r.doctype = true
	return nil
}

func (r *reader) finish() (*Node, error) {
	if r.open != r.root {
		return nil, r.fail("expected </%s>, found the end", r.open.Name())
	}
	if r.element == nil {
		return nil, r.fail("expected the document element, found the end")
	}
	return r.root, nil
}

func written(name xml.Name) string {
	return strings.TrimPrefix(name.Space+":"+name.Local, ":")
}
