package arazzo

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// actions reads a list of actions and Reusable Objects.
func (r *reader) actions(parent Object, field string, c component) []*Action {
	var list []*Action
	seen := map[string]bool{}
	for _, v := range r.list(parent, field) {
		a := r.actionUsed(v, c)
		if a == nil {
			continue
		}
		at := a.At("name")
		if a.Reusable != nil {
			at = a.Reusable.At("reference")
		}
		r.unique(seen, a.Name, at, "actions")
		list = append(list, a)
	}
	return list
}

// actionUsed reads an action where it is used; a Reusable Object gives the
// component's.
func (r *reader) actionUsed(v *source.Value, c component) *Action {
	use := r.reusable(v, c)
	if use == nil {
		return r.action(v, c)
	}
	a := &Action{Object: use.Object}
	if found, ok := r.components.action(c, use.name(c)); ok {
		*a = *found
	}
	a.Reusable = use
	return a
}

var (
	successTypes = choices{always: []string{string(End), string(Goto)}}
	failureTypes = choices{always: []string{string(End), string(Goto), string(Retry)}}
)

// action reads a Success Action or Failure Action Object (S-111).
func (r *reader) action(v *source.Value, c component) *Action {
	kind, types, fields := "success action", successTypes, []string{"name", "type", "workflowId", "stepId", "criteria"}
	if c == failureActions {
		kind, types, fields = "failure action", failureTypes, append(fields, "retryAfter", "retryLimit")
	}
	o, ok := r.object(v, kind, fields...)
	if !ok {
		return nil
	}
	a := &Action{
		Object: o, Name: r.requiredText(o, kind, "name"), Type: ActionType(r.choice(o, "type", types)),
		StepID: r.filledText(o, "stepId"), WorkflowID: r.filledText(o, "workflowId"),
		Criteria: r.criteria(o, "criteria", r.actionCriteria(o, c)),
	}
	r.required(o, kind, "type")
	if c == failureActions {
		r.retry(a)
	}
	if r.version.minor > 0 {
		a.Parameters = r.parametersOfAction(o)
	}
	r.destination(a, kind)
	return a
}

// actionCriteria reads the list of criteria: the published schemas refuse an
// empty one for success actions alone (S-222).
func (r *reader) actionCriteria(o Object, c component) []*source.Value {
	if c == successActions {
		return r.filledList(o, "criteria")
	}
	items := r.list(o, "criteria")
	if v := o.Field("criteria"); v != nil && v.Kind == source.Array && len(items) == 0 {
		r.idle(v.Position, "criteria", "an empty list asks for nothing")
	}
	return items
}

// destination checks where an action goes: goto needs exactly one of stepId and
// workflowId, retry has at most one (S-115); what its type does not read has no
// effect (S-130).
func (r *reader) destination(a *Action, kind string) {
	toStep, toWorkflow := a.Field("stepId") != nil, a.Field("workflowId") != nil
	switch {
	case toStep && toWorkflow:
		r.fail(a.Position(), "arazzo/action-target", fmt.Sprintf("the %s %q has both stepId and workflowId", kind, a.Name),
			"one of them", "remove the one that is not meant")
	case a.Type == Goto && !toStep && !toWorkflow:
		r.fail(a.Position(), "arazzo/action-target", fmt.Sprintf("the %s %q goes nowhere", kind, a.Name),
			"exactly one of stepId, workflowId", "add where it goes, or write type: end")
	}
	if a.Type == End {
		r.noEffect(a.Object, "stepId", "the action ends the workflow")
		r.noEffect(a.Object, "workflowId", "the action ends the workflow")
	}
}

// retry reads when and how often a step is retried (S-122, S-124).
func (r *reader) retry(a *Action) {
	a.RetryAfter = r.number(a.Object, "retryAfter", false)
	a.RetryLimit = r.number(a.Object, "retryLimit", true)
	if a.Type == End || a.Type == Goto {
		r.noEffect(a.Object, "retryAfter", "it is for the type retry")
		r.noEffect(a.Object, "retryLimit", "it is for the type retry")
	}
}

// parametersOfAction reads the inputs for the workflow that an action goes to
// (S-119): without such a workflow there are none, and they have no place.
func (r *reader) parametersOfAction(o Object) []*Parameter {
	list := r.parameters(o)
	if o.Field("workflowId") == nil {
		r.misplaced(o, "parameters", "they are for the workflow that workflowId names")
	}
	for _, p := range list {
		if p.Field("in") != nil {
			r.fail(p.used("in"), "arazzo/misplaced-field", "in cannot stand here: the parameters of an action are the inputs of a workflow",
				"a parameter without in", "remove it, or name a component that has none")
		}
	}
	return list
}
