package report

import (
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/report/junit"
)

// JUnit writes the report in the JUnit XML format: a suite for each group of cases.
// Where nothing was judged, and for what is wrong beside the cases, there is a case in
// error, so that a pipeline cannot take it for success. A known failure is skipped.
func JUnit(w io.Writer, r *Report) error {
	suites := junit.Suites{}
	for i := 0; i < len(r.Cases); {
		group := junit.Suite{Name: path.Dir(r.Cases[i].ID)}
		total := 0.0
		for ; i < len(r.Cases) && path.Dir(r.Cases[i].ID) == group.Name; i++ {
			group.Add(junitCase(r.Cases[i]))
			total += r.Cases[i].DurationMS
		}
		group.Time = junit.Seconds(total)
		suites.Suites = append(suites.Suites, group)
	}
	if run := runSuite(r); run.Tests > 0 {
		suites.Suites = append(suites.Suites, run)
	}
	var b strings.Builder
	if err := junit.Write(&b, suites); err != nil {
		return err
	}
	_, err := io.WriteString(w, Visible(b.String()))
	return err
}

// junitCase is a case of the suite as one of JUnit.
func junitCase(c Case) junit.Case {
	made := junit.Case{Name: path.Base(c.ID), Class: path.Dir(c.ID), Time: junit.Seconds(c.DurationMS)}
	told := &junit.Message{Message: c.Reason, Text: c.Title + proving(c) + "\n" + Failure(c)}
	switch {
	case c.Verdict == Pass:
	case c.Verdict == Fail && c.Known != "":
		made.Skipped, made.Output = &junit.Message{Message: "known to fail: " + c.Known}, told.Text
	case c.Verdict == Fail:
		made.Failure = told
	case c.Verdict == Error:
		made.Error = told
	default:
		made.Skipped = &junit.Message{Message: fmt.Sprintf("%s: %s", c.Verdict, c.Reason)}
	}
	return made
}

// runSuite tells what is wrong with the run as a whole.
func runSuite(r *Report) junit.Suite {
	run := junit.Suite{Name: "run", Time: junit.Seconds(0)}
	for _, c := range r.Smoke {
		if !c.OK {
			run.Add(junit.Case{Name: c.Name, Class: "smoke", Time: junit.Seconds(0), Error: &junit.Message{Message: c.Found, Text: c.Next}})
		}
	}
	for _, p := range r.Problems {
		run.Add(junit.Case{Name: p, Class: "run", Time: junit.Seconds(0), Failure: &junit.Message{Message: p}})
	}
	if r.Status == Empty {
		run.Add(junit.Case{Name: "cases", Class: "run", Time: junit.Seconds(0), Error: &junit.Message{Message: "no case was run"}})
	}
	return run
}
