package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/report"
)

// reportFlag is one --report of arazzo run.
type reportFlag struct {
	*reportFile
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

// openReports opens the files of the reports.
func openReports(ctx context.Context, args []string) ([]*reportFlag, error) {
	files, err := openReportFiles(ctx, args, []string{"text", "json", "junit"})
	if err != nil {
		return nil, err
	}
	var reports []*reportFlag
	for _, file := range files {
		r := &reportFlag{reportFile: file}
		if file.file != nil && file.format == "text" {
			r.text = &report.Text{W: &r.said}
		}
		reports = append(reports, r)
	}
	return reports, nil
}

// filesOf are the files of reports.
func filesOf(reports []*reportFlag) []*reportFile {
	var files []*reportFile
	for _, r := range reports {
		files = append(files, r.reportFile)
	}
	return files
}

// filesRead are the files that a run reads: no report is written over one.
type filesRead struct {
	mutex sync.Mutex
	files []os.FileInfo
}

func (f *filesRead) note(info os.FileInfo) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.files = append(f.files, info)
}

// notePath notes a file that a flag names. One that is not there is told by whoever
// reads it.
func (f *filesRead) notePath(path string) {
	if info, err := os.Stat(path); err == nil {
		f.note(info)
	}
}

// spare refuses a report that would be written over a file which the run reads.
func (f *filesRead) spare(reports []*reportFile) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for _, r := range reports {
		if slices.ContainsFunc(f.files, r.is) {
			return fmt.Errorf("--report %s=%s would be written over a file that the run reads: give it a path of its own", r.format, r.path)
		}
	}
	return nil
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
	return r.put(stdout, b.Bytes())
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
