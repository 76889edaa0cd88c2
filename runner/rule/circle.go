package rule

import (
	"maps"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// circularSteps reports steps that wait for one another. One that waits for
// itself was reported when it was linked.
func (c *checker) circularSteps(all []*link.Workflow) {
	var steps []*link.Step
	for _, w := range all {
		steps = append(steps, w.Steps...)
	}
	told := map[*link.Step]bool{}
	for _, cycle := range cycles(steps, prerequisites) {
		c.circle(cycle, prerequisites)
		maps.Copy(told, setOf(cycle))
	}
	for _, cycle := range cycles(steps, c.needs) {
		if !slices.ContainsFunc(cycle, func(s *link.Step) bool { return told[s] }) && c.impossible(cycle) {
			c.circle(cycle, c.needs)
		}
	}
}

func (c *checker) circle(cycle []*link.Step, next func(*link.Step) []*link.Step) {
	way := round(cycle, next)
	for _, s := range cycle {
		c.flows[s.Workflow].circular = true
	}
	c.report(&source.Diagnostic{
		Code: "arazzo/circular-dependency", Severity: source.Error, Position: needed(way[0], way[1]),
		Message:  "steps depend on one another: " + arrows(way, func(s *link.Step) string { return s.StepID }),
		Expected: "steps of which one can run first",
	})
}

func prerequisites(s *link.Step) []*link.Step { return s.DependsOn }

// needs are the steps that come before one: those that it depends on and, where
// dependsOn orders its workflow, those whose outputs it asks for (S-066).
func (c *checker) needs(s *link.Step) []*link.Step {
	f := c.flows[s.Workflow]
	list := slices.Clone(s.DependsOn)
	if !f.ordered {
		return list
	}
	for _, r := range s.References {
		if before := f.steps[r.ID]; r.Root == expression.Steps && before != nil && before != s {
			list = append(list, before)
		}
	}
	return list
}

// impossible tells whether a circle, of which outputs are part, cannot be gone
// through in any order. It can where a goto leads back in it, and a first round
// does without the outputs of a second.
func (c *checker) impossible(cycle []*link.Step) bool {
	inside := setOf(cycle)
	flows := map[*flow]bool{}
	stuck := false
	for _, s := range cycle {
		f := c.flows[s.Workflow]
		if f.partial || len(f.Steps) > maxSteps {
			return false
		}
		flows[f] = true
		stuck = stuck || slices.ContainsFunc(s.DependsOn, func(before *link.Step) bool {
			return inside[before] && before.Workflow == s.Workflow && f.unmet(s, before)
		})
	}
	for f := range flows {
		stuck = stuck || slices.ContainsFunc(f.lacks(), func(l lack) bool { return inside[l.step] && inside[l.before] })
	}
	return stuck
}

// needed is where a step says that it needs another one.
func needed(s, before *link.Step) source.Position {
	for _, r := range s.References {
		if r.Root == expression.Steps && r.ID == before.StepID && !slices.Contains(s.DependsOn, before) {
			return r.At
		}
	}
	return named(s.Step.DependsOn, before.StepID, s.Step.Object)
}

// circularWorkflows reports workflows that wait for one another (S-042).
func (c *checker) circularWorkflows(all []*link.Workflow) {
	before := func(w *link.Workflow) []*link.Workflow { return w.DependsOn }
	for _, cycle := range cycles(all, before) {
		way := round(cycle, before)
		c.report(&source.Diagnostic{
			Code: "arazzo/circular-dependency", Severity: source.Error, Position: named(way[0].Workflow.DependsOn, way[1].WorkflowID, way[0].Object),
			Message:  "workflows depend on one another: " + arrows(way, workflowID),
			Expected: "workflows of which one can run first",
		})
	}
}

func workflowID(w *link.Workflow) string { return w.WorkflowID }

// named is where a list of dependencies names an id, qualified or not.
func named(list []*source.Value, id string, owner arazzo.Object) source.Position {
	for _, v := range list {
		if text, _ := v.Text(); text == id || strings.HasSuffix(text, "."+id) {
			return v.Position
		}
	}
	return owner.At("dependsOn")
}
