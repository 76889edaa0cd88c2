package openapi

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Parameter is one Parameter Object, with OpenAPI's defaults filled in.
type Parameter struct {
	Name string
	// In is "path", "query", "header" or "cookie".
	In string
	// Required is always true in a path.
	Required bool
	// Style is one of the styles that In allows, see [DefaultParameter].
	Style   string
	Explode bool
	// AllowReserved lets the reserved characters of RFC 3986 stand in a query as
	// they are, as far as they do not end or divide it.
	AllowReserved bool
	// ContentType is the media type of a parameter that is declared with content
	// instead of a schema; Style and Explode say nothing then.
	ContentType string
	// Position is where the parameter is declared; empty for a default one.
	Position source.Position
}

// DefaultParameter is a parameter as OpenAPI declares it when style and explode
// are left out: simple in path and header, exploded form in query and cookie.
// It serves parameters that a step sends and the operation does not declare.
func DefaultParameter(name, in string) *Parameter {
	p := &Parameter{Name: name, In: in, Required: in == "path"}
	if allowed := styles[in]; len(allowed) > 0 {
		p.Style = allowed[0]
	}
	p.Explode = p.Style == "form"
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

// parameters merges the path item's parameters and the operation's. What its
// $ref leads to comes first, because the nearer declaration replaces the other.
func (r *reader) parameters(e entry) []*Parameter {
	var list []*Parameter
	levels := append([]*yaml.Node{e.operation}, e.item...)
	for _, level := range slices.Backward(levels) {
		for _, n := range r.list(level, "parameters", source.Error) {
			p := r.parameter(n)
			if p == nil || slices.ContainsFunc(ignored, p.same) {
				continue
			}
			i := slices.IndexFunc(list, p.same)
			switch {
			case i >= 0:
				list[i] = p
			case len(list) == maxParameters:
				r.report(source.Error, n, "the operation has too many parameters", fmt.Sprintf("at most %d", maxParameters))
				return nil
			default:
				list = append(list, p)
			}
		}
	}
	return list
}

// parameter reads one, or reports why it cannot and returns nil.
func (r *reader) parameter(reference *yaml.Node) *Parameter {
	n := r.resolve(reference, source.Error)
	if n == nil {
		return nil
	}
	name, in := text(child(n, "name")), text(child(n, "in"))
	if name == "" {
		r.report(source.Error, n, "a parameter of the operation has no name", "a Parameter Object with name and in")
		return nil
	}
	if styles[in] == nil {
		r.report(source.Error, n, fmt.Sprintf("the parameter %q stands in %q", name, in), "in: path, query, header or cookie")
		return nil
	}
	p := DefaultParameter(name, in)
	p.Position = r.document.at(n)
	p.Required = in == "path" || truth(child(n, "required"), false)
	if content := keys(child(n, "content")); len(content) > 0 {
		p.ContentType = content[0]
		return p
	}
	return r.style(p, n)
}

// style reads how a parameter with a schema is written, or reports a style that
// its place does not allow and returns nil.
func (r *reader) style(p *Parameter, n *yaml.Node) *Parameter {
	if style := child(n, "style"); style != nil {
		p.Style = text(style)
		p.Explode = p.Style == "form"
		if !slices.Contains(styles[p.In], p.Style) {
			r.report(source.Error, style, fmt.Sprintf("the %s parameter %q has the style %q", p.In, p.Name, p.Style),
				"style: "+strings.Join(styles[p.In], ", "))
			return nil
		}
	}
	p.Explode = truth(child(n, "explode"), p.Explode)
	p.AllowReserved = p.In == "query" && truth(child(n, "allowReserved"), false)
	return p
}
