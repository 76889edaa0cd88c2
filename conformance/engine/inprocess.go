package engine

import (
	"context"
	"maps"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
)

// InProcess is this module's runner, called as a library.
type InProcess struct{}

// Execute implements [Runner].
func (InProcess) Execute(ctx context.Context, t Task) (Report, error) {
	plan, err := runner.Load(ctx, t.Document, runner.Options{
		Workflows: []string{t.Workflow}, Inputs: maps.Clone(t.Inputs), Credentials: credentials(t.Credentials), ShowSecrets: true,
		Retrieval: retrieve.Options{NoCache: true},
	})
	if err != nil {
		return Report{Verdict: Refused, Detail: err.Error()}, nil
	}
	return reportOf(plan.Run(ctx), t.Workflow), nil
}

// credentials are what --credential takes: SCHEME, or SCHEME.MEMBER for a grant.
func credentials(given map[string]Credential) map[string]string {
	values := map[string]string{}
	for scheme, c := range given {
		for name, value := range map[string]string{
			scheme: c.Value, scheme + ".clientId": c.ClientID, scheme + ".clientSecret": c.ClientSecret,
			scheme + ".username": c.Username, scheme + ".password": c.Password,
		} {
			if value != "" {
				values[name] = value
			}
		}
	}
	return values
}

// reportOf reads a result, or a JSON report, which is the same.
func reportOf(r *runner.Result, workflowID string) Report {
	report := Report{Verdict: Refused}
	switch r.Status {
	case runner.Succeeded:
		report.Verdict = Succeeded
	case runner.Failed:
		report.Verdict = Failed
	}
	for _, d := range r.Diagnostics {
		report.Detail += d.Severity + " " + d.Code + ": " + d.Message + "\n"
	}
	for _, w := range r.Workflows {
		if w.WorkflowID != workflowID || w.Via != nil {
			continue
		}
		report.Outputs = w.Outputs
		report.Failing = failing(w)
	}
	return report
}

// failing is the step whose failure ended the workflow.
func failing(w *runner.WorkflowResult) string {
	for _, s := range slices.Backward(w.Steps) {
		if s.Status == runner.Failed && !s.Handled {
			return s.StepID
		}
	}
	return ""
}
