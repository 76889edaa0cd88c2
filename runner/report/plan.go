package report

import (
	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// Plan writes what a run would send, as far as that is known before it, and returns
// the first error of writing.
func (t *Text) Plan(planned []runner.PlannedWorkflow) error {
	for _, w := range planned {
		t.depth = 0
		t.planned(&w)
		t.printf("\n")
	}
	t.depth = 0
	t.printf("nothing was sent\n")
	t.flush()
	return t.err
}

func (t *Text) planned(w *runner.PlannedWorkflow) {
	t.printf("%s\n", t.style(bold, visible(w.WorkflowID)))
	t.pairs("  inputs: ", w.Inputs)
	for _, s := range w.Steps {
		t.printf("  %s  %s\n", t.style(bold, visible(s.StepID)), visible(s.Operation))
		switch {
		case s.Workflow != nil:
			t.depth++
			t.planned(s.Workflow)
			t.depth--
		case s.Request != nil:
			t.request(s.Request)
		default:
			t.printf("      %s\n", t.style(dim, visible("not known before the run: "+s.Unknown)))
		}
	}
}

// request shows a request with its headers and body.
func (t *Text) request(r *runner.RequestResult) {
	t.printf("      > %s %s\n", r.Method, visible(r.URL))
	t.headers("      > ", r.Headers)
	if r.Body != nil {
		t.printf("      > %s\n", visible(expression.Text(r.Body)))
	}
}
