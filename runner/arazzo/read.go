package arazzo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Read makes a document of a parsed file, and reports everything that is wrong
// with it by itself, in the order of its lines. The document is never nil; it is
// only fit to be run when no diagnostic is an error.
func Read(root *source.Value) (*Document, source.Diagnostics) {
	r := &reader{}
	d := r.document(root)
	slices.SortStableFunc(r.diagnostics, func(a, b *source.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Position.Line, b.Position.Line), cmp.Compare(a.Position.Column, b.Position.Column))
	})
	return d, r.diagnostics
}

// document reads the root. Without a version it is still read where it has
// workflows: then it is an Arazzo document that forgot it.
// notArazzo says what the document is instead, where that can be told.
func (r *reader) notArazzo(v *source.Value) {
	found := "the document has no arazzo field"
	for _, kind := range [][2]string{{"openapi", "an OpenAPI"}, {"swagger", "a Swagger"}, {"asyncapi", "an AsyncAPI"}} {
		if v.Get(kind[0]) != nil {
			found = "the document is " + kind[1] + " description"
		}
	}
	r.fail(v.Position, "arazzo/not-arazzo", found, "an Arazzo document", "check the path, or begin it with arazzo: 1.0.1")
}

func (r *reader) document(v *source.Value) *Document {
	d := &Document{Object: Object{value: v}, Info: &Info{}, Components: &Components{}}
	if v.Kind == source.Object && v.Get("arazzo") == nil && v.Get("workflows") == nil {
		r.notArazzo(v)
		return d
	}
	if v.Kind == source.Object {
		d.Arazzo = r.readVersion(d.Object)
	}
	if _, ok := r.object(v, "document", "arazzo", "info", "sourceDescriptions", "workflows", "components"); !ok {
		return d
	}
	for _, field := range []string{"info", "sourceDescriptions", "workflows"} {
		r.required(d.Object, "document", field)
	}
	if r.version.minor > 0 {
		d.Self = r.self(d.Object)
	}
	if info := d.Field("info"); info != nil {
		d.Info = r.info(info)
	}
	d.SourceDescriptions = r.sourceDescriptions(d.Object)
	if v := d.Field("components"); v != nil {
		d.Components = r.readComponents(v)
	}
	r.components = d.Components
	d.Workflows = r.workflows(d.Object)
	return d
}

// self reads the document's own URI (S-022).
func (r *reader) self(o Object) string {
	text := r.text(o, "$self")
	if o.Field("$self") == nil || o.Field("$self").Kind != source.String {
		return text
	}
	switch before, _, fragment := strings.Cut(text, "#"); {
	case fragment:
		r.fail(o.At("$self"), "arazzo/wrong-uri", fmt.Sprintf("$self is %q, which has a fragment", text), "a URI-reference without #", "write "+before)
	case text != "":
		r.uriReference(o, "$self", text)
	default:
		// An empty reference means the URI that the document has without it.
		r.noEffect(o, "$self", "it is empty")
	}
	return text
}

func (r *reader) info(v *source.Value) *Info {
	o, ok := r.object(v, "info object", "title", "summary", "description", "version")
	if !ok {
		return &Info{Object: o}
	}
	r.required(o, "info object", "title")
	r.required(o, "info object", "version")
	return &Info{
		Object: o, Title: r.text(o, "title"), Summary: r.text(o, "summary"),
		Description: r.text(o, "description"), Version: r.text(o, "version"),
	}
}

var sourceTypes = choices{always: []string{"openapi", "arazzo"}, since: []string{"asyncapi"}}

func (r *reader) sourceDescriptions(parent Object) []*SourceDescription {
	var list []*SourceDescription
	seen := map[string]bool{}
	for _, v := range r.filledList(parent, "sourceDescriptions") {
		o, ok := r.object(v, "source description", "name", "url", "type")
		if !ok {
			continue
		}
		s := &SourceDescription{
			Object: o, Name: r.sourceName(o), URL: r.requiredText(o, "source description", "url"),
			Type: r.choice(o, "type", sourceTypes),
		}
		r.uriReference(o, "url", s.URL)
		r.unique(seen, s.Name, s.At("name"), "source descriptions")
		list = append(list, s)
	}
	return list
}

// sourceName refuses a name that no expression could tell from what follows it:
// the text only recommends the pattern, the published schemas demand it (S-030).
func (r *reader) sourceName(o Object) string {
	name := r.requiredText(o, "source description", "name")
	if name != "" && !idPattern.MatchString(name) {
		r.fail(o.At("name"), "arazzo/wrong-name", fmt.Sprintf("a source description is named %q", name),
			"letters, digits, and - _ only", "rename it, also in the expressions that name it")
	}
	return name
}
