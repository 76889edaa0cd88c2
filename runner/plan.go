package runner

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Plan is a document with everything resolved that can be before a request is
// sent. It can be run any number of times, one run at a time.
type Plan struct {
	// Diagnostics are the warnings and infos found on the way.
	Diagnostics source.Diagnostics

	document  *arazzo.Document
	file      *source.File
	root      *source.Value
	options   Options
	sources   []*apiSource
	workflows []*workflow
	secrets   *secrets
}

// workflow is a workflow ready to run.
type workflow struct {
	*arazzo.Workflow
	inputs map[string]any
	// secretInputs are the names of those that no report shows.
	secretInputs map[string]bool
	steps        []*step
	outputs      []output
}

// step is a step ready to run.
type step struct {
	*arazzo.Step
	source    *apiSource
	operation *openapi.Operation
	server    string
	// parameters are the step's own, those of its workflow and the credentials.
	parameters  []parameter
	body        *expression.Value
	contentType string
	criteria    []criterion
	onSuccess   []*action
	onFailure   []*action
	outputs     []output
	stream      streamOptions
}

// parameter is one parameter of a request, with how it is written.
type parameter struct {
	name, in string
	position source.Position
	wire     *openapi.Parameter
	value    *expression.Value
	// secret is a credential's value; it stands in place of value.
	secret string
}

// output is a name and the expression that gives its value.
type output struct {
	name     string
	position source.Position
	value    *expression.Expression
}

// plan resolves the selected workflows and judges their inputs.
func (p *planner) plan() {
	for _, w := range p.selected() {
		planned := &workflow{Workflow: w}
		p.workflows = append(p.workflows, planned)
		p.refuse(w.Object, "dependsOn", "a workflow's dependsOn")
		c := &scoped{planner: p, workflow: w}
		for _, s := range w.Steps {
			planned.steps = append(planned.steps, c.step(s))
		}
		c.current = nil
		planned.outputs = c.outputs(w.Outputs)
	}
	p.bindInputs()
	p.unusedCredentials()
}

// selected are the workflows to run, in order.
func (p *planner) selected() []*arazzo.Workflow {
	if len(p.options.Workflows) == 0 {
		return p.document.Workflows
	}
	var chosen []*arazzo.Workflow
	for _, id := range p.options.Workflows {
		w, ok := p.document.Workflow(id)
		if !ok {
			p.report(&source.Diagnostic{
				Code: "unknown-workflow", Position: p.document.At("workflows"),
				Message:  fmt.Sprintf("the document has no workflow %q", id),
				Expected: "one of " + list(p.workflowIDs()), Fix: didYouMean(id, p.workflowIDs()),
			})
			continue
		}
		chosen = append(chosen, w)
	}
	return chosen
}

func (p *planner) workflowIDs() []string {
	var ids []string
	for _, w := range p.document.Workflows {
		ids = append(ids, w.WorkflowID)
	}
	return ids
}

// refuse reports a feature of the specification that is not executed yet. To
// run the rest without it would not be what the document says.
func (p *planner) refuse(o arazzo.Object, field, what string) {
	if o.Field(field) != nil {
		p.report(&source.Diagnostic{
			Code: "unsupported", Position: o.At(field),
			Message: "this version of the runner does not execute " + what,
		})
	}
}

// scoped is a planner at work on one workflow, and the step, that is being planned.
type scoped struct {
	*planner
	workflow *arazzo.Workflow
	// current is nil while the workflow's own outputs are planned.
	current *arazzo.Step
	phase   phase
}

// phase is the part of a step's life that is being planned. It decides what an
// expression can refer to.
type phase int

const (
	// building is before there is a response.
	building phase = iota
	// judging is when the criteria are asked, of the step and of its actions.
	judging
	// concluding is when the outputs are evaluated.
	concluding
)

func (c *scoped) step(s *arazzo.Step) *step {
	c.current, c.phase = s, building
	planned := &step{Step: s}
	c.refuse(s.Object, "workflowId", "steps that call a workflow")
	if s.RequestBody != nil {
		c.refuse(s.RequestBody.Object, "replacements", "replacements of a request body")
	}
	if !c.resolveOperation(planned) {
		return planned
	}
	planned.server = c.server(planned)
	c.parameters(planned)
	c.credentials(planned)
	c.requireParameters(planned)
	c.body(planned)
	c.phase = judging
	planned.stream = c.stream(s)
	planned.criteria = c.criteria(s.SuccessCriteria)
	planned.onSuccess = c.actions(s.OnSuccess, c.workflow.SuccessActions)
	planned.onFailure = c.actions(s.OnFailure, c.workflow.FailureActions)
	c.phase = concluding
	planned.outputs = c.outputs(s.Outputs)
	return planned
}

// value reads a value that may hold expressions, and checks what they refer to.
func (c *scoped) value(v *source.Value) *expression.Value {
	value, found := expression.NewValue(v, c.check)
	for _, d := range found {
		c.report(d)
	}
	return value
}

func (c *scoped) outputs(list []arazzo.Output) []output {
	var planned []output
	for _, o := range list {
		text, _ := o.Value.Text()
		e, err := expression.ParseWhole(text)
		if err != nil {
			c.report(expression.Diagnose(err, o.Value))
			continue
		}
		c.check(expression.Reference{Expression: e}, o.Value.Position)
		planned = append(planned, output{name: o.Name, position: o.Value.Position, value: e})
	}
	return planned
}

func list(names []string) string { return strings.Join(names, ", ") }

func didYouMean(name string, names []string) string {
	if near := source.Nearest(name, names); len(near) > 0 {
		return fmt.Sprintf("did you mean %s?", strings.Join(near, " or "))
	}
	return ""
}
