package conformance

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/conformance/report"
)

// Known are the cases that a target is known to fail, as a file lists them: on each
// line a pattern as in [Patterns], blanks, and the reason; what follows a # at the beginning of a line is
// a comment. They have to fail still: a list that may be longer than the truth hides
// what broke since.
type Known []KnownFailure

// KnownFailure is a line of the list.
type KnownFailure struct {
	Pattern, Reason string
	Line            int
}

// ReadKnown reads a list of known failures.
func ReadKnown(from io.Reader) (Known, error) {
	text, err := io.ReadAll(from)
	if err != nil {
		return nil, err
	}
	var known Known
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff")) // editors of Windows begin a file so
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		pattern, reason := line, ""
		if i := strings.IndexAny(line, " \t"); i >= 0 {
			pattern, reason = line[:i], strings.TrimSpace(line[i:])
		}
		if reason == "" {
			return nil, fmt.Errorf("line %d: %s has no reason: write behind it, on the same line, why it fails", n, pattern)
		}
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, fmt.Errorf("line %d: %s is no pattern: a bracket is not closed", n, pattern)
		}
		if i := slices.IndexFunc(known, func(k KnownFailure) bool { return k.Pattern == pattern }); i >= 0 {
			return nil, fmt.Errorf("line %d: %s stands on line %d already", n, pattern, known[i].Line)
		}
		known = append(known, KnownFailure{pattern, reason, n})
	}
	return known, nil
}

// check refuses a line that names no case of the suite: what it spoke of is gone, or
// was never there.
func (k Known) check(cases []Case) error {
	for _, f := range k {
		if why := namesNone(f.Pattern, cases); why != "" {
			return fmt.Errorf("--%s: line %d: %s names no case of the suite%s", knownFlag, f.Line, f.Pattern, why)
		}
	}
	return nil
}

// of is the first line that names the case.
func (k Known) of(c report.Case) (f KnownFailure, ok bool) {
	i := slices.IndexFunc(k, func(f KnownFailure) bool { return named(f.Pattern, c.ID, c.Requirements) })
	if i < 0 {
		return f, false
	}
	return k[i], true
}

// applyTo tells a case that has a verdict the reason for which it is known to fail.
func (k Known) applyTo(c *report.Case) (f KnownFailure, ok bool) {
	f, ok = k.of(*c)
	if ok && (c.Verdict == report.Fail || c.Verdict == report.Pass) {
		c.Known = f.Reason
	}
	return f, ok
}

// apply tells the report which cases are known to fail, what no longer does, and which
// lines were about nothing in this run.
func (k Known) apply(r *report.Report) {
	if len(r.Cases) == 0 { // nothing was judged, which says nothing of any line
		return
	}
	came := map[int][]report.Case{}
	for i := range r.Cases {
		if f, ok := k.applyTo(&r.Cases[i]); ok {
			came[f.Line] = append(came[f.Line], r.Cases[i])
		}
	}
	for _, f := range k {
		problem, note := f.judged(came[f.Line])
		if problem != "" {
			r.Problems = append(r.Problems, problem)
		}
		if note != "" {
			r.Notes = append(r.Notes, note)
		}
	}
}

// judged says what is wrong with a line, by what its cases came to; the note is what is
// not wrong.
func (f KnownFailure) judged(cases []report.Case) (problem, note string) {
	var passed []string
	failed, judged := 0, 0
	for _, c := range cases {
		switch c.Verdict {
		case report.Pass:
			passed = append(passed, c.ID)
			judged++
		case report.Fail:
			failed++
			judged++
		}
	}
	line := fmt.Sprintf("line %d of the known failures (%s)", f.Line, f.Pattern)
	switch {
	case len(cases) == 0:
		return "", line + " names no case that lines before it, or the profile, leave to it"
	case judged == 0:
		return "", line + " names only cases that were not run; the first is " + string(cases[0].Verdict) + ": " + cases[0].Reason
	case len(passed) == 0:
		return "", ""
	case failed == 0:
		return line + " no longer fails: remove the line", ""
	default:
		return fmt.Sprintf("%s no longer fails everywhere: narrow it; %s passes", line, strings.Join(passed, ", ")), ""
	}
}

// WriteKnown drafts a list of the failures of a run. What was known keeps its reason;
// of what is new the draft says what went wrong, which a person has to explain.
func WriteKnown(w io.Writer, r *report.Report) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# Cases that %s fails, each with the reason. Whoever mends one removes its line.\n", cmp.Or(r.Target.Name, "the target"))
	if n := r.Count(report.Error); n > 0 {
		fmt.Fprintf(b, "# It is not whole: the run could not judge every case. Without a verdict: %d.\n", n)
	}
	for _, c := range r.Cases {
		if c.Verdict != report.Fail || c.Trace == nil && c.Known == "" { // it was not asked
			continue
		}
		reason := c.Known
		if reason == "" {
			reason = "TO EXPLAIN: " + oneLine(c.Reason)
		}
		fmt.Fprintf(b, "%s  %s\n", c.ID, reason)
	}
	return b.Flush()
}

// oneLine is a text without line breaks, cut where it is long.
func oneLine(text string) string {
	const most = 160
	words := []rune(strings.Join(strings.Fields(text), " "))
	if len(words) > most {
		return string(words[:most]) + "…"
	}
	return string(words)
}
