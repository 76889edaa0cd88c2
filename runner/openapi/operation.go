package openapi

import (
	"mime"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Operation is one operation of a description, with what a request to it needs.
type Operation struct {
	// ID is its operationId; it may be empty.
	ID string
	// Method is in upper case, such as "GET".
	Method string
	// Path is the path template, such as "/pets/{id}".
	Path string
	// Position is where the operation starts.
	Position source.Position
	// Parameters are the path item's and the operation's, merged by name and in;
	// the operation's win. Header parameters that OpenAPI tells to ignore
	// (Accept, Content-Type, Authorization) are not among them.
	Parameters []*Parameter
	// RequestBody is nil when the operation declares none.
	RequestBody *RequestBody
	// Responses are in document order.
	Responses []*Response
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
	// MediaTypes are in document order.
	MediaTypes []string
	Position   source.Position
}

// Response is one declared response.
type Response struct {
	// Status is a code ("200"), a range ("2XX") or "default".
	Status string
	// MediaTypes are in document order.
	MediaTypes []string
	Position   source.Position
}

// streams are the media types whose body is a sequence of events without an end
// that the client could wait for.
var streams = []string{
	"text/event-stream", "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
}

// EventStream tells whether a success response of the operation declares
// server-sent events or newline-delimited JSON.
func (op *Operation) EventStream() bool {
	return slices.ContainsFunc(op.Responses, func(r *Response) bool {
		return strings.HasPrefix(r.Status, "2") && slices.ContainsFunc(r.MediaTypes, func(mediaType string) bool {
			base, _, _ := mime.ParseMediaType(mediaType)
			return slices.Contains(streams, base)
		})
	})
}

// build makes the operation of an index entry. It is nil when an error was found.
func (d *Document) build(e entry) (*Operation, source.Diagnostics) {
	r := &reader{document: d}
	op := &Operation{
		ID: e.id, Method: strings.ToUpper(e.method), Path: e.path, Position: d.at(e.key),
		Parameters:  r.parameters(e),
		RequestBody: r.requestBody(child(e.operation, "requestBody")),
		Responses:   r.responses(child(e.operation, "responses")),
		Servers:     r.servers(e),
		Security:    r.security(e),
	}
	if r.found.Failed() {
		return nil, r.found
	}
	return op, r.found
}

func (r *reader) requestBody(n *yaml.Node) *RequestBody {
	if n == nil {
		return nil
	}
	body := r.resolve(n, source.Error)
	if body == nil {
		return nil
	}
	content := child(body, "content")
	if !isMapping(content) {
		r.report(source.Error, body, "the request body has no content", "content with a media type, such as application/json")
		return nil
	}
	return &RequestBody{
		Required: truth(child(body, "required"), false), MediaTypes: keys(content), Position: r.document.at(body),
	}
}

func (r *reader) responses(n *yaml.Node) []*Response {
	if n != nil && !isMapping(n) {
		r.report(source.Warning, n, "responses is not a mapping", "a Responses Object")
	}
	var list []*Response
	for _, m := range members(n) {
		if strings.HasPrefix(m.key.Value, "x-") {
			continue
		}
		response := &Response{Status: m.key.Value, Position: r.document.at(m.key)}
		response.MediaTypes = keys(child(r.resolve(m.value, source.Warning), "content"))
		list = append(list, response)
	}
	return list
}

// keys lists the keys of a mapping in document order.
func keys(n *yaml.Node) []string {
	var list []string
	for _, m := range members(n) {
		list = append(list, m.key.Value)
	}
	return list
}
