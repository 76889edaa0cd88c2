package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// applyFixes corrects the files in which there is something certain to correct,
// and judges all of them again. A file that cannot be written is an error, and
// keeps what was found in it.
func (f *validateFlags) applyFixes(c *cobra.Command, files []string, found []runner.Validation, o runner.ValidateOptions) []runner.Validation {
	written := false
	failures := make([]*source.Diagnostic, len(found))
	for i, v := range found {
		text, places := fixed(v)
		if places == 0 {
			continue
		}
		if failures[i] = writeFixed(v.File, text); failures[i] != nil {
			continue
		}
		written = true
		if !f.quiet {
			fmt.Fprintf(c.ErrOrStderr(), "%s: %d of %d corrected\n", v.Document, places, len(v.Diagnostics))
		}
	}
	if written {
		found = runner.Validate(c.Context(), files, o)
	}
	for i, d := range failures {
		if d != nil {
			found[i].Diagnostics = append(found[i].Diagnostics, d)
		}
	}
	return found
}

// fixed is the corrected text of a document, and the number of places in which
// it is.
func fixed(v runner.Validation) (text string, places int) {
	if v.File == nil {
		return "", 0
	}
	text, applied := source.Fix(v.File, v.Diagnostics)
	return text, len(applied)
}

// fixable counts what --fix would correct.
func fixable(found []runner.Validation) int {
	n := 0
	for _, v := range found {
		if v.File != nil && !retrieve.IsWeb(v.File.URI) {
			_, places := fixed(v)
			n += places
		}
	}
	return n
}

// writeFixed writes the corrected text over the document's file.
func writeFixed(file *source.File, text string) *source.Diagnostic {
	d := &source.Diagnostic{
		Code: "fix-not-written", Severity: source.Error, Position: source.Position{File: file},
		Expected: "a file that can be written", Fix: "make it writable, with its folder, or leave out --fix",
	}
	name, local := retrieve.Path(file.URI)
	if !local {
		d.Severity, d.Message = source.Warning, "the document is not corrected: it is no file of this machine"
		d.Fix = "download it and name the file, or leave out --fix"
		return d
	}
	if err := replaceFile(name, text); err != nil {
		d.Message = fmt.Sprintf("the document is not corrected: %v", withoutPath(err))
		return d
	}
	return nil
}

// withoutPath drops the path, which the diagnostic names, or which is that of a
// draft.
func withoutPath(err error) error {
	var failure *fs.PathError
	if errors.As(err, &failure) {
		return failure.Err
	}
	return err
}

// replaceFile writes a file as a whole or not at all: beside its place, and moved
// there. It keeps the file's mode, and follows a symbolic link to it. What is
// write-protected stays, though moving another file there would be allowed.
func replaceFile(name, text string) error {
	name, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("it is not a regular file")
	case info.Mode().Perm()&0o200 == 0:
		return errors.New("it is write-protected")
	}
	draft, err := os.CreateTemp(filepath.Dir(name), ".arazzo-*")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	_, err = draft.WriteString(text)
	if err = errors.Join(err, draft.Chmod(info.Mode().Perm()), draft.Close()); err != nil {
		return err
	}
	return os.Rename(draft.Name(), name)
}
