package jsonpath

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Location is where a node stands: from the root, the name of a member (string) or
// the index of an element (int) for each step. It is a Normalized Path (RFC 9535,
// 2.7) in parts.
type Location []any

// Locate gives the places of the nodes that [Query.Select] gives the values of, in
// the same order and under the same limits.
func (q *Query) Locate(root any) ([]Location, error) {
	e := evaluation{root: root, steps: MaxSteps, strict: q.strict}
	nodes := []*located{{value: root}}
	for _, s := range q.path.segments {
		var next []*located
		for _, n := range nodes {
			next = s.locate(&e, n, next)
		}
		nodes = next
	}
	if e.err != nil {
		return nil, fmt.Errorf("%s: %w", cut(q.text), e.err)
	}
	list := make([]Location, len(nodes))
	for i, n := range nodes {
		list[i] = n.location()
	}
	return list, nil
}

// placeSteps is what a place costs: it is kept in memory with the way to it.
const placeSteps = 32

// located is a node that knows where it stands.
type located struct {
	value  any
	parent *located
	token  any
}

func (n *located) location() Location {
	l := Location{}
	for ; n.parent != nil; n = n.parent {
		l = append(l, n.token)
	}
	slices.Reverse(l)
	return l
}

// child is the node at a name or index that is there.
func (n *located) child(token any) *located {
	c := &located{parent: n, token: token}
	switch node := n.value.(type) {
	case map[string]any:
		c.value = node[token.(string)]
	case []any:
		c.value = node[token.(int)]
	}
	return c
}

// locate is apply, with places.
func (s segment) locate(e *evaluation, n *located, found []*located) []*located {
	for _, one := range s.selectors {
		for _, token := range one.places(e, n.value) {
			if !e.spend(placeSteps) {
				return nil
			}
			found = append(found, n.child(token))
		}
	}
	if !s.descendant {
		return found
	}
	for _, token := range (wildcard{}).places(e, n.value) {
		child := n.child(token)
		if isLeaf(child.value) {
			continue
		}
		if !e.enter() {
			return nil
		}
		found = s.locate(e, child, found)
		e.depth--
	}
	return found
}

func (n name) places(_ *evaluation, node any) []any {
	if _, ok := n.child(node); ok {
		return []any{string(n)}
	}
	return nil
}

func (i index) places(_ *evaluation, node any) []any {
	array, _ := node.([]any)
	if _, ok := i.child(node); !ok {
		return nil
	}
	if i < 0 {
		return []any{len(array) + int(i)}
	}
	return []any{int(i)}
}

// places of a key: a length is a value, and stands nowhere.
func (k key) places(e *evaluation, node any) []any {
	if _, isArray := node.([]any); !isArray {
		return name(k).places(e, node)
	}
	if at, err := strconv.Atoi(string(k)); err == nil && strconv.Itoa(at) == string(k) {
		return index(at).places(e, node)
	}
	return nil
}

func (l fromLength) places(e *evaluation, node any) []any {
	array, _ := node.([]any)
	if at := int64(len(array)) + int64(l); at >= 0 {
		return index(at).places(e, node)
	}
	return nil
}

func (wildcard) places(e *evaluation, node any) []any {
	var tokens []any
	switch node := node.(type) {
	case []any:
		for i := range node {
			if !e.spend(1) {
				return nil
			}
			tokens = append(tokens, i)
		}
	case map[string]any:
		if !e.spend(memberSteps * len(node)) {
			return nil
		}
		for _, member := range slices.Sorted(maps.Keys(node)) {
			tokens = append(tokens, member)
		}
	}
	return tokens
}

func (f filter) places(e *evaluation, node any) []any {
	n := &located{value: node}
	return slices.DeleteFunc(wildcard{}.places(e, node), func(token any) bool {
		return e.err != nil || !f.condition.holds(e, n.child(token).value)
	})
}

func (s slice) places(e *evaluation, node any) []any {
	array, _ := node.([]any)
	from, to := s.bounds(int64(len(array)))
	var tokens []any
	for at := from; s.step > 0 && at < to || s.step < 0 && at > to; at += s.step {
		if !e.spend(1) {
			return nil
		}
		tokens = append(tokens, int(at))
	}
	return tokens
}
