package link

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/asyncapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Message is the AsyncAPI channel that a step sends to or receives from.
type Message struct {
	// Channel is nil where the description does not say which it is.
	Channel *asyncapi.Channel
	// Operation is nil for a step with a channelPath.
	Operation *asyncapi.Operation
}

// message makes the step one that sends or receives. It is the other side of the
// operation: it sends what the described application receives (S-071).
func (at *site) message(channel *asyncapi.Channel, operation *asyncapi.Operation) {
	at.step.Message = &Message{Channel: channel, Operation: operation}
	action := asyncapi.Action(at.step.Step.Action)
	if operation != nil && action != "" && !operation.Allows(action) {
		at.report(&source.Diagnostic{
			Code: "arazzo/wrong-message-action", Severity: source.Warning, Position: at.step.At("action"),
			Message:  fmt.Sprintf("the step would %s, and so does the application in its operation %q", action, operation.ID),
			Expected: "the other side of the operation: one sends what the other receives",
		})
	}
}

// receives tells whether the step waits for a message, as far as that is known:
// where it does not say so it is the other side of what the application does.
func (s *Step) receives() bool {
	if s.Step.Action != "" {
		return s.Step.Action == string(asyncapi.Receive)
	}
	return s.Message != nil && s.Message.Operation != nil && s.Message.Operation.Action == asyncapi.Send && !s.Message.Operation.Reply
}

// correlation links the correlationId. With action it is for messages alone
// (S-071, S-072).
func (at *site) correlation() {
	s := at.step
	if v := s.Step.CorrelationID; v != nil {
		s.CorrelationID = at.value(v)
	}
	if s.Operation == nil || s.OperationID == "" {
		return // the reader judged the steps that name no operationId
	}
	for _, field := range []string{"action", "correlationId"} {
		if v := s.Field(field); v != nil && at.document().Minor() > 0 {
			at.report(&source.Diagnostic{
				Code: "arazzo/misplaced-field", Position: v.Position,
				Message:  fmt.Sprintf("%s is for a step that sends or receives a message, and %q is an operation of OpenAPI", field, s.OperationID),
				Expected: "a step without " + field, Fix: "remove it",
			})
		}
	}
}

// unreceived warns of a body that a step gives which receives one.
func (at *site) unreceived(given *arazzo.RequestBody) {
	at.report(&source.Diagnostic{
		Code: "arazzo/no-effect", Severity: source.Warning, Position: given.Position(),
		Message:  fmt.Sprintf("requestBody has no effect: the step %q receives a message and sends none", at.step.StepID),
		Expected: "a step without it", Fix: "remove it, or write action: send",
	})
}
