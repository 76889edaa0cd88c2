package runner

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/credential"
	"github.com/arazzo-conformance/arazzo/runner/link"
)

// PlannedWorkflow is a workflow as a run would begin it.
type PlannedWorkflow struct {
	WorkflowID string
	// Inputs are masked like those of a result.
	Inputs map[string]any
	// Steps are in the order of execution, as far as no action leads elsewhere.
	Steps []PlannedStep
}

// PlannedStep is a step with its request, as far as that can be known.
type PlannedStep struct {
	StepID string
	// Operation is what the step calls, for a person.
	Operation string
	// Request is nil where it is not known before the run; Unknown says why.
	Request *RequestResult
	Unknown string
	// Workflow is the one that the step calls.
	Workflow *PlannedWorkflow
}

// Workflows are those that [Plan.Run] begins with, in their order, and the requests
// that they would send where nothing is needed for that which only a run has: the
// outputs of a step, or of another workflow. Nothing is sent.
func (p *Plan) Workflows() []PlannedWorkflow {
	r := &run{Plan: p, secrets: p.secrets.fork()}
	var list []PlannedWorkflow
	for _, w := range p.starts {
		list = append(list, *r.preview(w, w.given, 0))
	}
	return list
}

func (r *run) preview(w *workflow, given *inputs, depth int) *PlannedWorkflow {
	s := &strand{run: r, ended: map[*link.Workflow]*workflowRun{}}
	x := s.open(call{workflow: w, inputs: given, depth: depth})
	planned := &PlannedWorkflow{WorkflowID: w.WorkflowID, Inputs: x.result.Inputs}
	for _, s := range w.steps {
		v := &visit{workflowRun: x, step: s, seen: &scope{workflowRun: x}}
		planned.Steps = append(planned.Steps, v.preview())
	}
	return planned
}

// fetched stands for an access token, which a run fetches.
const fetched = "(fetched when it runs)"

func (v *visit) preview() PlannedStep {
	p := PlannedStep{StepID: v.step.StepID, Operation: v.step.operation()}
	if v.attempts.Add(1) > int64(v.options.MaxSteps) { // calls may multiply the steps
		p.Unknown = fmt.Sprintf("it is behind the first %d steps, as many as --max-steps allows", v.options.MaxSteps)
		return p
	}
	if v.step.Called != nil {
		v.previewCall(&p)
		return p
	}
	v.seen.tokens = map[credential.Grant]string{}
	for _, parameter := range v.step.parameters {
		if parameter.grant != nil {
			v.seen.tokens[*parameter.grant] = fetched
		}
	}
	sent, problem := v.build(v.step, v.seen)
	if problem != nil {
		p.Unknown = v.secrets.message(problem.Message)
		return p
	}
	p.Request = v.shownRequest(sent)
	return p
}

// previewCall shows the called workflow, where its inputs are known.
func (v *visit) previewCall(p *PlannedStep) {
	if v.depth == maxDepth {
		p.Unknown = fmt.Sprintf("workflows call one another more than %d deep", maxDepth)
		return
	}
	called := v.workflows[v.step.Called]
	given, problem := v.arguments(v.step.Parameters, nil)
	if problem == nil {
		var bound *inputs
		if bound, problem = v.inputsOf(called, given); problem == nil {
			p.Workflow = v.run.preview(called, bound, v.depth+1)
			return
		}
	}
	p.Unknown = v.secrets.message(problem.Message)
}
