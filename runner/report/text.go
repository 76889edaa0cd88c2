package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode"

	"charm.land/lipgloss/v2"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Text writes a run for a person, step by step as they end. It is a
// [runner.Observer]; [Text.Summary] ends it.
type Text struct {
	// W is written to; errors of it are left to Summary.
	W io.Writer
	// Color adds ANSI colours.
	Color bool
	// Quiet leaves out what succeeded, Verbose adds headers and bodies.
	Quiet, Verbose bool

	// said is what an event came to: it is written as a whole.
	said bytes.Buffer
	err  error
	// told counts the attempts of the visits that last, which are written already.
	told map[visit]int
	// depth is how far what is written is indented, inLine tells that a line has begun.
	depth  int
	inLine bool
}

// widest bounds a value or body that is shown on one line, in characters.
const widest = 160

// deepest bounds the indentation, which tells how workflows are nested.
const deepest = 8

// The styles of the report.
var (
	good = lipgloss.NewStyle().Foreground(lipgloss.Green)
	bad  = lipgloss.NewStyle().Foreground(lipgloss.Red)
	dim  = lipgloss.NewStyle().Faint(true)
	bold = lipgloss.NewStyle().Bold(true)
)

func (t *Text) printf(format string, args ...any) {
	for line := range strings.Lines(fmt.Sprintf(format, args...)) {
		if !t.inLine && line != "\n" {
			line = strings.Repeat("    ", min(t.depth, deepest)) + line
		}
		t.inLine = !strings.HasSuffix(line, "\n")
		t.said.WriteString(line)
	}
}

// flush writes what was said. After an error nothing more is written.
func (t *Text) flush() {
	if t.err == nil && t.said.Len() > 0 {
		_, t.err = t.W.Write(t.said.Bytes())
	}
	t.said.Reset()
}

func (t *Text) style(s lipgloss.Style, text string) string {
	if !t.Color {
		return text
	}
	return s.Render(text)
}

func (t *Text) mark(passed bool) string {
	if passed {
		return t.style(good, "✓")
	}
	return t.style(bad, "✗")
}

// Observe writes what an event tells. A workflow that a step calls stands before the
// step, indented.
func (t *Text) Observe(e runner.Event) {
	defer t.flush()
	switch e := e.(type) {
	case runner.WorkflowStarted:
		t.depth = e.Depth
		t.workflow(e)
	case runner.AttemptEnded:
		t.depth = e.Depth
		t.retried(e)
	case runner.StepEnded:
		t.depth = e.Depth
		v := visit{e.Depth, e.Step.StepID}
		t.step(e.Step, t.told[v])
		delete(t.told, v)
	case runner.WorkflowEnded:
		t.depth = e.Depth
		t.ended(e.Workflow)
	}
}

// visit is one that lasts: no two of a step do at the same depth.
type visit struct {
	depth  int
	stepID string
}

// retried writes an attempt that another one follows, before the pause: it may be
// long. Where only failures are written nobody knows yet whether this is one.
func (t *Text) retried(e runner.AttemptEnded) {
	if e.Retry == nil || t.Quiet {
		return
	}
	if t.told == nil {
		t.told = map[visit]int{}
	}
	t.told[visit{e.Depth, e.StepID}]++
	x := attempt{Attempt: e.Attempt, stepID: e.StepID, operation: e.Operation, via: e.Via, nested: e.Workflow, failed: true, action: e.Retry}
	t.attempt(x)
	if e.Pause >= time.Second {
		t.printf("      %s\n", t.style(dim, fmt.Sprintf("in %s", e.Pause)))
	}
}

// workflow writes the workflow's name and inputs, and the action that led there.
func (t *Text) workflow(e runner.WorkflowStarted) {
	if t.Quiet {
		return
	}
	from := ""
	if e.Via != nil {
		from = t.style(dim, visible(fmt.Sprintf("  (from %s, step %s, action %s)", e.Via.WorkflowID, e.Via.StepID, e.Via.Action)))
	}
	t.printf("%s%s\n", t.style(bold, visible(e.WorkflowID)), from)
	t.pairs("  inputs: ", e.Inputs)
}

// step writes a step, but for the attempts that are written already: its operation
// and status, what each criterion said, the action taken, and its outputs.
func (t *Text) step(s *runner.StepResult, written int) {
	if t.Quiet && s.Status == runner.Succeeded {
		return
	}
	for i := written; i < len(s.Attempts); i++ {
		a := s.Attempts[i]
		x := attempt{Attempt: a, stepID: s.StepID, operation: s.Operation, via: s.Via, nested: a.Workflow, failed: true, action: a.Action}
		if i == len(s.Attempts)-1 {
			x.nested, x.failed = cmp.Or(a.Workflow, s.Workflow), s.Status == runner.Failed
		}
		t.attempt(x)
	}
	if s.Error != nil {
		t.printf("      %s\n", t.style(bad, visible(s.Error.Code+": "+s.Error.Message)))
	}
	last := s.Attempts[len(s.Attempts)-1]
	if s.Action != nil {
		t.printf("      action: %s\n", actionText(s.Action))
	} else if s.Status == runner.Failed && last.Error == nil && t.Verbose {
		t.printf("      action: none\n")
	}
	if s.Handled {
		t.printf("      the failure is handled by this action\n")
	}
	t.pairs("      outputs: ", s.Outputs)
	for _, n := range s.Notes {
		// An error is told above already, and so is what a contract check found.
		if n.Severity != source.Error && !strings.HasPrefix(n.Code, "contract-") {
			t.printf("      %s\n", t.style(dim, visible(fmt.Sprintf("%s[%s]: %s", n.Severity, n.Code, n.Message))))
		}
	}
}

// attempt is an attempt with what is shown of its step.
type attempt struct {
	*runner.Attempt
	stepID, operation string
	via               *runner.Via
	nested            *runner.WorkflowResult
	failed            bool
	// action is what followed it.
	action *runner.ActionResult
}

// answer is what came of an attempt: a status, or how a called workflow ended.
func (a attempt) answer() string {
	switch {
	case a.nested != nil && a.Error != nil:
		return string(runner.Failed) // also where it went to another one, and that one failed
	case a.nested != nil:
		return string(a.nested.Status)
	case a.Response != nil:
		return fmt.Sprint(a.Response.Status)
	case a.Request != nil:
		return "no answer"
	case strings.HasPrefix(a.operation, "workflow "):
		return "not called"
	default:
		return "not sent"
	}
}

func (t *Text) attempt(a attempt) {
	before := ""
	if a.via != nil {
		before = t.style(dim, visible(fmt.Sprintf("  (before the retry %s of %s)", a.via.Action, a.via.StepID)))
	}
	t.printf("  %s %s  %s → %s  %s%s\n", t.mark(!a.failed), t.style(bold, visible(a.stepID)), visible(a.operation), a.answer(),
		t.style(dim, fmt.Sprintf("(%.1f ms)", a.DurationMS)), before)
	if t.Verbose {
		t.exchange(a.Attempt)
	}
	if a.Error != nil {
		t.printf("      %s\n", t.style(bad, visible(a.Error.Code+": "+a.Error.Message)))
	}
	for _, c := range a.Criteria {
		if a.Response != nil || a.Error == nil {
			t.printf("      %s\n", t.criterion(c))
		}
	}
	if a.failed && a.Response != nil && !t.Verbose {
		t.printf("      response: %s\n", short(a.Response.Body))
	}
	for _, f := range a.Contract {
		t.finding(f)
	}
	for _, c := range a.Considered {
		t.considered(c)
	}
	if a.action != nil {
		t.printf("      action: %s\n", actionText(a.action))
	}
}

// finding writes what is not as the OpenAPI operation says.
func (t *Text) finding(f runner.ContractFinding) {
	style, text := dim, f.Message
	if f.Severity == string(source.Error) {
		style = bad
	}
	if f.Pointer != "" {
		text = "at " + f.Pointer + ": " + text
	}
	t.printf("      %s\n", t.style(style, visible(fmt.Sprintf("%s[contract-%s]: %s; expected %s (%s:%d:%d)",
		f.Severity, f.Check, text, f.Expected, f.File, f.Line, f.Column))))
}

// considered writes an action that was looked at, with what its criteria said.
func (t *Text) considered(c runner.Considered) {
	if c.Spent {
		t.printf("      %s %s: its retries are spent\n", t.mark(false), c.Name)
		return
	}
	for _, criterion := range c.Criteria {
		t.printf("      %s: %s\n", c.Name, t.criterion(criterion))
	}
}

// criterion shows a condition; one that does not hold, with what it looked at.
func (t *Text) criterion(c runner.CriterionResult) string {
	text := t.mark(c.Passed) + " " + visible(c.Condition)
	if c.Passed {
		return text
	}
	var seen []string
	for _, operand := range names(c.Actual) {
		value := short(c.Actual[operand])
		if slices.Contains(c.Absent, operand) {
			value = "absent"
		}
		seen = append(seen, operand+" is "+value)
	}
	if c.Error != nil {
		seen = append(seen, *c.Error)
	}
	if len(seen) == 0 {
		return text
	}
	return text + "   " + t.style(dim, visible("("+strings.Join(seen, "; ")+")"))
}

// exchange shows the request and the response with headers and bodies.
func (t *Text) exchange(a *runner.Attempt) {
	if a.Request != nil {
		t.request(a.Request)
	}
	if a.Response != nil {
		t.headers("      < ", a.Response.Headers)
		t.printf("      < %s\n", visible(expression.Text(a.Response.Body)))
	}
}

func (t *Text) headers(prefix string, headers map[string][]string) {
	for _, name := range names(headers) {
		for _, value := range headers[name] {
			t.printf("%s%s: %s\n", prefix, name, visible(value))
		}
	}
}

// ended writes the workflow's outputs and how it ended.
func (t *Text) ended(w *runner.WorkflowResult) {
	if w.Error != nil {
		t.printf("  %s\n", t.style(bad, w.Error.Code+": "+w.Error.Message))
	}
	if t.Quiet {
		return
	}
	t.pairs("  outputs: ", w.Outputs)
	t.printf("  %s %s  %s\n\n", t.mark(w.Status == runner.Succeeded), w.Status, t.style(dim, fmt.Sprintf("(%.1f ms)", w.DurationMS)))
}

// Summary writes which tokens were fetched and the last line, and returns the first
// error of writing.
func (t *Text) Summary(r *runner.Result) error {
	counts, handled := map[runner.Status]int{}, ""
	for _, w := range r.Workflows {
		counts[w.Status]++
		if w.Handled {
			handled = ", which was handled"
		}
	}
	t.depth = 0
	for _, d := range r.Diagnostics {
		if d.Code == "token-fetched" && !t.Quiet {
			t.printf("%s\n", t.style(dim, visible(fmt.Sprintf("%s[%s]: %s", d.Severity, d.Code, d.Message))))
		}
	}
	t.printf("%s %d succeeded, %d failed%s\n", t.mark(r.Status == runner.Succeeded), counts[runner.Succeeded], counts[runner.Failed], handled)
	t.flush()
	return t.err
}

func (t *Text) pairs(label string, values map[string]any) {
	if len(values) == 0 {
		return
	}
	var list []string
	for _, name := range names(values) {
		list = append(list, name+"="+short(values[name]))
	}
	t.printf("%s%s\n", label, strings.Join(list, "  "))
}

func actionText(a *runner.ActionResult) string {
	text := a.Name + ": " + a.Type
	if a.Target != "" {
		text += " " + a.Target
	}
	return text
}

// stepText is the step as the text report writes it, without colours.
func stepText(s *runner.StepResult) string {
	var b strings.Builder
	t := &Text{W: &b}
	t.step(s, 0)
	t.flush()
	return b.String()
}

// visible keeps documents and servers from writing commands to the terminal.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

func names[V any](m map[string]V) []string {
	list := make([]string, 0, len(m))
	for name := range m {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}

// short writes a value as JSON, cut where it is long. A mask stands as it is.
func short(value any) string {
	if value == "***" {
		return "***"
	}
	return expression.Excerpt(value, widest)
}
