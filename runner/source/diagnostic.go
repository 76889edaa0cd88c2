package source

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Severity says what a diagnostic does to a run.
type Severity string

// An error stops the run before anything is sent; a warning and an info do not.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Diagnostic is one thing found in a document, or met while running it, told to
// the person who has to act on it. It is an error, so that it can travel as one.
type Diagnostic struct {
	// Code is stable and lower-case with hyphens, such as unknown-operation.
	Code     string
	Severity Severity
	// Message says what was found.
	Message string
	// Position is where; it may be empty where there is no place to point at.
	Position Position
	// Expected says what would have been right. It may be empty.
	Expected string
	// Fix is the next move: what the user should do or type.
	Fix string
	// Edit makes the fix in the text. It is the zero Edit where no fix is certain.
	Edit Edit
}

// Error is the one-line form: position, code and message.
func (d *Diagnostic) Error() string {
	if at := d.Position.String(); at != "" {
		return fmt.Sprintf("%s: %s[%s]: %s", at, d.Severity, d.Code, d.Message)
	}
	return fmt.Sprintf("%s[%s]: %s", d.Severity, d.Code, d.Message)
}

// Render is the form for a person: the one-line form, the line with a caret
// under the place, what was expected, and the next move.
func (d *Diagnostic) Render() string {
	var b strings.Builder
	b.WriteString(d.Error())
	b.WriteByte('\n')
	if line, ok := d.Position.line(); ok && !d.Position.File.Hidden {
		writeSnippet(&b, line, d.Position)
	}
	if d.Expected != "" {
		fmt.Fprintf(&b, "  expected: %s\n", d.Expected)
	}
	if d.Fix != "" {
		fmt.Fprintf(&b, "  next: %s\n", d.Fix)
	}
	return b.String()
}

// Diagnostics is a list of them, in the order they were found.
type Diagnostics []*Diagnostic

// Error joins the one-line forms of the errors among them.
func (ds Diagnostics) Error() string {
	var lines []string
	for _, d := range ds {
		if d.Severity == Error {
			lines = append(lines, d.Error())
		}
	}
	return strings.Join(lines, "\n")
}

// Failed tells whether an error is among them.
func (ds Diagnostics) Failed() bool {
	for _, d := range ds {
		if d.Severity == Error {
			return true
		}
	}
	return false
}

// ranks order the severities, the worst first.
var ranks = map[Severity]int{Error: 0, Warning: 1, Info: 2}

// Sort orders the diagnostics for a reader: file by file, in the order in which
// the files are first met, then by line, column, severity and code. What is the
// same in all of these keeps its order.
func (ds Diagnostics) Sort() {
	files := map[*File]int{}
	for _, d := range ds {
		if _, met := files[d.Position.File]; !met {
			files[d.Position.File] = len(files)
		}
	}
	slices.SortStableFunc(ds, func(a, b *Diagnostic) int {
		return cmp.Or(
			files[a.Position.File]-files[b.Position.File],
			a.Position.Line-b.Position.Line,
			a.Position.Column-b.Position.Column,
			ranks[a.Severity]-ranks[b.Severity],
			cmp.Compare(a.Code, b.Code),
		)
	})
}

// Of collects what an error chain carries as diagnostics: a single one, a list,
// or nothing.
func Of(err error) Diagnostics {
	var list Diagnostics
	if errors.As(err, &list) {
		return list
	}
	var one *Diagnostic
	if errors.As(err, &one) {
		return Diagnostics{one}
	}
	return nil
}
