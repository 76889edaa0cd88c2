package link

import (
	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/asyncapi"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// Step is a step with what it calls and everything that it refers to.
type Step struct {
	*arazzo.Step
	Workflow *Workflow
	// Source is where the operation or channel is described; nil for a step that
	// calls a workflow.
	Source *description.Source
	// Operation, Called or Message is what the step calls; none of them is given
	// where it could not be resolved.
	Operation *openapi.Operation
	Called    *Workflow
	Message   *Message
	// Parameters are the step's own, then those of its workflow.
	Parameters []Parameter
	// Body is nil when the step sends none.
	Body *Body
	// CorrelationID is nil where not given.
	CorrelationID *Value
	// DependsOn are steps that have to have completed before (S-066).
	DependsOn            []*Step
	Criteria             []Criterion
	OnSuccess, OnFailure []*Action
	Outputs              []Output
	Stream               Stream
	// References are the expressions of the step, in the order in which they are
	// evaluated.
	References []Reference
}

// Message is the AsyncAPI channel that a step sends to or receives from.
type Message struct {
	Channel   *asyncapi.Channel
	Operation *asyncapi.Operation
}

// step links one step.
func (l *Linker) step(s *Step) {
	at := &site{Linker: l, workflow: s.Workflow, step: s, Phase: Building}
	at.target()
	at.parameters()
	at.body()
	at.correlation()
	at.dependsOn()
	at.Phase = Judging
	s.Stream = at.stream()
	s.Criteria = at.criteria(s.SuccessCriteria)
	s.OnSuccess = at.actions(s.Step.OnSuccess, s.Workflow.SuccessActions)
	s.OnFailure = at.actions(s.Step.OnFailure, s.Workflow.FailureActions)
	at.Phase = Concluding
	s.Outputs = at.outputs(s.Step.Outputs)
}

// Phase is the part of a step's life in which an expression is evaluated. It
// decides what the expression can refer to.
type Phase int

const (
	// Building is before the step has called anything.
	Building Phase = iota
	// Judging is when the criteria are asked, of the step and of its actions.
	Judging
	// Concluding is when the outputs are evaluated.
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

func (at *site) correlation() {
	if v := at.step.Step.CorrelationID; v != nil {
		at.step.CorrelationID = at.value(v)
	}
}
