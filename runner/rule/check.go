package rule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// maxSteps bounds the workflows that are analysed: who ran before whom takes time
// by the square of the steps, and nobody writes that many.
const maxSteps = 2000

// Check looks at workflows as a whole, and at those that they call, go to or
// depend on. It reports what can be known of their control flow and of what they
// declare, ordered by file, line and column; what could not be linked is left
// alone. It changes nothing and never fails.
func Check(workflows []*link.Workflow) source.Diagnostics {
	c := &checker{flows: map[*link.Workflow]*flow{}, seen: map[source.Diagnostic]bool{}}
	all := reach(workflows, leads)
	for _, w := range all {
		c.flows[w] = newFlow(w)
	}
	c.circularSteps(all)
	for _, w := range all {
		c.workflow(c.flows[w])
	}
	c.circularWorkflows(all)
	c.recursion(all)
	c.elsewhere(workflows, all)
	c.unused(all)
	c.found = append(c.found, types(all)...)
	slices.SortStableFunc(c.found, func(a, b *source.Diagnostic) int {
		return cmp.Or(cmp.Compare(name(a.Position), name(b.Position)),
			cmp.Compare(a.Position.Line, b.Position.Line), cmp.Compare(a.Position.Column, b.Position.Column))
	})
	return c.found
}

// checker collects what is found.
type checker struct {
	flows map[*link.Workflow]*flow
	found source.Diagnostics
	seen  map[source.Diagnostic]bool
}

// report keeps each diagnostic once: a workflow's action serves many steps.
func (c *checker) report(d *source.Diagnostic) {
	if !c.seen[*d] {
		c.seen[*d] = true
		c.found = append(c.found, d)
	}
}

// workflow applies the rules that look at one workflow.
func (c *checker) workflow(f *flow) {
	for _, s := range f.Steps {
		c.polling(f, s)
		c.criteria(f, s)
		c.stateAssertedOnce(s)
		c.request(s)
		c.spelling(s)
	}
	for _, o := range f.Workflow.Workflow.Outputs {
		c.unquoted(o.Value)
	}
	if f.partial {
		return
	}
	c.branches(f)
	c.shadowed(f)
	if len(f.Steps) > maxSteps {
		return
	}
	c.unreachable(f)
	c.endless(f)
	c.unmet(f)
	c.forward(f)
}

// leads are the workflows that one has to do with.
func leads(w *link.Workflow) []*link.Workflow {
	others := slices.Clone(w.DependsOn)
	for _, s := range w.Steps {
		others = append(others, s.Called)
		for _, before := range s.DependsOn {
			others = append(others, before.Workflow)
		}
		for _, a := range slices.Concat(s.OnSuccess, s.OnFailure) {
			others = append(others, a.Workflow)
		}
	}
	return slices.DeleteFunc(others, func(w *link.Workflow) bool { return w == nil })
}

func name(at source.Position) string {
	if at.File == nil {
		return ""
	}
	return at.File.Name
}

// quoted lists the ids of steps.
func quoted(steps []*link.Step) string {
	var ids []string
	for _, s := range steps {
		ids = append(ids, fmt.Sprintf("%q", s.StepID))
	}
	return strings.Join(ids, ", ")
}

// arrows shows a way round.
func arrows[T any](nodes []T, name func(T) string) string {
	var ids []string
	for _, n := range nodes {
		ids = append(ids, name(n))
	}
	return strings.Join(ids, " → ")
}
