package xpath

import "strings"

// The functions of XPath 1.0, section 4.1, and lang() of section 4.3.

func last(_ *evaluation, f focus, _ []Value) Value { return Number(f.size) }

func position(_ *evaluation, f focus, _ []Value) Value { return Number(f.position) }

func count(_ *evaluation, _ focus, a []Value) Value { return Number(len(a[0].(NodeSet))) }

func localName(_ *evaluation, _ focus, a []Value) Value {
	return ofFirst(a, func(n *Node) string { return n.local })
}

func namespaceURI(_ *evaluation, _ focus, a []Value) Value {
	return ofFirst(a, func(n *Node) string { return n.space })
}

func qualifiedName(_ *evaluation, _ focus, a []Value) Value { return ofFirst(a, (*Node).Name) }

// ofFirst is a property of the first node, and empty when there is none.
func ofFirst(a []Value, property func(*Node) string) Value {
	if set := a[0].(NodeSet); len(set) > 0 {
		return String(property(set[0]))
	}
	return String("")
}

// id finds elements by xml:id, the one attribute that is an ID without a document
// type.
func id(e *evaluation, f focus, a []Value) Value {
	wanted := map[string]bool{}
	want := func(text string) {
		for _, token := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(whiteSpace, r) }) {
			wanted[token] = true
		}
	}
	if set, ok := a[0].(NodeSet); ok {
		for _, n := range set {
			want(e.text(n))
		}
	} else {
		want(a[0].Text())
	}
	var found NodeSet
	root := f.node.root()
	for n := root.next(root); n != nil && e.spend(1+len(n.attributes)); n = n.next(root) {
		if own := n.attribute(xmlSpace, "id"); own != nil && wanted[strings.Trim(own.value, whiteSpace)] {
			delete(wanted, strings.Trim(own.value, whiteSpace)) // only the first has it
			found = append(found, n)
		}
	}
	return found
}

// lang asks whether the nearest xml:lang is a language, or a dialect of it.
func lang(e *evaluation, f focus, a []Value) Value {
	asked := strings.ToLower(e.string(a[0]))
	for n := f.node; n != nil && e.spend(1+len(n.attributes)); n = n.parent {
		if own := n.attribute(xmlSpace, "lang"); own != nil {
			language := strings.ToLower(own.value)
			return Boolean(language == asked || strings.HasPrefix(language, asked+"-"))
		}
	}
	return Boolean(false)
}
