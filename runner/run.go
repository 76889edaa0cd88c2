package runner

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// run is one execution of a plan.
type run struct {
	*Plan
	client   *http.Client
	result   *Result
	attempts int
	// ended holds the last run of each workflow, for $workflows.
	ended map[string]*workflowRun
}

// workflowRun is one execution of a workflow, and what its expressions see.
type workflowRun struct {
	run      *run
	workflow *workflow
	result   *WorkflowResult
	// steps holds the outputs of each step's last visit, outputs the workflow's.
	steps   map[string]any
	outputs map[string]any
}

// Run executes the plan's workflows in order and returns what happened. A
// workflow that fails does not stop the ones after it. Those that an end of ctx
// leaves over fail without a step.
func (p *Plan) Run(ctx context.Context) *Result {
	if p.options.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, p.options.Timeout, errRunTimeout)
		defer cancel()
	}
	r := &run{
		Plan: p, client: p.client(), ended: map[string]*workflowRun{},
		result: &Result{
			Version: 1, Status: Succeeded, Document: p.document.File.Name,
			Workflows: []*WorkflowResult{}, Diagnostics: diagnostics(p.Diagnostics),
		},
	}
	defer r.client.CloseIdleConnections()
	for _, w := range p.workflows {
		if r.workflow(ctx, w).Status == Failed {
			r.result.Status = Failed
		}
	}
	r.result.interrupted = ctx.Err() != nil && context.Cause(ctx) != errRunTimeout
	return r.result
}

var errRunTimeout = errors.New("the run took longer than its timeout")

// client sends requests one at a time over kept connections. Redirects are
// answers like any other: the document says what a step expects.
func (p *Plan) client() *http.Client {
	transport := p.options.Transport
	if transport == nil {
		transport = http.DefaultTransport.(*http.Transport).Clone()
	}
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// workflow runs one workflow from its first step until an action ends it, a
// step fails, or no step is left.
func (r *run) workflow(ctx context.Context, w *workflow) *WorkflowResult {
	started := time.Now()
	x := &workflowRun{
		run: r, workflow: w, steps: map[string]any{}, outputs: map[string]any{},
		result: &WorkflowResult{
			WorkflowID: w.WorkflowID, Status: Succeeded, Inputs: r.shownInputs(w),
			Outputs: map[string]any{}, Steps: []*StepResult{},
		},
	}
	r.ended[w.WorkflowID] = x
	r.result.Workflows = append(r.result.Workflows, x.result)
	r.observe(func(o Observer) { o.WorkflowStarted(x.result) })
	x.follow(ctx)
	if problem := x.result.Error; problem != nil {
		x.note(source.Diagnostics{{Code: problem.Code, Severity: source.Error, Position: w.Position(), Message: problem.Message}})
	}
	x.result.Outputs = x.evaluateOutputs()
	x.result.DurationMS = milliseconds(time.Since(started))
	r.observe(func(o Observer) { o.WorkflowEnded(x.result) })
	return x.result
}

// follow walks the steps as their actions say.
func (x *workflowRun) follow(ctx context.Context) {
	for at := 0; at < len(x.workflow.steps); {
		if problem := x.run.mayGoOn(ctx); problem != nil {
			x.result.Status, x.result.Error = Failed, problem
			return
		}
		result, next := x.visit(ctx, x.workflow.steps[at])
		x.result.Steps = append(x.result.Steps, result)
		x.run.observe(func(o Observer) { o.StepEnded(x.result, result) })
		switch {
		case x.result.Error != nil, result.Status == Failed && !result.Handled:
			x.result.Status = Failed
			return
		case next == nil:
			at++
		case next.Type == arazzo.Goto:
			at = x.workflow.index(next.StepID)
		default:
			return
		}
	}
}

func (w *workflow) index(stepID string) int {
	for i, s := range w.steps {
		if s.StepID == stepID {
			return i
		}
	}
	return len(w.steps)
}

// mayGoOn says why no further attempt is made, or nil.
func (r *run) mayGoOn(ctx context.Context) *Problem {
	if ctx.Err() != nil {
		return r.interruption(ctx)
	}
	if r.attempts >= r.options.MaxSteps {
		return &Problem{Code: "max-steps", Message: fmt.Sprintf(
			"the run made %d attempts, the most that --max-steps allows: is there a loop without an end?", r.attempts)}
	}
	return nil
}

// interruption says why a context is over.
func (r *run) interruption(ctx context.Context) *Problem {
	switch context.Cause(ctx) {
	case errRunTimeout:
		return &Problem{Code: "timeout", Message: fmt.Sprintf("the run was not over within %s, the time that --timeout allows", r.options.Timeout)}
	case errStepTimeout:
		return &Problem{Code: "timeout", Message: fmt.Sprintf("no answer within %s, the time that --step-timeout allows", r.options.StepTimeout)}
	default:
		return &Problem{Code: "interrupted", Message: "the run was interrupted"}
	}
}

func (r *run) observe(tell func(Observer)) {
	if r.options.Observer != nil {
		tell(r.options.Observer)
	}
}

func (r *run) shownInputs(w *workflow) map[string]any {
	shown := r.secrets.object(w.inputs)
	for name := range w.secretInputs {
		if _, given := shown[name]; given && !r.secrets.show {
			shown[name] = secret.Masked
		}
	}
	return shown
}

// evaluateOutputs gives the workflow its outputs, and returns them to be shown.
// One whose value is absent is shown as null, with a warning; without one where
// the step did not run, since an output of a branch not taken is no accident.
func (x *workflowRun) evaluateOutputs() map[string]any {
	shown := make(map[string]any, len(x.workflow.Outputs))
	for _, o := range x.workflow.Outputs {
		value, err := o.Evaluate(&scope{workflowRun: x})
		if _, ran := x.steps[o.Expression().ID]; err != nil && (ran || o.Expression().Root != expression.Steps) {
			x.note(source.Diagnostics{absentOutput(o, fmt.Sprintf("the workflow %q", x.workflow.WorkflowID), err)})
		}
		if shown[o.Name] = value; err == nil {
			x.outputs[o.Name] = value
		}
	}
	return x.run.secrets.object(shown)
}

// stepOutputs evaluates a step's outputs, and returns them to be shown. One whose
// value is absent is shown as null, with a warning (S-205, D16); for the steps
// after it there is none, so that no request is made of it.
func (x *workflowRun) stepOutputs(s *step, seen expression.Scope) (map[string]any, source.Diagnostics) {
	outputs, shown := map[string]any{}, make(map[string]any, len(s.Outputs))
	var notes source.Diagnostics
	for _, o := range s.Outputs {
		value, err := o.Evaluate(seen)
		if shown[o.Name] = value; err != nil {
			notes = append(notes, absentOutput(o, fmt.Sprintf("the step %q", s.StepID), err))
			continue
		}
		outputs[o.Name] = value
	}
	x.steps[s.StepID] = outputs
	return x.run.secrets.object(shown), notes
}

func absentOutput(o link.Output, owner string, err error) *source.Diagnostic {
	return &source.Diagnostic{
		Code: "absent-output", Severity: source.Warning, Position: o.Position,
		Message: fmt.Sprintf("the output %q of %s is null: %v", o.Name, owner, err),
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
