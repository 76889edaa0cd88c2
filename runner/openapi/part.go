package openapi

import (
	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// part is a node of a description with the file that it stands in. The zero part
// stands for what is not there: it has no children and no text.
type part struct {
	node *yaml.Node
	in   *file
	// rebased is true below a JSON Schema $id, which moves the base of the
	// references there.
	rebased bool
}

// member is one entry of a mapping.
type member struct {
	key, value part
}

func (p part) exists() bool { return p.node != nil }

func (p part) isMapping() bool { return isMapping(p.node) }

func (p part) isList() bool { return p.node != nil && p.node.Kind == yaml.SequenceNode }

// of is another node of the same file.
func (p part) of(n *yaml.Node) part {
	if n == nil {
		return part{}
	}
	return part{node: target(n), in: p.in, rebased: p.rebased}
}

// child is the value of one key of a mapping.
func (p part) child(key string) part {
	if !p.exists() {
		return part{}
	}
	return p.of(p.in.child(p.node, key))
}

// entries are what a mapping or a list has: keys and values in turn, or items.
func (p part) entries() []*yaml.Node {
	if !p.exists() {
		return nil
	}
	return p.in.entries(p.node)
}

// text is a scalar's text, empty for null and for anything but a scalar.
func (p part) text() string { return text(p.node) }

// rebases tells whether the part has a JSON Schema $id. That of a whole file is
// the file's own base already.
func (p part) rebases() bool {
	return p.node != nil && p.node != p.in.root.node && p.child("$id").text() != ""
}

// at is the place of the part, or of nothing.
func (p part) at() source.Position {
	if p.node == nil {
		return source.Position{}
	}
	return source.Position{File: p.in.source, Line: p.node.Line, Column: p.node.Column}
}

// each visits a mapping's entries in document order, those of YAML merge keys
// ("<<") after its own. It visits nothing of anything but a mapping. Of a key
// that comes twice the first counts; that is left to the visitor.
func (p part) each(visit func(member)) {
	if !p.exists() {
		return
	}
	p.in.eachMapping(p.node, func(entries []*yaml.Node) bool {
		for i := 0; i+1 < len(entries); i += 2 {
			if key := target(entries[i]); !isMerge(key) {
				visit(member{p.of(key), p.of(entries[i+1])})
			}
		}
		return true
	})
}

// members lists what each visits, every key once.
func (p part) members() []member {
	var list []member
	keys := map[string]bool{}
	p.each(func(m member) {
		if !keys[m.key.node.Value] {
			keys[m.key.node.Value] = true
			list = append(list, m)
		}
	})
	return list
}

// repeated visits the keys that a mapping itself writes again, each with the
// first that has its name.
func (p part) repeated(visit func(first, again part)) {
	if !p.isMapping() {
		return
	}
	firsts := map[string]part{}
	entries := p.entries()
	for i := 0; i+1 < len(entries); i += 2 {
		key := p.of(entries[i])
		first, known := firsts[key.node.Value]
		switch {
		case isMerge(key.node):
		case known:
			visit(first, key)
		default:
			firsts[key.node.Value] = key
		}
	}
}

// items lists the entries of a sequence; it is empty for anything else.
func (p part) items() []part {
	if !p.isList() {
		return nil
	}
	entries := p.entries()
	list := make([]part, len(entries))
	for i, item := range entries {
		list[i] = p.of(item)
	}
	return list
}

// textsOf lists the texts among parts, and leaves out what is none.
func textsOf(parts []part) []string {
	var list []string
	for _, p := range parts {
		if text := p.text(); text != "" {
			list = append(list, text)
		}
	}
	return list
}
