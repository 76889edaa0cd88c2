package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Operation is one operation of a description, with what a request to it needs.
type Operation struct {
	// ID is its operationId; it may be empty.
	ID string
	// Method is as it is sent, such as "GET".
	Method string
	// Path is the path template, such as "/pets/{id}".
	Path string
	// Position is where the operation starts.
	Position source.Position
	// Parameters are the path item's and the operation's, merged by name and in;
	// the operation's win. Header parameters that OpenAPI tells to ignore
	// (Accept, Content-Type, Authorization) are not among them, nor those of
	// OpenAPI 2.0 that are the request body.
	Parameters []*Parameter
	// RequestBody is nil when the operation declares none.
	RequestBody *RequestBody
	// Responses are in document order.
	Responses []*Response
	// ResponsesAt is where they are declared.
	ResponsesAt source.Position
	// Servers are the operation's, else the path item's, else the document's;
	// empty when none of them has any.
	Servers []*Server
	// Security lists the alternatives, one of which suffices: the operation's,
	// else the document's. It is empty when no credential is asked for.
	Security []*SecurityRequirement
}

// RequestBody says what an operation takes.
type RequestBody struct {
	Required bool
	// MediaTypes are the names in Content, in document order. For OpenAPI 2.0
	// they are what the operation consumes, "*/*" when it does not say.
	MediaTypes []string
	Content    []*MediaType
	// Fields are the formData parameters of OpenAPI 2.0; empty for any other
	// body. Later versions describe a form by its schema.
	Fields   []*FormField
	Position source.Position
}

// FormField is a formData parameter of OpenAPI 2.0. Its Encode writes it for a
// body of type application/x-www-form-urlencoded.
type FormField struct {
	*Parameter
	// CollectionFormat is csv, ssv, tsv, pipes or multi, csv when it is left out.
	CollectionFormat string
	// File is true for the content of a file, which only multipart/form-data
	// carries.
	File bool
}

// Response is one declared response.
type Response struct {
	// Status is a code ("200"), a range ("2XX") or "default".
	Status string
	// MediaTypes are the names in Content, in document order.
	MediaTypes []string
	Content    []*MediaType
	// Headers are in document order.
	Headers []*Header
	// Unread is true when the response is a reference that does not hold: nothing
	// is known of it but its status.
	Unread   bool
	Position source.Position
}

// EventStream tells whether a success response of the operation declares
// server-sent events, newline-delimited JSON, or another sequence of items that
// OpenAPI 3.2 describes one by one with itemSchema.
func (op *Operation) EventStream() bool {
	return slices.ContainsFunc(op.Responses, func(r *Response) bool {
		return strings.HasPrefix(r.Status, "2") && slices.ContainsFunc(r.Content, (*MediaType).Streams)
	})
}

// build makes the operation of an index entry once: many steps may call it. It is
// nil when an error was found. The diagnostics are each caller's own.
func (d *Document) build(e *entry) (*Operation, source.Diagnostics) {
	b := e.built.once(func() built { return d.newOperation(e) })
	found := make(source.Diagnostics, len(b.found))
	for i, f := range b.found {
		own := *f
		found[i] = &own
	}
	return b.operation, found
}

// built is an operation with what was found about it.
type built struct {
	operation *Operation
	found     source.Diagnostics
}

func (d *Document) newOperation(e *entry) built {
	r := &reader{document: d}
	op := &Operation{ID: e.id, Method: e.method(), Path: e.path, Position: e.key.at()}
	if strings.ContainsAny(e.path, "?#") {
		r.report(source.Error, e.key, fmt.Sprintf("the path %q has a query or a fragment in it", e.path), "a path alone, and a parameter in: query for each part of the query")
	}
	declared := r.declarations(e)
	if d.edition == edition20 {
		op.Parameters, op.RequestBody = r.swaggerParameters(e, declared)
		op.Responses = r.responses(e.operation.child("responses"), r.swaggerMedia(e, "produces"))
		op.Servers = r.swaggerServers(e)
	} else {
		op.Parameters = parametersOf(declared)
		op.RequestBody = r.requestBody(e.operation.child("requestBody"))
		op.Responses = r.responses(e.operation.child("responses"), nil)
		op.Servers = r.servers(e)
	}
	op.ResponsesAt = e.operation.child("responses").at()
	op.Security = r.security(e)
	if r.found.Failed() {
		op = nil
	}
	return built{op, r.found}
}

func (r *reader) requestBody(p part) *RequestBody {
	if !p.exists() {
		return nil
	}
	body := r.resolve(p, source.Error)
	if !body.exists() {
		return nil
	}
	content := body.child("content")
	if !content.isMapping() {
		r.report(source.Error, body, "the request body has no content", "content with a media type, such as application/json")
		return nil
	}
	b := &RequestBody{Required: truth(body.child("required").node, false), Content: r.contentAnd(content, r.encodings), Position: body.at()}
	b.MediaTypes = namesOf(b.Content)
	return b
}

// responses reads the declared responses. In OpenAPI 2.0 the media types stand
// beside them.
func (r *reader) responses(p part, produced []string) []*Response {
	if p.exists() && !p.isMapping() {
		r.report(source.Warning, p, "responses is not a mapping", "a Responses Object")
	}
	var list []*Response
	for _, m := range p.members() {
		if strings.HasPrefix(m.key.node.Value, "x-") {
			continue
		}
		response := &Response{Status: m.key.node.Value, Position: m.key.at()}
		object := r.resolve(m.value, source.Warning)
		response.Unread = !object.isMapping()
		if r.document.edition == edition20 {
			response.Content = r.swaggerContent(object.child("schema"), produced)
		} else {
			response.Content = r.content(object.child("content"))
		}
		response.MediaTypes = namesOf(response.Content)
		response.Headers = r.headers(object.child("headers"))
		list = append(list, response)
	}
	return list
}
