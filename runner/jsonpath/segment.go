package jsonpath

import (
	"iter"
	"maps"
	"slices"
)

// path is the segments of a query.
type path struct {
	segments []segment
	singular bool
	steps    []step // the path again, when it is singular
}

// step is a selector that selects one node at most.
type step interface {
	child(node any) (any, bool)
}

func newPath(segments []segment) path {
	steps := make([]step, 0, len(segments))
	for _, s := range segments {
		one, ok := s.selectors[0].(step)
		if !ok || s.descendant || len(s.selectors) > 1 {
			return path{segments: segments}
		}
		steps = append(steps, one)
	}
	return path{segments: segments, singular: true, steps: steps}
}

// node is what a singular path selects.
func (p path) node(from any) (any, bool) {
	for _, s := range p.steps {
		var ok bool
		if from, ok = s.child(from); !ok {
			return nil, false
		}
	}
	return from, true
}

// nodes is what any path selects.
func (p path) nodes(e *evaluation, from any) []any {
	nodes := []any{from}
	for _, s := range p.segments {
		var next []any
		for _, node := range nodes {
			next = s.apply(e, node, next)
		}
		nodes = next
	}
	return nodes
}

// segment applies its selectors to a node, and to all below it when it is a
// descendant segment (RFC 9535, 2.5).
type segment struct {
	descendant bool
	selectors  []selector
}

func (s segment) apply(e *evaluation, node any, selected []any) []any {
	if !e.spend(len(s.selectors)) {
		return nil
	}
	for _, one := range s.selectors {
		selected = one.apply(e, node, selected)
	}
	if !s.descendant {
		return selected
	}
	for child := range e.children(node) {
		if isLeaf(child) {
			continue
		}
		if !e.enter() {
			return nil
		}
		selected = s.apply(e, child, selected)
		e.depth--
	}
	return selected
}

// isLeaf reports whether a node has no children, so that nothing can be selected
// in it.
func isLeaf(node any) bool {
	switch node.(type) {
	case []any, map[string]any:
		return false
	default:
		return true
	}
}

// memberSteps is what a member of an object costs: more than an element of an
// array, because the names have to be sorted.
const memberSteps = 4

// children are the elements of an array, or the member values of an object in
// the order of their names. They end early when the evaluation is over.
func (e *evaluation) children(node any) iter.Seq[any] {
	return func(yield func(any) bool) {
		switch node := node.(type) {
		case []any:
			for _, element := range node {
				if !e.spend(1) || !yield(element) {
					return
				}
			}
		case map[string]any:
			if !e.spend(memberSteps * len(node)) {
				return
			}
			for _, member := range slices.Sorted(maps.Keys(node)) {
				if e.err != nil || !yield(node[member]) {
					return
				}
			}
		}
	}
}
