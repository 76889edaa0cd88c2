package rule

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// typer finds what is known of values, and remembers it.
type typer struct {
	workflows map[workflowKey]*link.Workflow
	outputs   map[outputKey]schema
	bodies    map[*link.Step]schema
	found     source.Diagnostics
	seen      map[source.Diagnostic]bool
}

type workflowKey struct {
	document *description.Document
	id       string
}

// outputKey is an output of a step, or of a workflow where step is nil.
type outputKey struct {
	workflow *link.Workflow
	step     *link.Step
	name     string
}

// site is where an expression stands.
type site struct {
	workflow *link.Workflow
	// step is nil in the outputs of a workflow.
	step *link.Step
	// failed tells that the step may have failed: any response may have come.
	failed bool
}

// of is what is known of an expression's value.
func (t *typer) of(e *expression.Expression, at site) schema {
	s, _ := t.look(e, at)
	return s
}

// look follows an expression as far as anything is known.
func (t *typer) look(e *expression.Expression, at site) (schema, *gap) {
	var from schema = unknown
	switch e.Root {
	case expression.URL, expression.Method, expression.Self, expression.SourceDescriptions:
		return fixed(isText), nil
	case expression.StatusCode:
		return fixed(isWhole), nil
	case expression.Inputs:
		from = inputsOf(at.workflow)
	case expression.Outputs:
		from = t.ownOutputs(at)
	case expression.Steps:
		if s := at.workflow.Step(e.ID); s != nil {
			from = t.stepOutputs(s)
		}
	case expression.Workflows:
		from = t.ofWorkflow(e, at)
	case expression.Response:
		if e.Part == "header" {
			return fixed(isText), nil
		}
		from = t.response(at)
	}
	return follow(divide(e, from))
}

// divide splits an expression into the value that it names and the way into it.
// What is named and does not exist was reported when it was linked.
func divide(e *expression.Expression, from schema) (schema, []string) {
	names, _ := from.members()
	name, access, ok := e.Split(names)
	switch {
	case name != "":
		from, _ = from.at(name)
	case ok: // a body
	case e.Name != "" || len(e.Pointer) == 0 || !slices.Contains(names, e.Pointer[0]):
		return unknown, nil
	}
	return from, slices.Concat(access.Pointer(), e.Pointer)
}

// inputsOf are the inputs of a workflow.
func inputsOf(w *link.Workflow) schema {
	var names []string
	for _, i := range w.Inputs {
		names = append(names, i.Name)
	}
	return group{names, func(name string) schema {
		return input{w.Inputs[slices.Index(names, name)]}
	}}
}

func (t *typer) ofWorkflow(e *expression.Expression, at site) schema {
	switch w := t.workflows[workflowKey{at.workflow.Document, e.ID}]; {
	case w == nil:
		return unknown
	case e.Part == "inputs":
		return inputsOf(w)
	default:
		return t.workflowOutputs(w)
	}
}

// ownOutputs are what $outputs means in a step: those of the workflow that it has
// called (S-190).
func (t *typer) ownOutputs(at site) schema {
	if at.step == nil || at.step.Called == nil {
		return unknown
	}
	return t.workflowOutputs(at.step.Called)
}

func (t *typer) workflowOutputs(w *link.Workflow) schema {
	return group{outputNames(w.Outputs), func(name string) schema {
		return t.output(outputKey{w, nil, name}, w.Outputs, w.Workflow.Outputs)
	}}
}

// stepOutputs are those of a step and, behind them, what the workflow that it
// calls gives (S-215).
func (t *typer) stepOutputs(s *link.Step) schema {
	own := outputNames(s.Outputs)
	names := own
	if s.Called != nil {
		names = append(slices.Clone(own), outputNames(s.Called.Outputs)...)
	}
	return group{names, func(name string) schema {
		if slices.Contains(own, name) {
			return t.output(outputKey{s.Workflow, s, name}, s.Outputs, s.Step.Outputs)
		}
		return t.workflowOutputs(s.Called).(group).get(name)
	}}
}

// output is what is known of one output. One that leads back to itself is unknown.
func (t *typer) output(key outputKey, linked []link.Output, written []arazzo.Output) schema {
	if known := t.outputs[key]; known != nil {
		return known
	}
	t.outputs[key] = unknown
	at := site{workflow: key.workflow, step: key.step}
	i := slices.IndexFunc(linked, func(o link.Output) bool { return o.Name == key.name })
	o := slices.IndexFunc(written, func(o arazzo.Output) bool { return o.Name == key.name })
	if i < 0 || o < 0 || linked[i].Expression() == nil {
		return unknown
	}
	if _, selects := key.workflow.Document.Selector(written[o].Value); !selects {
		t.outputs[key] = t.of(linked[i].Expression(), at)
	}
	return t.outputs[key]
}

func outputNames(outputs []link.Output) []string {
	var names []string
	for _, o := range outputs {
		names = append(names, o.Name)
	}
	return names
}

// given is what is known of a value of the document, and whether it is a constant.
func (t *typer) given(v *source.Value, at site) (s schema, constant bool) {
	if _, selects := at.workflow.Document.Selector(v); selects {
		return unknown, false
	}
	if isUnquoted(v) { // told by that name
		return unknown, false
	}
	text, isString := v.Text()
	if !isString {
		return fixed(kindOf(v.Data())), true
	}
	template, err := expression.ParseTemplate(text)
	switch {
	case err != nil:
		return unknown, false
	case len(template.References()) == 0:
		return fixed(isText), true
	case isExpression(v):
		return t.of(template.References()[0].Expression, at), false
	default:
		return fixed(isText), false
	}
}
