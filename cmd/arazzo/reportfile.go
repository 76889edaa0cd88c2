package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// reportFile is where one --report FORMAT[=PATH] goes; without a path that is standard
// output.
type reportFile struct {
	format string
	// path is empty, and file and info nil, where the report goes to standard output.
	path string
	file *os.File
	info os.FileInfo
	// made tells that there was no file at the path.
	made bool
}

// openReportFiles opens the files of reports: a path that cannot be written is refused
// before a request is sent. After an error nothing is left of them.
func openReportFiles(ctx context.Context, args, formats []string) ([]*reportFile, error) {
	var files []*reportFile
	for _, arg := range args {
		f, err := openReportFile(ctx, arg, formats, files)
		if err != nil {
			discard(files)
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// openReportFile opens one, which has to go elsewhere than those before it: one file
// may have several paths.
func openReportFile(ctx context.Context, arg string, formats []string, before []*reportFile) (*reportFile, error) {
	format, path, _ := strings.Cut(arg, "=")
	if !slices.Contains(formats, format) {
		last := len(formats) - 1
		return nil, fmt.Errorf("--report knows no format %q: it is %s or %s", format, strings.Join(formats[:last], ", "), formats[last])
	}
	for _, known := range formats {
		if first, second, more := strings.Cut(path, ","+known+"="); more {
			return nil, fmt.Errorf("--report names one report, and %s is two: write --report %s=%s --report %s=%s", arg, format, first, known, second)
		}
	}
	if path == "-" {
		path = ""
	}
	f := &reportFile{format: format, path: path}
	if path != "" {
		if err := f.await(ctx); err != nil {
			return nil, fmt.Errorf("--report: %w", err)
		}
	}
	for _, other := range before {
		if other.path == path || other.is(f.info) {
			discard([]*reportFile{f})
			return nil, fmt.Errorf("two reports go to %s: give each a path of its own, FORMAT=PATH", orStandardOutput(path))
		}
	}
	return f, nil
}

// await opens the file, which of a pipe cannot be done before somebody reads it. When the
// context ends before, nothing is left of it.
func (f *reportFile) await(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := source.Await(ctx, func() (any, error) {
		err := f.open()
		if err == nil && ctx.Err() != nil { // nobody waits for it any more
			discard([]*reportFile{f})
		}
		return nil, err
	})
	return err
}

// open opens the file. What stands there is kept until the new report is written
// over it.
func (f *reportFile) open() (err error) {
	const mode = 0o644
	if f.file, err = os.OpenFile(f.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode); err == nil {
		f.made = true
	} else if f.file, err = os.OpenFile(f.path, os.O_CREATE|os.O_WRONLY, mode); err != nil {
		return err
	}
	f.info, err = f.file.Stat()
	return err
}

// is tells whether a file is the report's, by whatever path. Devices may be shared.
func (f *reportFile) is(other os.FileInfo) bool {
	return f.info != nil && other != nil && f.info.Mode().IsRegular() && os.SameFile(f.info, other)
}

// discard closes the files of reports that nothing is written to, and removes those
// that are there for these alone.
func discard(files []*reportFile) {
	for _, f := range files {
		if f.file == nil {
			continue
		}
		_ = f.file.Close() // nothing was written
		if f.made {
			_ = os.Remove(f.path) // at the worst it stays, and is empty
		}
	}
}

// put writes the report.
func (f *reportFile) put(stdout io.Writer, text []byte) error {
	if f.file == nil {
		_, err := stdout.Write(text)
		return err
	}
	// A device cannot be truncated, and need not be.
	_ = f.file.Truncate(0)
	_, err := f.file.Write(text)
	if err != nil {
		_ = f.file.Truncate(0) // half of a report could be taken for one
	}
	return errors.Join(err, f.file.Close())
}

func orStandardOutput(path string) string {
	if path == "" {
		return "standard output"
	}
	return path
}
