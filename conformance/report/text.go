package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/report/junit"
)

// Text writes a report for a person: what smoke found, what failed and how it is
// repeated, and what all came to. It may be written while the run lasts, piece by
// piece.
type Text struct {
	W io.Writer
	// Verbose shows the exchanges of what failed.
	Verbose bool
}

// All writes a report that is complete.
func (t Text) All(r *Report) error {
	t.Smoke(r.Smoke)
	for _, c := range r.Cases {
		t.Case(c)
	}
	return t.Summary(r)
}

// Smoke writes what was asked before the cases.
func (t Text) Smoke(checks []Check) {
	for _, c := range checks {
		if c.OK {
			t.line("✓ %s%s", c.Name, behind("  ", c.Found))
			continue
		}
		t.line("✗ %s", c.Name)
		t.line("    found: %s", c.Found)
		t.line("    next: %s", c.Next)
	}
}

// Case writes a case that did not pass, or was not expected to.
func (t Text) Case(c Case) {
	switch {
	case c.Reason == Interrupted: // of them there may be many
		return
	case c.Verdict == Fail && c.Known == "":
		t.line("✗ %s  %s%s", c.ID, c.Title, proving(c))
	case c.Verdict == Error:
		t.line("! %s  %s%s", c.ID, c.Title, proving(c))
	default:
		return
	}
	if t.Verbose && c.Text != "" {
		t.indented(c.Text)
	}
	t.indented(c.Reason)
	t.indented(logged(c))
	if c.Repeat != "" {
		t.line("    repeat: %s", c.Repeat)
	}
}

// Summary writes what the run came to.
func (t Text) Summary(r *Report) error {
	if r.Status != Refused {
		t.counts(r)
		t.known(r)
		t.without(Unsupported, r)
		t.without(Skipped, r)
		t.interrupted(r)
	}
	for _, problem := range r.Problems {
		t.line("✗ %s", problem)
	}
	for _, note := range r.Notes {
		t.line("note: %s", strings.ReplaceAll(note, "\n", "\n    "))
	}
	mark := "✗"
	if r.Status == Conforms || r.Status == Passes {
		mark = "✓"
	}
	t.line("%s %s  (%s s)", mark, r.Headline(), junit.Seconds(r.DurationMS))
	_, err := fmt.Fprintf(t.W, "repeat: %s\n", r.Repeat)
	return err
}

// counts writes the verdicts of each level.
func (t Text) counts(r *Report) {
	for _, level := range []Level{Core, Extended} {
		var counts []string
		for _, v := range Verdicts {
			if n := r.Summary[level][v]; n > 0 || v == Pass || v == Fail {
				counts = append(counts, fmt.Sprintf("%d %s", n, v))
			}
		}
		t.line("%-8s  %s", level, strings.Join(counts, ", "))
	}
}

// known writes the failures that are known.
func (t Text) known(r *Report) {
	for _, c := range r.Cases {
		if c.Known != "" && c.Verdict == Fail {
			t.line("known to fail: %s  %s", c.ID, c.Known)
		}
	}
}

// without writes how many cases came to a verdict without being run, by the reason.
func (t Text) without(v Verdict, r *Report) {
	counts := map[string]int{}
	for _, c := range r.Cases {
		if c.Verdict == v {
			counts[c.Reason]++
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(counts)) {
		t.line("%d %s: %s", counts[reason], v, reason)
	}
}

// interrupted writes how many cases have no verdict for an interruption.
func (t Text) interrupted(r *Report) {
	n := 0
	for _, c := range r.Cases {
		if c.Reason == Interrupted {
			n++
		}
	}
	if n > 0 {
		t.line("%d without a verdict: %s", n, Interrupted)
	}
}

// line writes a line. An error of the writer is met again at the last one.
func (t Text) line(format string, args ...any) {
	_, _ = io.WriteString(t.W, Visible(fmt.Sprintf(format+"\n", args...)))
}

func (t Text) indented(text string) {
	for line := range strings.Lines(strings.TrimRight(text, "\n")) {
		t.line("    %s", strings.TrimRight(line, "\n"))
	}
}

// proving names the requirements of a case, in parentheses.
func proving(c Case) string {
	if len(c.Requirements) == 0 {
		return ""
	}
	return " (" + strings.Join(c.Requirements, ", ") + ")"
}

// logged is what the target logged while the case ran; empty where that is nothing, or not
// known.
func logged(c Case) string {
	return behind("logged meanwhile:\n", strings.Join(c.Logged, "\n"))
}

// behind is a text with what stands before it; empty stays empty.
func behind(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}
