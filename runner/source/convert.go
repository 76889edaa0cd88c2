package source

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Limits on a document, so that a hostile one cannot exhaust the reader.
const (
	// maxValues bounds the values after aliases are expanded, to a hundred
	// megabytes or two; real Arazzo documents have a few thousand.
	maxValues = 1_000_000
	// maxDepth bounds the nesting; real documents stay below 50.
	maxDepth = 500
)

// converter makes values of the library's nodes, and counts them.
type converter struct {
	file  *File
	count int
	// fresh are values to be taken: one by one they cost more than they are.
	fresh []Value
	// flow counts the open collections that are written in braces or brackets.
	flow int
}

func (c *converter) value(n *yaml.Node, depth int) (*Value, error) {
	if c.count++; c.count > maxValues || depth > maxDepth {
		return nil, c.fail(n, "arazzo/document-too-deep", "the document nests too deep or its aliases expand to too much",
			fmt.Sprintf("at most %d levels and %d values", maxDepth, maxValues))
	}
	v := c.take()
	v.Position, v.Flow = c.at(n), c.flow > 0
	switch n.Kind {
	case yaml.AliasNode:
		return c.value(n.Alias, depth+1)
	case yaml.SequenceNode, yaml.MappingNode:
		return v, c.collection(v, n, depth)
	default:
		return v, c.scalar(v, n)
	}
}

// manyValues are made at once.
const manyValues = 64

func (c *converter) take() *Value {
	if len(c.fresh) == 0 {
		c.fresh = make([]Value, manyValues)
	}
	v := &c.fresh[0]
	c.fresh = c.fresh[1:]
	return v
}

func (c *converter) collection(v *Value, n *yaml.Node, depth int) error {
	if n.Style&yaml.FlowStyle != 0 {
		c.flow++
		defer func() { c.flow-- }()
	}
	if n.Kind == yaml.SequenceNode {
		return c.items(v, n, depth)
	}
	return c.members(v, n, depth)
}

func (c *converter) items(v *Value, n *yaml.Node, depth int) error {
	v.Kind = Array
	if err := c.untagged(n, "!!seq"); err != nil {
		return err
	}
	v.Items = make([]*Value, 0, len(n.Content))
	for _, item := range n.Content {
		x, err := c.value(item, depth+1)
		if err != nil {
			return err
		}
		v.Items = append(v.Items, x)
	}
	return nil
}

func (c *converter) members(v *Value, n *yaml.Node, depth int) error {
	v.Kind = Object
	if err := c.untagged(n, "!!map"); err != nil {
		return err
	}
	v.Members = make([]Member, 0, len(n.Content)/2)
	var seen map[string]bool
	if len(n.Content) > 2*fewMembers {
		seen = make(map[string]bool, len(n.Content)/2)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, err := c.key(n.Content[i])
		if err != nil {
			return err
		}
		if v.has(key, seen) {
			return c.fail(n.Content[i], "arazzo/duplicate-key", fmt.Sprintf("the key %q stands twice in this object", key), "each key once")
		}
		x, err := c.value(n.Content[i+1], depth+1)
		if err != nil {
			return err
		}
		v.Members = append(v.Members, Member{Key: key, Position: c.at(n.Content[i]), Value: x})
	}
	return nil
}

// fewMembers is up to how many members looking at each is faster than a map.
const fewMembers = 8

// has tells whether a key was there before: in seen, where that is given, to
// which it is added.
func (v *Value) has(key string, seen map[string]bool) bool {
	if seen == nil {
		return v.Get(key) != nil
	}
	was := seen[key]
	seen[key] = true
	return was
}

// key reads a key, which is a string whatever it looks like. A merge key is of
// YAML 1.1 alone: as a member of this name it would not be what its author
// meant, and merged not what YAML 1.2 says.
func (c *converter) key(n *yaml.Node) (string, error) {
	scalar := n
	if n.Kind == yaml.AliasNode {
		scalar = n.Alias
	}
	switch {
	case scalar.Kind != yaml.ScalarNode:
		return "", c.fail(n, "arazzo/yaml-key", "a key of this object is not a scalar", "keys that are strings")
	case scalar.Tag == "!!merge":
		return "", c.fail(n, "arazzo/yaml-merge", "YAML 1.2 has no merge key <<", `the members themselves; a key of this name stands in quotes: "<<"`)
	}
	return scalar.Value, nil
}

// untagged refuses a tag that is not the collection's own.
func (c *converter) untagged(n *yaml.Node, own string) error {
	if n.Style&yaml.TaggedStyle == 0 || n.ShortTag() == own {
		return nil
	}
	return c.wrongTag(n)
}

func (c *converter) at(n *yaml.Node) Position {
	return Position{File: c.file, Line: n.Line, Column: n.Column}
}

func (c *converter) fail(n *yaml.Node, code, message, expected string) error {
	return &Diagnostic{Code: code, Severity: Error, Position: c.at(n), Message: message, Expected: expected}
}
