package link

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/payload"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Value is a JSON value with templates in its strings and, since Arazzo 1.1,
// Selector Objects in it, at any depth. The keys of objects are not evaluated
// (section 4.7).
type Value struct {
	from     *source.Value
	template *expression.Template
	selector *Selector
	items    []*Value
	members  []*Value
	// isFile is true for an object that stands for a file, see [payload.File].
	isFile bool
}

// value reads a value, and checks what its expressions refer to.
func (at *site) value(v *source.Value) *Value {
	value := &Value{from: v}
	if s, ok := at.document().Selector(v); ok {
		value.selector = at.selector(s)
		return value
	}
	switch v.Kind {
	case source.String:
		value.template = at.template(v)
	case source.Array:
		for _, item := range v.Items {
			value.items = append(value.items, at.value(item))
		}
	case source.Object:
		for _, m := range v.Members {
			value.members = append(value.members, at.value(m.Value))
		}
	}
	return value
}

// template reads a string; it is nil when the string does not parse.
func (at *site) template(v *source.Value) *expression.Template {
	text, _ := v.Text()
	t, err := expression.ParseTemplate(text)
	if err != nil {
		at.report(diagnose(err, v))
		return nil
	}
	for _, r := range t.References() {
		at.check(r, v)
	}
	at.misspelt(text, v)
	return t
}

// lookalike is what an author may have meant as an expression.
var lookalike = regexp.MustCompile(`\$([A-Za-z]+)[.#]\S`)

// misspelt reports what would be sent as it stands and looks like an expression
// with a misspelt root (S-199). A string that begins with it is never meant that
// way; in the middle of a text it may be.
func (at *site) misspelt(text string, v *source.Value) {
	for _, m := range lookalike.FindAllStringSubmatchIndex(text, -1) {
		name := text[m[2]:m[3]]
		near := source.Nearest(name, expression.Roots())
		if len(near) == 0 || expression.IsRoot("$"+name) {
			continue
		}
		d := &source.Diagnostic{
			Code: "arazzo/no-expression", Severity: source.Warning, Position: v.Offset(m[0]),
			Message:  fmt.Sprintf("$%s is no root of a runtime expression: the text stays as it is", name),
			Expected: "an expression such as $inputs.name, or a text that does not look like one", Fix: fmt.Sprintf("did you mean $%s?", near[0]),
		}
		if m[0] == 0 {
			d.Severity, d.Message = source.Error, fmt.Sprintf("%q is no runtime expression", text)
		}
		at.report(d)
		return
	}
}

// diagnose turns a syntax error of a string's text into a diagnostic.
func diagnose(err error, v *source.Value) *source.Diagnostic {
	d := &source.Diagnostic{
		Code: "arazzo/expression-syntax", Position: v.Position, Message: err.Error(),
		Expected: "a runtime expression such as $inputs.name, $steps.id.outputs.name or $response.body#/pointer",
	}
	var syntax *expression.SyntaxError
	if errors.As(err, &syntax) {
		d.Position = v.Offset(syntax.Offset)
	}
	return d
}

// isConstant tells whether nothing in the value is evaluated.
func (v *Value) isConstant() bool {
	dynamic := func(part *Value) bool { return !part.isConstant() }
	return v.selector == nil && (v.template == nil || len(v.template.References()) == 0) &&
		!slices.ContainsFunc(v.items, dynamic) && !slices.ContainsFunc(v.members, dynamic)
}

// Refers tells whether one of the expressions in the value's texts is as asked.
func (v *Value) Refers(asked func(expression.Reference) bool) bool {
	part := func(v *Value) bool { return v.Refers(asked) }
	return v.template != nil && slices.ContainsFunc(v.template.References(), asked) ||
		slices.ContainsFunc(v.items, part) || slices.ContainsFunc(v.members, part)
}

// Cover is what the value came to, with a mask in place of each text that has an
// expression which is as asked.
func (v *Value) Cover(result, mask any, asked func(expression.Reference) bool) any {
	if !v.Refers(asked) {
		return result
	}
	if v.template != nil {
		return mask
	}
	switch came := result.(type) {
	case []any:
		covered := slices.Clone(came)
		for i := range min(len(covered), len(v.items)) {
			covered[i] = v.items[i].Cover(covered[i], mask, asked)
		}
		return covered
	case map[string]any:
		covered := maps.Clone(came)
		for i, m := range v.from.Members {
			if member, ok := covered[m.Key]; ok && i < len(v.members) {
				covered[m.Key] = v.members[i].Cover(member, mask, asked)
			}
		}
		return covered
	default:
		return mask
	}
}

// unknown stands for what is known only when the request is built. It can be written
// wherever any value can.
const unknown = "\u2026"

// outline is the value as far as the document says it. What of it cannot be written
// could not be written with any value.
func (v *Value) outline() any {
	switch {
	case v.selector != nil || v.template != nil && v.template.IsWhole():
		return unknown
	case v.template != nil:
		text, _ := v.template.Expand(func(*expression.Expression, string) (string, error) { return unknown, nil })
		return text
	case v.from.Kind == source.Array:
		list := make([]any, 0, len(v.items))
		for _, item := range v.items {
			list = append(list, item.outline())
		}
		return list
	case v.from.Kind == source.Object:
		object := make(map[string]any, len(v.members))
		for i, member := range v.members {
			object[v.from.Members[i].Key] = member.outline()
		}
		return object
	default:
		return v.from.Data()
	}
}

// Source is the value as it stands in the document.
func (v *Value) Source() *source.Value { return v.from }

// IsFile tells an object that stands for a file.
func (v *Value) IsFile() bool { return v.isFile }

// EvaluateAs is [Value.Evaluate] for what is written as a media type. Of a text with
// expressions in it (S-092) the values are written in as that type escapes them, so
// that data can never become syntax; isText tells that it is one. A string that is an
// expression as a whole keeps its type (S-093). LeftOut may be nil.
func (v *Value) EvaluateAs(mediaType string, s expression.Scope, leftOut LeftOut) (value any, isText bool, err error) {
	if v.template == nil || v.template.IsWhole() {
		value, err = v.Evaluate(s, leftOut)
		return value, false, err
	}
	text, err := v.template.Expand(func(e *expression.Expression, before string) (string, error) {
		value, err := e.Evaluate(s)
		if expression.IsOptional(err) { // there is no member that could be left out with it
			return "", fmt.Errorf("%w, and a text cannot do without", errors.New(err.Error()))
		}
		if err != nil {
			return "", err
		}
		return payload.Escape(mediaType, value, before)
	})
	return text, true, err
}

// LeftOut is told of a text that cannot be written for want of an optional input, with
// the place of the text: what else it says is left out too. An input that is a value by
// itself is optional all the way, and nobody is told.
type LeftOut func(at source.Position, absent error)

// Evaluate returns the plain value, with a [*payload.File] where a body names a file.
// A member or item that is an optional input nobody gave is left out, and so is a text
// with one in it, of which leftOut is told unless it is nil; any other
// [*expression.Absent] is an error.
func (v *Value) Evaluate(s expression.Scope, leftOut LeftOut) (any, error) {
	switch {
	case v.isFile:
		return v.evaluateFile(s, leftOut)
	case v.selector != nil:
		return v.selector.Evaluate(s)
	case v.template != nil:
		value, err := v.template.Evaluate(s)
		if leftOut != nil && !v.template.IsWhole() && expression.IsOptional(err) {
			leftOut(v.from.Position, err)
		}
		return value, err
	case v.from.Kind == source.Array:
		return v.list(s, leftOut)
	case v.from.Kind == source.Object:
		return v.object(s, leftOut)
	default:
		return v.from.Scalar, nil
	}
}

func (v *Value) list(s expression.Scope, leftOut LeftOut) (any, error) {
	list := make([]any, 0, len(v.items))
	for _, item := range v.items {
		x, err := item.Evaluate(s, leftOut)
		if expression.IsOptional(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, nil
}

func (v *Value) object(s expression.Scope, leftOut LeftOut) (any, error) {
	object := make(map[string]any, len(v.members))
	for i, member := range v.members {
		x, err := member.Evaluate(s, leftOut)
		if expression.IsOptional(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		object[v.from.Members[i].Key] = x
	}
	return object, nil
}
