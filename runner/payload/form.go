package payload

import (
	"mime"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// form writes application/x-www-form-urlencoded: a text as it is, of an object each
// member in turn.
func (c Content) form(body *Body, value any) (err error) {
	object, isObject := value.(map[string]any)
	if !isObject {
		text := strings.TrimRight(value.(string), "\r\n") // of a block of YAML: no form has a line break
		body.Text, err = c.text(text)
		return err
	}
	var fields []string
	received := map[string]any{}
	for _, name := range c.Like.Order(object) {
		field := c.field(name, object[name])
		wire, present, err := field.EncodeLike(object[name], c.Like.Get(name))
		if err != nil {
			return err
		}
		if !present {
			body.Omitted = append(body.Omitted, name)
			continue
		}
		fields = append(fields, wire)
		if received[name] = object[name]; !openapi.IsJSON(field.ContentType) {
			received[name] = carried(object[name])
		}
	}
	body.Received = received
	body.Text, err = c.text(strings.Join(fields, "&"))
	return err
}

// carried is what a form carries of a value: neither null nor what is empty, which has
// nothing that stands for it. It is nil where that is nothing.
func carried(value any) any {
	switch v := value.(type) {
	case []any:
		var list []any
		for _, item := range v {
			if item = carried(item); item != nil {
				list = append(list, item)
			}
		}
		if list == nil {
			return nil
		}
		return list
	case map[string]any:
		object := map[string]any{}
		for name, member := range v {
			if member = carried(member); member != nil {
				object[name] = member
			}
		}
		if len(object) == 0 {
			return nil
		}
		return object
	default:
		return value
	}
}

// field says how a member of a form is written. The style deepObject is for objects
// and lists: where the schema has a text beside them it is written as without the
// style.
func (c Content) field(name string, value any) *openapi.Parameter {
	if f := c.declared(name); f != nil && !nested(value) {
		return f.Parameter
	}
	e := c.Declared.EncodingOf(name)
	switch {
	case e != nil && e.Field != nil && (e.Field.Style != "deepObject" || source.IsComposite(value)):
		return e.Field
	case e == nil:
	case concrete(e.ContentType) != "" && (openapi.IsJSON(concrete(e.ContentType)) || !source.IsComposite(value)):
		return &openapi.Parameter{Name: name, In: "formData", Style: "form", ContentType: concrete(e.ContentType)}
	}
	return openapi.DefaultParameter(name, "formData")
}

// declared is the field of OpenAPI 2.0 that has the name, or nil.
func (c Content) declared(name string) *openapi.FormField {
	i := slices.IndexFunc(c.Fields, func(f *openapi.FormField) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return c.Fields[i]
}

// nested tells an object, and a list that holds more than scalars: OpenAPI 2.0 has
// neither in a form.
func nested(value any) bool {
	list, isList := value.([]any)
	return source.IsComposite(value) && (!isList || slices.ContainsFunc(list, source.IsComposite))
}

// concrete is the media type of an encoding that names one alone, and no range.
func concrete(contentType string) string {
	if _, _, err := mime.ParseMediaType(contentType); err != nil || strings.ContainsAny(contentType, "*,") {
		return ""
	}
	return contentType
}
