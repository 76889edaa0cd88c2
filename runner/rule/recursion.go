package rule

import (
	"fmt"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// call is a place at which one workflow runs another, or goes to it for good.
type call struct {
	to *link.Workflow
	at source.Position
	// returns is false for a goto.
	returns bool
}

// calls are those of the steps that a run can come to.
func (f *flow) calls() []call {
	var found []call
	for _, s := range f.Steps {
		if !f.reached[s] {
			continue
		}
		found = append(found, call{s.Called, s.At("workflowId"), true})
		for _, a := range slices.Concat(s.OnSuccess, s.OnFailure) {
			found = append(found, call{a.Workflow, a.At("workflowId"), a.Type == arazzo.Retry})
		}
	}
	return slices.DeleteFunc(found, func(c call) bool { return c.to == nil })
}

// recursion reports workflows that lead back to themselves (S-214): an error
// where they cannot end well without doing so again, a warning where they can
// and each round waits for the next.
func (c *checker) recursion(all []*link.Workflow) {
	for _, cycle := range cycles(all, c.led) {
		stuck := c.stuck(cycle)
		among := setOf(stuck)
		within := func(w *link.Workflow) []*link.Workflow {
			return slices.DeleteFunc(c.led(w), func(other *link.Workflow) bool { return !among[other] })
		}
		// Each of the stuck leads to another one of them: else it could end.
		for _, rounds := range cycles(stuck, within) {
			c.report(c.recursive(round(rounds, within), source.Error))
		}
		if len(stuck) == 0 && c.waits(cycle) {
			c.report(c.recursive(round(cycle, c.led), source.Warning))
		}
	}
}

// led are the workflows that one calls or goes to.
func (c *checker) led(w *link.Workflow) []*link.Workflow {
	var others []*link.Workflow
	for _, x := range c.flows[w].calls() {
		others = append(others, x.to)
	}
	return others
}

// recursive describes a way round.
func (c *checker) recursive(way []*link.Workflow, severity source.Severity) *source.Diagnostic {
	d := &source.Diagnostic{
		Code: "arazzo/recursive-workflow", Severity: severity, Position: c.callOf(way[0], way[1]),
		Message:  fmt.Sprintf("the workflow %q leads back to itself: %s", way[0].WorkflowID, arrows(way, workflowID)),
		Expected: "a workflow that ends at some depth", Fix: "make sure that the criteria of an action end it",
	}
	if severity == source.Error {
		d.Message += ", and only a failure ends it"
		d.Fix = "take it out, or put an action before it that ends the workflow"
	}
	return d
}

// callOf is where one workflow first leads to another.
func (c *checker) callOf(w, to *link.Workflow) source.Position {
	for _, x := range c.flows[w].calls() {
		if x.to == to {
			return x.at
		}
	}
	return w.Position()
}

// waits tells whether a workflow of the cycle waits for another one of it: a
// mere goto does not, and may go round as a loop of steps may.
func (c *checker) waits(cycle []*link.Workflow) bool {
	inside := setOf(cycle)
	for _, w := range cycle {
		if slices.ContainsFunc(c.flows[w].calls(), func(x call) bool { return x.returns && inside[x.to] }) {
			return true
		}
	}
	return false
}

// maxRounds bounds the search for workflows that can end: each round finds those
// that end because one found before does, so it is the depth of their calls.
const maxRounds = 100

// stuck are the workflows of a cycle that cannot end well because of it. The
// search starts with none that can, and adds those that can with the ones known
// so far; a workflow outside of the cycle always can.
func (c *checker) stuck(cycle []*link.Workflow) []*link.Workflow {
	inside, known := setOf(cycle), map[*link.Workflow]bool{}
	ends := func(w *link.Workflow) bool { return w == nil || !inside[w] || known[w] }
	anyway := func(*link.Workflow) bool { return true }
	for range maxRounds {
		before := len(known)
		for _, w := range cycle {
			// One that cannot end anyway has an endless loop, told by that name.
			if f := c.flows[w]; !known[w] && (f.partial || f.canEnd(ends) || !f.canEnd(anyway)) {
				known[w] = true
			}
		}
		if len(known) == before {
			return slices.DeleteFunc(slices.Clone(cycle), func(w *link.Workflow) bool { return known[w] })
		}
	}
	return nil // deeper than is looked: nothing is certain
}

// canEnd tells whether some way through the workflow ends it well, when ends
// tells it of the workflows that it calls and goes to. A failure is an end only
// where an action takes it over.
func (f *flow) canEnd(ends func(*link.Workflow) bool) bool {
	done := false
	reach(f.Steps[:min(len(f.Steps), 1)], func(s *link.Step) []*link.Step {
		var next []*link.Step
		for _, w := range f.ways[s] {
			switch {
			case !w.failed && !ends(s.Called): // it does not come that far
			case w.to != nil:
				next = append(next, w.to)
			case w.action != nil && w.action.Type == arazzo.Goto:
				done = done || ends(w.action.Workflow)
			default:
				done = done || !w.failed
			}
		}
		return next
	})
	return done || len(f.Steps) == 0
}
