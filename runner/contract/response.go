package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Response is what came.
type Response struct {
	Status int
	Header http.Header
	// ContentType is the value of the header, with its parameters.
	ContentType string
	// Body is a JSON value where the media type is JSON, else a text; of a stream
	// the events, each an object with its data. Numbers are json.Number.
	Body any
	// Empty is true when there was no body.
	Empty bool
	// Malformed says why a body whose type is JSON is none; Body is its text then.
	Malformed string
}

// Response judges a response by its operation. Headers that are not declared are
// allowed; without any declared response there is nothing to judge.
func (c *Checker) Response(op *openapi.Operation, r Response) Report {
	x := c.exchange(op, response, Schema)
	if len(op.Responses) == 0 || c.areOff(Status, ContentType, Schema, Header) {
		return x.report
	}
	declared := declaredStatus(op.Responses, r.Status)
	switch {
	case declared == nil:
		x.find(Finding{
			Check: Status, Message: fmt.Sprintf("the status %d is not declared", r.Status), Position: op.ResponsesAt,
			Expected: "one of " + strings.Join(statuses(op.Responses), ", "),
		})
	case declared.Unread:
		x.unchecked(source.Warning, declared.Position, "the response %s is a reference that does not hold: nothing but the status is checked", declared.Status)
	default:
		x.headers(declared, r)
		x.body(declared, r)
	}
	return x.report
}

// declaredStatus is the response of a status: by its code, its range or default.
func declaredStatus(list []*openapi.Response, status int) *openapi.Response {
	for _, name := range []string{strconv.Itoa(status), strconv.Itoa(status/100) + "XX", "default"} {
		i := slices.IndexFunc(list, func(r *openapi.Response) bool { return strings.EqualFold(r.Status, name) })
		if i >= 0 {
			return list[i]
		}
	}
	return nil
}

func statuses(list []*openapi.Response) []string {
	var names []string
	for _, r := range list {
		names = append(names, r.Status)
	}
	return names
}

// headers judges the headers that are declared.
func (x *exchange) headers(declared *openapi.Response, r Response) {
	x.check = Header
	defer func() { x.check = Schema }()
	for _, h := range declared.Headers {
		lines := r.Header.Values(h.Name)
		switch {
		case len(lines) == 0 && h.Required:
			x.find(Finding{
				Check: Header, Message: fmt.Sprintf("the header %s is missing", h.Name), Position: h.Position,
				Expected: "the header, which is required",
			})
		case len(lines) > 0 && h.Schema != nil:
			if !strings.EqualFold(h.Name, "Set-Cookie") {
				lines = []string{strings.Join(lines, ", ")} // RFC 9110, section 5.3
			}
			for _, line := range lines {
				x.header(h, line)
			}
		}
	}
}

func (x *exchange) header(h *openapi.Header, line string) {
	what := "the header " + h.Name
	if !openapi.IsJSON(h.ContentType) {
		x.tellText(x.compareText(h.Schema, line, written{delimiter: h.Delimiter, explode: h.Explode}, false), what, h.Name)
		return
	}
	value, err := source.DecodeJSON(line)
	if err != nil {
		x.find(Finding{Check: Header, Name: h.Name, Message: what + " is not JSON", Found: line, HasFound: true, Expected: h.ContentType, Position: h.Position})
		return
	}
	found, _ := x.compare(h.Schema, value, "", false)
	x.tellText(found, what, h.Name)
}

// body judges the media type and the body.
func (x *exchange) body(declared *openapi.Response, r Response) {
	bodiless := x.operation.Method == http.MethodHead || slices.Contains([]int{204, 205, 304}, r.Status)
	switch {
	case r.Empty:
		if len(declared.Content) > 0 && !bodiless {
			x.find(Finding{
				Check: ContentType, Message: "the response has no body", Position: declared.Content[0].Position,
				Expected: "a body of type " + named(declared.Content),
			})
		}
		return
	case len(declared.Content) == 0:
		x.find(Finding{
			Check: ContentType, Message: fmt.Sprintf("the response has a body%s", ofType(r.ContentType)), Position: declared.Position,
			Expected: fmt.Sprintf("no body: the response %s declares none", declared.Status),
		})
		return
	}
	media, certain := declaredFor(r.ContentType, declared.Content)
	switch {
	case media != nil && r.Malformed != "":
		x.find(Finding{
			Check: ContentType, Message: "the body is not what its media type says: " + r.Malformed, Position: media.Position, Expected: media.Name,
		})
	case media != nil:
		x.content(media, r)
	case !certain:
		x.unchecked(source.Warning, declared.Content[0].Position, "%q is no media type: the body is not checked", named(declared.Content))
	case r.ContentType == "":
		x.find(Finding{
			Check: ContentType, Message: "the response has no Content-Type", Position: declared.Content[0].Position, Expected: named(declared.Content),
		})
	default:
		x.find(Finding{
			Check: ContentType, Message: "the body is" + ofType(r.ContentType), Position: declared.Content[0].Position, Expected: named(declared.Content),
		})
	}
}

func ofType(mediaType string) string {
	if mediaType == "" {
		return ""
	}
	return fmt.Sprintf(" of type %q", mediaType)
}

// content judges a body by its schema.
func (x *exchange) content(media *openapi.MediaType, r Response) {
	events, isList := r.Body.([]any)
	switch {
	case media.Schema == nil && media.ItemSchema == nil:
	case streams(r.ContentType) && isList:
		x.events(media, events)
	case media.Schema == nil:
		x.unchecked(source.Info, media.Position, "the items of a body of type %s are not compared with their schema", openapi.BaseType(r.ContentType))
	case openapi.IsJSON(r.ContentType):
		x.against(media.Schema, r.Body, "", "")
	default:
		x.text(media, r.ContentType, r.Body)
	}
}

// text judges a body that is no JSON.
func (x *exchange) text(media *openapi.MediaType, contentType string, body any) {
	what := map[mode]string{request: "the request body"}[x.mode]
	types := media.Schema.Types()
	text, isText := body.(string)
	switch {
	case openapi.IsXML(contentType):
		x.unchecked(source.Info, media.Position, "bodies of XML are not compared with their schemas")
	case !isText || openapi.IsForm(contentType):
		x.unchecked(source.Info, media.Position, "bodies of type %s are not compared with their schemas", openapi.BaseType(contentType))
	case len(types) > 0 && !allows(types, "string", "number", "integer", "boolean", "null"):
		x.unchecked(source.Info, media.Position, "how a body of type %s is written as %s is not defined: it is not compared with its schema",
			openapi.BaseType(contentType), strings.Join(types, " or "))
	default:
		x.tellText(x.compareText(media.Schema, text, written{whole: true}, false), what, "")
	}
}

// events judges what a stream sent: each event's data by the schema of an item.
// A schema of the whole that is a list says it of its items; one that is a text
// describes the text of all of them, and says nothing that is judged.
func (x *exchange) events(media *openapi.MediaType, events []any) {
	schema := media.ItemSchema
	asEvent := false
	if schema == nil {
		schema = media.Schema
		switch types := schema.Types(); {
		case slices.Equal(types, []string{"string"}):
			return
		case slices.Equal(types, []string{"array"}):
			schema = schema.Items()
		}
	} else if data, _ := schema.Property("data"); data != nil && openapi.BaseType(media.Name) == "text/event-stream" {
		asEvent = true // OpenAPI 3.2 describes the fields of the event
	}
	for i, event := range events {
		fields, _ := event.(map[string]any)
		value, at := fields["data"], fmt.Sprintf("/%d/data", i)
		if asEvent {
			value, at = eventFields(fields), fmt.Sprintf("/%d", i)
		}
		x.against(schema, value, at, "")
	}
}

// eventFields are an event as OpenAPI 3.2 sees it: its data is a text.
func eventFields(fields map[string]any) map[string]any {
	event := map[string]any{}
	for _, name := range []string{"id", "event", "data"} {
		value := fields[name]
		if name == "data" {
			value = asText(value)
		}
		if text, isText := value.(string); isText && (text != "" || name == "data") {
			event[name] = value
		}
	}
	return event
}
