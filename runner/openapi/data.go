package openapi

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Limits on a value that a schema holds: an enum, a default.
const (
	maxDataDepth = 50
	maxDataNodes = 10_000
)

// data is the value of a part, as [source.Value.Data] has it. It is false for
// what JSON does not have, and for what is too large.
func data(p part) (value any, ok bool) {
	left := maxDataNodes
	return p.in.data(p.node, maxDataDepth, &left)
}

func (f *file) data(n *yaml.Node, depth int, left *int) (any, bool) {
	if *left--; *left < 0 || depth == 0 {
		return nil, false
	}
	switch n = target(n); n.Kind {
	case yaml.ScalarNode:
		return scalarData(n)
	case yaml.SequenceNode:
		items := f.entries(n)
		list := make([]any, len(items))
		for i, item := range items {
			var ok bool
			if list[i], ok = f.data(item, depth-1, left); !ok {
				return nil, false
			}
		}
		return list, true
	default:
		entries := f.entries(n)
		object := make(map[string]any, len(entries)/2)
		for i := 0; i+1 < len(entries); i += 2 {
			value, ok := f.data(entries[i+1], depth-1, left)
			if !ok || isMerge(entries[i]) {
				return nil, false
			}
			object[target(entries[i]).Value] = value
		}
		return object, true
	}
}

// scalarData reads a scalar by the rules of YAML 1.2, which package source has.
// A plain scalar is a document of its own; what is none is a text.
func scalarData(n *yaml.Node) (any, bool) {
	const quoted = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	switch {
	case n.Style&quoted != 0, n.Style&yaml.TaggedStyle != 0 && n.ShortTag() == "!!str", strings.Contains(n.Value, "\n"):
		return n.Value, true
	case n.Style&yaml.TaggedStyle != 0:
		return nil, false
	case n.Value == "":
		return nil, true
	case strings.IndexByte("-+.~tTfFnN0123456789", n.Value[0]) < 0: // neither a number, nor a boolean, nor null
		return n.Value, true
	}
	v, err := source.Parse(&source.File{Text: n.Value})
	if err != nil {
		return n.Value, n.Tag != "!!float"
	}
	return v.Data(), true
}
