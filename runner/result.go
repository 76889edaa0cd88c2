package runner

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Status is how a run, a workflow or a step ended.
type Status string

// The statuses. Error is of a run alone: nothing was sent, or the runner itself
// is at fault.
const (
	Succeeded Status = "succeeded"
	Failed    Status = "failed"
	Errored   Status = "error"
)

// Result is what a run came to. It is the JSON report, version 1: fields may be
// added, never renamed. Secrets in it are masked.
type Result struct {
	Version     int               `json:"version"`
	Status      Status            `json:"status"`
	Document    string            `json:"document"`
	Workflows   []*WorkflowResult `json:"workflows"`
	Diagnostics []Diagnostic      `json:"diagnostics"`

	interrupted bool
}

// WorkflowResult is one execution of a workflow.
type WorkflowResult struct {
	WorkflowID string         `json:"workflowId"`
	Status     Status         `json:"status"`
	Inputs     map[string]any `json:"inputs"`
	Outputs    map[string]any `json:"outputs"`
	DurationMS float64        `json:"durationMs"`
	// Via is set on a workflow that an action went to.
	Via *Via `json:"via"`
	// Handled is true for a failure on which nothing depended in the end: of a
	// workflow that one which a step called had gone to, for example, when the failure
	// of that step was handled.
	Handled bool `json:"handled,omitempty"`
	// Error says why the workflow ended where no step says it.
	Error *Problem `json:"error"`
	// Steps are in the order of execution; a step visited twice stands twice.
	Steps []*StepResult `json:"steps"`
	// Notes are the diagnostics of the workflow itself; the result lists them too.
	Notes source.Diagnostics `json:"-"`
}

// Via is the action that led to a workflow, or to a step before a retry.
type Via struct {
	WorkflowID string `json:"workflowId"`
	StepID     string `json:"stepId"`
	Action     string `json:"action"`
}

// StepResult is one visit of a step.
type StepResult struct {
	StepID string `json:"stepId"`
	// Operation is the operation called, for a person.
	Operation string `json:"operation"`
	Status    Status `json:"status"`
	// Handled is true for a failure that an action of the document dealt with.
	Handled bool `json:"handled"`
	// Background is true where the steps after it began before it was over.
	Background bool `json:"background,omitempty"`
	// Via is the retry that this step was run before.
	Via *Via `json:"via,omitempty"`
	// Error says why the visit ended where no attempt says it.
	Error    *Problem   `json:"error,omitempty"`
	Attempts []*Attempt `json:"attempts"`
	// Action ended the visit; nil when no action matched.
	Action  *ActionResult  `json:"action"`
	Outputs map[string]any `json:"outputs"`
	// Workflow is the nested run of a step that calls a workflow.
	Workflow *WorkflowResult `json:"workflow"`
	// Notes are the diagnostics of this visit; the result lists them too. Those
	// of a failure that nothing handled are errors.
	Notes source.Diagnostics `json:"-"`
}

// Attempt is one exchange of a visit; more than one stand where it was retried.
type Attempt struct {
	// Request is nil when it could not be built, Response when none came.
	Request  *RequestResult    `json:"request"`
	Response *ResponseResult   `json:"response"`
	Error    *Problem          `json:"error"`
	Criteria []CriterionResult `json:"criteria"`
	// Contract is what is not as the OpenAPI operation says.
	Contract []ContractFinding `json:"contract,omitempty"`
	// Considered are the actions that were looked at after this attempt, in
	// order, up to the one that was taken.
	Considered []Considered `json:"considered"`
	// Action is what followed this attempt, a retry; nil for the last one.
	Action     *ActionResult `json:"action"`
	DurationMS float64       `json:"durationMs"`
	// Workflow is the nested run of an attempt that was not the last; that of the
	// last one stands in the step.
	Workflow *WorkflowResult `json:"workflow,omitempty"`

	started time.Time
}

// Problem is why an attempt or a workflow could not go on.
type Problem struct {
	// Code is stable: one of docs/codes.md, under "While it runs".
	Code    string `json:"code"`
	Message string `json:"message"`
	// Fix is what to do about it; it may be empty.
	Fix string `json:"fix,omitempty"`

	// target is where a redirect led, which gave no answer.
	target string
	// unreachable is true when no server gave an HTTP answer.
	unreachable bool
	// at is the place in the document that it is about, where that is none of the
	// step's own.
	at source.Position
}

// diagnostic is the problem as one, at its own place or the one given.
func (p *Problem) diagnostic(at source.Position) *source.Diagnostic {
	return &source.Diagnostic{Code: p.Code, Severity: source.Error, Position: cmp.Or(p.at, at), Message: p.Message, Fix: p.Fix}
}

func (p *Problem) Error() string { return p.Message }

// RequestResult is the request as it was sent.
type RequestResult struct {
	Method  string      `json:"method"`
	URL     string      `json:"url"`
	Headers http.Header `json:"headers"`
	Body    any         `json:"body"`
}

// ResponseResult is the response as it came; its body without compression.
type ResponseResult struct {
	Status  int         `json:"status"`
	Headers http.Header `json:"headers"`
	Body    any         `json:"body"`
	// URL is where it came from, after redirects that were followed.
	URL string `json:"url,omitempty"`
}

// CriterionResult is what one criterion said.
type CriterionResult struct {
	Condition string         `json:"condition"`
	Type      string         `json:"type"`
	Passed    bool           `json:"passed"`
	Actual    map[string]any `json:"actual"`
	// Hint is what an XPath may have overlooked, such as names in a namespace.
	Hint string `json:"hint,omitempty"`
	// Absent lists the operands that had no value and counted as null, unless
	// the condition asks for null.
	Absent []string `json:"absent,omitempty"`
	Error  *string  `json:"error"`
}

// Considered is an action that was looked at, with what its criteria said.
type Considered struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Taken bool   `json:"taken"`
	// Spent is true for a retry whose limit was reached.
	Spent    bool              `json:"spent"`
	Criteria []CriterionResult `json:"criteria"`
}

// ActionResult is an action that was taken.
type ActionResult struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Target string `json:"target"`
}

// Diagnostic is a [source.Diagnostic] as the report writes it.
type Diagnostic struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Expected string `json:"expected"`
	Fix      string `json:"fix"`
}

// Diagnosed is the result of a document that was not run: the report is still
// written, with its diagnostics.
func Diagnosed(document string, found source.Diagnostics) *Result {
	return &Result{
		Version: 1, Status: Errored, Document: document,
		Workflows: []*WorkflowResult{}, Diagnostics: diagnostics(found),
	}
}

func diagnostics(found source.Diagnostics) []Diagnostic {
	list := make([]Diagnostic, 0, len(found))
	for _, d := range found {
		list = append(list, NewDiagnostic(d))
	}
	return list
}

// NewDiagnostic is a diagnostic in the form that reports have.
func NewDiagnostic(d *source.Diagnostic) Diagnostic {
	x := Diagnostic{
		Code: d.Code, Severity: string(d.Severity), Message: d.Message,
		Line: d.Position.Line, Column: d.Position.Column, Expected: d.Expected, Fix: d.Fix,
	}
	if d.Position.File != nil {
		x.File = d.Position.File.Name
	}
	return x
}

// Outcome sums a result up for a program's exit code.
type Outcome int

// The outcomes, by their exit codes (see the README).
const (
	OutcomeSucceeded   Outcome = 0
	OutcomeFailed      Outcome = 1
	OutcomeNothingSent Outcome = 2
	OutcomeUnreachable Outcome = 3
	OutcomeInterrupted Outcome = 130
)

// Outcome tells a failure of the API from one to reach it: it is
// [OutcomeUnreachable] when the last attempt of a step that failed got no HTTP
// answer at all.
func (r *Result) Outcome() Outcome {
	switch {
	case r.interrupted:
		return OutcomeInterrupted
	case r.Status == Errored:
		return OutcomeNothingSent
	case r.Status == Succeeded:
		return OutcomeSucceeded
	case slices.ContainsFunc(r.Workflows, (*WorkflowResult).unreachable):
		return OutcomeUnreachable
	default:
		return OutcomeFailed
	}
}

// unreachable tells whether a step that made the workflow fail got no answer; of one
// that calls a workflow, whether that is so there.
func (w *WorkflowResult) unreachable() bool {
	return w.Status == Failed && !w.Handled && slices.ContainsFunc(w.Steps, func(s *StepResult) bool {
		if s.Status != Failed || s.Handled {
			return false
		}
		last := s.Attempts[len(s.Attempts)-1]
		return last.Error.unanswered() || s.Workflow != nil && s.Workflow.unreachable()
	})
}

// unanswered tells a problem with the connection alone.
func (p *Problem) unanswered() bool {
	return p != nil && (p.unreachable || p.Code == exchange.NoResponse || p.Code == exchange.Untrusted)
}

// Notes are the diagnostics of all visits and workflows, in the order of the report. Those of
// failures that nothing handled are errors.
func (r *Result) Notes() source.Diagnostics {
	var all source.Diagnostics
	for _, w := range r.Workflows {
		all = append(all, w.notes()...)
	}
	return all
}

// notes are those of a workflow and of the ones that its steps called.
func (w *WorkflowResult) notes() source.Diagnostics {
	if w == nil {
		return nil
	}
	var all source.Diagnostics
	for _, s := range w.Steps {
		for _, a := range s.Attempts {
			all = append(all, a.Workflow.notes()...)
		}
		all = append(all, s.Workflow.notes()...)
		all = append(all, s.Notes...)
	}
	return append(all, w.Notes...)
}
