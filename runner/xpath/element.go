package xpath

import (
	"encoding/xml"
	"slices"
	"strings"
)

// startElement opens an element with its attributes and declarations.
func (r *reader) startElement(token xml.StartElement, start, end int) error {
	if r.open == r.root && r.element != nil {
		return r.fail("expected the end, found a second document element <%s>", written(token.Name))
	}
	if r.depth++; r.depth > MaxDocumentDepth {
		return r.fail("expected at most %d elements inside one another", MaxDocumentDepth)
	}
	attributes, err := r.normalized(token.Attr, r.document.text[start:end])
	if err != nil {
		return err
	}
	n := &Node{kind: elementKind, prefix: token.Name.Space, local: token.Name.Local, start: start}
	if err := r.add(n); err != nil {
		return err
	}
	r.open = n
	if r.element == nil {
		r.element = n
	}
	if err := r.declare(n, attributes); err != nil {
		return err
	}
	if n.space, err = r.resolve(token.Name, true); err != nil {
		return err
	}
	r.order += r.bound
	return r.attach(n, attributes)
}

// lineSpace is the white space that an attribute value has as spaces, unless it
// is written as a character reference (XML 1.0, section 3.3.3).
var lineSpace = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ", "\t", " ")

// normalized are the attributes of a start tag with white space in their values
// normalised. The decoder has resolved the references already, so the tag is read
// again with that white space replaced, which means nothing elsewhere in it.
func (r *reader) normalized(attributes []xml.Attr, tag string) ([]xml.Attr, error) {
	if !slices.ContainsFunc(attributes, func(a xml.Attr) bool { return strings.ContainsAny(a.Value, "\t\r\n") }) {
		return attributes, nil
	}
	token, err := xml.NewDecoder(strings.NewReader(lineSpace.Replace(tag))).RawToken()
	if again, ok := token.(xml.StartElement); ok && err == nil {
		return again.Attr, nil
	}
	return nil, err
}

// declare takes the namespace declarations of a start tag.
func (r *reader) declare(n *Node, attributes []xml.Attr) error {
	seen := map[string]bool{}
	for _, a := range attributes {
		prefix, ok := declares(a.Name)
		if !ok {
			continue
		}
		if (prefix == "xml") != (a.Value == xmlSpace) || prefix == "xmlns" {
			return r.fail("found the prefixes xml or xmlns declared as something else, in %s", written(a.Name))
		}
		if prefix != "" && a.Value == "" {
			return r.fail("expected a namespace for the prefix %s, found none", prefix)
		}
		if seen[prefix] {
			return r.fail("found %s twice in <%s>", written(a.Name), n.Name())
		}
		seen[prefix] = true
		n.declared = append(n.declared, binding{prefix, a.Value})
		r.scope[prefix] = append(r.scope[prefix], a.Value)
		r.remember(prefix, a.Value)
		if err := r.count(); err != nil {
			return err
		}
	}
	r.bound += len(n.declared)
	return nil
}

func declares(name xml.Name) (prefix string, ok bool) {
	if name.Space == "xmlns" {
		return name.Local, true
	}
	return "", name.Space == "" && name.Local == "xmlns"
}

// leave takes an element's declarations out of the scope.
func (r *reader) leave(n *Node) {
	for _, b := range n.declared {
		r.scope[b.prefix] = r.scope[b.prefix][:len(r.scope[b.prefix])-1]
	}
	r.bound -= len(n.declared)
}

// remember collects what a prefix means in expressions. What the document
// element says stays.
func (r *reader) remember(prefix, space string) {
	known, ok := r.document.prefixes[prefix]
	switch {
	case !ok:
		r.document.prefixes[prefix] = meaning{space: space, final: r.open == r.element}
	case known.space != space && !known.final:
		r.document.prefixes[prefix] = meaning{ambiguous: true}
	}
}

// resolve finds the namespace of a name as the open element has it.
func (r *reader) resolve(name xml.Name, isElement bool) (string, error) {
	if strings.Contains(name.Local, ":") {
		return "", r.fail("expected a name with one prefix at most, found %s", written(name))
	}
	if name.Space == "" && !isElement {
		return "", nil
	}
	if spaces := r.scope[name.Space]; len(spaces) > 0 {
		return spaces[len(spaces)-1], nil
	}
	if name.Space != "" {
		return "", r.fail("found the prefix of %s, which nothing declares", written(name))
	}
	return "", nil
}

// attach gives the element its attributes, no two of one name and namespace.
func (r *reader) attach(n *Node, attributes []xml.Attr) error {
	seen := make(map[xml.Name]bool, len(attributes))
	for _, a := range attributes {
		if _, ok := declares(a.Name); ok {
			continue
		}
		space, err := r.resolve(a.Name, false)
		if err != nil {
			return err
		}
		expanded := xml.Name{Space: space, Local: a.Name.Local}
		if seen[expanded] {
			return r.fail("found the attribute %s twice in <%s>", written(a.Name), n.Name())
		}
		seen[expanded] = true
		child := &Node{kind: attributeKind, prefix: a.Name.Space, local: a.Name.Local, space: space, value: a.Value, document: r.document, parent: n}
		n.attributes = append(n.attributes, child)
		if err := r.number(child); err != nil {
			return err
		}
	}
	return nil
}
