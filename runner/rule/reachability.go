package rule

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// unreachable warns of steps that no run can come to.
func (c *checker) unreachable(f *flow) {
	for i, s := range f.Steps {
		if f.reached[s] {
			continue
		}
		why := fmt.Sprintf("the step %q before it always goes on elsewhere, and no action leads here", f.Steps[i-1].StepID)
		if !f.reached[f.Steps[i-1]] {
			why = fmt.Sprintf("the step %q before it is not, and no other leads here", f.Steps[i-1].StepID)
		}
		c.report(&source.Diagnostic{
			Code: "arazzo/unreachable-step", Severity: source.Warning, Position: s.At("stepId"),
			Message:  fmt.Sprintf("the step %q is never run: %s", s.StepID, why),
			Expected: "a step that a run can come to",
			Fix:      "remove it, name it in a goto, or give the actions before it criteria",
		})
	}
}

// endless reports loops of steps that success never leaves. A failure ends even
// those, unless an action takes it back into the loop.
func (c *checker) endless(f *flow) {
	var reached []*link.Step
	for _, s := range f.Steps {
		if f.reached[s] {
			reached = append(reached, s)
		}
	}
	for _, loop := range cycles(reached, f.next) {
		severity, end, ok := endOf(f, loop)
		if !ok {
			continue
		}
		who := fmt.Sprintf("the step %s goes back to itself", quoted(loop))
		if len(loop) > 1 {
			who = fmt.Sprintf("the steps %s lead back to one another", quoted(loop))
		}
		c.report(&source.Diagnostic{
			Code: "arazzo/endless-loop", Severity: severity, Position: place(back(f, loop)),
			Message:  fmt.Sprintf("%s without an end: %s", who, end),
			Expected: "an action that leads out of the loop",
			Fix:      "give the goto criteria, or put an action before it that ends the loop",
		})
	}
}

// endOf says how a loop ends that has no proper end; ok is false where it has.
func endOf(f *flow, loop []*link.Step) (severity source.Severity, end string, ok bool) {
	severity, end = source.Error, "no way leads out of it, not even a failure"
	inside := setOf(loop)
	for _, s := range loop {
		for _, w := range f.ways[s] {
			switch {
			case w.to != nil && inside[w.to]:
			case !w.failed, w.action != nil && w.action.Type == arazzo.Goto:
				return "", "", false
			default:
				severity, end = source.Warning, "only a failure ends it"
			}
		}
	}
	return severity, end, true
}

// back is the action that closes a loop. There is one: without an action the
// steps only go forward.
func back(f *flow, loop []*link.Step) *link.Action {
	inside, passed := setOf(loop), map[*link.Step]bool{}
	for _, s := range loop {
		passed[s] = true
		for _, w := range f.ways[s] {
			if w.action != nil && inside[w.to] && passed[w.to] {
				return w.action
			}
		}
	}
	return &link.Action{Action: &arazzo.Action{}}
}
