package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner"
)

// excerptBytes bounds what is shown of a body; the JSON report has all of it.
const excerptBytes = 600

// Failure tells for a person what became of a case that did not pass: the reason, the
// requests and answers of what failed, and the command that repeats it.
func Failure(c Case) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", c.Reason)
	if c.Trace != nil {
		for _, w := range c.Trace.Workflows {
			wire(&b, w)
		}
	}
	if text := logged(c); text != "" {
		fmt.Fprintf(&b, "%s\n", text)
	}
	if c.Repeat != "" {
		fmt.Fprintf(&b, "repeat: %s\n", c.Repeat)
	}
	return Visible(b.String())
}

// wire writes what was sent and answered in a workflow, each step by its last attempt.
func wire(b *strings.Builder, w *runner.WorkflowResult) {
	for _, s := range w.Steps {
		if s.Workflow != nil {
			wire(b, s.Workflow)
		}
		if len(s.Attempts) == 0 {
			continue
		}
		last := s.Attempts[len(s.Attempts)-1]
		if last.Request != nil {
			fmt.Fprintf(b, "%s: %s %s%s\n", s.StepID, last.Request.Method, last.Request.URL, answered(last))
			if s.Status == runner.Failed {
				exchange(b, last)
			}
		} else if s.Status == runner.Failed && slices.ContainsFunc(last.Criteria, unmet) { // of what a workflow gave
			fmt.Fprintf(b, "%s:\n", s.StepID)
			criteria(b, last)
		}
	}
}

func answered(a *runner.Attempt) string {
	if a.Response == nil {
		return ": no answer"
	}
	return fmt.Sprintf(": %d", a.Response.Status)
}

// exchange writes the bodies of a step that failed, and why it did.
func exchange(b *strings.Builder, a *runner.Attempt) {
	if a.Request.Body != nil {
		fmt.Fprintf(b, "  > %s\n", excerpt(a.Request.Body))
	}
	if a.Response != nil && a.Response.Body != nil {
		fmt.Fprintf(b, "  < %s\n", excerpt(a.Response.Body))
	}
	if a.Error != nil {
		fmt.Fprintf(b, "  %s: %s\n", a.Error.Code, a.Error.Message)
	}
	criteria(b, a)
	for _, f := range a.Contract {
		fmt.Fprintf(b, "  not as the document says (%s:%d): %s\n", f.File, f.Line, f.Message)
	}
}

// criteria writes those that are not met, with what they were judged by.
func criteria(b *strings.Builder, a *runner.Attempt) {
	for _, c := range a.Criteria {
		if unmet(c) {
			fmt.Fprintf(b, "  not met: %s %s\n", c.Condition, excerpt(c.Actual))
		}
	}
}

func unmet(c runner.CriterionResult) bool { return !c.Passed }

// excerpt is a value as JSON on one line, cut where it is long.
func excerpt(value any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Sprint(value)
	}
	text := bytes.TrimSpace(b.Bytes())
	if len(text) <= excerptBytes {
		return string(text)
	}
	cut := excerptBytes
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return string(text[:cut]) + "…"
}
