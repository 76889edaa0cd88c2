package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/report"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// reportFlag is one --report FORMAT[=PATH]; without a path it goes to standard
// output.
type reportFlag struct {
	format string
	// path is empty, and file and info nil, where the report goes to standard output.
	path string
	file *os.File
	info os.FileInfo
	// made tells that there was no file at the path.
	made bool
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
// refused before a request is sent. After an error nothing is left of them.
func openReports(ctx context.Context, args []string) ([]*reportFlag, error) {
	var reports []*reportFlag
	for _, arg := range args {
		r, err := openReport(ctx, arg, reports)
		if err != nil {
			discard(reports)
			return nil, err
		}
		reports = append(reports, r)
	}
	return reports, nil
}

// openReport opens one, which has to go elsewhere than those before it: one file
// may have several paths.
func openReport(ctx context.Context, arg string, before []*reportFlag) (*reportFlag, error) {
	format, path, _ := strings.Cut(arg, "=")
	if _, ok := formats[format]; !ok {
		return nil, fmt.Errorf("--report knows no format %q: it is text, json or junit", format)
	}
	if path == "-" {
		path = ""
	}
	r := &reportFlag{format: format, path: path}
	if path != "" {
		// A pipe cannot be opened before somebody reads it.
		if _, err := source.Await(ctx, func() (any, error) { return nil, r.open() }); err != nil {
			return nil, fmt.Errorf("--report: %w", err)
		}
	}
	for _, other := range before {
		if other.path == path || other.is(r.info) {
			discard([]*reportFlag{r})
			return nil, fmt.Errorf("two reports go to %s: give each a path of its own, FORMAT=PATH", orStandardOutput(path))
		}
	}
	if r.file != nil && format == "text" {
		r.text = &report.Text{W: &r.said}
	}
	return r, nil
}

// open opens the file. What stands there is kept until the new report is written
// over it.
func (r *reportFlag) open() (err error) {
	const mode = 0o644
	if r.file, err = os.OpenFile(r.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode); err == nil {
		r.made = true
	} else if r.file, err = os.OpenFile(r.path, os.O_CREATE|os.O_WRONLY, mode); err != nil {
		return err
	}
	r.info, err = r.file.Stat()
	return err
}

// is tells whether a file is the report's, by whatever path. Devices may be shared.
func (r *reportFlag) is(other os.FileInfo) bool {
	return r.info != nil && other != nil && r.info.Mode().IsRegular() && os.SameFile(r.info, other)
}

// discard closes the files of reports that nothing is written to, and removes those
// that are there for these alone.
func discard(reports []*reportFlag) {
	for _, r := range reports {
		if r.file == nil {
			continue
		}
		_ = r.file.Close() // nothing was written
		if r.made {
			_ = os.Remove(r.path) // at the worst it stays, and is empty
		}
	}
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
func (f *filesRead) spare(reports []*reportFlag) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for _, r := range reports {
		if slices.ContainsFunc(f.files, r.is) {
			return fmt.Errorf("--report %s=%s would be written over a file that the run reads: give it a path of its own", r.format, r.path)
		}
	}
	return nil
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
