package rule

import (
	"fmt"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// elsewhere reports expressions that ask for what another workflow took or gave
// where nothing makes sure that it has ended by then (S-192). The starts are run in
// their order; all are those, and what they lead to.
//
// What leads to a workflow may have run others before, so these are left alone.
func (c *checker) elsewhere(starts, all []*link.Workflow) {
	parents, byKey := map[*link.Workflow][]*link.Workflow{}, map[workflowKey]*link.Workflow{}
	for _, w := range all {
		byKey[workflowKey{w.Document, w.WorkflowID}] = w
		for _, led := range leads(w) {
			parents[led] = append(parents[led], w)
		}
	}
	above := func(w *link.Workflow) []*link.Workflow { return parents[w] }
	for _, w := range all {
		if f := c.flows[w]; f.asksElsewhere() {
			e := errand{f, byKey, setOf(reach(reach(parents[w], above), leads)), parents, starts}
			e.report(c)
		}
	}
}

// asksElsewhere tells whether any expression of the workflow names a workflow.
func (f *flow) asksElsewhere() bool {
	asks := func(r link.Reference) bool { return r.Root == expression.Workflows }
	return slices.ContainsFunc(f.Workflow.References, asks) ||
		slices.ContainsFunc(f.Steps, func(s *link.Step) bool { return slices.ContainsFunc(s.References, asks) })
}

// errand is what one workflow asks of others.
type errand struct {
	*flow
	byKey map[workflowKey]*link.Workflow
	// before are the workflows that may have run before this one.
	before  map[*link.Workflow]bool
	parents map[*link.Workflow][]*link.Workflow
	starts  []*link.Workflow
}

func (e errand) report(c *checker) {
	ask := func(r link.Reference, s *link.Step) {
		if r.Root == expression.Workflows {
			if d := e.judge(r, s); d != nil {
				c.report(d)
			}
		}
	}
	for _, s := range e.Steps {
		for _, r := range s.References {
			ask(r, s)
		}
	}
	for _, r := range e.References {
		ask(r, nil)
	}
}

// judge is nil where the workflow that is named may have ended, or does not exist.
func (e errand) judge(r link.Reference, s *link.Step) *source.Diagnostic {
	declared := slices.ContainsFunc(e.Document.Workflows, func(w *arazzo.Workflow) bool { return w.WorkflowID == r.ID })
	asked := e.byKey[workflowKey{e.Document, r.ID}]
	switch own := asked == e.Workflow; {
	case own && r.Part == "inputs": // they are there from its start
		return nil
	case own && (r.Phase != link.Judging || !e.before[asked]): // a criterion may look whether this is the first time
	case !declared || e.before[asked] || slices.Contains(reach(e.led(r, s), leads), asked):
		return nil
	}
	d := &source.Diagnostic{
		Code: "arazzo/forward-reference", Severity: source.Warning, Position: r.At,
		Message: fmt.Sprintf("%s only has a value where the run comes by the workflow %q before: nothing makes sure that it has ended when %q asks",
			r.Text, r.ID, e.WorkflowID),
		Expected: "a workflow that this one depends on, or that a step before calls",
		Fix:      fmt.Sprintf("add dependsOn: [%s], or call it in a step before", r.ID),
	}
	at, other := slices.Index(e.starts, e.Workflow), slices.Index(e.starts, asked)
	switch {
	case asked == e.Workflow:
		d.Severity, d.Fix = source.Error, ""
		d.Message = fmt.Sprintf("%s has no value here: it is of this very workflow, which has not ended", r.Text)
		d.Expected = "an input of its own, or an output of one of its steps"
	case at >= 0 && other > at && len(e.parents[asked]) == 0:
		d.Severity = source.Error
		d.Message = fmt.Sprintf("%s never has a value here: the workflow %q is run after %q", r.Text, r.ID, e.WorkflowID)
	}
	return d
}

// led are the workflows to which this one leads before an expression is evaluated.
// What the request of a step needs has to come from a step that can run before it,
// or from a retry of its own. Elsewhere it is enough that some step leads there.
func (e errand) led(r link.Reference, s *link.Step) []*link.Workflow {
	if s == nil || r.Phase != link.Building || e.partial || len(e.Steps) > maxSteps {
		return slices.DeleteFunc(leads(e.Workflow), func(w *link.Workflow) bool { return w == e.Workflow })
	}
	found := slices.Clone(e.DependsOn)
	for _, other := range e.Steps {
		if e.precedes(other, s) {
			found = append(found, other.Called)
		}
		if other == s || e.precedes(other, s) {
			for _, a := range other.OnFailure {
				found = append(found, a.Workflow)
			}
		}
		for _, waited := range other.DependsOn {
			found = append(found, waited.Workflow)
		}
	}
	return slices.DeleteFunc(found, func(w *link.Workflow) bool { return w == nil || w == e.Workflow })
}
