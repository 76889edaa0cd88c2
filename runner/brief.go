package runner

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// forget takes an ended visit out of a brief result, unless something in it is to
// blame for a failure: the observer has seen it, and nothing else asks for it. So a
// workflow may poll for days.
func (v *visit) forget() {
	if !v.options.Brief || !v.completed() || v.result.blamed() {
		return
	}
	of := v.workflowRun.result
	of.Steps = slices.DeleteFunc(of.Steps, func(s *StepResult) bool { return s == v.result })
}

// blamed tells whether the visit, or one of the workflows that it called, has an
// error that nothing handled.
func (s *StepResult) blamed() bool {
	return s.Notes.Failed() || s.Workflow.notes().Failed() ||
		slices.ContainsFunc(s.Attempts, func(a *Attempt) bool { return a.Workflow.notes().Failed() })
}

// lasting are the notes that a result keeps: in a brief one, errors.
func (r *run) lasting(notes source.Diagnostics) source.Diagnostics {
	if !r.options.Brief {
		return notes
	}
	return slices.DeleteFunc(slices.Clone(notes), func(d *source.Diagnostic) bool { return d.Severity != source.Error })
}
