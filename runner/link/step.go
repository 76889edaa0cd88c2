package link

import (
	"github.com/arazzo-conformance/arazzo/runner/arazzo"
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
	// Background lets the steps after this one run while its exchange goes on.
	Background bool
	// References are the expressions of the step, in the order in which they are
	// evaluated.
	References []Reference

	outputNames *names
}

// outputs are the names of what the step gives. Those of a workflow that it calls
// can be seen without a map of its own (S-215).
func (s *Step) outputs() *names {
	if s.outputNames == nil {
		own := outputNames(s.Step.Outputs)
		if s.Called != nil {
			own = append(own, s.Called.outputNames.list...)
		}
		s.outputNames = newNames(own)
	}
	return s.outputNames
}

// step links one step, whose target is known, with what its workflow shares.
func (l *Linker) step(s *Step, common shared) {
	at := &site{Linker: l, workflow: s.Workflow, step: s, Phase: Building}
	given := at.given(common.parameters)
	at.parameters(given)
	at.body(given)
	at.correlation()
	at.dependsOn()
	at.Phase = Judging
	s.Stream = at.stream()
	s.Background = at.background()
	at.otherExtensions()
	s.Criteria = at.criteria(s.SuccessCriteria)
	s.OnSuccess = at.actions(s.Step.OnSuccess, common.onSuccess)
	s.OnFailure = at.actions(s.Step.OnFailure, common.onFailure)
	at.Phase = Concluding
	s.Outputs = at.outputs(s.Step.Outputs)
}
