package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// unusedInputs tells of inputs that a workflow declares in its own schema and no
// expression asks for. The workflows are all of one document.
func (c *checker) unusedInputs(workflows []*link.Workflow) {
	asked := map[string]names{}
	for _, w := range workflows {
		asked[w.WorkflowID] = names{}
	}
	for _, w := range workflows {
		askedBy(w, asked)
	}
	for _, w := range workflows {
		for _, m := range membersOf(w.Workflow.Inputs.Get("properties")) {
			if asked[w.WorkflowID].has(m.Key) || handedOn(w, m.Key) {
				continue
			}
			c.report(&source.Diagnostic{
				Code: "arazzo/unused-input", Severity: source.Info, Position: m.Position,
				Message:  fmt.Sprintf("the workflow %q declares the input %q and does not use it", w.WorkflowID, m.Key),
				Expected: "an input that an expression asks for", Fix: "remove it, or use " + asExpression(m.Key),
			})
		}
	}
}

// asExpression is the expression that asks for an input (S-196).
func asExpression(name string) string {
	if e, err := expression.Parse("$inputs." + name); err == nil && e.Name == name {
		return e.Text
	}
	return "$inputs#" + expression.Pointer{name}.String()
}

// names are those that expressions ask for.
type names map[string]bool

// add takes a name as it stands in an expression, and what of it may be the name
// where a member of the value follows (S-189).
func (n names) add(name string) {
	n[name] = true
	for end := strings.LastIndexAny(name, ".["); end >= 0; end = strings.LastIndexAny(name[:end], ".[") {
		n[name[:end]] = true
	}
}

// has tells whether the name is asked for, by itself or with all others.
func (n names) has(name string) bool { return n[name] || n[""] }

// askedBy collects the inputs that a workflow's expressions ask for: its own, and
// those of other workflows.
func askedBy(w *link.Workflow, asked map[string]names) {
	see := func(e *expression.Expression) {
		owner := ""
		switch {
		case e.Root == expression.Inputs:
			owner = w.WorkflowID
		case e.Root == expression.Workflows && e.Part == "inputs":
			owner = e.ID
		}
		if of := asked[owner]; of != nil {
			of.add(e.Name)
		}
	}
	for _, s := range w.Steps {
		for _, r := range s.References {
			see(r.Expression)
		}
	}
	for _, o := range w.Outputs {
		see(o.Expression())
	}
}

// handedOn tells whether an action goes to a workflow that is given the caller's
// input of that name (S-118).
func handedOn(w *link.Workflow, input string) bool {
	takes := func(a *link.Action) bool {
		return a.Type != arazzo.End && a.Workflow != nil &&
			slices.ContainsFunc(a.Workflow.Inputs, func(i link.Input) bool { return i.Name == input })
	}
	return slices.ContainsFunc(w.Steps, func(s *link.Step) bool {
		return slices.ContainsFunc(s.OnSuccess, takes) || slices.ContainsFunc(s.OnFailure, takes)
	})
}
