package runner

import (
	"context"
	"fmt"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// workflowRun is one execution of a workflow, and what its expressions see.
type workflowRun struct {
	*strand
	workflow *workflow
	inputs   *inputs
	// depth counts the steps that wait for this workflow.
	depth  int
	result *WorkflowResult
	// steps holds the outputs of each step's last visit, outputs the workflow's.
	steps   map[string]any
	outputs map[string]any
	// completed are the steps whose last visit succeeded, or whose failure an action
	// took over.
	completed map[*link.Step]bool
	// flights are the steps in the background, whose exchanges go on while others run.
	flights map[*link.Step]*flight
	// over tells that the execution has ended, last where the way led that it went
	// instead of coming back; nil where it went nowhere.
	over bool
	last *workflowRun
}

// call is a workflow that is about to be executed.
type call struct {
	workflow *workflow
	inputs   *inputs
	// via is the action that leads there, if one does.
	via   *Via
	depth int
}

// maxDepth bounds steps that call workflows whose steps call workflows (S-214).
// Written ones stay below five.
const maxDepth = 32

// begin runs the workflow that the strand begins with.
func (s *strand) begin(ctx context.Context) {
	defer close(s.over)
	defer s.teller.end(s.number)
	s.first = s.enter(ctx, call{workflow: s.start, inputs: s.start.given})
}

// enter executes a workflow that stands in the report on its own.
func (s *strand) enter(ctx context.Context, c call) *workflowRun {
	x, next := s.enterOne(ctx, c)
	s.goOn(ctx, x, next)
	return x
}

func (s *strand) enterOne(ctx context.Context, c call) (*workflowRun, *call) {
	problem := s.prepare(ctx, c)
	x := s.open(c)
	s.results = append(s.results, x.result)
	return x, x.execute(ctx, problem)
}

// goOn executes what a workflow went to, and what that goes to: a goto is one-way
// (S-117).
func (s *strand) goOn(ctx context.Context, x *workflowRun, next *call) {
	for next != nil {
		x.last, next = s.enterOne(ctx, *next)
	}
}

// prepare runs what a workflow depends on and what has not run yet, and says why
// the workflow cannot run (S-042).
func (s *strand) prepare(ctx context.Context, c call) *Problem {
	for _, before := range c.workflow.DependsOn {
		dependency := s.ended[before]
		if dependency == nil {
			w := s.workflows[before]
			dependency = s.enter(ctx, call{workflow: w, inputs: w.given, depth: c.depth})
		}
		switch {
		case !dependency.over:
			return &Problem{Code: "circular-dependency", Message: fmt.Sprintf(
				"the workflow %q depends on %q, which waits for it", c.workflow.WorkflowID, before.WorkflowID)}
		case !dependency.succeeded():
			return &Problem{Code: "dependency-failed", Message: fmt.Sprintf(
				"it did not run: the workflow %q, on which it depends, failed", before.WorkflowID)}
		}
	}
	return nil
}

// open makes the execution known, to itself also: its inputs are there from its
// start.
func (s *strand) open(c call) *workflowRun {
	x := &workflowRun{
		strand: s, workflow: c.workflow, inputs: c.inputs, depth: c.depth,
		steps: map[string]any{}, outputs: map[string]any{}, completed: map[*link.Step]bool{}, flights: map[*link.Step]*flight{},
		result: &WorkflowResult{
			WorkflowID: c.workflow.WorkflowID, Status: Succeeded, Inputs: s.shownInputs(c.inputs),
			Outputs: map[string]any{}, Via: c.via, Steps: []*StepResult{},
		},
	}
	s.ended[c.workflow.Workflow] = x
	return x
}

// execute runs the workflow from its first step until an action ends it, a step
// fails, or no step is left. It returns the workflow that an action went to.
func (x *workflowRun) execute(ctx context.Context, problem *Problem) *call {
	started := x.options.Clock.Now()
	x.tell(WorkflowStarted{x.result.WorkflowID, x.result.Inputs, x.result.Via, x.depth})
	var next *call
	if x.fail(problem); problem == nil {
		next = x.follow(ctx)
		x.land(ctx)
	}
	if problem := x.result.Error; problem != nil {
		x.tellNotes(source.Diagnostics{problem.diagnostic(x.workflow.Position())})
	}
	x.result.Outputs = x.evaluateOutputs()
	x.result.DurationMS = x.millisecondsSince(started)
	x.over = true
	x.tell(WorkflowEnded{x.result, x.depth})
	if x.result.Status == Failed {
		return nil
	}
	return next
}

// fail ends the workflow as failed, where there is a problem.
func (x *workflowRun) fail(problem *Problem) {
	if problem != nil {
		x.result.Status, x.result.Error = Failed, problem
	}
}

// succeeded tells how a workflow came out for those that wait for it: of one that
// went to another workflow that one decides, and so on (S-117).
func (x *workflowRun) succeeded() bool {
	return x.result.Status == Succeeded && (x.last == nil || x.last.result.Status == Succeeded)
}

// follow walks the steps as their actions say. It returns the workflow that the last
// one went to, if it did.
func (x *workflowRun) follow(ctx context.Context) *call {
	for at := 0; at < len(x.workflow.steps); {
		s := x.workflow.steps[at]
		v := x.join(ctx, s)
		if v == nil {
			if x.fail(x.spend(ctx)); x.result.Error != nil {
				return nil
			}
			v = x.visit(ctx, s)
		}
		switch {
		case x.result.Error != nil:
			return nil
		case !v.completed():
			x.result.Status = Failed
			return nil
		case v.next == nil:
			at++
		case v.next.Workflow != nil:
			return v.to
		case v.next.Type == arazzo.Goto:
			if x.fail(v.poll(ctx)); x.result.Error != nil {
				return nil
			}
			at = x.workflow.index(v.next.Step)
		default:
			return nil
		}
	}
	return nil
}

func (x *workflowRun) tell(e Event) { x.teller.tell(x.number, e) }

func (r *run) shownInputs(given *inputs) map[string]any {
	shown := r.secrets.object(given.values)
	for name := range given.secret {
		if _, ok := shown[name]; ok && !r.secrets.show {
			shown[name] = secret.Masked
		}
	}
	for name, value := range shown {
		if !isShort(value) && !r.secrets.show { // a member may be one
			shown[name] = r.secrets.coverShort(value)
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
			x.tellNotes(source.Diagnostics{absentOutput(o, fmt.Sprintf("the workflow %q", x.workflow.WorkflowID), err)})
		}
		if shown[o.Name] = value; err == nil {
			x.outputs[o.Name] = value
		}
	}
	return x.secrets.object(shown)
}

// tellNotes adds diagnostics that are about the workflow itself to its result and to
// the report.
func (x *workflowRun) tellNotes(notes source.Diagnostics) {
	x.note(notes)
	x.result.Notes = append(x.result.Notes, notes...)
}

func absentOutput(o link.Output, owner string, err error) *source.Diagnostic {
	return &source.Diagnostic{
		Code: "absent-output", Severity: source.Warning, Position: o.Position,
		Message: fmt.Sprintf("the output %q of %s is null: %v", o.Name, owner, err),
	}
}

// note adds diagnostics to the report, without the secrets in them.
func (s *strand) note(notes source.Diagnostics) {
	for _, n := range notes {
		n.Message = s.secrets.message(n.Message)
	}
	s.diagnostics = append(s.diagnostics, diagnostics(s.lasting(notes))...)
}

// millisecondsSince is how long something took, for the report.
func (r *run) millisecondsSince(t time.Time) float64 {
	return float64(r.options.Clock.Now().Sub(t).Microseconds()) / 1000
}
