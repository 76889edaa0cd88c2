package link

import "github.com/arazzo-conformance/arazzo/runner/description"

// Phase is the part of a step's life in which an expression is evaluated. It
// decides what the expression can refer to.
type Phase int

const (
	// Building is before the step has called anything.
	Building Phase = iota
	// Judging is when the criteria are asked, of the step and of its actions.
	Judging
	// Concluding is when the outputs are evaluated, of the step or the workflow.
	Concluding
)

// site is the place where an expression stands.
type site struct {
	*Linker
	workflow *Workflow
	// step is nil for the workflow's own outputs.
	step *Step
	Phase
	// inherited is true while an action of the workflow is linked for the step.
	inherited bool
}

// document is the one that the site's names belong to.
func (at *site) document() *description.Document { return at.workflow.Document }

// index is that of the site's document.
func (at *site) index() *index { return at.Linker.index(at.document()) }
