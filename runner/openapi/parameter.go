package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Parameter is one Parameter Object, with OpenAPI's defaults filled in.
type Parameter struct {
	Name string
	// In is "path", "query", "header" or "cookie", since OpenAPI 3.2 also
	// "querystring", and of a form's field "formData".
	In string
	// Required is always true in a path.
	Required bool
	// Style is one of the styles that In allows, see [DefaultParameter]. A
	// collectionFormat of OpenAPI 2.0 is the style that writes the same;
	// "tabDelimited", which later versions do not have, stands for tsv, and
	// "brackets" for a form's field of which nothing is said: a[b]=c.
	Style   string
	Explode bool
	// AllowReserved lets the reserved characters of RFC 3986 stand as they are,
	// as far as they do not end or divide the place: in a query, since OpenAPI
	// 3.2 also in a path and in a cookie.
	AllowReserved bool
	// ContentType is the media type of a parameter that is declared with content
	// instead of a schema; Style and Explode say nothing then.
	ContentType string
	// Schema describes the value, nil when nothing does.
	Schema *Schema
	// Position is where the parameter is declared; empty for a default one.
	Position source.Position
}

// DefaultParameter is a parameter as OpenAPI declares it when style and explode
// are left out: simple in path and header, exploded form in query and cookie. A
// whole query (querystring) is a form.
// It serves parameters that a step sends and the operation does not declare.
func DefaultParameter(name, in string) *Parameter {
	p := &Parameter{Name: name, In: in, Required: in == "path"}
	if allowed := styles[in]; len(allowed) > 0 {
		p.Style = allowed[0]
	}
	p.Explode = p.Style == "form"
	if in == "querystring" {
		p.ContentType = urlEncoded
	}
	return p
}

// same tells whether two parameters are one: names match exactly, those of
// headers without regard to letter case.
func (p *Parameter) same(q *Parameter) bool {
	if p.In != q.In {
		return false
	}
	return p.Name == q.Name || p.In == "header" && strings.EqualFold(p.Name, q.Name)
}

// ignored are the headers whose declaration as a parameter says nothing
// (OpenAPI 3.1.1, section 4.8.12.2): media types and security describe them.
var ignored = []*Parameter{
	{Name: "Accept", In: "header"}, {Name: "Content-Type", In: "header"}, {Name: "Authorization", In: "header"},
}

// maxParameters bounds an operation's parameters; real ones stay below a hundred.
const maxParameters = 1000

// declaration is a parameter as it was read, with the object it was read from.
type declaration struct {
	*Parameter
	object part
}

func parametersOf(declared []declaration) []*Parameter {
	var list []*Parameter
	for _, d := range declared {
		list = append(list, d.Parameter)
	}
	return list
}

// declarations merges the path item's parameters and the operation's. What its
// $ref leads to comes first, because the nearer declaration replaces the other.
func (r *reader) declarations(e *entry) []declaration {
	var list []declaration
	levels := append([]part{e.operation}, e.item...)
	for _, level := range slices.Backward(levels) {
		for _, item := range r.list(level, "parameters", source.Error) {
			d := r.declaration(item)
			if d.Parameter == nil || slices.ContainsFunc(ignored, d.same) {
				continue
			}
			i := slices.IndexFunc(list, func(other declaration) bool { return other.same(d.Parameter) })
			switch {
			case i >= 0:
				list[i] = d
			case len(list) == maxParameters:
				r.report(source.Error, item, "the operation has too many parameters", fmt.Sprintf("at most %d", maxParameters))
				return nil
			default:
				list = append(list, d)
			}
		}
	}
	r.wholeQueries(list)
	return list
}

// wholeQueries warns of an operation whose query is declared as a whole and in
// parts, or twice as a whole (OpenAPI 3.2.0, Parameter Locations).
func (r *reader) wholeQueries(declared []declaration) {
	whole := slices.IndexFunc(declared, func(d declaration) bool { return d.In == "querystring" })
	if whole < 0 {
		return
	}
	for i, d := range declared {
		if i != whole && (d.In == "query" || d.In == "querystring") {
			r.report(source.Warning, d.object, fmt.Sprintf("the %s parameter %q stands beside the whole query, %q", d.In, d.Name, declared[whole].Name),
				"one querystring parameter, or query parameters")
		}
	}
}

// declaration reads one parameter, or reports why it cannot and has none.
func (r *reader) declaration(reference part) declaration {
	object := r.resolve(reference, source.Error)
	if !object.exists() {
		return declaration{}
	}
	name, in := object.child("name").text(), object.child("in").text()
	places := r.document.edition.places()
	switch {
	case name == "" && in != "body" && in != "querystring":
		r.report(source.Error, object, "a parameter of the operation has no name", "a Parameter Object with name and in")
		return declaration{}
	case !slices.Contains(places, in):
		r.report(source.Error, object, fmt.Sprintf("the parameter %q stands in %q", name, in), "in: "+strings.Join(places, ", "))
		return declaration{}
	}
	p := DefaultParameter(name, in)
	p.Position = object.at()
	p.Required = in == "path" || truth(object.child("required").node, false)
	if !r.writing(p, object) {
		return declaration{}
	}
	return declaration{p, object}
}

// writing reads how a parameter's value is written, or reports what its place
// does not allow.
func (r *reader) writing(p *Parameter, object part) bool {
	if r.document.edition == edition20 {
		return r.collectionFormat(p, object)
	}
	p.Schema = r.valueSchema(object)
	if content := object.child("content").members(); len(content) > 0 {
		p.ContentType = content[0].key.node.Value
		return true
	}
	if p.In == "querystring" {
		r.report(source.Error, object, fmt.Sprintf("the querystring parameter %q has no content", p.Name), "content with one media type")
		return false
	}
	return r.style(p, object)
}

// style reads how a parameter with a schema is written.
func (r *reader) style(p *Parameter, object part) bool {
	edition := r.document.edition
	if style := object.child("style"); style.exists() {
		p.Style = style.text()
		p.Explode = p.Style == "form" || p.Style == "cookie"
		if allowed := edition.styles(p.In); !slices.Contains(allowed, p.Style) {
			r.report(source.Error, style, fmt.Sprintf("the %s parameter %q has the style %q", p.In, p.Name, p.Style),
				"style: "+strings.Join(allowed, ", "))
			return false
		}
	}
	p.Explode = truth(object.child("explode").node, p.Explode)
	escaped := p.In == "query" || edition >= edition32 && (p.In == "path" || p.In == "cookie" && p.Style == "form")
	p.AllowReserved = escaped && truth(object.child("allowReserved").node, false)
	return true
}
