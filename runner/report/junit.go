package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/report/junit"
)

// JUnit writes the result in the JUnit XML format: a suite for each execution of a
// workflow and a case for each visit of a step. A workflow that a step called is a
// suite behind that of its caller, named CALLER/STEP/WORKFLOW. A failure that the
// document itself handled, or that a retry made good, is told and counts as none
// (S-121). A document that was not run is one case in error, so that a pipeline
// cannot take it for success.
func JUnit(w io.Writer, r *runner.Result) error {
	suites := junit.Suites{}
	for _, workflow := range r.Workflows {
		suites.Suites = append(suites.Suites, suite{r.Document, workflow.WorkflowID, workflow.Handled}.all(workflow)...)
	}
	if r.Status == runner.Errored {
		suites.Suites = append(suites.Suites, notRun(r))
	}
	return junit.Write(w, suites)
}

// suite is a test suite that is about to be made.
type suite struct {
	document, name string
	// handled tells that what fails in it is no failure of the run.
	handled bool
}

// all is a workflow's suite, and those of the workflows that its steps called.
func (of suite) all(w *runner.WorkflowResult) []junit.Suite {
	made := []junit.Suite{of.make(w)}
	for _, s := range w.Steps {
		called := func(nested *runner.WorkflowResult, handled bool) {
			if nested != nil {
				name := strings.Join([]string{of.name, s.StepID, nested.WorkflowID}, "/")
				made = append(made, suite{of.document, name, of.handled || handled}.all(nested)...)
			}
		}
		for _, a := range s.Attempts {
			called(a.Workflow, true)
		}
		called(s.Workflow, s.Handled)
	}
	return made
}

func (of suite) make(w *runner.WorkflowResult) junit.Suite {
	made := junit.Suite{Name: of.name, Time: junit.Seconds(w.DurationMS)}
	class := of.document + "." + w.WorkflowID
	for _, s := range w.Steps {
		c := junit.Case{Name: s.StepID, Class: class, Time: junit.Seconds(duration(s))}
		switch {
		case s.Status != runner.Failed:
			c.Output = warnings(s)
		case s.Handled || of.handled:
			c.Output = "the failure is handled:\n" + stepText(s)
		default:
			c.Failure = &junit.Message{Message: why(s), Text: stepText(s)}
		}
		made.Add(c)
	}
	if w.Error != nil {
		c := junit.Case{Name: w.Error.Code, Class: class, Time: junit.Seconds(0)}
		if of.handled {
			c.Output = "the failure is handled: " + w.Error.Message
		} else {
			c.Failure = &junit.Message{Message: w.Error.Message}
		}
		made.Add(c)
	}
	return made
}

func duration(s *runner.StepResult) float64 {
	total := 0.0
	for _, a := range s.Attempts {
		total += a.DurationMS
	}
	return total
}

func notRun(r *runner.Result) junit.Suite {
	suite := junit.Suite{Name: r.Document, Tests: 1, Errors: 1, Time: junit.Seconds(0)}
	m := &junit.Message{Message: "nothing was sent"}
	for _, d := range r.Diagnostics {
		if d.Severity == "error" {
			m.Text += fmt.Sprintf("%s:%d:%d: %s: %s\n", d.File, d.Line, d.Column, d.Code, d.Message)
		}
	}
	suite.Cases = []junit.Case{{Name: "load", Class: r.Document, Time: junit.Seconds(0), Error: m}}
	return suite
}

// warnings are what contract checks found that did not fail the step.
func warnings(s *runner.StepResult) string {
	var b strings.Builder
	t := &Text{W: &b}
	for _, a := range s.Attempts {
		for _, f := range a.Contract {
			if f.Severity != "error" {
				t.finding(f)
			}
		}
	}
	t.flush()
	return b.String()
}

// why is the first thing that went wrong in a step's last attempt.
func why(s *runner.StepResult) string {
	last := s.Attempts[len(s.Attempts)-1]
	if s.Error != nil {
		return s.Error.Code + ": " + s.Error.Message
	}
	if last.Error != nil {
		return last.Error.Code + ": " + last.Error.Message
	}
	for _, c := range last.Criteria {
		if !c.Passed {
			return "not met: " + c.Condition
		}
	}
	for _, f := range last.Contract {
		if f.Severity == "error" {
			return "contract-" + f.Check + ": " + f.Message
		}
	}
	return fmt.Sprintf("the status is %d", last.Response.Status)
}
