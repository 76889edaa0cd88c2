package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/report/junit"
)

// Markdown writes the report as a page: what was judged by what, the verdicts by
// level, and what did not pass.
func Markdown(w io.Writer, r *Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: %s\n\n", cmp.Or(r.Target.Name, "An implementation"), r.Headline())
	fmt.Fprintf(&b, "| | |\n| --- | --- |\n")
	for _, row := range identity(r) {
		if row[1] != "" {
			fmt.Fprintf(&b, "| %s | %s |\n", row[0], cell(row[1]))
		}
	}
	b.WriteString("\n| level | pass | fail | unsupported | skipped | error |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, level := range []Level{Core, Extended} {
		counts := r.Summary[level]
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d |\n", level, counts[Pass], counts[Fail], counts[Unsupported], counts[Skipped], counts[Error])
	}
	smokeSection(&b, r)
	list(&b, "What is wrong beside the cases", r.Problems)
	list(&b, "Notes", r.Notes)
	caseSection(&b, "Failed", r, func(c Case) bool { return c.Verdict == Fail && c.Known == "" })
	caseSection(&b, "Not judged, for a fault of the suite", r, func(c Case) bool { return c.Verdict == Error && c.Reason != Interrupted })
	knownSection(&b, r)
	leftOut(&b, "Unsupported", r, func(c Case) bool { return c.Verdict == Unsupported })
	leftOut(&b, "Skipped", r, func(c Case) bool { return c.Verdict == Skipped })
	leftOut(&b, "Interrupted", r, func(c Case) bool { return c.Reason == Interrupted })
	fmt.Fprintf(&b, "\n## Repeat\n\n    %s\n", r.Repeat)
	_, err := io.WriteString(w, Visible(b.String()))
	return err
}

// Headline is what the run came to, in a few words.
func (r *Report) Headline() string {
	switch r.Status {
	case Conforms:
		return "conforms"
	case Passes:
		return "passes" + withKnown(r)
	case Fails:
		return fails(r)
	case Refused:
		return "not judged, for a smoke check failed"
	case Empty:
		return "no case was run"
	default:
		return fmt.Sprintf("%d of %d cases could not be judged", r.Count(Error), len(r.Cases))
	}
}

// withKnown says what a run that passes does not: fail where that is known, and ask all.
func withKnown(r *Report) string {
	var with []string
	if n := r.Count(Fail); n > 0 {
		with = append(with, counted(n, "known failure"))
	}
	if n := r.Count(Skipped); n > 0 {
		with = append(with, counted(n, "case")+" left out")
	}
	return behind(", with ", strings.Join(with, " and "))
}

// fails says how many cases failed, and how many passed that are known to fail.
func fails(r *Report) string {
	failed := fmt.Sprintf("%d of %s failed", r.Count(Fail), counted(r.Count(Pass)+r.Count(Fail), "case"))
	mended := 0
	for _, c := range r.Cases {
		if c.Known != "" && c.Verdict == Pass {
			mended++
		}
	}
	if mended == 0 {
		return failed
	}
	return fmt.Sprintf("%s, and %d that should fail by the list of known failures passed", failed, mended)
}

// counted is a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// list is a section of sentences.
func list(b *strings.Builder, title string, sentences []string) {
	if len(sentences) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n", title)
	for _, s := range sentences {
		fmt.Fprintf(b, "- %s\n", strings.ReplaceAll(s, "\n", "\n  "))
	}
}

// identity is what was judged, and by what.
func identity(r *Report) [][2]string {
	return [][2]string{
		{"version", r.Target.Version},
		{"from", r.Target.URL},
		{"contact", r.Target.Contact},
		{"Pulse", r.Target.Pulse},
		{"Accelerate", r.Target.Accelerate},
		{"database", r.Target.Database},
		{"features", strings.Join(r.Target.Features, ", ")},
		{"suite", strings.TrimSpace(r.Suite.Version + " " + r.Suite.Commit)},
		{"profile", r.Selection.Profile},
		{"run", strings.Join(r.Selection.Run, ", ")},
		{"left out", strings.Join(r.Selection.Skip, ", ")},
		{"began", r.Started},
		{"took", junit.Seconds(r.DurationMS) + " s"},
	}
}

func smokeSection(b *strings.Builder, r *Report) {
	if r.Status != Refused {
		return
	}
	b.WriteString("\n## Smoke\n\n| asked | found | next |\n| --- | --- | --- |\n")
	for _, c := range r.Smoke {
		found := c.Found
		if c.OK {
			found = "as it should be"
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", cell(c.Name), cell(found), cell(c.Next))
	}
}

func caseSection(b *strings.Builder, title string, r *Report, of func(Case) bool) {
	first := true
	for _, c := range r.Cases {
		if !of(c) {
			continue
		}
		if first {
			fmt.Fprintf(b, "\n## %s\n", title)
			first = false
		}
		fmt.Fprintf(b, "\n### %s\n\n%s%s\n\n", c.ID, c.Title, proving(c))
		for line := range strings.Lines(Failure(c)) {
			fmt.Fprintf(b, "    %s", line)
		}
	}
}

func knownSection(b *strings.Builder, r *Report) {
	var rows strings.Builder
	for _, c := range r.Cases {
		if c.Known != "" {
			fmt.Fprintf(&rows, "| %s | %s | %s |\n", c.ID, c.Verdict, cell(c.Known))
		}
	}
	if rows.Len() > 0 {
		fmt.Fprintf(b, "\n## Known to fail\n\n| case | verdict | reason |\n| --- | --- | --- |\n%s", rows.String())
	}
}

// leftOut counts cases that were not run, by their reasons.
func leftOut(b *strings.Builder, title string, r *Report, of func(Case) bool) {
	counts := map[string]int{}
	for _, c := range r.Cases {
		if of(c) {
			counts[c.Reason]++
		}
	}
	if len(counts) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n", title)
	for _, reason := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(b, "- %d: %s\n", counts[reason], reason)
	}
}

// cell is a text within a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace(text)
}
