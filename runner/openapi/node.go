package openapi

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// child is the value of one key of a mapping, nil when it is not there.
func (f *file) child(n *yaml.Node, key string) *yaml.Node {
	var found *yaml.Node
	f.eachMapping(n, func(entries []*yaml.Node) bool {
		for i := 0; i+1 < len(entries); i += 2 {
			if k := target(entries[i]); k.Value == key && !isMerge(k) {
				found = target(entries[i+1])
				return false
			}
		}
		return true
	})
	return found
}

// maxMerges bounds the mappings that one mapping merges in, directly or not.
// Real documents merge one or two; the bound keeps aliases that merge one
// another many times over from costing more than their text.
const maxMerges = 32

// eachMapping visits the entries of a mapping, keys and values in turn, and then
// those of the mappings it merges in, until visit says false.
func (f *file) eachMapping(n *yaml.Node, visit func(entries []*yaml.Node) bool) {
	queue := []*yaml.Node{target(n)}
	for i := 0; i < len(queue) && i <= maxMerges; i++ {
		m := queue[i]
		if !isMapping(m) || slices.Contains(queue[:i], m) {
			continue
		}
		entries := f.entries(m)
		if !visit(entries) {
			return
		}
		queue = append(queue, merged(entries)...)
	}
}

// merged lists the values of a mapping's merge keys, each a mapping or a list of
// mappings. JSON has no such keys.
func merged(entries []*yaml.Node) []*yaml.Node {
	var list []*yaml.Node
	for i := 0; i+1 < len(entries); i += 2 {
		if !isMerge(entries[i]) {
			continue
		}
		value := target(entries[i+1])
		if value.Kind != yaml.SequenceNode {
			list = append(list, value)
			continue
		}
		for _, item := range value.Content[:min(len(value.Content), maxMerges)] {
			list = append(list, target(item))
		}
	}
	return list
}

// weight is how many nodes a look into a mapping may pass.
func (f *file) weight(n *yaml.Node) int {
	sum := 1
	f.eachMapping(n, func(entries []*yaml.Node) bool {
		sum += len(entries)
		return true
	})
	return sum
}

func isMerge(key *yaml.Node) bool { return key.Tag == "!!merge" }

// target follows an alias to the node it names.
func target(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// text is a scalar's text, empty for null and for anything but a scalar.
func text(n *yaml.Node) string {
	if !isScalar(n) || n.Tag == "!!null" {
		return ""
	}
	return n.Value
}

// truth is a boolean's value, or otherwise when the node is not a boolean.
func truth(n *yaml.Node, otherwise bool) bool {
	if !isScalar(n) || n.Tag != "!!bool" {
		return otherwise
	}
	return n.Value == "true" || n.Value == "True" || n.Value == "TRUE"
}

func isScalar(n *yaml.Node) bool { return n != nil && n.Kind == yaml.ScalarNode }

func isMapping(n *yaml.Node) bool { return n != nil && n.Kind == yaml.MappingNode }
