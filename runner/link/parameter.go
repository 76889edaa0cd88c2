package link

import (
	"fmt"
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

// isKnown tells whether a parameter says what it is. Of one whose component does
// not exist nothing is known, and that was reported.
func isKnown(p *arazzo.Parameter) bool { return p.Name != "" }

// used is where a parameter is used: what is wrong with a component there may be
// right for another that uses it.
func used(p *arazzo.Parameter, field string) source.Position {
	if p.Reusable != nil {
		return p.Reusable.At("reference")
	}
	return p.At(field)
}

// given are the parameters of a step: its own, then those of the workflow that it
// does not override (S-046, S-059). Those with in belong to operations, those
// without to called workflows, for which in says nothing (S-082).
func (at *site) given(common []*arazzo.Parameter) []*arazzo.Parameter {
	s := at.step
	calls := s.WorkflowID != ""
	key := func(p *arazzo.Parameter) string {
		switch {
		case calls:
			return p.Name
		case p.In == "header":
			return p.In + " " + strings.ToLower(p.Name)
		default:
			return p.In + " " + p.Name
		}
	}
	given := slices.Clone(s.Step.Parameters)
	own := map[string]bool{}
	for _, p := range given {
		own[key(p)] = true
	}
	for _, p := range common {
		if (p.In == "") == calls && !own[key(p)] {
			given = append(given, p)
		}
	}
	return given
}

// places are where a parameter of an operation or message can be; what else in
// may say was reported.
var places = []string{"path", "query", "querystring", "header", "cookie", "channel"}

// parameters links those that are given. What has no name, value or place was
// reported, and nothing follows from it.
func (at *site) parameters(given []*arazzo.Parameter) {
	s := at.step
	texts := map[string]string{}
	for i, p := range given {
		if p.Value == nil || isBody(s.Step, p) {
			continue
		}
		linked := Parameter{Parameter: p, Value: at.value(p.Value)}
		sent := true
		if s.Operation != nil && isKnown(p) && slices.Contains(places, p.In) {
			linked.Declared, sent = at.declared(p, given, i >= len(s.Step.Parameters))
		}
		if sent {
			s.Parameters = append(s.Parameters, linked)
		}
		if sent && s.Operation != nil && isKnown(p) && slices.Contains(wired, p.In) {
			at.writable(linked, texts)
		}
	}
	switch {
	case s.Operation != nil && allKnown(given):
		at.requireParameters(given)
	case s.Called != nil:
		at.knownInputs(s.Called, s.Parameters)
		at.requiredInputs(s.Called, given, s.Position())
	}
}

// wired are the places of an HTTP request in which a value is written.
var wired = []string{"path", "query", "querystring", "header", "cookie"}

// writable refuses a constant that cannot be written where it is given, such as
// null in a path or a line break in a header, also beside an expression: no run could
// send it (S-080). What a whole query that is a text comes to is not known. The texts
// are those of the path's constants so far: dots that they make together are refused
// too.
func (at *site) writable(p Parameter, texts map[string]string) {
	constant, value := p.Value.isConstant(), p.Value.outline()
	if !constant && (p.In == "querystring" || value == unknown) {
		return
	}
	wire, _, err := p.Wire().Encode(value)
	if err == nil && constant && p.In == "path" {
		texts[p.Name] = wire
		if _, err = at.step.Operation.Target(texts); err != nil {
			delete(texts, p.Name)
		}
	}
	if err != nil {
		at.report(&source.Diagnostic{
			Code: "arazzo/wrong-value", Position: p.Parameter.Value.Position, Message: err.Error(),
			Expected: fmt.Sprintf("a value that a %s parameter can have", p.In), Fix: "give another value",
		})
	}
}

// allKnown tells whether none of the parameters may be one that is missing.
func allKnown(given []*arazzo.Parameter) bool {
	return !slices.ContainsFunc(given, func(p *arazzo.Parameter) bool { return !isKnown(p) })
}

// knownInputs judges the parameters that become the inputs of a workflow: each
// has to be one (S-082, S-210). Where its schema is damaged nobody knows.
func (at *site) knownInputs(called *Workflow, given []Parameter) {
	for _, p := range given {
		if !isKnown(p.Parameter) || called.inputNames.set[p.Name] || called.isUncertain() {
			continue
		}
		at.report(&source.Diagnostic{
			Code: "arazzo/unknown-input", Position: used(p.Parameter, "name"),
			Message:  fmt.Sprintf("%s has no input %q", owner(called), p.Name),
			Expected: oneOfIts(owner(called), "input", called.inputNames.list), Fix: at.didYouMean(p.Name, called.inputNames.list),
		})
	}
}

// requiredInputs reports what a workflow requires, and is neither given nor
// preset.
func (at *site) requiredInputs(called *Workflow, given []*arazzo.Parameter, place source.Position) {
	if !allKnown(given) {
		return
	}
	names := map[string]bool{}
	for _, p := range given {
		names[p.Name] = true
	}
	for _, i := range called.Inputs {
		if i.Required && !names[i.Name] && i.Default() == nil {
			at.report(&source.Diagnostic{
				Code: "arazzo/missing-parameter", Position: place,
				Message:  fmt.Sprintf("%s requires the input %q, which is not given", owner(called), i.Name),
				Expected: "every input that the called workflow requires",
				Fix:      fmt.Sprintf("add to its parameters: {name: %s, value: …}", i.Name),
			})
		}
	}
}

func owner(w *Workflow) string { return fmt.Sprintf("the workflow %q", w.WorkflowID) }
