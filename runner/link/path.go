package link

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// operationPath reads {$sourceDescriptions.NAME.url}#/paths/~1pets/get (S-055).
func (at *site) operationPath() {
	in, pointer := at.pointed("operationPath", at.step.OperationPath, "#/paths/~1pets~1{id}/get")
	if in == nil || at.wrongKind(in, "operationPath", "an OpenAPI", in.OpenAPI == nil) {
		return
	}
	at.step.Source = in
	operation, found := in.OpenAPI.OperationAt(pointer)
	at.report(found...)
	if at.step.Operation = operation; operation == nil && !found.Failed() {
		at.report(&source.Diagnostic{
			Code: "arazzo/unknown-operation", Position: at.step.At("operationPath"),
			Message:  fmt.Sprintf("there is no operation at %s", pointer),
			Expected: "a JSON Pointer such as #/paths/~1pets~1{id}/get into " + in.URL,
		})
	}
}

// channelPath reads {$sourceDescriptions.NAME.url}#/channels/orders (S-070).
func (at *site) channelPath() {
	in, pointer := at.pointed("channelPath", at.step.ChannelPath, "#/channels/orders")
	if in == nil || at.wrongKind(in, "channelPath", "an AsyncAPI", in.AsyncAPI == nil) {
		return
	}
	at.step.Source = in
	channel := in.AsyncAPI.ChannelAt(pointer)
	if channel == nil {
		at.report(&source.Diagnostic{
			Code: "arazzo/unknown-channel", Position: at.step.At("channelPath"),
			Message:  fmt.Sprintf("there is no channel at %s", pointer),
			Expected: "a JSON Pointer such as #/channels/orders into " + in.URL,
			Fix:      didYouMean(strings.TrimPrefix(pointer, "/channels/"), channelNames(in)),
		})
		return
	}
	at.message(channel, nil)
}

func channelNames(in *description.Source) []string {
	var names []string
	for _, c := range in.AsyncAPI.Channels() {
		names = append(names, c.Name)
	}
	return names
}

// wrongKind reports a source that is of another kind than the field is for. One
// that could not be loaded was reported.
func (at *site) wrongKind(in *description.Source, field, kind string, wrong bool) bool {
	if wrong && (in.OpenAPI != nil || in.AsyncAPI != nil || in.Arazzo != nil) {
		at.report(&source.Diagnostic{
			Code: "arazzo/wrong-source", Position: at.step.At(field),
			Message:  fmt.Sprintf("the source %q is not %s description", in.Name, kind),
			Expected: fmt.Sprintf("%s of %s source", field, kind),
		})
	}
	return wrong
}

// pointed splits a path into the source that it names and the JSON Pointer into
// it. The source is nil when that is reported.
func (at *site) pointed(field, path, example string) (*description.Source, string) {
	reference, pointer, ok := strings.Cut(path, "#")
	if in := at.sourceOf(reference); in != nil && ok {
		return in, pointer
	}
	d := &source.Diagnostic{
		Code: "arazzo/unknown-source", Position: at.step.At(field),
		Message:  fmt.Sprintf("%q names no source of the document", path),
		Expected: "{$sourceDescriptions.NAME.url}" + example + ", where NAME is " + oneOf(at.sourceNames()),
	}
	if !ok {
		d.Code, d.Message = "arazzo/path-syntax", fmt.Sprintf("%q has no JSON Pointer", path)
		d.Fix = "an operation's id stands in operationId"
	}
	at.report(d)
	return nil, ""
}

// sourceOf is the source that a path names: by expression, also in the spellings
// without braces or without .url that published documents have, or by its url
// itself.
func (at *site) sourceOf(reference string) *description.Source {
	name, ok := strings.CutPrefix(reference, "{"+sourcePrefix)
	if ok {
		name, ok = strings.CutSuffix(name, "}")
	} else {
		name, ok = strings.CutPrefix(reference, sourcePrefix)
	}
	for _, s := range at.document().Sources {
		if ok && s.Name == strings.TrimSuffix(name, ".url") || !ok && s.URL == reference {
			return s
		}
	}
	return nil
}

// source is the document's source of that name, or nil with a report.
func (at *site) source(name string, place source.Position) *description.Source {
	return at.sourceNamed(at.document(), name, place)
}

func (l *Linker) sourceNamed(d *description.Document, name string, place source.Position) *description.Source {
	var names []string
	for _, s := range d.Sources {
		if s.Name == name {
			return s
		}
		names = append(names, s.Name)
	}
	l.report(&source.Diagnostic{
		Code: "arazzo/unknown-source", Position: place,
		Message:  fmt.Sprintf("the document has no source %q", name),
		Expected: oneOf(names), Fix: didYouMean(name, names),
	})
	return nil
}

func (at *site) sourceNames() []string {
	var names []string
	for _, s := range at.document().Sources {
		names = append(names, s.Name)
	}
	return names
}

// named links the workflow that a text names from a document: one of its own, or
// $sourceDescriptions.NAME.ID of an arazzo source (S-042, S-058).
func (l *Linker) named(d *description.Document, text string, place source.Position) *Workflow {
	id := text
	if qualified, ok := strings.CutPrefix(text, sourcePrefix); ok {
		var name string
		name, id, _ = strings.Cut(qualified, ".")
		in := l.sourceNamed(d, name, place)
		if in == nil {
			return nil
		}
		if d = in.Arazzo; d == nil {
			if in.OpenAPI != nil || in.AsyncAPI != nil {
				l.report(&source.Diagnostic{
					Code: "arazzo/wrong-source", Position: place,
					Message:  fmt.Sprintf("the source %q is no Arazzo document: it has no workflows", name),
					Expected: "a workflow of this document, or of a source of type arazzo",
				})
			}
			return nil
		}
	}
	if w, ok := l.Workflow(d, id); ok {
		return w
	}
	ids := workflowIDs(d)
	l.report(&source.Diagnostic{
		Code: "arazzo/unknown-workflow", Position: place,
		Message:  fmt.Sprintf("%s has no workflow %q", d.File.Name, id),
		Expected: oneOf(ids), Fix: didYouMean(id, ids),
	})
	return nil
}

func workflowIDs(d *description.Document) []string {
	var ids []string
	for _, w := range d.Workflows {
		ids = append(ids, w.WorkflowID)
	}
	return ids
}
