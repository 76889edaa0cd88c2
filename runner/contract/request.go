package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Sent is a request that is about to be sent.
type Sent struct {
	Parameters []Value
	// HasBody is false when nothing is sent.
	HasBody bool
	// Body is a JSON value; of a form an object with what it carries, or its text.
	Body        any
	ContentType string
}

// Value is one parameter, before it is written.
type Value struct {
	// In is path, query, header, cookie or querystring.
	In, Name string
	Value    any
}

// Request judges a request by its operation: the parameters and the body. What is
// not declared is allowed.
func (c *Checker) Request(op *openapi.Operation, sent Sent) Report {
	x := c.exchange(op, request, Request)
	if c.areOff(Request) {
		return x.report
	}
	for _, p := range op.Parameters {
		value, given := sent.valueOf(p)
		switch {
		case given:
			x.parameter(p, value)
		case p.Required:
			x.find(Finding{
				Check: Request, Message: fmt.Sprintf("the %s parameter %q is missing", p.In, p.Name), Position: p.Position,
				Expected: "the parameter, which is required",
			})
		}
	}
	x.requestBody(sent)
	return x.report
}

// valueOf finds what is sent for a parameter: a cookie may stand in a header Cookie,
// and a parameter of the query in a query that is given as a whole.
func (s Sent) valueOf(p *openapi.Parameter) (value any, given bool) {
	for _, v := range s.Parameters {
		switch {
		case v.In == p.In && (v.Name == p.Name || p.In == "header" && strings.EqualFold(v.Name, p.Name)):
			return v.Value, true
		case p.In == "cookie" && v.In == "header" && strings.EqualFold(v.Name, "Cookie"):
			value, given = cookie(v.Value, p.Name)
		case p.In == "query" && v.In == "querystring":
			object, _ := v.Value.(map[string]any)
			if text, isText := v.Value.(string); isText {
				object, _ = formValues(text)
			}
			value, given = object[p.Name]
		}
	}
	return value, given
}

// cookie finds a cookie in a header Cookie (RFC 6265, section 4.2.1).
func cookie(header any, name string) (value any, given bool) {
	text, _ := header.(string)
	for pair := range strings.SplitSeq(text, ";") {
		if key, value, found := strings.Cut(strings.TrimSpace(pair), "="); found && key == name {
			return value, true
		}
	}
	return nil, false
}

// parameter judges a value by the parameter's schema.
func (x *exchange) parameter(p *openapi.Parameter, value any) {
	if p.Schema == nil || p.In == "querystring" {
		return
	}
	x.field(p, value, fmt.Sprintf("the %s parameter %q", p.In, p.Name))
}

// field judges a value that is written as text, unless its media type says that it
// is JSON.
func (x *exchange) field(p *openapi.Parameter, value any, what string) {
	isParameter := p.Schema.Raw().Version() == "2.0" // where it is its own schema
	if openapi.IsJSON(p.ContentType) {
		found, _ := x.compare(p.Schema, value, "", isParameter)
		x.tellText(found, what, p.Name)
		return
	}
	form := written{delimiter: delimiter(p), explode: p.Explode, whole: p.Explode && p.In != "header" && p.In != "path"}
	x.tellText(x.compareText(p.Schema, value, form, isParameter), what, p.Name)
}

// delimiter stands between the items of a list.
func delimiter(p *openapi.Parameter) string {
	switch p.Style {
	case "spaceDelimited":
		return " "
	case "pipeDelimited":
		return "|"
	case "tabDelimited":
		return "\t"
	}
	return ","
}

// requestBody judges the body.
func (x *exchange) requestBody(sent Sent) {
	declared := x.operation.RequestBody
	switch {
	case declared == nil:
		return
	case !sent.HasBody:
		if declared.Required {
			x.find(Finding{
				Check: Request, Message: "the request has no body", Position: declared.Position, Expected: "a body of type " + named(declared.Content),
			})
		}
		return
	}
	media, certain := declaredFor(sent.ContentType, declared.Content)
	switch {
	case media != nil:
		x.sentContent(media, declared, sent)
	case certain && len(declared.Content) > 0:
		x.find(Finding{
			Check: Request, Message: "the request body is" + ofType(sent.ContentType), Position: declared.Content[0].Position, Expected: named(declared.Content),
		})
	}
}

func (x *exchange) sentContent(media *openapi.MediaType, declared *openapi.RequestBody, sent Sent) {
	switch {
	case openapi.IsForm(sent.ContentType):
		x.form(media, declared.Fields, sent)
	case media.Schema == nil:
	case openapi.IsJSON(sent.ContentType):
		x.against(media.Schema, sent.Body, "", "the request body")
	default:
		x.text(media, sent.ContentType, sent.Body)
	}
}

// form judges the fields of a form, which are texts on the wire.
func (x *exchange) form(media *openapi.MediaType, fields []*openapi.FormField, sent Sent) {
	object, isObject := sent.Body.(map[string]any)
	if text, isText := sent.Body.(string); isText && strings.Contains(strings.ToLower(sent.ContentType), "urlencoded") {
		object, isObject = formValues(text)
	}
	switch {
	case !isObject:
		x.unchecked(source.Info, media.Position, "a form that is given as a whole is not compared with its schema")
	case len(fields) > 0:
		x.formFields(fields, object)
	case media.Schema != nil:
		x.tell(x.compareText(media.Schema, object, written{whole: true}, false), "the form")
	}
}

// formFields judges a form of OpenAPI 2.0.
func (x *exchange) formFields(fields []*openapi.FormField, object map[string]any) {
	for _, f := range fields {
		value, given := object[f.Name]
		switch {
		case given && !f.File && f.Schema != nil:
			x.field(f.Parameter, value, fmt.Sprintf("the field %q of the form", f.Name))
		case !given && f.Required:
			x.find(Finding{
				Check: Request, Message: fmt.Sprintf("the field %q of the form is missing", f.Name), Position: f.Position, Expected: "the field, which is required",
			})
		}
	}
}

// formValues reads the text of a form; fields that come again are a list.
func formValues(text string) (map[string]any, bool) {
	values, err := url.ParseQuery(text)
	if err != nil {
		return nil, false
	}
	object := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if list := values[name]; len(list) == 1 {
			object[name] = list[0]
		} else {
			var items []any
			for _, item := range list {
				items = append(items, item)
			}
			object[name] = items
		}
	}
	return object, true
}

// asText is the text of a value as a stream carries it.
func asText(value any) any {
	if text, isText := value.(string); isText || value == nil {
		return text
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}
