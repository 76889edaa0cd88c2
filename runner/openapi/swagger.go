package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// collectionStyles are the styles that write what OpenAPI 2.0 calls
// collectionFormat, in a query or form and elsewhere (2.0, Parameter Object).
var collectionStyles = map[string]struct{ query, elsewhere string }{
	"csv":   {"form", "simple"},
	"ssv":   {"spaceDelimited", "spaceDelimited"},
	"tsv":   {"tabDelimited", "tabDelimited"},
	"pipes": {"pipeDelimited", "pipeDelimited"},
	"multi": {"form", ""},
}

// collectionFormat reads how a list is written. It is csv unless it says so.
func (r *reader) collectionFormat(p *Parameter, object part) bool {
	if p.In == "body" {
		p.Schema = r.document.schema(object.child("schema"))
		return true
	}
	p.Schema = r.valueSchema(object)
	format := collectionFormatOf(object)
	if object.child("type").text() != "array" {
		format = "csv" // it says nothing of other types
	}
	style := collectionStyles[format]
	p.Style, p.Explode = style.elsewhere, false
	if p.In == "query" || p.In == "formData" {
		p.Style, p.Explode = style.query, format == "multi"
	}
	if p.Style == "" {
		r.report(source.Error, object.child("collectionFormat"), fmt.Sprintf("the %s parameter %q has the collectionFormat %q", p.In, p.Name, format),
			"collectionFormat: csv, ssv, tsv or pipes, and in a query or form also multi")
		return false
	}
	return true
}

func collectionFormatOf(object part) string {
	if format := object.child("collectionFormat"); format.exists() {
		return format.text()
	}
	return "csv"
}

// swaggerParameters parts the parameters of OpenAPI 2.0 that are the request
// body from the others. There is one body; the nearest counts.
func (r *reader) swaggerParameters(e *entry, declared []declaration) (list []*Parameter, body *RequestBody) {
	var fields []declaration
	for _, d := range declared {
		switch d.In {
		case "body":
			body = &RequestBody{Required: d.Required, MediaTypes: r.swaggerMedia(e, "consumes"), Position: d.Position}
			body.Content = mediaTypes(body.MediaTypes, d.Schema, d.Position)
		case "formData":
			fields = append(fields, d)
		default:
			list = append(list, d.Parameter)
		}
	}
	if len(fields) > 0 {
		if body != nil {
			r.report(source.Warning, fields[0].object, "the operation has formData beside a body, which is taken", "formData or a body")
			return list, body
		}
		body = r.form(e, fields)
	}
	return list, body
}

// form makes the body of an operation with formData.
func (r *reader) form(e *entry, declared []declaration) *RequestBody {
	body := &RequestBody{Position: declared[0].Position}
	file := false
	for _, d := range declared {
		field := &FormField{Parameter: d.Parameter, CollectionFormat: collectionFormatOf(d.object), File: d.object.child("type").text() == "file"}
		body.Fields = append(body.Fields, field)
		body.Required = body.Required || d.Required
		file = file || field.File
	}
	// Other media types carry no form, whatever is declared for all operations.
	body.MediaTypes = slices.DeleteFunc(r.swaggerMedia(e, "consumes"), func(m string) bool { return !IsForm(m) })
	switch {
	case len(body.MediaTypes) > 0:
	case file:
		body.MediaTypes = []string{"multipart/form-data"}
	default:
		body.MediaTypes = []string{urlEncoded}
	}
	body.Content = mediaTypes(body.MediaTypes, nil, body.Position)
	return body
}

// swaggerMedia lists what the operation consumes or produces, or else all
// operations; any media type when neither says. An empty list says nothing.
func (r *reader) swaggerMedia(e *entry, field string) []string {
	level := r.document.main.root
	if e.operation.child(field).exists() {
		level = e.operation
	}
	if names := textsOf(r.list(level, field, source.Warning)); len(names) > 0 {
		return names
	}
	return []string{"*/*"}
}

// swaggerContent is a response's schema in every media type. A response without
// a schema has no body.
func (r *reader) swaggerContent(schema part, produced []string) []*MediaType {
	if !schema.exists() {
		return nil
	}
	return mediaTypes(produced, r.document.schema(schema), schema.at())
}

func mediaTypes(names []string, schema *Schema, at source.Position) []*MediaType {
	var list []*MediaType
	for _, name := range names {
		list = append(list, &MediaType{Name: name, Schema: schema, Position: at})
	}
	return list
}

// swaggerServers makes servers of schemes, host and basePath. Without a host
// they are relative to the place of the document; without schemes its scheme is
// theirs. WebSocket schemes are not for requests: one stands where there are no others.
func (r *reader) swaggerServers(e *entry) []*Server {
	root := r.document.main.root
	host, base := root.child("host"), root.child("basePath")
	path := base.text()
	if path != "" && !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	if host.text() == "" {
		if path == "" {
			return nil
		}
		return []*Server{{URL: path, Position: base.at()}}
	}
	level := root
	if e.operation.child("schemes").exists() {
		level = e.operation
	}
	var list []*Server
	schemes := textsOf(r.list(level, "schemes", source.Warning))
	for _, scheme := range schemes {
		if scheme == "http" || scheme == "https" {
			list = append(list, &Server{URL: scheme + "://" + host.text() + path, Position: host.at()})
		}
	}
	if len(list) == 0 && len(schemes) > 0 {
		return []*Server{{URL: schemes[0] + "://" + host.text() + path, Position: host.at()}}
	}
	if len(list) == 0 {
		list = []*Server{{URL: "//" + host.text() + path, Position: host.at()}}
	}
	return list
}
