package link

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// unsent are the headers that describe a message's framing: HTTP sets them.
var unsent = []string{"Content-Length", "Transfer-Encoding", "Trailer", "Connection"}

// tokenPattern is a token of RFC 9110, section 5.6.2.
var tokenPattern = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// sendable refuses a header or cookie that HTTP cannot carry under its name.
func (at *site) sendable(p *arazzo.Parameter) bool {
	switch {
	case p.In != "header" && p.In != "cookie":
		return true
	case !tokenPattern.MatchString(p.Name):
		at.report(&source.Diagnostic{
			Code: "arazzo/wrong-name", Position: p.At("name"), Message: fmt.Sprintf("%q cannot be the name of a %s", p.Name, p.In),
			Expected: "letters, digits, and ! # $ % & ' * + . ^ _ ` | ~ - only", Fix: "rename it",
		})
		return false
	case p.In == "header" && slices.ContainsFunc(unsent, func(name string) bool { return strings.EqualFold(name, p.Name) }):
		at.report(&source.Diagnostic{
			Code: "arazzo/framing-header", Position: p.At("name"), Message: fmt.Sprintf("the header %s is set by HTTP itself", p.Name),
			Expected: "a step without it", Fix: "remove it",
		})
		return false
	}
	return true
}

// declared is the OpenAPI parameter that says how the value is written, or nil,
// and whether the step sends the value. One that the operation does not declare is
// sent all the same (S-047); in a path there is no place for it: an error, and of
// a parameter that the workflow gives to all steps a warning.
func (at *site) declared(p *arazzo.Parameter, given []*arazzo.Parameter, inherited bool) (*openapi.Parameter, bool) {
	o := at.step.Operation
	if !at.sendable(p) {
		return nil, true
	}
	if p.In == "path" && !slices.Contains(pathVariables(o.Path), p.Name) {
		at.unplaced(p, inherited)
		return nil, !inherited
	}
	for _, d := range o.Parameters {
		if d.In == p.In && (p.In == "querystring" || Same(d.Name, d.In, p.Name, p.In)) {
			return d, true
		}
	}
	if p.In != "path" && !carries(o, p) {
		at.undeclared(p, given)
	}
	return nil, true
}

// unplaced reports a path parameter without a place.
func (at *site) unplaced(p *arazzo.Parameter, inherited bool) {
	o := at.step.Operation
	variables := pathVariables(o.Path)
	d := &source.Diagnostic{
		Code: "arazzo/unknown-parameter", Position: used(p, "name"),
		Message:  fmt.Sprintf("the path %s has no parameter %q", o.Path, p.Name),
		Expected: fmt.Sprintf("a path with {%s}", p.Name), Fix: at.didYouMean(p.Name, variables),
	}
	if inherited {
		d.Severity, d.Fix = source.Warning, "give the parameter to the steps whose path has it"
		d.Message += fmt.Sprintf(": the step %q goes without it", at.step.StepID)
	}
	at.report(d)
}

// carries tells whether the parameter carries a credential that the operation
// asks for, or is a header that OpenAPI declares in another way.
func carries(o *openapi.Operation, p *arazzo.Parameter) bool {
	return isCredential(o, p.Name, p.In) || Same("Accept", "header", p.Name, p.In) || Same("Content-Type", "header", p.Name, p.In)
}

// isCredential tells whether a credential of the operation travels there. It is
// given to the run, not by the document.
func isCredential(o *openapi.Operation, name, in string) bool {
	for _, requirement := range o.Security {
		for _, scheme := range requirement.Schemes {
			if n, place := scheme.Carrier(); n != "" && Same(n, place, name, in) {
				return true
			}
		}
	}
	return false
}

// undeclared tells of a parameter that the operation does not declare (D14). One
// that it declares in another place, or whose name is close to a declared one, is
// likely wrong; unless what it is close to is given as well.
func (at *site) undeclared(p *arazzo.Parameter, given []*arazzo.Parameter) {
	o := at.step.Operation
	var names []string
	elsewhere := ""
	for _, d := range o.Parameters {
		switch {
		case isGiven(given, d.Name, d.In):
		case d.In == p.In:
			names = append(names, d.Name)
		case d.Name == p.Name && (d.In != "query" || p.In != "querystring"): // the whole has the part in it
			elsewhere = d.In
		}
	}
	d := &source.Diagnostic{
		Code: "arazzo/undeclared-parameter", Severity: source.Info, Position: used(p, "name"),
		Message: fmt.Sprintf("%s %s does not declare the %s parameter %q: it is sent all the same", o.Method, o.Path, p.In, p.Name),
		Fix:     at.didYouMean(p.Name, names),
	}
	switch {
	case elsewhere != "":
		d.Code, d.Severity, d.Position, d.Fix = "arazzo/wrong-place", source.Warning, used(p, "in"), "in: "+elsewhere
		d.Message = fmt.Sprintf("%s %s takes %q in the %s, and the step gives it in the %s", o.Method, o.Path, p.Name, elsewhere, p.In)
	case d.Fix != "":
		d.Severity = source.Warning
	}
	at.report(d)
}

func isGiven(given []*arazzo.Parameter, name, in string) bool {
	return slices.ContainsFunc(given, func(p *arazzo.Parameter) bool { return Same(p.Name, p.In, name, in) })
}

var pathVariable = regexp.MustCompile(`\{([^{}]+)\}`)

func pathVariables(path string) []string {
	if !strings.Contains(path, "{") {
		return nil
	}
	var names []string
	for _, m := range pathVariable.FindAllStringSubmatch(path, -1) {
		names = append(names, m[1])
	}
	return names
}

// requireParameters reports what the operation needs and the step does not give
// (S-087).
func (at *site) requireParameters(given []*arazzo.Parameter) {
	o := at.step.Operation
	for _, name := range pathVariables(o.Path) {
		at.requireParameter(given, name, "path")
	}
	for _, d := range o.Parameters {
		if d.Required && d.In != "path" {
			at.requireParameter(given, d.Name, d.In)
		}
	}
}

func (at *site) requireParameter(given []*arazzo.Parameter, name, in string) {
	s := at.step
	if isGiven(given, name, in) || isWithin(given, in) || isCredential(s.Operation, name, in) {
		return
	}
	at.report(&source.Diagnostic{
		Code: "arazzo/missing-parameter", Position: s.Position(),
		Message:  fmt.Sprintf("the step %q does not give the %s parameter %q", s.StepID, in, name),
		Expected: fmt.Sprintf("every required parameter of %s %s", s.Operation.Method, s.Operation.Path),
		Fix:      fmt.Sprintf("add to its parameters: {name: %s, in: %s, value: …}", name, in),
	})
}

// isWithin tells whether a parameter may be part of another that is given: a query
// is one text as a querystring, and cookies are one header.
func isWithin(given []*arazzo.Parameter, in string) bool {
	return slices.ContainsFunc(given, func(p *arazzo.Parameter) bool {
		switch in {
		case "query":
			return p.In == "querystring"
		case "querystring":
			return p.In == "querystring" || p.In == "query"
		case "cookie":
			return Same(p.Name, p.In, "Cookie", "header")
		default:
			return false
		}
	})
}
