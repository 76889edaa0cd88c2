package runner

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/payload"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// readFile reads a file of the folder that the caller allows. Neither a path nor a
// symbolic link leads out of it.
func (o Options) readFile(path string) ([]byte, error) {
	f, err := o.openFile(path)
	if err != nil {
		return nil, fmt.Errorf("x-file %q cannot be read: %w", path, err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, payload.MaxBytes+1))
	if err == nil && len(content) > payload.MaxBytes {
		err = fmt.Errorf("it has more than %d bytes", payload.MaxBytes)
	}
	if err != nil {
		return nil, fmt.Errorf("x-file %q cannot be read: %w", path, err)
	}
	return content, nil
}

// openFile opens a regular file; others, such as a pipe, may have no end.
func (o Options) openFile(path string) (*os.File, error) {
	if o.Files == "" {
		return nil, errors.New("no folder was given to read files from: --files DIR")
	}
	root, err := os.OpenRoot(o.Files)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	name := filepath.FromSlash(path)
	info, err := root.Stat(name)
	switch {
	case err != nil:
		return nil, pathless(err)
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no regular file")
	case info.Size() > payload.MaxBytes:
		return nil, fmt.Errorf("it has %d bytes, and %d are the most", info.Size(), payload.MaxBytes)
	}
	f, err := root.Open(name)
	return f, pathless(err)
}

// pathless is an error of the file system without the path, which is told already.
func pathless(err error) error {
	var of *fs.PathError
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

// files looks for the files that a step sends, before anything is sent.
func (p *planner) files(s *link.Step) {
	if s.Body == nil {
		return
	}
	for _, file := range s.Body.Files {
		switch {
		case p.options.Files == "":
			p.report(&source.Diagnostic{
				Code: "missing-files", Position: file.At, Message: fmt.Sprintf("the step %q sends a file, and no folder was given to read files from", s.StepID),
				Expected: "the folder that its files are in", Fix: "give it: --files DIR",
			})
		case file.Path != "":
			f, err := p.options.openFile(file.Path)
			if err != nil {
				p.report(&source.Diagnostic{
					Code: "unreadable-file", Position: file.At, Message: fmt.Sprintf("the file %q cannot be read from %s: %v", file.Path, p.options.Files, err),
					Expected: "a regular file within the folder of --files",
				})
				continue
			}
			if info, err := f.Stat(); err == nil && p.options.Retrieval.Opened != nil {
				p.options.Retrieval.Opened(info)
			}
			_ = f.Close() // nothing was written
		}
	}
}
