package rule

import (
	"fmt"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// lack is an expression of a step that asks for the outputs of one which cannot
// have run before.
type lack struct {
	link.Reference
	step, before *link.Step
}

// lacks are those of a workflow (S-067). A step that ran on some paths only is
// none.
//
// What is evaluated while a request is built fails each step that it is built
// for. A criterion may stand in an action that several steps share: it is
// a lack where it has a value for none of them.
func (f *flow) lacks() []lack {
	var lacking []lack
	possible := map[source.Position]bool{}
	for _, s := range f.Steps {
		for _, r := range s.References {
			before := f.steps[r.ID]
			if r.Root != expression.Steps || before == nil || !f.reached[s] || !gives(before, r.Name) {
				continue
			}
			// Told by arazzo/own-outputs and arazzo/unmet-dependency.
			told := before == s && r.Phase == link.Judging || slices.Contains(s.DependsOn, before)
			switch {
			case told:
			case !f.precedes(before, s):
				lacking = append(lacking, lack{r, s, before})
			case r.Phase != link.Building:
				possible[r.At] = true
			}
		}
	}
	return slices.DeleteFunc(lacking, func(l lack) bool { return possible[l.At] })
}

// forward reports expressions that ask for the outputs of a step that cannot
// have run before.
func (c *checker) forward(f *flow) {
	for _, l := range f.lacks() {
		if !f.held(l.step, l.before) {
			c.report(forwardReference(f, l.step, l.before, l.Reference))
		}
	}
}

// held tells whether only a circle, which is told by that name, holds a step up:
// else the order of execution would have put it in its place (S-066).
func (f *flow) held(s, before *link.Step) bool {
	return f.circular && f.number[before] > f.number[s]
}

// gives tells whether a step has the output that a name means; that it has not
// was reported when it was linked.
func gives(s *link.Step, name string) bool {
	asked := names{}
	asked.add(name)
	declared := slices.Clone(s.Step.Outputs)
	if s.Called != nil {
		declared = append(declared, s.Called.Workflow.Outputs...)
	}
	return name == "" || slices.ContainsFunc(declared, func(o arazzo.Output) bool { return asked[o.Name] })
}

func forwardReference(f *flow, s, before *link.Step, r link.Reference) *source.Diagnostic {
	d := &source.Diagnostic{
		Code: "arazzo/forward-reference", Severity: source.Error, Position: r.At,
		Message:  fmt.Sprintf("%s never has a value here: the step %q cannot have run before %q", r.Text, before.StepID, s.StepID),
		Expected: "an output of a step that runs before", Fix: f.moved(before, s),
	}
	if before == s {
		d.Message = fmt.Sprintf("%s never has a value here: it is an output of this very step", r.Text)
	}
	return d
}

// moved is the next move where a step stands after the one that needs it.
func (f *flow) moved(before, s *link.Step) string {
	if f.number[before] <= f.number[s] {
		return ""
	}
	return fmt.Sprintf("move the step %q before %q", before.StepID, s.StepID)
}

// unmet tells whether a step needs one that cannot have run before it.
func (f *flow) unmet(s, before *link.Step) bool { return f.reached[s] && !f.precedes(before, s) }

// unmet reports steps that depend on one which cannot have run before: depending
// on a step does not run it (S-066, S-068).
func (c *checker) unmet(f *flow) {
	for _, s := range f.Steps {
		for _, before := range s.DependsOn {
			if before.Workflow != f.Workflow || !f.unmet(s, before) || f.held(s, before) {
				continue
			}
			c.report(&source.Diagnostic{
				Code: "arazzo/unmet-dependency", Severity: source.Error, Position: named(s.Step.DependsOn, before.StepID, s.Step.Object),
				Message:  fmt.Sprintf("the step %q depends on %q, which cannot have run before it: to depend on a step does not run it", s.StepID, before.StepID),
				Expected: "a step that runs before", Fix: f.moved(before, s),
			})
		}
	}
}
