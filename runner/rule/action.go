package rule

import (
	"fmt"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// maxActions bounds the actions of a step that are compared with one another:
// many more than anybody writes.
const maxActions = 100

// shadowed warns of actions that are never taken, because one before them matches
// whenever they do (S-112). An action of the workflow, or a component, serves
// several steps: it is reported where it is taken in none of them.
func (c *checker) shadowed(f *flow) {
	by := map[*arazzo.Action]*link.Action{}
	var order []*link.Action
	for _, s := range f.Steps {
		for _, actions := range [][]*link.Action{s.OnSuccess, s.OnFailure} {
			actions = actions[:min(len(actions), maxActions)]
			for i, a := range actions {
				earlier := shadow(actions[:i], a)
				if previous, met := by[a.Action]; met && (previous == nil || earlier == nil) {
					earlier = nil
				} else if !met {
					order = append(order, a)
				}
				by[a.Action] = earlier
			}
		}
	}
	for _, a := range order {
		if earlier := by[a.Action]; earlier != nil {
			c.report(shadowedAction(a, earlier))
		}
	}
}

func shadowedAction(a, earlier *link.Action) *source.Diagnostic {
	when := "matches whenever this one does"
	if always(earlier) {
		when = "has no criteria and always matches"
	}
	return &source.Diagnostic{
		Code: "arazzo/shadowed-action", Severity: source.Warning, Position: place(a),
		Message:  fmt.Sprintf("the action %q is never taken: %q before it %s", a.Name, earlier.Name, when),
		Expected: "the action with the weaker criteria last", Fix: fmt.Sprintf("move %q behind %q, or remove one of them", earlier.Name, a.Name),
	}
}

// shadow is the first of the earlier actions that matches whenever a does: all
// of its criteria are among those of a.
func shadow(earlier []*link.Action, a *link.Action) *link.Action {
	own := map[arazzo.Criterion]bool{}
	for _, x := range a.Action.Criteria {
		own[meaning(x)] = true
	}
	for _, e := range earlier {
		stronger := func(x *arazzo.Criterion) bool { return !own[meaning(x)] }
		if e.Type != arazzo.Retry && !slices.ContainsFunc(e.Action.Criteria, stronger) {
			return e
		}
	}
	return nil
}

// meaning is a criterion without its place.
func meaning(x *arazzo.Criterion) arazzo.Criterion {
	return arazzo.Criterion{Context: x.Context, Condition: x.Condition, Type: x.Type, Version: x.Version}
}

// branches tells what happens where none of a step's success actions matches (D19):
// with two or more of them, each alternative seems to be named. A single one is a
// plain exit, and what follows is its else.
func (c *checker) branches(f *flow) {
	for _, s := range f.Steps {
		c.branch(f, s)
	}
}

func (c *checker) branch(f *flow, s *link.Step) {
	own := slices.DeleteFunc(slices.Clone(s.OnSuccess), func(a *link.Action) bool { return a.Inherited })
	next := f.otherwise(s)
	elsewhere := func(a *link.Action) bool { return a.Step == nil || a.Step != next }
	if len(own) < 2 || slices.ContainsFunc(s.OnSuccess, always) || covered(own) || !slices.ContainsFunc(own, elsewhere) {
		return
	}
	then := "the workflow ends as succeeded"
	if next != nil {
		then = fmt.Sprintf("the step %q follows", next.StepID)
	}
	c.report(&source.Diagnostic{
		Code: "arazzo/open-branch", Severity: source.Info, Position: s.At("onSuccess"),
		Message:  fmt.Sprintf("when none of the success actions of the step %q matches, %s", s.StepID, then),
		Expected: "where that is not meant, a last action without criteria",
	})
}

// otherwise is the step that follows where no success action is taken.
func (f *flow) otherwise(s *link.Step) *link.Step {
	for _, w := range f.ways[s] {
		if w.action == nil && !w.failed {
			return w.to
		}
	}
	return nil
}

// covered tells whether one of two actions surely matches: one asks whether a
// value equals a literal, another one whether it does not (S-160).
func covered(actions []*link.Action) bool {
	asked := map[comparison]bool{}
	for _, a := range actions {
		if len(a.Action.Criteria) != 1 {
			continue
		}
		found, whole := comparisons(a.Action.Criteria[0])
		if !whole || len(found) != 1 {
			continue
		}
		if asked[found[0].negation()] {
			return true
		}
		asked[found[0]] = true
	}
	return false
}
