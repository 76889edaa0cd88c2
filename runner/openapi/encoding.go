package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Encoding is an Encoding Object: how one property of a form is written (OpenAPI
// 3.1.1, section 4.8.15).
type Encoding struct {
	// Property is the name of the property.
	Property string
	// ContentType is a media type, a range, or several with commas between them;
	// empty where the property's own type decides.
	ContentType string
	// Headers are those of the property's part in a multipart body. Content-Type is
	// not among them.
	Headers []*Header
	// Field writes the property in the style that the object gives it, as
	// name=value; nil where it gives none, and ContentType counts.
	Field *Parameter
	// Position is where the object stands.
	Position source.Position
}

// EncodingOf is what the media type says of one property, or nil.
func (m *MediaType) EncodingOf(property string) *Encoding {
	if m == nil {
		return nil
	}
	i := slices.IndexFunc(m.Encoding, func(e *Encoding) bool { return e.Property == property })
	if i < 0 {
		return nil
	}
	return m.Encoding[i]
}

// encodings reads the encoding of a request body's media type. It counts in forms
// and multipart bodies only. What OpenAPI 3.2 has for the parts of a multipart
// body without names is told and not read.
func (r *reader) encodings(m *MediaType, object part) {
	base := BaseType(m.Name)
	if base != urlEncoded && !strings.HasPrefix(base, "multipart/") {
		return
	}
	for _, field := range []string{"prefixEncoding", "itemEncoding"} {
		if p := object.child(field); p.exists() && r.document.edition >= edition32 {
			r.report(source.Warning, p, field+" is not read: the parts of a "+base+" body are written by their own types", "encoding, by the names of the parts")
		}
	}
	for _, member := range object.child("encoding").members() {
		m.Encoding = append(m.Encoding, r.encoding(base, member))
	}
}

func (r *reader) encoding(base string, m member) *Encoding {
	e := &Encoding{
		Property: m.key.node.Value, ContentType: m.value.child("contentType").text(),
		Headers: r.headers(m.value.child("headers")), Position: m.key.at(),
	}
	// Until 3.1 a style counted in a form alone.
	if base == urlEncoded || r.document.edition >= edition31 {
		e.Field = r.fieldStyle(e.Property, m.value)
	}
	return e
}

// fieldStyle reads how a property is written in the way of query parameters. One
// of style, explode and allowReserved is enough to ask for it.
func (r *reader) fieldStyle(name string, object part) *Parameter {
	style, explode, reserved := object.child("style"), object.child("explode"), object.child("allowReserved")
	if !style.exists() && !explode.exists() && !reserved.exists() {
		return nil
	}
	p := &Parameter{Name: name, In: "formData", Style: "form", Position: object.at()}
	if style.exists() {
		p.Style = style.text()
	}
	if allowed := styles["query"]; !slices.Contains(allowed, p.Style) {
		r.report(source.Error, style, fmt.Sprintf("the property %q has the style %q in its encoding", name, p.Style),
			"style: "+strings.Join(allowed, ", "))
	}
	p.Explode = truth(explode.node, p.Style == "form")
	p.AllowReserved = truth(reserved.node, false)
	return p
}
