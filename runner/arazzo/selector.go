package arazzo

import (
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Selector reads a value as a Selector Object, and tells whether it is one: an
// object with context, selector and type, and nothing else but extensions, in a
// document of 1.1 (S-091, S-219). Before, such an object is mere data. What is
// wrong with it was reported by [Read].
func (d *Document) Selector(v *source.Value) (*Selector, bool) {
	if !isSelector(v) || d.Minor() == 0 {
		return nil, false
	}
	r := &reader{version: versionOf(d.Arazzo)}
	return r.selector(v), true
}

// Selectors are the Selector Objects in a value, at any depth, in its order.
func (d *Document) Selectors(v *source.Value) []*Selector {
	r := &reader{version: versionOf(d.Arazzo)}
	return r.selectors(v)
}

// selectors reads the Selector Objects in a value of which they may be part.
func (r *reader) selectors(v *source.Value) []*Selector {
	switch {
	case v == nil:
		return nil
	case r.version.minor > 0 && isSelector(v):
		return []*Selector{r.selector(v)}
	}
	r.almostSelector(v)
	var found []*Selector
	for _, item := range v.Items {
		found = append(found, r.selectors(item)...)
	}
	for _, m := range v.Members {
		found = append(found, r.selectors(m.Value)...)
	}
	return found
}

func isSelector(v *source.Value) bool {
	if v == nil {
		return false
	}
	for _, m := range v.Members {
		if !slices.Contains(selectorFields, m.Key) && !strings.HasPrefix(m.Key, "x-") {
			return false
		}
	}
	return !slices.ContainsFunc(selectorFields, func(field string) bool { return v.Get(field) == nil })
}

// almostSelector warns of an object that was meant to select something and is
// sent as it stands.
func (r *reader) almostSelector(v *source.Value) {
	o, signs := Object{value: v}, 0
	for _, sign := range []bool{isText(o.Field("selector"), ""), isText(o.Field("context"), "$"), isSelectorType(o.Field("type"))} {
		if sign {
			signs++
		}
	}
	if signs < 2 {
		return
	}
	const message, expected = "the object looks like a Selector Object and is sent as it stands", "an object with context, selector, type, and nothing else"
	fix := "add what is missing, and remove what is not one of them"
	if r.version.minor == 0 {
		fix = sinceFix
	}
	r.warn(v.Position, "arazzo/almost-selector", message, expected, fix)
}

func isText(v *source.Value, prefix string) bool {
	text, ok := v.Text()
	return ok && strings.HasPrefix(text, prefix)
}

func isSelectorType(v *source.Value) bool {
	if name := v.Get("type"); name != nil {
		v = name
	}
	text, _ := v.Text()
	return slices.Contains(selectorTypes.always, text)
}

var selectorFields = []string{"context", "selector", "type"}

// jsonPointer is the one language in which an empty text means something: the
// whole value.
const jsonPointer = "jsonpointer"

var selectorTypes = choices{always: []string{string(JSONPath), string(XPath), jsonPointer}}

func (r *reader) selector(v *source.Value) *Selector {
	o, _ := r.object(v, "selector object", selectorFields...)
	context := r.requiredText(o, "selector object", "context")
	r.required(o, "selector object", "selector")
	r.required(o, "selector object", "type")
	t := r.expressionType(o, "type", selectorTypes, selectorTypes)
	return &Selector{Object: o, Context: context, Selector: r.query(o, "selector", t), Type: t}
}

// query reads a text in one of the selecting languages.
func (r *reader) query(o Object, field string, t ExpressionType) string {
	if t.Name == string(JSONPath) || t.Name == string(XPath) {
		return r.filledText(o, field)
	}
	return r.text(o, field)
}

// versions are those of an Expression Type Object (S-172).
var versions = map[string]choices{
	string(JSONPath): {always: []string{"draft-goessner-dispatch-jsonpath-00"}, since: []string{"rfc9535"}},
	string(XPath):    {always: []string{"xpath-30", "xpath-20", "xpath-10"}, since: []string{"xpath-31"}},
	jsonPointer:      {since: []string{"rfc6901"}},
}

// expressionType reads a type that is a name, or an Expression Type Object; the
// choices are for the one and for the other. A missing one is empty.
func (r *reader) expressionType(o Object, field string, names, versioned choices) ExpressionType {
	v := o.Field(field)
	if v == nil || v.Kind != source.Object {
		return ExpressionType{Name: r.choice(o, field, names)}
	}
	t, _ := r.object(v, "expression type object", "type", "version")
	r.required(t, "expression type object", "type")
	r.required(t, "expression type object", "version")
	e := ExpressionType{Object: t, Name: r.choice(t, "type", versioned)}
	if known, ok := versions[e.Name]; ok {
		e.Version = r.choice(t, "version", known)
	} else {
		e.Version = r.text(t, "version")
	}
	return e
}
