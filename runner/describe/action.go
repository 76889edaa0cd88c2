package describe

import (
	"cmp"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/link"
)

// branch is one way to go on behind a step.
type branch struct {
	failure bool
	text    string
}

// branches draws ways to go on as a small tree.
func (p *page) branches(indent int, list []branch) {
	margin := strings.Repeat(" ", indent)
	for i, b := range list {
		corner, trunk := "├─ ", "│"
		if i == len(list)-1 {
			corner, trunk = "└─ ", " "
		}
		word := p.style(good, "success:")
		if b.failure {
			word = p.style(bad, "failure:")
		}
		first := margin + corner + word + " "
		others := margin + trunk + strings.Repeat(" ", lipgloss.Width(first)-indent-1)
		p.hang(first, others, b.text)
	}
}

// common writes the actions of the workflow, which serve every step that does
// not override them.
func (s *survey) common(w *link.Workflow) {
	var list []branch
	for _, a := range w.SuccessActions {
		list = append(list, s.shared(w, a, false)...)
	}
	for _, a := range w.FailureActions {
		list = append(list, s.shared(w, a, true)...)
	}
	if len(list) > 0 {
		s.heading(2, "After every step")
		s.branches(4, list)
	}
}

// shared is an action of the workflow, as a step has it that does not override
// it; there may be none.
func (s *survey) shared(w *link.Workflow, own *arazzo.Action, failure bool) []branch {
	for _, step := range w.Steps {
		for _, a := range both(step) {
			if a.Action == own {
				return []branch{{failure, title(own) + " " + s.leads(step, a, failure)}}
			}
		}
	}
	return nil
}

func both(step *link.Step) []*link.Action { return slices.Concat(step.OnSuccess, step.OnFailure) }

// branchesOf are the ways to go on behind a step. Those of the kind for which the
// step has no action of its own are the workflow's, and are not repeated.
func branchesOf(s *survey, step *link.Step) []branch {
	var list []branch
	if len(step.Step.OnSuccess) > 0 {
		list = s.ways(step, step.OnSuccess, false)
	}
	if len(step.Step.OnFailure) > 0 {
		list = append(list, s.ways(step, step.OnFailure, true)...)
	}
	return list
}

// ways are the actions in the order in which they are asked, and what happens
// when none matches.
func (s *survey) ways(step *link.Step, actions []*link.Action, failure bool) []branch {
	var list []branch
	decided := false
	for _, a := range actions {
		text := title(a.Action) + " " + s.leads(step, a, failure)
		if a.Inherited {
			text += ofWorkflow
		}
		list = append(list, branch{failure, text})
		// A retry without criteria gives way when it is spent.
		decided = decided || len(a.Action.Criteria) == 0 && a.Type != arazzo.Retry
	}
	if decided {
		return list
	}
	return append(list, branch{failure, "otherwise → " + otherwise(step, failure)})
}

// otherwise is where a step leads when no action matches.
func otherwise(step *link.Step, failure bool) string {
	steps := step.Workflow.Steps
	switch {
	case failure:
		return "the workflow fails"
	case step == steps[len(steps)-1]:
		return "the workflow ends"
	default:
		return "next step"
	}
}

// title is an action's name, and what its criteria ask for.
func title(a *arazzo.Action) string {
	name := cmp.Or(short(a.Name), "unnamed")
	var list []string
	for _, c := range a.Criteria {
		list = append(list, criterion(c))
	}
	if len(list) == 0 {
		return name
	}
	return name + " [" + strings.Join(list, "] and [") + "]"
}
