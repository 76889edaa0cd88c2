package describe

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/asyncapi"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// step writes one step, in the order of its life.
func (s *survey) step(number int, step *link.Step) {
	d := step.Workflow.Document.Document
	s.paragraph(4, bold, fmt.Sprintf("%d %s", number, cmp.Or(short(step.StepID), "without an id")))
	s.paragraph(6, faint, firstLine(step.Description))
	rows := named("calls", s.calls(step))
	rows = append(rows, named("depends on", texts(step.Step.DependsOn))...)
	rows = append(rows, named("parameters", parameters(d, step))...)
	rows = append(rows, named("body", body(d, step.Body))...)
	if v := step.Step.CorrelationID; v != nil {
		rows = append(rows, row{"correlation", flow(d, v, false)})
	}
	rows = append(rows, named("x-sse", stream(step))...)
	if v := step.Extension("x-background"); v != nil {
		rows = append(rows, row{"background", excerpt(v.Data())})
	}
	if step.Timeout != "" {
		rows = append(rows, row{"timeout", step.Timeout.String() + " ms"})
	}
	rows = append(rows, named("criteria", criteria(step))...)
	var given []string
	for _, o := range outputs(d, step.Step.Outputs) {
		given = append(given, short(o.label)+" "+o.text)
	}
	s.rows(6, labels, append(rows, named("outputs", given)...))
	s.branches(6, branchesOf(s, step))
}

// calls says what the step calls.
func (s *survey) calls(step *link.Step) []string {
	switch {
	case step.Operation != nil:
		return s.operation(step)
	case step.Called != nil:
		return []string{"workflow " + step.Called.WorkflowID + s.of(step.Called, step.Workflow.Document)}
	case step.Message != nil:
		return s.message(step)
	}
	for _, field := range []string{"operationId", "operationPath", "channelPath", "workflowId"} {
		if text, ok := step.Field(field).Text(); ok {
			return []string{field + " " + text + ": not found"}
		}
	}
	return []string{"nothing"}
}

// operation is the request, and what the description calls it.
func (s *survey) operation(step *link.Step) []string {
	o := step.Operation
	base, err := s.server(step)
	if err != nil {
		base = ""
	}
	return []string{o.Method + " " + base + o.Path, cmp.Or(o.ID, pointer(step.OperationPath)) + " of " + s.names[step.Source]}
}

// pointer is the part of a path that says where in the source it leads.
func pointer(path string) string {
	_, p, _ := strings.Cut(path, "#")
	return "#" + p
}

// otherSide is what a step does where the described application does the opposite.
var otherSide = map[asyncapi.Action]string{asyncapi.Send: "receive", asyncapi.Receive: "send"}

// message is the channel, and which way the message goes.
func (s *survey) message(step *link.Step) []string {
	action, name := step.Step.Action, pointer(step.ChannelPath)
	if o := step.Message.Operation; o != nil {
		action, name = cmp.Or(action, otherSide[o.Action]), o.ID
	}
	way := map[string]string{"send": "send to ", "receive": "receive from "}[action]
	address := "a channel without an address"
	if c := step.Message.Channel; c != nil && c.Address != "" {
		address = c.Address
	}
	return []string{cmp.Or(way, "a message on ") + address, name + " of " + s.names[step.Source]}
}

// parameters lists what the step gives, and where each value comes from.
func parameters(d *arazzo.Document, step *link.Step) []string {
	var list []string
	for _, p := range step.Parameters {
		name := strings.TrimPrefix(p.In+" "+cmp.Or(p.Name, "unnamed"), " ")
		text := short(name) + " " + flow(d, p.Parameter.Value, isSecret(step, p))
		if !slices.Contains(step.Step.Parameters, p.Parameter) {
			text += ofWorkflow
		}
		list = append(list, text)
	}
	return list
}

// ofWorkflow marks what a step has from its workflow.
const ofWorkflow = " (of the workflow)"

// body lists what the request body is made of.
func body(d *arazzo.Document, b *link.Body) []string {
	if b == nil {
		return nil
	}
	list := []string{short(b.ContentType)}
	if b.Payload != nil {
		list = append(list, payload(d, b.Payload.Source())...)
	}
	for _, r := range b.Replacements {
		list = append(list, "replaces "+target(r.Replacement)+" "+flow(d, r.Replacement.Value, secret.Named(r.Target)))
	}
	return list
}

// target is what a replacement replaces, with its language where it is given.
func target(r *arazzo.Replacement) string {
	if r.TargetType.Name == "" {
		return short(r.Target)
	}
	return inLanguage(r.TargetType.Name, r.TargetType.Version, r.Target)
}

// stream is the step's extension x-sse, as the document has it.
func stream(step *link.Step) []string {
	v := step.Extension("x-sse")
	if v == nil {
		return nil
	}
	if v.Kind != source.Object {
		return []string{excerpt(v.Data())}
	}
	var list []string
	for _, m := range v.Members {
		text := short(m.Key) + " " + excerpt(m.Value.Data())
		if slices.Contains([]string{"within", "idle", "linger"}, m.Key) {
			text += " ms"
		}
		list = append(list, text)
	}
	return []string{strings.Join(list, ", ")}
}

// criteria lists what the step's success is judged by. Without criteria the
// status of an HTTP response decides (S-061).
func criteria(step *link.Step) []string {
	var list []string
	for _, c := range step.SuccessCriteria {
		list = append(list, criterion(c))
	}
	if len(list) == 0 && step.Operation != nil {
		return []string{"none: success is a status of 2xx or 3xx"}
	}
	return list
}
