package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"path"
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
		Skipped  int        `xml:"skipped,attr"`
		Time     string     `xml:"time,attr"`
		Cases    []testCase `xml:"testcase"`
	}
	testCase struct {
		Name    string   `xml:"name,attr"`
		Class   string   `xml:"classname,attr"`
		Time    string   `xml:"time,attr"`
		Failure *message `xml:"failure"`
		Error   *message `xml:"error"`
		Skipped *message `xml:"skipped"`
		Output  string   `xml:"system-out,omitempty"`
	}
	message struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes the report in the JUnit XML format: a suite for each group of cases.
// Where nothing was judged, and for what is wrong beside the cases, there is a case in
// error, so that a pipeline cannot take it for success. A known failure is skipped.
func JUnit(w io.Writer, r *Report) error {
	suites := testSuites{}
	for i := 0; i < len(r.Cases); {
		group := testSuite{Name: path.Dir(r.Cases[i].ID)}
		total := 0.0
		for ; i < len(r.Cases) && path.Dir(r.Cases[i].ID) == group.Name; i++ {
			group.add(junitCase(r.Cases[i]))
			total += r.Cases[i].DurationMS
		}
		group.Time = seconds(total)
		suites.Suites = append(suites.Suites, group)
	}
	if run := runSuite(r); run.Tests > 0 {
		suites.Suites = append(suites.Suites, run)
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

// junitCase is a case of the suite as one of JUnit.
func junitCase(c Case) testCase {
	made := testCase{Name: path.Base(c.ID), Class: path.Dir(c.ID), Time: seconds(c.DurationMS)}
	told := &message{Message: c.Reason, Text: Failure(c)}
	switch {
	case c.Verdict == Pass:
	case c.Verdict == Fail && c.Known != "":
		made.Skipped, made.Output = &message{Message: "known to fail: " + c.Known}, told.Text
	case c.Verdict == Fail:
		made.Failure = told
	case c.Verdict == Error:
		made.Error = told
	default:
		made.Skipped = &message{Message: fmt.Sprintf("%s: %s", c.Verdict, c.Reason)}
	}
	return made
}

// runSuite tells what is wrong with the run as a whole.
func runSuite(r *Report) testSuite {
	run := testSuite{Name: "run", Time: seconds(0)}
	for _, c := range r.Smoke {
		if !c.OK {
			run.add(testCase{Name: c.Name, Class: "smoke", Time: seconds(0), Error: &message{Message: c.Found, Text: c.Next}})
		}
	}
	for _, p := range r.Problems {
		run.add(testCase{Name: p, Class: "run", Time: seconds(0), Failure: &message{Message: p}})
	}
	if r.Status == Empty {
		run.add(testCase{Name: "cases", Class: "run", Time: seconds(0), Error: &message{Message: "no case was run"}})
	}
	return run
}

func (t *testSuite) add(c testCase) {
	t.Tests++
	switch {
	case c.Failure != nil:
		t.Failures++
	case c.Error != nil:
		t.Errors++
	case c.Skipped != nil:
		t.Skipped++
	}
	t.Cases = append(t.Cases, c)
}

func seconds(ms float64) string { return fmt.Sprintf("%.3f", ms/1000) }
