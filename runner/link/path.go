package link

import (
	"cmp"
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
		var pointers []string
		for _, o := range in.OpenAPI.Operations() {
			pointers = append(pointers, o.Pointer)
		}
		at.report(&source.Diagnostic{
			Code: "arazzo/unknown-operation", Position: at.step.At("operationPath"),
			Message:  fmt.Sprintf("there is no operation at %s", cmp.Or(pointer, "the document itself")),
			Expected: "a JSON Pointer such as #/paths/~1pets~1{id}/get into " + in.URL, Fix: at.didYouMean(pointer, pointers),
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
		var names []string
		for _, c := range in.AsyncAPI.Channels() {
			names = append(names, c.Name)
		}
		at.report(&source.Diagnostic{
			Code: "arazzo/unknown-channel", Position: at.step.At("channelPath"),
			Message:  fmt.Sprintf("there is no channel at %s", cmp.Or(pointer, "the document itself")),
			Expected: "a JSON Pointer such as #/channels/orders into " + in.URL,
			Fix:      at.didYouMean(strings.TrimPrefix(pointer, "/channels/"), names),
		})
		return
	}
	at.message(channel, nil)
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
	if !ok {
		at.report(&source.Diagnostic{
			Code: "arazzo/path-syntax", Position: at.step.At(field), Message: fmt.Sprintf("%q has no JSON Pointer", path),
			Expected: "{$sourceDescriptions.NAME.url}" + example, Fix: "an operation's id stands in operationId",
		})
		return nil, ""
	}
	if name, named := sourceIn(reference); named {
		in := at.source(name, at.step.At(field))
		at.loose(field, in, path, pointer)
		return in, pointer
	}
	for _, s := range at.document().Sources {
		if s.URL == reference {
			at.loose(field, s, path, pointer)
			return s, pointer
		}
	}
	at.report(&source.Diagnostic{
		Code: "arazzo/unknown-source", Position: at.step.At(field),
		Message:  fmt.Sprintf("%q names no source of the document", path),
		Expected: "{$sourceDescriptions.NAME.url}" + example + ", where NAME is " + oneOf(at.index().sourceNames),
	})
	return nil, ""
}

// loose reports a path that names its source otherwise than the specification has
// it: by an expression for its url, in braces.
func (at *site) loose(field string, in *description.Source, path, pointer string) {
	if in == nil {
		return
	}
	right := "{" + sourcePrefix + in.Name + ".url}#" + pointer
	if path == right {
		return
	}
	at.report(&source.Diagnostic{
		Code: "arazzo/loose-path", Severity: source.Warning, Position: at.step.At(field),
		Message:  fmt.Sprintf("%q does not name its source by an expression in braces for its url", path),
		Expected: right, Fix: "write it so, in quotes", Edit: at.step.Field(field).EditAt(0, path, right),
	})
}

// sourceIn is the name of the source in an expression for its url, also in the
// spellings without braces or without .url that published documents have.
func sourceIn(reference string) (string, bool) {
	name, braced := strings.CutPrefix(reference, "{"+sourcePrefix)
	if braced {
		name, braced = strings.CutSuffix(name, "}")
		return strings.TrimSuffix(name, ".url"), braced
	}
	name, ok := strings.CutPrefix(reference, sourcePrefix)
	return strings.TrimSuffix(name, ".url"), ok
}

// source is the document's source of that name, or nil with a report.
func (at *site) source(name string, place source.Position) *description.Source {
	return at.sourceNamed(at.document(), name, place)
}

func (l *Linker) sourceNamed(d *description.Document, name string, place source.Position) *description.Source {
	x := l.index(d)
	if s := x.sources[name]; s != nil {
		return s
	}
	l.report(&source.Diagnostic{
		Code: "arazzo/unknown-source", Position: place,
		Message:  fmt.Sprintf("the document has no source %q", name),
		Expected: oneOf(x.sourceNames), Fix: l.didYouMean(name, x.sourceNames),
	})
	return nil
}

// named is the workflow that a text names from a document, which will be linked:
// one of its own, or $sourceDescriptions.NAME.ID of an arazzo source (S-042,
// S-058). It is nil when that is reported.
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
			l.noWorkflows(in, place)
			return nil
		}
	}
	if w := l.index(d).workflows[id]; w != nil {
		return l.lead(d, w)
	}
	ids := l.index(d).workflowIDs
	l.report(&source.Diagnostic{
		Code: "arazzo/unknown-workflow", Position: place,
		Message:  fmt.Sprintf("%s has no workflow %q", d.File.Name, id),
		Expected: oneOf(ids), Fix: l.didYouMean(id, ids),
	})
	return nil
}

// noWorkflows reports a source of another kind than arazzo. One that could not be
// loaded was reported.
func (l *Linker) noWorkflows(in *description.Source, place source.Position) {
	if in.OpenAPI == nil && in.AsyncAPI == nil {
		return
	}
	l.report(&source.Diagnostic{
		Code: "arazzo/wrong-source", Position: place,
		Message:  fmt.Sprintf("the source %q is no Arazzo document: it has no workflows", in.Name),
		Expected: "a workflow of this document, or of a source of type arazzo",
	})
}
