package runner

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/rule"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Plan is a document with everything resolved that can be before a request is
// sent. It can be run any number of times, one run at a time.
type Plan struct {
	// Diagnostics are the warnings and infos found on the way.
	Diagnostics source.Diagnostics

	document  *description.Document
	options   Options
	apis      map[*description.Source]*API
	workflows []*workflow
	secrets   *secrets
}

// workflow is a workflow ready to run.
type workflow struct {
	*link.Workflow
	inputs map[string]any
	// secretInputs are the names of those that no report shows.
	secretInputs map[string]bool
	steps        []*step
}

// step is a step ready to run.
type step struct {
	*link.Step
	server string
	// parameters are the step's and the credentials.
	parameters []parameter
}

// parameter is one parameter of a request, with how it is written.
type parameter struct {
	name, in string
	position source.Position
	wire     *openapi.Parameter
	value    *link.Value
	// secret is a credential's value; it stands in place of value.
	secret string
}

// plan links the selected workflows and judges their inputs.
func (p *planner) plan() {
	selected := p.selected()
	for _, w := range selected {
		planned := &workflow{Workflow: w}
		p.workflows = append(p.workflows, planned)
		p.refuse(w.Object, "dependsOn", "a workflow's dependsOn")
		for _, s := range w.Steps {
			planned.steps = append(planned.steps, p.step(s))
		}
	}
	p.add(p.linker.Diagnostics()...)
	for _, d := range rule.Check(selected) {
		if d.Severity != source.Info { // those are for whoever writes the document
			p.add(d)
		}
	}
	p.bindInputs()
	p.unusedCredentials()
}

// selected are the workflows to run, in order.
func (p *planner) selected() []*link.Workflow {
	if len(p.options.Workflows) == 0 {
		return p.linker.Entry()
	}
	var chosen []*link.Workflow
	for _, id := range p.options.Workflows {
		w, ok := p.linker.Workflow(p.document, id)
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
		p.unsupported(o.At(field), what)
	}
}

func (p *planner) unsupported(at source.Position, what string) {
	p.report(&source.Diagnostic{
		Code: "unsupported", Position: at, Message: "this version of the runner does not execute " + what,
	})
}

func (p *planner) step(s *link.Step) *step {
	planned := &step{Step: s}
	p.refuseStep(s)
	if s.Operation == nil {
		return planned
	}
	planned.server = p.server(s)
	for _, given := range s.Parameters {
		planned.parameters = append(planned.parameters, parameter{
			name: given.Name, in: given.In, position: given.Parameter.Value.Position, wire: given.Wire(), value: given.Value,
		})
	}
	p.credentials(planned)
	p.encodable(s)
	return planned
}

// refuseStep refuses what the language has and the engine does not execute yet.
func (p *planner) refuseStep(s *link.Step) {
	p.refuse(s.Object, "workflowId", "steps that call a workflow")
	p.refuse(s.Object, "dependsOn", "a step's dependsOn")
	p.refuse(s.Object, "timeout", "a step's timeout")
	if s.Message != nil {
		p.unsupported(s.Position(), "steps that send or receive messages")
	}
	if s.Body != nil && len(s.Body.Replacements) > 0 {
		p.unsupported(s.RequestBody.At("replacements"), "replacements of a request body")
	}
	for _, given := range s.Parameters {
		if given.In == "querystring" || given.In == "channel" {
			p.unsupported(given.At("in"), "parameters in: "+given.In)
		}
	}
	for _, actions := range [][]*link.Action{s.OnSuccess, s.OnFailure} {
		for _, a := range actions {
			p.refuseAction(s, a)
		}
	}
}

func (p *planner) refuseAction(s *link.Step, a *link.Action) {
	if a.Type == arazzo.End {
		return
	}
	p.refuse(a.Object, "workflowId", "actions that go to a workflow")
	if a.Type == arazzo.Retry && a.StepID != s.StepID {
		p.refuse(a.Object, "stepId", "another step before a retry")
	}
}

func list(names []string) string { return strings.Join(names, ", ") }

func didYouMean(name string, names []string) string {
	if near := source.Nearest(name, names); len(near) > 0 {
		return fmt.Sprintf("did you mean %s?", strings.Join(near, " or "))
	}
	return ""
}
