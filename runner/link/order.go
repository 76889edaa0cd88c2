package link

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// order brings the steps into the order in which they are executed (S-066). That
// is the document's, unless a step says what it depends on: then each step comes
// after those that it depends on, by dependsOn or by an output that it refers to,
// and else stays where it is. Of a circle, which the rules report or a goto makes
// good, the last edge counts for nothing.
func (w *Workflow) order() {
	if !slices.ContainsFunc(w.Steps, func(s *Step) bool { return len(s.DependsOn) > 0 }) {
		return
	}
	var ordered []*Step
	entered := map[*Step]bool{}
	var place func(s *Step)
	place = func(s *Step) {
		if entered[s] {
			return
		}
		entered[s] = true
		for _, before := range w.prerequisites(s) {
			place(before)
		}
		ordered = append(ordered, s)
	}
	for _, s := range w.Steps {
		place(s)
	}
	w.Steps = ordered
}

// prerequisites are the steps of the workflow that have to come before one. What
// an action of the workflow refers to is for all its steps, and orders none; nor
// does an output of a step that itself depends on this one.
func (w *Workflow) prerequisites(s *Step) []*Step {
	var list []*Step
	for _, before := range s.DependsOn {
		if before.Workflow == w {
			list = append(list, before)
		}
	}
	for _, r := range s.References {
		if r.Root != expression.Steps || r.Inherited {
			continue
		}
		if before := w.Step(r.ID); before != nil && before != s && !before.needs(s, map[*Step]bool{}) {
			list = append(list, before)
		}
	}
	return list
}

// needs tells whether a step depends on another one by dependsOn alone.
func (s *Step) needs(other *Step, seen map[*Step]bool) bool {
	if seen[s] {
		return false
	}
	seen[s] = true
	return slices.ContainsFunc(s.DependsOn, func(before *Step) bool { return before == other || before.needs(other, seen) })
}
