package runner

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// parameters plans the parameters of a step: its own, then those of the
// workflow that it does not override (S-046, S-059).
func (c *scoped) parameters(s *step) {
	given := slices.Clone(s.Step.Parameters)
	for _, p := range c.workflow.Parameters {
		if p.In != "" && !slices.ContainsFunc(given, func(own *arazzo.Parameter) bool { return sameParameter(own.Name, own.In, p.Name, p.In) }) {
			given = append(given, p)
		}
	}
	for _, p := range given {
		c.sendable(p)
		s.parameters = append(s.parameters, parameter{
			name: p.Name, in: p.In, position: p.At("value"), wire: c.declared(s, p), value: c.value(p.Value),
		})
	}
}

// unsent are the headers that describe a message's framing: HTTP sets them.
var unsent = []string{"Content-Length", "Transfer-Encoding", "Trailer", "Connection"}

// tokenPattern is a token of RFC 9110, section 5.6.2.
var tokenPattern = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// sendable refuses a header or cookie that HTTP cannot carry under its name.
func (c *scoped) sendable(p *arazzo.Parameter) {
	switch {
	case p.In != "header" && p.In != "cookie":
	case !tokenPattern.MatchString(p.Name):
		c.report(&source.Diagnostic{
			Code: "arazzo/wrong-name", Position: p.At("name"), Message: fmt.Sprintf("%q cannot be the name of a %s", p.Name, p.In),
			Expected: "letters, digits, and ! # $ % & ' * + . ^ _ ` | ~ - only",
		})
	case p.In == "header" && slices.ContainsFunc(unsent, func(name string) bool { return strings.EqualFold(name, p.Name) }):
		c.report(&source.Diagnostic{
			Code: "unsupported", Position: p.At("name"), Message: fmt.Sprintf("the header %s is set by HTTP itself", p.Name),
			Expected: "a step without it",
		})
	}
}

func sameParameter(name, in, otherName, otherIn string) bool {
	return in == otherIn && (name == otherName || in == "header" && strings.EqualFold(name, otherName))
}

var pathVariable = regexp.MustCompile(`\{([^{}]+)\}`)

// declared is the OpenAPI parameter that says how the value is written. One
// that the operation does not declare is sent all the same (S-047); in a path
// there would be no place for it.
func (c *scoped) declared(s *step, p *arazzo.Parameter) *openapi.Parameter {
	if p.In == "path" && !slices.Contains(pathVariables(s.operation.Path), p.Name) {
		c.report(&source.Diagnostic{
			Code: "arazzo/unknown-parameter", Position: p.At("name"),
			Message:  fmt.Sprintf("the path %s has no parameter %q", s.operation.Path, p.Name),
			Expected: "one of " + list(pathVariables(s.operation.Path)), Fix: didYouMean(p.Name, pathVariables(s.operation.Path)),
		})
	}
	var names []string
	for _, d := range s.operation.Parameters {
		if sameParameter(d.Name, d.In, p.Name, p.In) {
			return d
		}
		if d.In == p.In {
			names = append(names, d.Name)
		}
	}
	if p.In != "path" && !carries(s.operation, p) {
		c.undeclared(s, p, names)
	}
	return openapi.DefaultParameter(p.Name, p.In)
}

// carries tells whether the parameter carries a credential that the operation
// asks for, or is a header that OpenAPI declares in another way.
func carries(o *openapi.Operation, p *arazzo.Parameter) bool {
	for _, requirement := range o.Security {
		for _, scheme := range requirement.Schemes {
			if name, in := carrier(scheme); sameParameter(name, in, p.Name, p.In) {
				return true
			}
		}
	}
	return sameParameter("Accept", "header", p.Name, p.In) || sameParameter("Content-Type", "header", p.Name, p.In)
}

// undeclared tells of a parameter that the operation does not declare (D14). One
// whose name is close to a declared one is likely misspelt.
func (c *scoped) undeclared(s *step, p *arazzo.Parameter, declared []string) {
	d := &source.Diagnostic{
		Code: "arazzo/undeclared-parameter", Severity: source.Info, Position: p.At("name"),
		Message: fmt.Sprintf("%s %s does not declare the %s parameter %q: it is sent all the same", s.operation.Method, s.operation.Path, p.In, p.Name),
	}
	if d.Fix = didYouMean(p.Name, declared); d.Fix != "" {
		d.Severity = source.Warning
	}
	c.report(d)
}

func pathVariables(path string) []string {
	var names []string
	for _, m := range pathVariable.FindAllStringSubmatch(path, -1) {
		names = append(names, m[1])
	}
	return names
}

// requireParameters reports what the operation needs and the step does not give.
func (c *scoped) requireParameters(s *step) {
	missing := func(name, in string) {
		if slices.ContainsFunc(s.parameters, func(p parameter) bool { return sameParameter(p.name, p.in, name, in) }) {
			return
		}
		c.report(&source.Diagnostic{
			Code: "arazzo/missing-parameter", Position: s.Position(),
			Message:  fmt.Sprintf("the step %q does not give the %s parameter %q", s.StepID, in, name),
			Expected: fmt.Sprintf("every required parameter of %s %s", s.operation.Method, s.operation.Path),
			Fix:      fmt.Sprintf("add to its parameters: {name: %s, in: %s, value: …}", name, in),
		})
	}
	for _, name := range pathVariables(s.operation.Path) {
		missing(name, "path")
	}
	for _, d := range s.operation.Parameters {
		if d.Required && d.In != "path" {
			missing(d.Name, d.In)
		}
	}
}
