package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// ValidationJSON writes what was found in documents as JSON, version 1: fields may
// be added, never renamed.
func ValidationJSON(w io.Writer, documents []string, found source.Diagnostics) error {
	report := struct {
		Version     int                 `json:"version"`
		Status      runner.Status       `json:"status"`
		Documents   []string            `json:"documents"`
		Diagnostics []runner.Diagnostic `json:"diagnostics"`
	}{Version: 1, Status: runner.Succeeded, Documents: documents, Diagnostics: []runner.Diagnostic{}}
	if found.Failed() {
		report.Status = runner.Errored
	}
	for _, d := range found {
		report.Diagnostics = append(report.Diagnostics, runner.NewDiagnostic(d))
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(report)
}

// ValidationText writes what was found in documents for a person.
type ValidationText struct {
	// Quiet leaves out all but the errors; Verbose shows infos too.
	Quiet, Verbose bool
	// Fixable is how many places of the documents can be corrected by themselves.
	Fixable int
}

// Write writes each with its place, its line, what was expected and the next
// move, and a line that counts them.
func (t ValidationText) Write(w io.Writer, documents []string, found source.Diagnostics) error {
	var b strings.Builder
	count := map[source.Severity]int{}
	for _, d := range found {
		count[d.Severity]++
		if d.Severity == source.Error || d.Severity == source.Warning && !t.Quiet || t.Verbose {
			b.WriteString(d.Render())
		}
	}
	mark := "✓"
	if count[source.Error] > 0 {
		mark = "✗"
	}
	fmt.Fprintf(&b, "%s %s: %s, %s, %s", mark, plural(len(documents), "document"), plural(count[source.Error], "error"),
		plural(count[source.Warning], "warning"), plural(count[source.Info], "info"))
	if count[source.Info] > 0 && !t.Verbose && !t.Quiet {
		b.WriteString(" (-v shows them)")
	}
	if t.Fixable > 0 {
		fmt.Fprintf(&b, "; --fix corrects %s", plural(t.Fixable, "place"))
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
