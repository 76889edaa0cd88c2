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

// Parameter is a parameter of a step, or of an action that goes to a workflow.
type Parameter struct {
	*arazzo.Parameter
	Value *Value
	// Declared is what the operation says of it; nil where it says nothing.
	Declared *openapi.Parameter
}

// Wire says how the value is written into a request: as declared, else by
// OpenAPI's defaults.
func (p Parameter) Wire() *openapi.Parameter {
	if p.Declared != nil {
		return p.Declared
	}
	return openapi.DefaultParameter(p.Name, p.In)
}

// Same tells whether a parameter is the one of that name and place. The names of
// headers have no case (RFC 9110, section 5.1).
func Same(name, in, otherName, otherIn string) bool {
	return in == otherIn && (name == otherName || in == "header" && strings.EqualFold(name, otherName))
}

// parameters links the parameters of a step: its own, then those of the workflow
// that it does not override (S-046, S-059). Those with in belong to operations,
// those without to called workflows.
func (at *site) parameters() {
	s := at.step
	given := slices.Clone(s.Step.Parameters)
	for _, p := range at.workflow.Parameters {
		if (p.In == "") == (s.WorkflowID != "") && !slices.ContainsFunc(given, func(own *arazzo.Parameter) bool { return Same(own.Name, own.In, p.Name, p.In) }) {
			given = append(given, p)
		}
	}
	for _, p := range given {
		if p.In == "body" || p.Value == nil {
			continue // the first is the step's body
		}
		linked := Parameter{Parameter: p}
		if s.Operation != nil {
			at.sendable(p)
			linked.Declared = at.declared(p)
		}
		linked.Value = at.value(p.Value)
		s.Parameters = append(s.Parameters, linked)
	}
	switch {
	case s.Operation != nil:
		at.requireParameters()
	case s.Called != nil:
		at.knownInputs(s.Called, s.Parameters)
		at.requiredInputs(s.Called, s.Parameters, s.Position())
	}
}

// knownInputs judges the parameters that become the inputs of a workflow: each
// has to be one (S-082, S-210).
func (at *site) knownInputs(called *Workflow, given []Parameter) {
	for _, p := range given {
		if _, ok := called.input(p.Name); !ok {
			names := inputNames(called)
			at.report(&source.Diagnostic{
				Code: "arazzo/unknown-input", Position: p.At("name"),
				Message:  fmt.Sprintf("%s has no input %q", owner(called), p.Name),
				Expected: oneOf(names), Fix: didYouMean(p.Name, names),
			})
		}
	}
}

// requiredInputs reports what a workflow requires and is not given.
func (at *site) requiredInputs(called *Workflow, given []Parameter, place source.Position) {
	for _, i := range called.Inputs {
		found := slices.ContainsFunc(given, func(p Parameter) bool { return p.Name == i.Name })
		if i.Required && !found && i.Default() == nil {
			at.report(&source.Diagnostic{
				Code: "arazzo/missing-parameter", Position: place,
				Message:  fmt.Sprintf("%s requires the input %q, which is not given", owner(called), i.Name),
				Expected: "every input that the called workflow requires",
				Fix:      fmt.Sprintf("add to its parameters: {name: %s, value: …}", i.Name),
			})
		}
	}
}

// unsent are the headers that describe a message's framing: HTTP sets them.
var unsent = []string{"Content-Length", "Transfer-Encoding", "Trailer", "Connection"}

// tokenPattern is a token of RFC 9110, section 5.6.2.
var tokenPattern = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// sendable refuses a header or cookie that HTTP cannot carry under its name.
func (at *site) sendable(p *arazzo.Parameter) {
	switch {
	case p.In != "header" && p.In != "cookie":
	case !tokenPattern.MatchString(p.Name):
		at.report(&source.Diagnostic{
			Code: "arazzo/wrong-name", Position: p.At("name"), Message: fmt.Sprintf("%q cannot be the name of a %s", p.Name, p.In),
			Expected: "letters, digits, and ! # $ % & ' * + . ^ _ ` | ~ - only",
		})
	case p.In == "header" && slices.ContainsFunc(unsent, func(name string) bool { return strings.EqualFold(name, p.Name) }):
		at.report(&source.Diagnostic{
			Code: "arazzo/framing-header", Position: p.At("name"), Message: fmt.Sprintf("the header %s is set by HTTP itself", p.Name),
			Expected: "a step without it", Fix: "remove it",
		})
	}
}

var pathVariable = regexp.MustCompile(`\{([^{}]+)\}`)

// declared is the OpenAPI parameter that says how the value is written, or nil.
// One that the operation does not declare is sent all the same (S-047); in a path
// there would be no place for it.
func (at *site) declared(p *arazzo.Parameter) *openapi.Parameter {
	o := at.step.Operation
	variables := pathVariables(o.Path)
	if p.In == "path" && !slices.Contains(variables, p.Name) {
		at.report(&source.Diagnostic{
			Code: "arazzo/unknown-parameter", Position: p.At("name"),
			Message:  fmt.Sprintf("the path %s has no parameter %q", o.Path, p.Name),
			Expected: oneOf(variables), Fix: didYouMean(p.Name, variables),
		})
	}
	var names []string
	for _, d := range o.Parameters {
		if Same(d.Name, d.In, p.Name, p.In) {
			return d
		}
		if d.In == p.In {
			names = append(names, d.Name)
		}
	}
	if p.In != "path" && !carries(o, p) {
		at.undeclared(p, names)
	}
	return nil
}

// carries tells whether the parameter carries a credential that the operation
// asks for, or is a header that OpenAPI declares in another way.
func carries(o *openapi.Operation, p *arazzo.Parameter) bool {
	for _, requirement := range o.Security {
		for _, scheme := range requirement.Schemes {
			if name, in := scheme.Carrier(); Same(name, in, p.Name, p.In) {
				return true
			}
		}
	}
	return Same("Accept", "header", p.Name, p.In) || Same("Content-Type", "header", p.Name, p.In)
}

// undeclared tells of a parameter that the operation does not declare (D14). One
// that it declares in another place, or whose name is close to a declared one, is
// likely wrong.
func (at *site) undeclared(p *arazzo.Parameter, declared []string) {
	o := at.step.Operation
	d := &source.Diagnostic{
		Code: "arazzo/undeclared-parameter", Severity: source.Info, Position: p.At("name"),
		Message: fmt.Sprintf("%s %s does not declare the %s parameter %q: it is sent all the same", o.Method, o.Path, p.In, p.Name),
		Fix:     didYouMean(p.Name, declared),
	}
	if d.Fix != "" {
		d.Severity = source.Warning
	}
	for _, other := range o.Parameters {
		if other.Name == p.Name && other.In != p.In {
			d.Code, d.Severity, d.Position, d.Fix = "arazzo/wrong-place", source.Warning, p.At("in"), "in: "+other.In
			d.Message = fmt.Sprintf("%s %s takes %q in the %s, and the step gives it in the %s", o.Method, o.Path, p.Name, other.In, p.In)
		}
	}
	at.report(d)
}

func pathVariables(path string) []string {
	var names []string
	for _, m := range pathVariable.FindAllStringSubmatch(path, -1) {
		names = append(names, m[1])
	}
	return names
}

// requireParameters reports what the operation needs and the step does not give.
func (at *site) requireParameters() {
	o := at.step.Operation
	for _, name := range pathVariables(o.Path) {
		at.requireParameter(name, "path")
	}
	for _, d := range o.Parameters {
		if d.Required && d.In != "path" {
			at.requireParameter(d.Name, d.In)
		}
	}
}

func (at *site) requireParameter(name, in string) {
	s := at.step
	if slices.ContainsFunc(s.Parameters, func(p Parameter) bool { return Same(p.Name, p.In, name, in) }) {
		return
	}
	for _, requirement := range s.Operation.Security {
		for _, scheme := range requirement.Schemes {
			if n, place := scheme.Carrier(); Same(n, place, name, in) {
				return // a credential is given to the run, not by the document
			}
		}
	}
	at.report(&source.Diagnostic{
		Code: "arazzo/missing-parameter", Position: s.Position(),
		Message:  fmt.Sprintf("the step %q does not give the %s parameter %q", s.StepID, in, name),
		Expected: fmt.Sprintf("every required parameter of %s %s", s.Operation.Method, s.Operation.Path),
		Fix:      fmt.Sprintf("add to its parameters: {name: %s, in: %s, value: …}", name, in),
	})
}
