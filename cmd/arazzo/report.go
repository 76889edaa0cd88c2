package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/report"
)

// reportFlag is one --report FORMAT[=PATH]; without a path it goes to standard
// output.
type reportFlag struct {
	format string
	// file is nil where the report goes to standard output.
	file *os.File
	// text is the report that is written while the run lasts, into said; nil for the
	// other formats, and for what goes to standard output.
	text *report.Text
	said bytes.Buffer
}

// needsResult tells whether the report is made of all that happened.
func (r *reportFlag) needsResult() bool { return formats[r.format] != nil }

// watchers are the text reports of a run.
type watchers []*report.Text

// Observe tells all of them.
func (w watchers) Observe(e runner.Event) {
	for _, text := range w {
		text.Observe(e)
	}
}

// formats are the reports that are written when the run is over; text is
// written while it lasts.
var formats = map[string]func(io.Writer, *runner.Result) error{
	"json":  report.JSON,
	"junit": report.JUnit,
	"text":  nil,
}

// openReports opens the files of the reports: a path that cannot be written is
// refused before a request is sent.
func openReports(args []string) ([]*reportFlag, error) {
	var reports []*reportFlag
	targets := map[string]bool{}
	for _, arg := range args {
		format, path, _ := strings.Cut(arg, "=")
		if _, ok := formats[format]; !ok {
			return nil, fmt.Errorf("--report knows no format %q: it is text, json or junit", format)
		}
		if path == "-" {
			path = ""
		}
		if targets[path] {
			return nil, fmt.Errorf("two reports go to %s: give each a path of its own, FORMAT=PATH", orStandardOutput(path))
		}
		targets[path] = true
		r := &reportFlag{format: format}
		if path != "" {
			var err error
			// What stands there is kept until the new report is written over it.
			if r.file, err = os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o644); err != nil {
				return nil, fmt.Errorf("--report: %w", err)
			}
		}
		if r.file != nil && format == "text" {
			r.text = &report.Text{W: &r.said}
		}
		reports = append(reports, r)
	}
	return reports, nil
}

func orStandardOutput(path string) string {
	if path == "" {
		return "standard output"
	}
	return path
}

// write writes a report of the run; text without a path is written already.
func (r *reportFlag) write(stdout io.Writer, result *runner.Result) error {
	b := &r.said
	switch {
	case r.text != nil:
		if err := r.text.Summary(result); err != nil {
			return err
		}
	case r.format == "text":
		return nil
	default:
		if err := formats[r.format](b, result); err != nil {
			return err
		}
	}
	if r.file == nil {
		_, err := stdout.Write(b.Bytes())
		return err
	}
	// A device cannot be truncated, and need not be.
	_ = r.file.Truncate(0)
	_, err := r.file.Write(b.Bytes())
	return errors.Join(err, r.file.Close())
}

// text is the report that a person watches: on standard output, unless another
// report goes there.
func (f *runFlags) text(c *cobra.Command, reports []*reportFlag) *report.Text {
	w := c.OutOrStdout()
	for _, r := range reports {
		if r.file == nil && r.format != "text" {
			w = c.ErrOrStderr()
		}
	}
	return &report.Text{W: w, Color: !f.noColor && colorful(w), Quiet: f.quiet, Verbose: f.verbose}
}

// colorful tells whether w is a terminal whose user did not ask for no colours.
func colorful(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(file.Fd()))
}
