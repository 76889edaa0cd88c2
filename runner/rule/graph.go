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
	t := &tarjan[T]{next: next, number: map[T]int{}, low: map[T]int{}, open: map[T]bool{}, group: map[T]int{}}
	for _, n := range nodes {
		if t.number[n] == 0 {
			t.visit(n)
		}
	}
	members := make(map[int][]T, t.groups)
	var order []int
	for _, n := range nodes {
		g := t.group[n]
		if members[g] == nil {
			order = append(order, g)
		}
		members[g] = append(members[g], n)
	}
	var found [][]T
	for _, g := range order {
		first := members[g][0]
		if len(members[g]) > 1 || setOf(next(first))[first] {
			found = append(found, members[g])
		}
	}
	return found
}

// tarjan is the state of one search for strongly connected components.
type tarjan[T comparable] struct {
	next        func(T) []T
	number, low map[T]int
	stack       []T
	open        map[T]bool
	group       map[T]int
	groups      int
}

func (t *tarjan[T]) visit(n T) {
	t.number[n] = len(t.number) + 1
	t.low[n] = t.number[n]
	t.stack = append(t.stack, n)
	t.open[n] = true
	for _, m := range t.next(n) {
		if t.number[m] == 0 {
			t.visit(m)
			t.low[n] = min(t.low[n], t.low[m])
		} else if t.open[m] {
			t.low[n] = min(t.low[n], t.number[m])
		}
	}
	if t.low[n] < t.number[n] {
		return
	}
	t.groups++
	for {
		m := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		delete(t.open, m)
		t.group[m] = t.groups
		if m == n {
			return
		}
	}
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
