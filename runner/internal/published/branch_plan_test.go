package published_test

import (
	"cmp"
	"fmt"
	"slices"
)

// branch is one way out of a visit of a step.
type branch struct {
	from int
	name string
	// fails tells that the step fails, because the criterion of that number does not
	// hold, or its status where it has no criteria.
	fails     bool
	criterion int
	// action is the number of the action that follows, -1 for none.
	action int
	kind   string
	// target is where the workflow goes on: the number of a step, else the end.
	target int
	// times is how often it is taken, one time after the other.
	times int
	// spent tells that the retries before it have been made.
	spent bool
}

const (
	end = -1 // the workflow is over and succeeded
	die = -2 // it has failed
)

// branches are all ways out of all steps.
func (d *document) branches() []branch {
	var all []branch
	for i, s := range d.steps {
		all = append(all, d.onSuccess(i, s)...)
		all = append(all, d.onFailure(i, s)...)
	}
	return all
}

func (d *document) onSuccess(i int, s *step) []branch {
	var all []branch
	for k, a := range s.onSuccess {
		all = append(all, d.follow(branch{from: i, action: k}, a))
	}
	if !slices.ContainsFunc(s.onSuccess, func(a action) bool { return len(a.criteria) == 0 }) {
		name := "success"
		if len(s.onSuccess) > 0 {
			name = "success, no action"
		}
		all = append(all, branch{from: i, name: name, action: -1, target: d.next(i), times: 1})
	}
	return all
}

func (d *document) onFailure(i int, s *step) []branch {
	var all []branch
	always := slices.IndexFunc(s.onFailure, func(a action) bool { return len(a.criteria) == 0 })
	for k := range max(1, len(s.criteria)) {
		cause := "not " + "2xx"
		if len(s.criteria) > 0 {
			cause = "not " + s.criteria[k].text
		}
		if always < 0 {
			all = append(all, branch{from: i, name: cause, fails: true, criterion: k, action: -1, target: die, times: 1})
		}
		for n, a := range s.onFailure {
			b := d.follow(branch{from: i, fails: true, criterion: k, action: n}, a)
			b.name = cause + ", " + b.name
			all = append(all, b)
			if a.kind == "retry" {
				b.name, b.target, b.times, b.spent = b.name+", no retry left", die, a.limit, true
				all = append(all, b)
			}
		}
	}
	return all
}

// follow is what an action makes of a branch.
func (d *document) follow(b branch, a action) branch {
	b.name, b.kind, b.times = a.kind+" "+a.name, a.kind, 1
	switch {
	case a.kind == "retry":
		b.target = b.from
	case a.kind == "goto":
		b.target = d.index(a.target)
	case b.fails:
		b.target = die
	default:
		b.target = end
	}
	if b.target == b.from && a.kind == "goto" {
		b.times = 3
	}
	return b
}

func (d *document) next(i int) int {
	if i+1 == len(d.steps) {
		return end
	}
	return i + 1
}

func (d *document) index(id string) int {
	return slices.IndexFunc(d.steps, func(s *step) bool { return s.id == id })
}

const longestRoute = 12

// routes are ways from the first step to an end that take a branch, each branch once
// at the most: those that succeed first, then the short ones.
func routes(all []branch, wanted branch) [][]branch {
	var found [][]branch
	var walk func(at int, so []branch)
	walk = func(at int, so []branch) {
		if at < 0 {
			if slices.Contains(so, wanted) {
				found = append(found, slices.Clone(so))
			}
			return
		}
		for _, b := range all {
			if b.from == at && len(so) < longestRoute && len(found) < 400 && !slices.Contains(so, b) {
				walk(b.target, append(so, b))
			}
		}
	}
	walk(0, nil)
	slices.SortStableFunc(found, func(a, b []branch) int {
		return cmp.Or(cmp.Compare(b[len(b)-1].target, a[len(a)-1].target), cmp.Compare(failures(a), failures(b)), cmp.Compare(len(a), len(b)))
	})
	return found
}

func failures(route []branch) int {
	n := 0
	for _, b := range route {
		if b.fails {
			n++
		}
	}
	return n
}

// wanted is a condition and whether it is to hold.
type wanted struct {
	condition condition
	want      bool
}

// asks are the conditions that make a visit end with the branch. Where strict, no
// action but the one that is taken would match, else none before it; where alone, no
// criterion fails but the one that is to.
func (d *document) asks(b branch, strict, alone bool) ([]wanted, error) {
	s := d.steps[b.from]
	var all []wanted
	for k, c := range s.criteria {
		if fails := b.fails && k == b.criterion; fails || alone || !b.fails {
			all = append(all, wanted{c.condition, !fails})
		}
	}
	actions := s.onSuccess
	if b.fails {
		actions = s.onFailure
	}
	for k, a := range actions {
		var parts []condition
		for _, c := range a.criteria {
			parts = append(parts, c.condition)
		}
		j := junction{parts: parts}
		switch {
		case k == b.action:
			all = append(all, wanted{j, true})
		case len(parts) == 0 && (b.action < 0 || k < b.action):
			return nil, fmt.Errorf("the action %s before it has no criteria", a.name)
		case len(parts) > 0 && (b.action < 0 || k < b.action || strict):
			all = append(all, wanted{j, false})
		}
	}
	return all, nil
}
