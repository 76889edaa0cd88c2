package link

import (
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Supplies tells whether the step gives itself the parameter in which the scheme's
// credential travels. Then no other is sent (S-088).
func Supplies(s *Step, scheme *openapi.SecurityScheme) bool {
	name, in := scheme.Carrier()
	return name != "" && slices.ContainsFunc(s.Parameters, func(p Parameter) bool { return Same(p.Name, p.In, name, in) })
}

// MaySupply tells whether the scheme's credential may stand inside of a parameter
// of the step: a cookie in its header Cookie, a query parameter in its whole query.
// It does where the parameter names it, or is an expression as a whole.
func MaySupply(s *Step, scheme *openapi.SecurityScheme) bool {
	name, in := scheme.Carrier()
	return slices.ContainsFunc(s.Parameters, func(p Parameter) bool {
		within := in == "cookie" && Same(p.Name, p.In, "Cookie", "header") || in == "query" && p.In == "querystring"
		return within && mentions(p.Parameter.Value, name)
	})
}

func mentions(v *source.Value, name string) bool {
	if text, isText := v.Text(); isText {
		pairs := strings.FieldsFunc(text, func(r rune) bool { return r == '&' || r == ';' || r == ' ' })
		return strings.HasPrefix(text, "$") || slices.ContainsFunc(pairs, func(pair string) bool { return strings.HasPrefix(pair, name+"=") })
	}
	return v.Get(name) != nil
}
