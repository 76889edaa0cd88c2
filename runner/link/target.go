package link

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/asyncapi"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// sourcePrefix begins a name that belongs to a source description.
const sourcePrefix = "$sourceDescriptions."

// target resolves what the step calls (S-051 to S-058, S-070).
func (at *site) target() {
	s := at.step
	switch {
	case s.OperationID != "":
		at.operationID()
	case s.OperationPath != "":
		at.operationPath()
	case s.ChannelPath != "":
		at.channelPath()
	case s.WorkflowID != "":
		s.Called = at.named(at.document(), s.WorkflowID, s.At("workflowId"))
	}
}

// operationID resolves an operationId, qualified or bare.
func (at *site) operationID() {
	qualified, ok := strings.CutPrefix(at.step.OperationID, sourcePrefix)
	if !ok {
		at.bareOperationID()
		return
	}
	// The text after the second dot is the id: it may have dots of its own (S-054).
	name, id, _ := strings.Cut(qualified, ".")
	if in := at.source(name, at.step.At("operationId")); in != nil {
		at.operationIn(in, id)
	}
}

// bareOperationID looks in every source. Several sources that have the id leave
// it open which is meant, and are refused (S-053, D9).
func (at *site) bareOperationID() {
	id, place := at.step.OperationID, at.step.At("operationId")
	var apis, found []*description.Source
	for _, candidate := range at.document().Sources {
		if candidate.Arazzo != nil {
			continue
		}
		apis = append(apis, candidate)
		if slices.Contains(operationIDs(candidate), id) {
			found = append(found, candidate)
		}
	}
	switch {
	case len(found) == 0:
		at.unknownOperation(id, apis)
	case len(found) > 1:
		at.report(&source.Diagnostic{
			Code: "arazzo/ambiguous-operation", Position: place,
			Message:  fmt.Sprintf("%d sources have an operation %q", len(found), id),
			Expected: "one of " + list(qualified(found, id)),
		})
	default:
		if len(apis) > 1 {
			at.report(&source.Diagnostic{
				Code: "arazzo/unqualified-operation", Severity: source.Warning, Position: place,
				Message:  fmt.Sprintf("with several sources, the operation %q has to name its own", id),
				Expected: list(qualified(found, id)),
				Edit:     at.step.Field("operationId").EditAt(0, id, qualified(found, id)[0]),
			})
		}
		at.operationIn(found[0], id)
	}
}

// operationIn takes the operation of that id from a source.
func (at *site) operationIn(in *description.Source, id string) {
	at.step.Source = in
	switch {
	case in.OpenAPI != nil:
		operation, found := in.OpenAPI.Operation(id)
		at.report(found...)
		if at.step.Operation = operation; operation == nil && !found.Failed() {
			at.unknownOperation(id, []*description.Source{in})
		}
	case in.AsyncAPI != nil:
		if operation := in.AsyncAPI.Operation(id); operation != nil {
			at.message(operation.Channel, operation)
		} else {
			at.unknownOperation(id, []*description.Source{in})
		}
	case in.Arazzo != nil:
		at.report(&source.Diagnostic{
			Code: "arazzo/wrong-source", Position: at.step.At("operationId"),
			Message:  fmt.Sprintf("the source %q is an Arazzo document: it has workflows and no operations", in.Name),
			Expected: "an OpenAPI or AsyncAPI source; a workflow is called with workflowId",
		})
	}
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

// unknownOperation reports an id that no source has; where one of them could not
// be loaded it might be there, and that is reported already.
func (at *site) unknownOperation(id string, among []*description.Source) {
	var ids, places []string
	for _, in := range among {
		if in.OpenAPI == nil && in.AsyncAPI == nil {
			return
		}
		ids = append(ids, operationIDs(in)...)
		places = append(places, fmt.Sprintf("%s (%s)", in.Name, in.URL))
	}
	fix := didYouMean(id, ids)
	if fix == "" && len(ids) > 0 {
		fix = "the operations there are " + list(ids[:min(len(ids), 10)])
	}
	at.report(&source.Diagnostic{
		Code: "arazzo/unknown-operation", Position: at.step.At("operationId"),
		Message:  fmt.Sprintf("no operation has the id %q", id),
		Expected: "an operationId of " + strings.Join(places, " or "), Fix: fix,
	})
}

func operationIDs(in *description.Source) []string {
	switch {
	case in.OpenAPI != nil:
		return in.OpenAPI.OperationIDs()
	case in.AsyncAPI != nil:
		return in.AsyncAPI.OperationIDs()
	default:
		return nil
	}
}

func qualified(sources []*description.Source, id string) []string {
	var ids []string
	for _, s := range sources {
		ids = append(ids, sourcePrefix+s.Name+"."+id)
	}
	return ids
}
