package source

import "go.yaml.in/yaml/v3"

// The levels of a long JSON text of which [Outline] makes nodes, and the length
// below which the text, or a part of it, is not worth to be folded. In an OpenAPI
// description the fields of operations, and those of components, are the fourth.
const (
	outlineLevels = 4
	shortOutline  = 1 << 12
)

// Outline is [Nodes] for a reader that comes to few places of a long document. All
// of a JSON text is checked, and the nodes of its upper levels are made. A
// collection below them is folded: its own text is its Value, and it has no
// Content until [Unfold] makes it. What is not JSON is as Nodes has it.
func Outline(file *File) (*yaml.Node, error) {
	if len(file.Text) <= shortOutline {
		return nodes(file, 0)
	}
	return nodes(file, outlineLevels)
}

// Unfold makes the nodes of a folded collection's entries, which may be folded in
// their turn. It leaves any other node as it is. Goroutines that share nodes have to
// take turns.
func Unfold(n *yaml.Node) { unfold(n, 1, shortOutline) }

func unfold(n *yaml.Node, levels, short int) {
	if n == nil || n.Value == "" || n.Kind != yaml.MappingNode && n.Kind != yaml.SequenceNode {
		return
	}
	if len(n.Value) <= short {
		levels = 0
	}
	r := &jsonReader{text: n.Value, line: n.Line, column: n.Column, levels: levels}
	if whole, err := r.value(); err == nil { // it was read before
		n.Content, n.Value = whole.Content, ""
	}
}
