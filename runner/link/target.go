package link

import (
	"fmt"
	"strings"

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
	apis, found := at.index().apis, at.index().operations[id]
	if len(found) == 0 {
		at.unknownOperation(id, apis)
		return
	}
	ids := qualified(found, id)
	if len(found) > 1 {
		at.report(&source.Diagnostic{
			Code: "arazzo/ambiguous-operation", Position: place,
			Message: fmt.Sprintf("%d sources have an operation %q", len(found), id), Expected: oneOf(ids), Fix: "name the source that is meant",
		})
		return
	}
	if len(apis) > 1 {
		at.report(&source.Diagnostic{
			Code: "arazzo/unqualified-operation", Severity: source.Warning, Position: place,
			Message: fmt.Sprintf("with several sources, the operation %q has to name its own", id), Expected: ids[0],
			Edit: at.step.Field("operationId").EditAt(0, id, ids[0]),
		})
	}
	at.operationIn(found[0], id)
}

func qualified(sources []*description.Source, id string) []string {
	var ids []string
	for _, s := range sources {
		ids = append(ids, sourcePrefix+s.Name+"."+id)
	}
	return ids
}

// operationIn takes the operation of that id from a source. Of one that could not
// be loaded nothing is known, and that was reported.
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
