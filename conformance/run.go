package conformance

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/contract"
	runreport "github.com/arazzo-conformance/arazzo/runner/report"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// caseTimeout bounds a case, so that a target that hangs gives a verdict before go
// test gives up. The longest polls for a minute when everything in it is retried.
const caseTimeout = 2 * time.Minute

// Outcome is what running one case came to.
type Outcome struct {
	// Verdict is pass, fail or error.
	Verdict report.Verdict
	// Reason says in a line why it is not pass.
	Reason string
	// Result is what was sent, answered and found; nil where nothing was sent. Text is
	// the same for a person. Secrets in both are masked.
	Result *runner.Result
	Text   string
	Took   time.Duration
	// Run begins the names of all that the case made, see [Clean].
	Run string
}

// checks are what a response is judged by. What is sent is not: many cases send what
// no client should.
var checks = contract.Levels{
	contract.Status: contract.Error, contract.ContentType: contract.Error, contract.Schema: contract.Error,
	contract.Header: contract.Error, contract.Request: contract.Off,
}

// Run judges the target by the case. All bounds on time in the case are multiplied by
// timescale.
func (c Case) Run(ctx context.Context, t Target, timescale float64) Outcome {
	started := time.Now()
	if t.run == "" {
		t.run = newRun()
	}
	outcome := c.run(ctx, t, timescale)
	outcome.Run, outcome.Took = t.run, time.Since(started)
	return outcome
}

func (c Case) run(ctx context.Context, t Target, timescale float64) Outcome {
	var text strings.Builder
	told := &runreport.Text{W: &text, Verbose: true}
	// Nothing has this name on disk, so the sources of the document are those that the
	// target brings along, wherever this is run.
	file := &source.File{Name: "(bundled)/conformance/cases/" + c.file, Text: scaled(c.Text(), timescale)}
	plan, err := runner.Parse(ctx, file, runner.Options{
		Workflows: []string{c.workflow}, APIs: t.apis(), DefaultInputs: c.given(t), Checks: checks,
		Timeout: lasting(caseTimeout, timescale), StepTimeout: lasting(runner.DefaultStepTimeout, timescale),
		Observer: &shortener{to: told, left: maxTraceBytes}, MaxResponseBytes: maxAnswerBytes, TLS: t.tls(), Secrets: t.secrets(),
	})
	if err != nil && ctx.Err() != nil {
		return Outcome{Verdict: report.Error, Reason: report.Interrupted}
	}
	if err != nil {
		return Outcome{Verdict: report.Error, Reason: "the case cannot be run, nothing was sent: " + err.Error(), Text: err.Error()}
	}
	result := plan.Run(ctx)
	if err := told.Summary(result); err != nil {
		return Outcome{Verdict: report.Error, Reason: "writing what happened: " + err.Error()}
	}
	outcome := judged(result)
	outcome.Result, outcome.Text = result, text.String()
	return outcome
}

// judged is the verdict of a run. That the suite was interrupted, or is at fault
// itself, says nothing of the target.
func judged(r *runner.Result) Outcome {
	switch r.Outcome() {
	case runner.OutcomeSucceeded:
		if len(r.Workflows) == 0 {
			return Outcome{Verdict: report.Error, Reason: "no workflow was run"}
		}
		return Outcome{Verdict: report.Pass}
	case runner.OutcomeFailed, runner.OutcomeUnreachable:
		return Outcome{Verdict: report.Fail, Reason: why(r)}
	case runner.OutcomeInterrupted:
		return Outcome{Verdict: report.Error, Reason: report.Interrupted}
	default:
		return Outcome{Verdict: report.Error, Reason: "the runner could not run it: " + why(r)}
	}
}

// why is the first error that the run tells of, and what was expected in its place.
func why(r *runner.Result) string {
	i := slices.IndexFunc(r.Diagnostics, func(d runner.Diagnostic) bool { return d.Severity == string(source.Error) })
	if i < 0 {
		return "the run tells no error"
	}
	d := r.Diagnostics[i]
	if d.Expected == "" {
		return fmt.Sprintf("%s: %s", d.Code, d.Message)
	}
	return fmt.Sprintf("%s: %s; expected: %s", d.Code, d.Message, d.Expected)
}

// given are the inputs of the case that it is given, of those it declares. What is
// made on a target is named anew for each execution, so that none meets another's
// leavings.
func (c Case) given(t Target) map[string]string {
	all := map[string]string{"apiKey": t.APIKey, "otherApiKey": t.OtherAPIKey, "run": t.run + letters()}
	given := map[string]string{}
	for _, name := range c.inputs {
		if value, ok := all[name]; ok {
			given[name] = value
		}
	}
	return given
}

// runPrefix begins the names of all that cases make.
const runPrefix = "conformance_"

// newRun is what the names of one run begin with. Each execution of a case adds as
// much to it.
func newRun() string { return runPrefix + letters() }

// letters are eight small letters and digits that nobody else has: one in 2^40.
func letters() string { return strings.ToLower(rand.Text()[:8]) }
