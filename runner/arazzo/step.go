package arazzo

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// step reads a step of a workflow that has these parameters; it is nil when v is
// no object.
func (r *reader) step(v *source.Value, inherited []*Parameter) *Step {
	o, ok := r.object(v, "step", "stepId", "description", "operationId", "operationPath", "workflowId", "parameters",
		"requestBody", "successCriteria", "onSuccess", "onFailure", "outputs")
	if !ok {
		return nil
	}
	s := &Step{
		Object: o, StepID: r.id(o, "step", "stepId"), Description: r.text(o, "description"),
		Parameters:      r.parameters(o),
		SuccessCriteria: r.criteria(o, "successCriteria", r.filledList(o, "successCriteria")),
		OnSuccess:       r.actions(o, "onSuccess", successActions),
		OnFailure:       r.actions(o, "onFailure", failureActions),
		Outputs:         r.outputs(o),
	}
	if body := o.Field("requestBody"); body != nil {
		s.RequestBody = r.requestBody(body)
	}
	r.target(s)
	r.parametersOfStep(s, inherited)
	if r.version.minor > 0 {
		r.asynchronous(s)
	}
	return s
}

// target reads what the step calls, which is exactly one thing (S-051).
func (r *reader) target(s *Step) {
	s.OperationID = r.filledText(s.Object, "operationId")
	s.OperationPath = r.filledText(s.Object, "operationPath")
	s.WorkflowID = r.filledText(s.Object, "workflowId")
	targets := []string{"operationId", "operationPath", "workflowId"}
	if r.version.minor > 0 {
		s.ChannelPath = r.filledText(s.Object, "channelPath")
		targets = append(targets, "channelPath")
	}
	if given := s.targets(); len(given) != 1 {
		r.fail(s.Position(), "arazzo/step-target", fmt.Sprintf("the step %q names %d things to call", s.StepID, len(given)),
			"exactly one of "+strings.Join(targets, ", "), "add the one that it calls, or remove the others")
	}
	if s.Field("workflowId") != nil {
		r.noEffect(s.Object, "requestBody", "a workflow is given parameters only") // S-213
	}
}

// targets are the fields that say what the step calls. A field that the
// document's version does not have counts: what it means is plain.
func (s *Step) targets() []string {
	var given []string
	for _, field := range []string{"operationId", "operationPath", "workflowId", "channelPath"} {
		if s.Field(field) != nil {
			given = append(given, field)
		}
	}
	return given
}

// parametersOfStep judges parameters by what the step calls (S-082): those of an
// operation have a place, those of a workflow are its inputs.
func (r *reader) parametersOfStep(s *Step, inherited []*Parameter) {
	switch given := s.targets(); {
	case len(given) != 1: // It is not known which they are.
	case given[0] == "workflowId":
		for _, p := range s.Parameters {
			if p.Field("in") != nil {
				r.idle(p.used("in"), "in", "the parameters of a workflow are its inputs")
			}
		}
	default:
		r.placed(s.Parameters)
		r.queryStrings(s.Parameters, inherited)
	}
}

var messageActions = choices{always: []string{"send", "receive"}}

// asynchronous reads what came with 1.1, most of it for AsyncAPI (S-065 to S-072).
func (r *reader) asynchronous(s *Step) {
	s.Timeout = r.number(s.Object, "timeout", true)
	s.DependsOn = r.dependencies(s.Object, r.filledList(s.Object, "dependsOn"), stepDependency)
	s.Action = r.choice(s.Object, "action", messageActions)
	s.CorrelationID = s.Field("correlationId")
	if s.CorrelationID != nil && s.CorrelationID.Kind == source.Null {
		r.wrongType(s.CorrelationID, "correlationId", source.String)
	}
	if s.Field("workflowId") != nil || s.Field("operationPath") != nil {
		for _, field := range []string{"action", "correlationId"} {
			r.misplaced(s.Object, field, "it is for a step with channelPath, or the operationId of an AsyncAPI operation")
		}
		return
	}
	r.messageFlow(s)
}

// messageFlow checks that a step on a channel says which way the message goes,
// and that only one which receives waits for a correlationId.
func (r *reader) messageFlow(s *Step) {
	switch {
	case s.Field("action") != nil:
		if s.Action == "send" {
			r.misplaced(s.Object, "correlationId", "it is for a step with action: receive")
		}
	case s.CorrelationID != nil:
		r.fail(s.Position(), "arazzo/missing-field", `the step has a correlationId and no "action"`, "the field action", "add action: receive")
	case s.Field("channelPath") != nil:
		r.fail(s.Position(), "arazzo/missing-field", `the step has a channelPath and no "action"`, "the field action", "add action: send, or action: receive")
	}
}

// misplaced refuses a field that the object has, but not in this combination.
func (r *reader) misplaced(o Object, field, why string) {
	if v := o.Field(field); v != nil {
		r.fail(v.Position, "arazzo/misplaced-field", fmt.Sprintf("%s cannot stand here: %s", field, why), "an object without "+field, "remove it")
	}
}
