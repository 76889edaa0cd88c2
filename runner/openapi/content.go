package openapi

import (
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// MediaType is one form that a body may have.
type MediaType struct {
	// Name is the media type or range, such as "application/json".
	Name string
	// Schema describes the whole body, nil when nothing does.
	Schema *Schema
	// ItemSchema describes each item of a sequence (OpenAPI 3.2.0, Streaming
	// Sequential Media Types), nil when nothing does.
	ItemSchema *Schema
	// Encoding says how the properties of a form or multipart body are written, in
	// document order; empty where the properties' types decide.
	Encoding []*Encoding
	Position source.Position
}

// streamed are the media types whose body is a sequence of events without an end
// that the client could wait for.
var streamed = []string{
	"text/event-stream", "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
}

// Streams tells whether a body of this type is a sequence of events or items.
// Its Schema often describes one event, or their text: not what was received as
// a whole.
func (m *MediaType) Streams() bool {
	base := BaseType(m.Name)
	if slices.Contains(streamed, base) {
		return true
	}
	sequence := base == "application/json-seq" || strings.HasSuffix(base, "+json-seq") || base == "multipart/mixed"
	return sequence && m.ItemSchema != nil
}

// Header is one declared header of a response.
type Header struct {
	Name     string
	Required bool
	// Schema is nil when nothing describes the value.
	Schema *Schema
	// Explode is true when an object is written as name=value (style simple).
	Explode bool
	// Delimiter stands between the items of a list: a comma, or what the
	// collectionFormat of OpenAPI 2.0 says.
	Delimiter string
	// ContentType is the media type of a header that is declared with content.
	ContentType string
	Position    source.Position
}

// content reads a map of media types. Since OpenAPI 3.2 each may be a reference;
// one that does not hold leaves the body without a schema, which no request needs.
func (r *reader) content(p part) []*MediaType {
	return r.contentAnd(p, func(*MediaType, part) {})
}

// contentAnd is content, and shows each media type with the object it was read
// from.
func (r *reader) contentAnd(p part, see func(*MediaType, part)) []*MediaType {
	var list []*MediaType
	for _, m := range p.members() {
		object := r.resolve(m.value, source.Warning)
		list = append(list, &MediaType{
			Name:       m.key.node.Value,
			Schema:     r.document.schema(object.child("schema")),
			ItemSchema: r.document.schema(object.child("itemSchema")),
			Position:   m.key.at(),
		})
		see(list[len(list)-1], object)
	}
	return list
}

func namesOf(content []*MediaType) []string {
	var names []string
	for _, m := range content {
		names = append(names, m.Name)
	}
	return names
}

// headers reads the headers of a response, but for Content-Type, which content
// describes (OpenAPI 3.1.1, section 4.8.17.1).
func (r *reader) headers(p part) []*Header {
	var list []*Header
	for _, m := range p.members() {
		if strings.EqualFold(m.key.node.Value, "Content-Type") {
			continue
		}
		object := r.resolve(m.value, source.Warning)
		list = append(list, &Header{
			Name: m.key.node.Value, Required: truth(object.child("required").node, false),
			Schema: r.valueSchema(object), Position: m.key.at(),
			Explode: truth(object.child("explode").node, false), Delimiter: r.delimiter(object),
			ContentType: firstName(object.child("content")),
		})
	}
	return list
}

// delimiter stands between the items of a header's list.
func (r *reader) delimiter(header part) string {
	if r.document.edition == edition20 {
		style := collectionStyles[collectionFormatOf(header)].elsewhere
		if delimiter, ok := delimiters[style]; ok {
			return delimiter
		}
	}
	return ","
}

// firstName is the name of a mapping's first entry, empty when there is none.
func firstName(p part) string {
	if members := p.members(); len(members) > 0 {
		return members[0].key.text()
	}
	return ""
}

// valueSchema is the schema of a parameter or header: its schema, or that of its
// only media type, or in OpenAPI 2.0 the object itself.
func (r *reader) valueSchema(p part) *Schema {
	if r.document.edition == edition20 {
		return r.document.schema(p)
	}
	if schema := p.child("schema"); schema.exists() {
		return r.document.schema(schema)
	}
	if content := r.content(p.child("content")); len(content) > 0 {
		return content[0].Schema
	}
	return nil
}

// IsForm tells the media types of forms, in one text and in parts: those in which
// formData of OpenAPI 2.0 travels.
func IsForm(mediaType string) bool {
	return slices.Contains([]string{urlEncoded, "multipart/form-data"}, BaseType(mediaType))
}

// IsJSON tells whether a media type is JSON or ends in +json.
func IsJSON(mediaType string) bool {
	base := BaseType(mediaType)
	return base == "application/json" || strings.HasSuffix(base, "+json") || base == "text/json"
}

// IsXML tells whether a media type is XML or ends in +xml.
func IsXML(mediaType string) bool {
	base := BaseType(mediaType)
	return base == "application/xml" || strings.HasSuffix(base, "+xml") || base == "text/xml"
}

const urlEncoded = "application/x-www-form-urlencoded"

// BaseType is a media type without its parameters, in lower case.
func BaseType(mediaType string) string {
	base, _, _ := strings.Cut(mediaType, ";")
	return strings.ToLower(strings.TrimSpace(base))
}
