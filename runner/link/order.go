package link

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// order brings the steps into the order in which they are executed (S-066). That
// is the document's, unless a step says what it depends on: then each step comes
// after those that it depends on, by dependsOn or by an output that it refers to,
// and else stays where it is. Steps that depend on one another in a circle, which
// the rules report, stay too.
func (w *Workflow) order() {
	if !slices.ContainsFunc(w.Steps, func(s *Step) bool { return len(s.DependsOn) > 0 }) {
		return
	}
	var ordered []*Step
	placed, entered := map[*Step]bool{}, map[*Step]bool{}
	var place func(s *Step) bool
	place = func(s *Step) bool {
		if entered[s] {
			return placed[s] // else the circle is closed
		}
		entered[s] = true
		for _, before := range w.prerequisites(s) {
			if !place(before) {
				return false
			}
		}
		ordered, placed[s] = append(ordered, s), true
		return true
	}
	for _, s := range w.Steps {
		if !place(s) {
			return
		}
	}
	w.Steps = ordered
}

// prerequisites are the steps of the workflow that have to come before one.
func (w *Workflow) prerequisites(s *Step) []*Step {
	var list []*Step
	for _, before := range s.DependsOn {
		if before.Workflow == w {
			list = append(list, before)
		}
	}
	for _, r := range s.References {
		if before := w.Step(r.ID); r.Root == expression.Steps && before != nil && before != s {
			list = append(list, before)
		}
	}
	return list
}
