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
	}
	message struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes the result in the JUnit XML format: a suite for each execution of a
// workflow and a case for each visit of a step. A workflow that a step called is a
// suite behind that of its caller, named CALLER/STEP/WORKFLOW. A document that was
// not run is one case in error, so that a pipeline cannot take it for success.
func JUnit(w io.Writer, r *runner.Result) error {
	suites := testSuites{}
	for _, workflow := range r.Workflows {
		suites.add(r.Document, workflow.WorkflowID, workflow)
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

// add adds a workflow's suite, and those of the workflows that its steps called.
func (t *testSuites) add(document, name string, w *runner.WorkflowResult) {
	t.Suites = append(t.Suites, suiteOf(document, name, w))
	for _, s := range w.Steps {
		var nested []*runner.WorkflowResult
		for _, a := range s.Attempts {
			nested = append(nested, a.Workflow)
		}
		for _, called := range append(nested, s.Workflow) {
			if called != nil {
				t.add(document, strings.Join([]string{name, s.StepID, called.WorkflowID}, "/"), called)
			}
		}
	}
}

func suiteOf(document, name string, w *runner.WorkflowResult) testSuite {
	suite := testSuite{Name: name, Tests: len(w.Steps), Time: seconds(w.DurationMS)}
	for _, s := range w.Steps {
		c := testCase{Name: s.StepID, Class: document + "." + w.WorkflowID}
		duration := 0.0
		for _, a := range s.Attempts {
			duration += a.DurationMS
		}
		c.Time = seconds(duration)
		if s.Status == runner.Failed && !s.Handled {
			suite.Failures++
			c.Failure = &message{Message: why(s), Text: stepText(s)}
		}
		suite.Cases = append(suite.Cases, c)
	}
	if w.Error != nil {
		suite.Tests++
		suite.Failures++
		suite.Cases = append(suite.Cases, testCase{
			Name: w.Error.Code, Class: document + "." + w.WorkflowID, Time: seconds(0),
			Failure: &message{Message: w.Error.Message},
		})
	}
	return suite
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
	return fmt.Sprintf("the status is %d", last.Response.Status)
}

func seconds(ms float64) string { return fmt.Sprintf("%.3f", ms/1000) }
