package arazzo

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// namePattern is what keys of components and outputs look like, and
// sourceNamePattern the names of source descriptions.
var (
	namePattern       = regexp.MustCompile(`^[a-zA-Z0-9.\-_]+$`)
	sourceNamePattern = regexp.MustCompile(`^[a-zA-Z0-9\-_]+$`)
)

// readComponents checks the Components Object. What stands in it is read where
// a Reusable Object names it.
func (r *reader) readComponents(parent Object) *Components {
	v := parent.Field("components")
	if v == nil {
		return nil
	}
	kinds := []string{"inputs", "parameters", "successActions", "failureActions"}
	o, _ := r.object(v, "components", kinds...)
	for _, kind := range kinds {
		for _, m := range r.entries(o, kind) {
			if !namePattern.MatchString(m.Key) {
				r.fail(m.Position, "arazzo/wrong-name", fmt.Sprintf("a component is named %q", m.Key), "letters, digits, and . - _ only", "")
			}
		}
	}
	return &Components{Object: o}
}

// resolve follows a Reusable Object (section 4.6.10) to the component it names.
// It returns v itself when v is not one, and nil when the component is missing.
func (r *reader) resolve(v *source.Value, kind string) *source.Value {
	reference := v.Get("reference")
	if reference == nil {
		return v
	}
	for _, m := range v.Members {
		if m.Key != "reference" && (m.Key != "value" || kind != "parameters") {
			r.report(source.Warning, m.Position, "arazzo/unknown-field", fmt.Sprintf("a reusable object has no field %q: it is ignored", m.Key),
				"reference, and value for a parameter", "")
		}
	}
	text, _ := reference.Text()
	name, ok := strings.CutPrefix(text, "$components."+kind+".")
	if !ok {
		r.fail(reference.Position, "arazzo/wrong-reference", fmt.Sprintf("the reference is %q", text),
			"$components."+kind+".NAME", "")
		return nil
	}
	component := r.components.Get(kind).Get(name)
	if component == nil {
		r.fail(reference.Position, "arazzo/unknown-component", fmt.Sprintf("components.%s has no %q", kind, name),
			"the name of a component of this document", didYouMean(name, r.components.Get(kind)))
	}
	return component
}

func didYouMean(name string, among *source.Value) string {
	if among == nil {
		return ""
	}
	var names []string
	for _, m := range among.Members {
		names = append(names, m.Key)
	}
	if near := source.Nearest(name, names); len(near) > 0 {
		return fmt.Sprintf("did you mean %s?", near[0])
	}
	return ""
}

func (r *reader) parameters(parent Object) []*Parameter {
	var list []*Parameter
	seen := map[string]bool{}
	for _, v := range r.list(parent, "parameters") {
		component := r.resolve(v, "parameters")
		if component == nil {
			continue
		}
		p := r.parameter(component)
		if override := v.Get("value"); override != nil && component != v {
			p.Value = override
			r.selectors(override)
		}
		r.unique(seen, p.key(), p.At("name"), "parameters")
		list = append(list, p)
	}
	return list
}

func (r *reader) parameter(v *source.Value) *Parameter {
	o, ok := r.object(v, "parameter", "name", "in", "value")
	if ok {
		r.requiredText(o, "parameter", "name")
		r.required(o, "parameter", "value")
	}
	p := &Parameter{Object: o, Name: r.text(o, "name"), In: r.text(o, "in"), Value: o.Field("value")}
	r.selectors(p.Value)
	if !r.unsupportedValue(o, "in", "querystring") {
		r.oneOf(o, "in", "path", "query", "header", "cookie")
	}
	return p
}

// key is what makes a parameter unique: its place and name; a header's name is
// compared without its case (RFC 9110, section 5.1).
func (p *Parameter) key() string {
	switch p.In {
	case "":
		return p.Name
	case "header":
		return p.In + " " + strings.ToLower(p.Name)
	default:
		return p.In + " " + p.Name
	}
}

func (r *reader) actions(parent Object, field string) []*Action {
	kind := "successActions"
	if field == "onFailure" || field == "failureActions" {
		kind = "failureActions"
	}
	var list []*Action
	seen := map[string]bool{}
	for _, v := range r.list(parent, field) {
		if v = r.resolve(v, kind); v == nil {
			continue
		}
		a := r.action(v, kind == "failureActions")
		r.unique(seen, a.Name, a.At("name"), "actions")
		list = append(list, a)
	}
	return list
}

func (r *reader) action(v *source.Value, failure bool) *Action {
	fields := append([]string{"name", "type", "workflowId", "stepId", "criteria"}, r.newer(v, "action")...)
	types := []string{string(End), string(Goto)}
	if failure {
		fields = append(fields, "retryAfter", "retryLimit")
		types = append(types, string(Retry))
	}
	o, ok := r.object(v, "action", fields...)
	a := &Action{
		Object: o, Name: r.text(o, "name"), Type: ActionType(r.text(o, "type")),
		StepID: r.text(o, "stepId"), WorkflowID: r.text(o, "workflowId"),
		RetryAfter: r.number(o, "retryAfter", false), RetryLimit: r.number(o, "retryLimit", true),
	}
	if !ok {
		return a
	}
	r.requiredText(o, "action", "name")
	r.required(o, "action", "type")
	r.oneOf(o, "type", types...)
	r.actionTarget(a)
	for _, item := range r.list(o, "criteria") {
		a.Criteria = append(a.Criteria, r.criterion(item))
	}
	return a
}

// actionTarget checks where an action goes: goto needs exactly one of stepId
// and workflowId, retry at most one; what the type does not read has no effect.
func (r *reader) actionTarget(a *Action) {
	given := 0
	for _, field := range []string{"stepId", "workflowId"} {
		if a.Field(field) != nil {
			given++
			r.notEmpty(a.Object, field)
		}
	}
	switch {
	case a.Type == Goto && given != 1:
		r.fail(a.Position(), "arazzo/action-target", fmt.Sprintf("the action %q goes to %d places", a.Name, given),
			"exactly one of stepId, workflowId", "")
	case given > 1:
		r.fail(a.Position(), "arazzo/action-target", fmt.Sprintf("the action %q has both stepId and workflowId", a.Name),
			"at most one of them", "")
	}
	if a.Type == End {
		r.idle(a.Object, "stepId", "the action ends the workflow")
		r.idle(a.Object, "workflowId", "the action ends the workflow")
	}
	if a.Type != Retry {
		r.idle(a.Object, "retryAfter", "it is for the type retry")
		r.idle(a.Object, "retryLimit", "it is for the type retry")
	}
}
