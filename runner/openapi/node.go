package openapi

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// member is one entry of a YAML mapping. Its value is never an alias.
type member struct {
	key, value *yaml.Node
}

// eachMember visits a mapping's entries in document order, those of YAML merge
// keys ("<<") after its own. It visits nothing of anything but a mapping. Of a
// key that comes twice the first counts; that is left to the visitor.
func eachMember(n *yaml.Node, visit func(member)) {
	eachMapping(n, func(m *yaml.Node) bool {
		for i := 0; i+1 < len(m.Content); i += 2 {
			if key := target(m.Content[i]); !isMerge(key) {
				visit(member{key, target(m.Content[i+1])})
			}
		}
		return true
	})
}

// members lists what [eachMember] visits, each key once.
func members(n *yaml.Node) []member {
	var list []member
	keys := map[string]bool{}
	eachMember(n, func(m member) {
		if !keys[m.key.Value] {
			keys[m.key.Value] = true
			list = append(list, m)
		}
	})
	return list
}

// child is the value of one key of a mapping, nil when it is not there.
func child(n *yaml.Node, key string) *yaml.Node {
	var found *yaml.Node
	eachMapping(n, func(m *yaml.Node) bool {
		for i := 0; i+1 < len(m.Content); i += 2 {
			if k := target(m.Content[i]); k.Value == key && !isMerge(k) {
				found = target(m.Content[i+1])
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

// eachMapping visits a mapping and then those it merges in, until visit says
// false.
func eachMapping(n *yaml.Node, visit func(*yaml.Node) bool) {
	queue := []*yaml.Node{target(n)}
	for i := 0; i < len(queue) && i <= maxMerges; i++ {
		m := queue[i]
		if !isMapping(m) || slices.Contains(queue[:i], m) {
			continue
		}
		if !visit(m) {
			return
		}
		queue = append(queue, merged(m)...)
	}
}

// merged lists the values of a mapping's merge keys, each a mapping or a list of
// mappings.
func merged(m *yaml.Node) []*yaml.Node {
	var list []*yaml.Node
	for i := 0; i+1 < len(m.Content); i += 2 {
		if !isMerge(m.Content[i]) {
			continue
		}
		value := target(m.Content[i+1])
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
func weight(n *yaml.Node) int {
	sum := 1
	eachMapping(n, func(m *yaml.Node) bool {
		sum += len(m.Content)
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

// items lists the entries of a YAML sequence; it is empty for anything else.
func items(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	list := make([]*yaml.Node, len(n.Content))
	for i, item := range n.Content {
		list[i] = target(item)
	}
	return list
}

// text is a scalar's text, empty for null and for anything but a scalar.
func text(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}
	return n.Value
}

// truth is a boolean's value, or otherwise when the node is not a boolean.
func truth(n *yaml.Node, otherwise bool) bool {
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		return otherwise
	}
	return n.Value == "true" || n.Value == "True" || n.Value == "TRUE"
}

func isMapping(n *yaml.Node) bool { return n != nil && n.Kind == yaml.MappingNode }
