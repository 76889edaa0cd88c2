package arazzo

import (
	"regexp"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// requestBody reads a Request Body Object; it is nil when v is no object.
func (r *reader) requestBody(v *source.Value) *RequestBody {
	o, ok := r.object(v, "request body", "contentType", "payload", "replacements")
	if !ok {
		return nil
	}
	body := &RequestBody{Object: o, ContentType: r.filledText(o, "contentType"), Payload: o.Field("payload")}
	r.plain(o, "contentType")
	r.selectors(body.Payload)
	items := r.list(o, "replacements")
	r.distinct(items, "replacements")
	for _, item := range items {
		if o, ok := r.object(item, "replacement", "target", "value"); ok {
			body.Replacements = append(body.Replacements, r.replacement(o))
		}
	}
	return body
}

// replacement reads a Payload Replacement Object (S-097, S-098).
func (r *reader) replacement(o Object) *Replacement {
	r.required(o, "replacement", "target")
	r.required(o, "replacement", "value")
	p := &Replacement{Object: o, Value: o.Field("value")}
	r.selectors(p.Value)
	if r.version.minor > 0 {
		p.TargetType = r.expressionType(o, "targetSelectorType", selectorTypes, selectorTypes)
	}
	p.Target = r.query(o, "target", p.TargetType)
	return p
}

// expressionPattern finds what nobody writes but as an expression. A name such as
// $filter or $url may be an API's own.
var expressionPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(
		`\$(?:inputs|outputs|steps|workflows|sourceDescriptions|components|request|response|message)[.#]|\{\$(?:url|method|statusCode|self)\}`)
})

// plain refuses an expression in a field where none is evaluated: it would be sent
// as it stands (S-207).
func (r *reader) plain(o Object, field string) {
	v := o.Field(field)
	if text, _ := v.Text(); expressionPattern().MatchString(text) {
		r.fail(v.Position, "arazzo/wrong-value", field+" is no place for an expression", "a plain text", "write the "+field+" itself")
	}
}
