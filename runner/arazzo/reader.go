package arazzo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// reader turns values into typed objects and collects what is wrong with them.
type reader struct {
	diagnostics source.Diagnostics
	// components is raw: a reusable object is read where it is used, once for
	// each use, so that its diagnostics point at the text that is wrong.
	components *source.Value
	version    version
}

func (r *reader) report(severity source.Severity, at source.Position, code, message, expected, fix string) {
	r.diagnostics = append(r.diagnostics, &source.Diagnostic{
		Code: code, Severity: severity, Position: at, Message: message, Expected: expected, Fix: fix,
	})
}

func (r *reader) fail(at source.Position, code, message, expected, fix string) {
	r.report(source.Error, at, code, message, expected, fix)
}

// object checks that v is an object of the named kind and knows its fields.
func (r *reader) object(v *source.Value, kind string, fields ...string) (Object, bool) {
	if v.Kind != source.Object {
		r.fail(v.Position, "arazzo/wrong-type", fmt.Sprintf("the %s is %s", kind, article(v.Kind)), "an object", "")
		return Object{value: v}, false
	}
	for _, m := range v.Members {
		if strings.HasPrefix(m.Key, "x-") || slices.Contains(fields, m.Key) {
			continue
		}
		if since, ok := r.version.later(kind, m.Key); ok {
			r.fail(m.Position, "arazzo/unknown-field",
				fmt.Sprintf("the %s has the field %q, which came with Arazzo %s", kind, m.Key, since),
				"a field of Arazzo "+r.version.String(), "remove it")
			continue
		}
		fix := "remove it, or give it a name that begins with x-"
		if m.Key == "$ref" {
			fix = "name a component with reference: $components.…; $ref is for schemas alone"
		} else if near := source.Nearest(m.Key, fields); len(near) > 0 {
			fix = fmt.Sprintf("did you mean %s?", near[0])
		}
		r.fail(m.Position, "arazzo/unknown-field", fmt.Sprintf("the %s has no field %q", kind, m.Key),
			"one of "+strings.Join(fields, ", ")+", or an extension x-…", fix)
	}
	return Object{value: v}, true
}

// required reports a field that is missing.
func (r *reader) required(o Object, kind, field string) {
	if o.Field(field) == nil {
		r.fail(o.Position(), "arazzo/missing-field", fmt.Sprintf("the %s has no %q", kind, field),
			fmt.Sprintf("the field %s", field), "")
	}
}

// requiredText is required for a text that has to say something, as every name,
// id and address has.
func (r *reader) requiredText(o Object, kind, field string) {
	r.required(o, kind, field)
	r.notEmpty(o, field)
}

func (r *reader) notEmpty(o Object, field string) {
	if text, ok := o.Field(field).Text(); ok && text == "" {
		r.fail(o.At(field), "arazzo/wrong-value", field+" is empty", "a text", "")
	}
}

// text reads a string field; a missing one is empty.
func (r *reader) text(o Object, field string) string {
	v := o.Field(field)
	if v == nil {
		return ""
	}
	text, ok := v.Text()
	if !ok {
		r.wrongType(v, field, source.String)
	}
	return text
}

// list reads an array field; a missing one is empty.
func (r *reader) list(o Object, field string) []*source.Value {
	v := o.Field(field)
	if v == nil {
		return nil
	}
	if v.Kind != source.Array {
		r.wrongType(v, field, source.Array)
	}
	return v.Items
}

// entries reads an object field whose keys are names; a missing one is empty.
func (r *reader) entries(o Object, field string) []source.Member {
	v := o.Field(field)
	if v == nil {
		return nil
	}
	if v.Kind != source.Object {
		r.wrongType(v, field, source.Object)
	}
	return v.Members
}

// number reads a number field that is not negative; a missing one is empty.
func (r *reader) number(o Object, field string, integer bool) json.Number {
	v := o.Field(field)
	if v == nil {
		return ""
	}
	n, ok := v.Scalar.(json.Number)
	if !ok {
		r.wrongType(v, field, source.Number)
		return ""
	}
	if strings.HasPrefix(n.String(), "-") || (integer && strings.ContainsAny(n.String(), ".eE")) {
		r.fail(v.Position, "arazzo/wrong-value", fmt.Sprintf("%s is %s", field, n), "a number that is not negative"+
			map[bool]string{true: ", without a fraction"}[integer], "")
	}
	return n
}

func (r *reader) wrongType(v *source.Value, field string, want source.Kind) {
	fix := ""
	if want == source.String && v.Kind != source.Array && v.Kind != source.Object {
		fix = "put the text in quotes"
	}
	r.fail(v.Position, "arazzo/wrong-type", fmt.Sprintf("%s is %s", field, article(v.Kind)), article(want), fix)
}

// oneOf reports a text that is none of the allowed ones; a missing one is left
// alone.
func (r *reader) oneOf(o Object, field string, allowed ...string) {
	v := o.Field(field)
	if text, ok := v.Text(); ok && !slices.Contains(allowed, text) {
		r.fail(v.Position, "arazzo/wrong-value", fmt.Sprintf("%s is %q", field, text), "one of "+strings.Join(allowed, ", "), "")
	}
}

// idle warns of a field that changes nothing where it stands.
func (r *reader) idle(o Object, field, why string) {
	if o.Field(field) != nil {
		r.report(source.Warning, o.At(field), "arazzo/no-effect", fmt.Sprintf("%s has no effect here: %s", field, why), "", "remove it")
	}
}

// unique reports the second of two objects that have the same name.
func (r *reader) unique(seen map[string]bool, name string, at source.Position, what string) {
	if name != "" && seen[name] {
		r.fail(at, "arazzo/duplicate-name", fmt.Sprintf("there are two %s named %q", what, name), "a name of its own for each", "")
	}
	seen[name] = true
}

func article(k source.Kind) string {
	switch k {
	case source.Null:
		return "null"
	case source.Array, source.Object:
		return "an " + string(k)
	default:
		return "a " + string(k)
	}
}
