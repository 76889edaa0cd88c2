package xpath

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Replace gives a document's text with the content of some of its nodes replaced by
// a text: what is between the tags of an element, the value of an attribute, a text,
// a comment. All else stays as it was written. The text is escaped. A node inside of
// one that is replaced is gone with it. The error says which node has no content that
// could be replaced; so has a set without nodes.
func (s NodeSet) Replace(text string) (string, error) {
	if at := badCharacter(text); at >= 0 {
		return "", fmt.Errorf("the text %s has a character that XML cannot carry", cut(strconv.Quote(text)))
	}
	var edits []edit
	for _, n := range s {
		e, err := n.edit(text)
		if err != nil {
			return "", err
		}
		edits = append(edits, e)
	}
	if len(edits) == 0 {
		return "", errors.New("there is no node to replace")
	}
	// An element's content begins where a text in it does; the element goes before.
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	document := s[0].document.text
	var b strings.Builder
	end := 0
	for _, e := range edits {
		if e.start < end {
			continue // inside of what is replaced
		}
		b.WriteString(document[end:e.start])
		b.WriteString(e.text)
		end = e.end
	}
	b.WriteString(document[end:])
	return b.String(), nil
}

// edit is a text in place of the bytes from start to end.
type edit struct {
	start, end int
	text       string
}

func (n *Node) edit(text string) (edit, error) {
	switch n.kind {
	case elementKind:
		return n.editElement(text), nil
	case attributeKind:
		return n.editAttribute(text)
	case textKind:
		return edit{n.start, n.end, escaped(text)}, nil
	default:
		return edit{}, fmt.Errorf("%s has no content that a text could replace; expected elements, attributes or texts", n.what())
	}
}

func (n *Node) what() string {
	return map[kind]string{rootKind: "the whole document", namespaceKind: "a namespace", commentKind: "a comment", instructionKind: "a processing instruction"}[n.kind]
}

// editElement replaces what is between the tags, and opens an empty-element tag.
func (n *Node) editElement(text string) edit {
	document := n.document.text
	end := n.start + tagEnd(document[n.start:n.end])
	if document[end-2] == '/' {
		return edit{end - 2, end, ">" + escaped(text) + "</" + n.Name() + ">"}
	}
	return edit{end, n.start + strings.LastIndex(document[n.start:n.end], "</"), escaped(text)}
}

// tagEnd is the length of the start tag that the text begins with.
func tagEnd(text string) int {
	var quote byte
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return len(text)
}

// editAttribute replaces a value, which is found in the start tag by its name: it
// stands there once.
func (n *Node) editAttribute(text string) (edit, error) {
	document, start := n.document.text, n.parent.start
	tag := document[start : start+tagEnd(document[start:n.parent.end])]
	at := strings.IndexAny(tag, whiteSpace)
	for at >= 0 && at < len(tag) {
		name, rest, found := strings.Cut(tag[at:], "=")
		if !found {
			break
		}
		value := strings.TrimLeft(rest, whiteSpace)
		opens := len(tag) - len(value) // of the quote
		if value == "" {
			break
		}
		closes := strings.IndexByte(value[1:], value[0])
		if closes < 0 {
			break
		}
		if strings.TrimSpace(name) == n.Name() {
			return edit{start + opens + 1, start + opens + 1 + closes, escaped(text)}, nil
		}
		at = opens + closes + 2
	}
	return edit{}, fmt.Errorf("the attribute %s is not written in its tag", n.Name())
}
