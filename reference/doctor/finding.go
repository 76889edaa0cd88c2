package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Severity says how bad a finding is.
type Severity string

// The severities, from the best to the worst.
const (
	// OK: it is as it should be.
	OK Severity = "ok"
	// Info: it decides what events show; nothing is wrong.
	Info Severity = "info"
	// Warning: it works, and may cost disk, delay or events.
	Warning Severity = "warning"
	// Error: the service does not start, or the database's own writers suffer.
	Error Severity = "error"
)

// Finding is what one check has to say.
type Finding struct {
	// Code names the check; it stays the same from version to version.
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	// Message is what was found, in a sentence without a period.
	Message string `json:"message"`
	// Objects are the tables, columns or slots it is about, all of them.
	Objects []string `json:"objects,omitempty"`
	// SQL is what to run, a statement each, without the semicolon.
	SQL []string `json:"sql,omitempty"`
	// Next is what else to do, a sentence without a period.
	Next string `json:"next,omitempty"`
}

// Report is all that was found.
type Report struct {
	// Database is who was asked, as user@host/database.
	Database string
	Findings []Finding
}

// Worst is the severity of the worst finding.
func (r Report) Worst() Severity {
	worst := OK
	for _, f := range r.Findings {
		if rank[f.Severity] > rank[worst] {
			worst = f.Severity
		}
	}
	return worst
}

var rank = map[Severity]int{OK: 0, Info: 1, Warning: 2, Error: 3}

// count is the number of findings of a severity.
func (r Report) count(s Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// WriteJSON writes the report for programs: fields may be added, never renamed.
func (r Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		Version  int       `json:"version"`
		Database string    `json:"database"`
		Worst    Severity  `json:"worst"`
		Findings []Finding `json:"findings"`
	}{1, r.Database, r.Worst(), append([]Finding{}, r.Findings...)})
}

// listed is how many objects or statements of a finding the text shows.
const listed = 20

// WriteText writes the report for a person. A statement stands on a line of its
// own, ready to be pasted.
func (r Report) WriteText(w io.Writer) error {
	var text strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&text, "%-8s%s: %s", f.Severity, f.Code, f.Message)
		if len(f.Objects) > 0 {
			fmt.Fprintf(&text, ": %s", shortened(f.Objects, ", ", "%d more"))
		}
		text.WriteByte('\n')
		if len(f.SQL) > 0 {
			fmt.Fprintf(&text, "          %s\n", shortened(terminated(f.SQL), "\n          ", "-- %d more: --format json has all"))
		}
		if f.Next != "" {
			fmt.Fprintf(&text, "        next: %s\n", f.Next)
		}
	}
	fmt.Fprintf(&text, "%s: %s, %s\n", r.Database, counted(r.count(Error), "error"), counted(r.count(Warning), "warning"))
	_, err := io.WriteString(w, text.String())
	return err
}

func terminated(statements []string) []string {
	all := make([]string, len(statements))
	for i, s := range statements {
		all[i] = s + ";"
	}
	return all
}

// shortened joins the first of all, and says how many more there are.
func shortened(all []string, separator, more string) string {
	if len(all) <= listed {
		return strings.Join(all, separator)
	}
	return strings.Join(all[:listed], separator) + separator + fmt.Sprintf(more, len(all)-listed)
}

// counted is a number and its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
