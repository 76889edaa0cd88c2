package rule

import "slices"

// reach lists what the starts lead to, themselves first, each once.
func reach[T comparable](starts []T, next func(T) []T) []T {
	var found []T
	seen := map[T]bool{}
	for queue := slices.Clone(starts); len(queue) > 0; queue = queue[1:] {
		if n := queue[0]; !seen[n] {
			seen[n] = true
			found = append(found, n)
			queue = append(queue, next(n)...)
		}
	}
	return found
}

func setOf[T comparable](list []T) map[T]bool {
	set := make(map[T]bool, len(list))
	for _, n := range list {
		set[n] = true
	}
	return set
}

// cycles lists the sets of nodes that lead to one another, and the single nodes
// that lead to themselves: the strongly connected components in which one can go
// round, by Tarjan's algorithm. The nodes of each stand in the order given.
func cycles[T comparable](nodes []T, next func(T) []T) [][]T {
	t := &tarjan[T]{next: next, marks: make(map[T]*mark, len(nodes))}
	for _, n := range nodes {
		if t.marks[n] == nil {
			t.visit(n)
		}
	}
	sizes := make([]int, t.groups)
	for _, n := range nodes {
		sizes[t.marks[n].group]++
	}
	var found [][]T
	place := map[int]int{}
	for _, n := range nodes {
		g := t.marks[n].group
		if sizes[g] == 1 && !slices.Contains(next(n), n) {
			continue
		}
		at, known := place[g]
		if !known {
			at = len(found)
			place[g], found = at, append(found, nil)
		}
		found[at] = append(found[at], n)
	}
	return found
}

// tarjan is the state of one search for strongly connected components.
type tarjan[T comparable] struct {
	next   func(T) []T
	marks  map[T]*mark
	stack  []T
	groups int
}

// mark is what is known of a node: when it was come by, the earliest that it leads
// back to, whether its group is not known yet, and its group.
type mark struct {
	number, low int
	open        bool
	group       int
}

func (t *tarjan[T]) visit(n T) *mark {
	own := &mark{number: len(t.marks), low: len(t.marks), open: true}
	t.marks[n] = own
	t.stack = append(t.stack, n)
	for _, m := range t.next(n) {
		if other := t.marks[m]; other == nil {
			own.low = min(own.low, t.visit(m).low)
		} else if other.open {
			own.low = min(own.low, other.number)
		}
	}
	if own.low < own.number {
		return own
	}
	for own.open {
		last := t.marks[t.stack[len(t.stack)-1]]
		t.stack = t.stack[:len(t.stack)-1]
		last.open, last.group = false, t.groups
	}
	t.groups++
	return own
}

// round is a shortest way from the first node of a cycle back to it, which
// stands at both ends.
func round[T comparable](cycle []T, next func(T) []T) []T {
	first, inside := cycle[0], setOf(cycle)
	from := map[T]T{}
	for queue := []T{first}; len(queue) > 0; queue = queue[1:] {
		for _, m := range next(queue[0]) {
			if m == first {
				way := []T{first}
				for n := queue[0]; n != first; n = from[n] {
					way = append([]T{n}, way...)
				}
				return append([]T{first}, way...)
			}
			if _, known := from[m]; !known && inside[m] {
				from[m] = queue[0]
				queue = append(queue, m)
			}
		}
	}
	return cycle
}
