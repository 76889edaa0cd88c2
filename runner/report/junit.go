package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner"
)

// The elements of the JUnit format that continuous integration systems read.
type (
	testSuites struct {
		XMLName xml.Name    `xml:"testsuites"`
		Suites  []testSuite `xml:"testsuite"`
	}
	testSuite struct {
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"`
		Time     string     `xml:"time,attr"`
		Cases    []testCase `xml:"testcase"`
	}
	testCase struct {
		Name    string   `xml:"name,attr"`
		Class   string   `xml:"classname,attr"`
		Time    string   `xml:"time,attr"`
		Failure *message `xml:"failure"`
		Error   *message `xml:"error"`
		// Output says what failed and was made good by the document, and what contract
		// checks warn of.
		Output string `xml:"system-out,omitempty"`
	}
	message struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes the result in the JUnit XML format: a suite for each execution of a
// workflow and a case for each visit of a step. A workflow that a step called is a
// suite behind that of its caller, named CALLER/STEP/WORKFLOW. A failure that the
// document itself handled, or that a retry made good, is told and counts as none
// (S-121). A document that was not run is one case in error, so that a pipeline
// cannot take it for success.
func JUnit(w io.Writer, r *runner.Result) error {
	suites := testSuites{}
	for _, workflow := range r.Workflows {
		suites.add(suite{r.Document, workflow.WorkflowID, workflow.Handled}, workflow)
	}
	if r.Status == runner.Errored {
		suites.Suites = append(suites.Suites, notRun(r))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(suites); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// suite is a test suite that is about to be made.
type suite struct {
	document, name string
	// handled tells that what fails in it is no failure of the run.
	handled bool
}

// add adds a workflow's suite, and those of the workflows that its steps called.
func (t *testSuites) add(of suite, w *runner.WorkflowResult) {
	t.Suites = append(t.Suites, of.make(w))
	for _, s := range w.Steps {
		called := func(nested *runner.WorkflowResult, handled bool) {
			if nested != nil {
				t.add(suite{of.document, strings.Join([]string{of.name, s.StepID, nested.WorkflowID}, "/"), of.handled || handled}, nested)
			}
		}
		for _, a := range s.Attempts {
			called(a.Workflow, true)
		}
		called(s.Workflow, s.Handled)
	}
}

func (of suite) make(w *runner.WorkflowResult) testSuite {
	made := testSuite{Name: of.name, Time: seconds(w.DurationMS)}
	class := of.document + "." + w.WorkflowID
	for _, s := range w.Steps {
		c := testCase{Name: s.StepID, Class: class, Time: seconds(duration(s))}
		switch {
		case s.Status != runner.Failed:
			c.Output = warnings(s)
		case s.Handled || of.handled:
			c.Output = "the failure is handled:\n" + stepText(s)
		default:
			c.Failure = &message{Message: why(s), Text: stepText(s)}
		}
		made.add(c)
	}
	if w.Error != nil {
		c := testCase{Name: w.Error.Code, Class: class, Time: seconds(0)}
		if of.handled {
			c.Output = "the failure is handled: " + w.Error.Message
		} else {
			c.Failure = &message{Message: w.Error.Message}
		}
		made.add(c)
	}
	return made
}

func (t *testSuite) add(c testCase) {
	t.Tests++
	if c.Failure != nil {
		t.Failures++
	}
	t.Cases = append(t.Cases, c)
}

func duration(s *runner.StepResult) float64 {
	total := 0.0
	for _, a := range s.Attempts {
		total += a.DurationMS
	}
	return total
}

func notRun(r *runner.Result) testSuite {
	suite := testSuite{Name: r.Document, Tests: 1, Errors: 1, Time: seconds(0)}
	m := &message{Message: "nothing was sent"}
	for _, d := range r.Diagnostics {
		if d.Severity == "error" {
			m.Text += fmt.Sprintf("%s:%d:%d: %s: %s\n", d.File, d.Line, d.Column, d.Code, d.Message)
		}
	}
	suite.Cases = []testCase{{Name: "load", Class: r.Document, Time: seconds(0), Error: m}}
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

func seconds(ms float64) string { return fmt.Sprintf("%.3f", ms/1000) }
