package expression

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Value is a JSON value with templates in its strings, at any depth. The keys
// of objects are not evaluated (section 4.7).
type Value struct {
	from     *source.Value
	template *Template
	items    []*Value
	members  []*Value
}

// NewValue reads the templates of a value. check is called for each expression
// with the place it stands at, and may report it. The diagnostics are errors for
// expressions that do not parse, and warnings for text that looks like one.
func NewValue(v *source.Value, check func(Reference, source.Position)) (*Value, source.Diagnostics) {
	value := &Value{from: v}
	var found source.Diagnostics
	switch v.Kind {
	case source.String:
		text, _ := v.Text()
		t, err := ParseTemplate(text)
		if err != nil {
			return value, source.Diagnostics{Diagnose(err, v)}
		}
		for _, r := range t.References() {
			check(r, v.Offset(r.Offset))
		}
		value.template = t
		if d := misspelt(t, v); d != nil {
			found = append(found, d)
		}
	case source.Array:
		for _, item := range v.Items {
			x, problems := NewValue(item, check)
			value.items, found = append(value.items, x), append(found, problems...)
		}
	case source.Object:
		for _, m := range v.Members {
			x, problems := NewValue(m.Value, check)
			value.members, found = append(value.members, x), append(found, problems...)
		}
	}
	return value, found
}

// lookalike is what an author may have meant as an expression.
var lookalike = regexp.MustCompile(`\$([A-Za-z]+)[.#]\S`)

// misspelt reports what would be sent as it stands and looks like an expression
// with a misspelt root (S-199). A string that begins with it is never meant that
// way; in the middle of a text it may be.
func misspelt(t *Template, v *source.Value) *source.Diagnostic {
	for _, m := range lookalike.FindAllStringSubmatchIndex(t.text, -1) {
		name := t.text[m[2]:m[3]]
		near := source.Nearest(name, rootNames())
		if len(near) == 0 || slices.Contains(roots, Root(name)) {
			continue
		}
		d := &source.Diagnostic{
			Code: "arazzo/no-expression", Severity: source.Warning, Position: v.Offset(m[0]),
			Message:  fmt.Sprintf("$%s is no root of a runtime expression: the text stays as it is", name),
			Expected: "an expression such as $inputs.name, or a text that does not look like one", Fix: fmt.Sprintf("did you mean $%s?", near[0]),
		}
		if m[0] == 0 {
			d.Severity, d.Message = source.Error, fmt.Sprintf("%q is no runtime expression", t.text)
		}
		return d
	}
	return nil
}

func rootNames() []string {
	var names []string
	for _, r := range roots {
		names = append(names, string(r))
	}
	return names
}

// Diagnose turns a [*SyntaxError] of a string's text into a diagnostic.
func Diagnose(err error, v *source.Value) *source.Diagnostic {
	d := &source.Diagnostic{
		Code: "arazzo/expression-syntax", Severity: source.Error, Position: v.Position, Message: err.Error(),
		Expected: "a runtime expression such as $inputs.name, $steps.id.outputs.name or $response.body#/pointer",
	}
	var syntax *SyntaxError
	if errors.As(err, &syntax) {
		d.Position = v.Offset(syntax.Offset)
	}
	return d
}

// Evaluate returns the plain value. A member or item that is an optional input
// nobody gave is left out; any other [*Absent] is an error.
func (v *Value) Evaluate(s Scope) (any, error) {
	switch {
	case v.template != nil:
		return v.template.Evaluate(s)
	case v.from.Kind == source.Array:
		list := make([]any, 0, len(v.items))
		for _, item := range v.items {
			x, err := item.Evaluate(s)
			if isOptional(err) {
				continue
			}
			if err != nil {
				return nil, err
			}
			list = append(list, x)
		}
		return list, nil
	case v.from.Kind == source.Object:
		object := make(map[string]any, len(v.members))
		for i, member := range v.members {
			x, err := member.Evaluate(s)
			if isOptional(err) {
				continue
			}
			if err != nil {
				return nil, err
			}
			object[v.from.Members[i].Key] = x
		}
		return object, nil
	default:
		return v.from.Scalar, nil
	}
}

func isOptional(err error) bool {
	var absent *Absent
	return errors.As(err, &absent) && absent.Optional
}
