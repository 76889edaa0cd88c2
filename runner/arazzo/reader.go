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
	version version
	// components are read before the workflows, which refer to them.
	components  *Components
	diagnostics source.Diagnostics
}

func (r *reader) report(severity source.Severity, at source.Position, code, message, expected, fix string) {
	r.diagnostics = append(r.diagnostics, &source.Diagnostic{
		Code: code, Severity: severity, Position: at, Message: message, Expected: expected, Fix: fix,
	})
}

func (r *reader) fail(at source.Position, code, message, expected, fix string) {
	r.report(source.Error, at, code, message, expected, fix)
}

func (r *reader) warn(at source.Position, code, message, expected, fix string) {
	r.report(source.Warning, at, code, message, expected, fix)
}

// object checks that v is an object of the named kind and has fields of that
// kind alone: those given, those that the document's version added, extensions.
func (r *reader) object(v *source.Value, kind string, fields ...string) (Object, bool) {
	o := Object{value: v}
	if v.Kind != source.Object {
		r.wrongType(v, "the "+kind, source.Object)
		return o, false
	}
	if r.version.minor > 0 {
		fields = append(fields, fieldsSince[kind]...)
	}
	for _, m := range v.Members {
		if !strings.HasPrefix(m.Key, "x-") && !slices.Contains(fields, m.Key) {
			r.unknownField(m, kind, fields)
		}
	}
	return o, true
}

func (r *reader) unknownField(m source.Member, kind string, fields []string) {
	if slices.Contains(fieldsSince[kind], m.Key) {
		r.fail(m.Position, "arazzo/unknown-field", fmt.Sprintf("the %s has the field %q, which came with Arazzo 1.1", kind, m.Key),
			"a field of Arazzo 1.0", sinceFix)
		return
	}
	fix := r.didYouMean(m.Key, fields, "remove it, or give it a name that begins with x-")
	if m.Key == "$ref" {
		fix = "write the object here; $ref is for JSON Schemas alone"
	}
	r.fail(m.Position, "arazzo/unknown-field", fmt.Sprintf("the %s has no field %q", kind, m.Key),
		"one of "+strings.Join(fields, ", ")+", or an extension x-…", fix)
}

// The search for a misspelt name is bounded: a hostile document may have millions
// of wrong names to be compared with millions of right ones.
const (
	mostHints      = 100 // diagnostics, after which nobody looks for a hint
	mostCandidates = 100
	longestName    = 100 // bytes
)

// didYouMean is the fix that offers the nearest of the candidates; without one it
// is otherwise.
func (r *reader) didYouMean(name string, candidates []string, otherwise string) string {
	if len(r.diagnostics) > mostHints || len(name) > longestName {
		return otherwise
	}
	candidates = candidates[:min(len(candidates), mostCandidates)]
	candidates = slices.DeleteFunc(slices.Clone(candidates), func(c string) bool { return len(c) > longestName })
	if near := source.Nearest(name, candidates); len(near) > 0 {
		return fmt.Sprintf("did you mean %s?", near[0])
	}
	return otherwise
}

// required reports a field that is missing.
func (r *reader) required(o Object, kind, field string) {
	if o.Field(field) == nil {
		r.fail(o.Position(), "arazzo/missing-field", fmt.Sprintf("the %s has no %q", kind, field),
			"the field "+field, fmt.Sprintf("add %s: …", field))
	}
}

// requiredText reads a field that has to say something, as every name, id and
// address has.
func (r *reader) requiredText(o Object, kind, field string) string {
	r.required(o, kind, field)
	return r.filledText(o, field)
}

// filledText is text for a field that is not empty where it is given.
func (r *reader) filledText(o Object, field string) string {
	text := r.text(o, field)
	if v := o.Field(field); v != nil && v.Kind == source.String && text == "" {
		r.fail(v.Position, "arazzo/wrong-value", field+" is empty", "a text", "say what is meant, or remove "+field)
	}
	return text
}

// text reads a string field; it is empty where it is missing or no string.
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

// filledList is list for a field that has at least one entry where it is given.
func (r *reader) filledList(o Object, field string) []*source.Value {
	items := r.list(o, field)
	if v := o.Field(field); v != nil && v.Kind == source.Array && len(items) == 0 {
		r.fail(v.Position, "arazzo/empty-list", field+" is empty", "at least one entry", "add an entry, or remove "+field)
	}
	return items
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

// number reads a number that is not negative; it is empty where it is missing or
// wrong. An integer has neither fraction nor exponent (section 4.4).
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
	expected := "a number that is not negative"
	if integer {
		expected += ", without a fraction or exponent"
	}
	// A number too large for a float is infinite, which is as good here.
	if f, _ := n.Float64(); f < 0 || integer && strings.ContainsAny(n.String(), ".eE") {
		r.fail(v.Position, "arazzo/wrong-value", fmt.Sprintf("%s is %s", field, n), expected, "write "+expected)
		return ""
	}
	return n
}

func (r *reader) wrongType(v *source.Value, what string, want source.Kind) {
	fix := "write " + article(want)
	if want == source.String && (v.Kind == source.Boolean || v.Kind == source.Number) {
		fix = "put it in quotes"
	}
	r.fail(v.Position, "arazzo/wrong-type", fmt.Sprintf("%s is %s", what, article(v.Kind)), article(want), fix)
}

// noEffect warns of a field that changes nothing where it stands.
func (r *reader) noEffect(o Object, field, why string) {
	if v := o.Field(field); v != nil {
		r.idle(v.Position, field, why)
	}
}

func (r *reader) idle(at source.Position, field, why string) {
	r.warn(at, "arazzo/no-effect", fmt.Sprintf("%s has no effect here: %s", field, why), "an object without "+field, "remove it")
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
