package link

import (
	"fmt"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/selector"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// replacement links a Payload Replacement Object (S-097, S-098, S-101).
func (at *site) replacement(r *arazzo.Replacement) Replacement {
	linked := Replacement{Replacement: r}
	if r.Value != nil {
		linked.Value = at.value(r.Value)
		at.partFile(linked.Value)
	}
	language := selector.Language{Name: r.TargetType.Name, Version: r.TargetType.Version}
	switch {
	case r.Field("targetSelectorType") != nil:
	case IsXML(at.step.Body.ContentType):
		language.Name = selector.XPath
	default:
		language.Name = selector.JSONPointer
	}
	if v := r.Field("target"); v != nil {
		if linked.Place = at.query(language, v); at.irreplaceable(linked, language) {
			linked.Place = nil
		}
	}
	return linked
}

// irreplaceable reports what no run could replace: a target that leads to no place, or
// into another kind of payload than there is, and a value that has no place there.
func (at *site) irreplaceable(r Replacement, language selector.Language) bool {
	body := at.step.Body
	given := source.Object // of which a body without a payload is one
	if body.Payload != nil {
		given = body.Payload.from.Kind
	}
	why := ""
	switch {
	case r.Place == nil:
	case body.Payload != nil && body.Payload.isFile:
		why = "the payload is a file, which has no parts that could be replaced"
	case language.Name == selector.XPath && body.Payload == nil:
		why = "XPath leads into XML, and there is no payload"
	case language.Name == selector.XPath && given != source.String:
		why = fmt.Sprintf("XPath leads into XML, and the payload is of type %s", given)
	case language.Name == selector.XPath && r.Value != nil && r.Value.selector == nil && slices.Contains([]source.Kind{source.Null, source.Array, source.Object}, r.Value.from.Kind):
		why = fmt.Sprintf("a value of type %s cannot be written into XML", r.Value.from.Kind)
	case language.Name != selector.XPath && IsXML(body.ContentType) && r.Target != "":
		why = fmt.Sprintf("%s leads into JSON, and the body is %s", language.Name, body.ContentType)
	case len(r.Place.References()) == 0:
		if fixed, err := r.Place.Resolve(nil); err == nil && fixed.CanReplace() != nil {
			why = fmt.Sprintf("%q comes to a value, and not to nodes that could be replaced", r.Target)
		}
	}
	if why == "" {
		return false
	}
	at.report(&source.Diagnostic{
		Code: "arazzo/wrong-value", Position: r.At("target"), Message: why,
		Expected: "a target in the payload: XPath of nodes for XML, JSON Pointer or JSONPath for all else",
	})
	return true
}
