package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/arazzo-conformance/arazzo/cmd/internal/exit"
	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/report"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// validateFlags are the flags of arazzo validate, as they were typed.
type validateFlags struct {
	loadingFlags
	format                                 string
	strict, noSources, fix, quiet, verbose bool
}

func validateCommand() *cobra.Command {
	f := &validateFlags{}
	c := &cobra.Command{
		Use:   "validate FILE...",
		Short: "Judge Arazzo documents without running them",
		Long: "Judge Arazzo documents, given as paths or http(s) URLs, and the sources that they name,\n" +
			"without sending a request to an API. Every violation is shown, with its rule, its place\n" +
			"and the next move; docs/rules.md explains each rule.\n\n" +
			"Exit codes: 0 no error was found, 2 an error was found, 4 our fault, 130 interrupted.",
		Args: someDocuments,
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.BoolVar(&f.strict, "strict", false, "the specification's letter: accepted dialects become errors")
	flags.StringVar(&f.format, "format", "text", "`FORMAT`: text or json")
	flags.BoolVar(&f.fix, "fix", false, "correct in the given files what has one certain correction, and nothing else")
	flags.BoolVar(&f.noSources, "no-sources", false, "judge the documents alone, without reading their sources")
	f.loadingFlags.add(flags)
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "show only errors")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "show infos too")
	return c
}

// check refuses flags that would mean nothing.
func (f *validateFlags) check() error {
	switch {
	case f.format != "text" && f.format != "json":
		return fmt.Errorf("--format is %q: it is text or json", f.format)
	case f.quiet && f.verbose:
		return errors.New("-q and -v ask for less and for more: leave out one of them")
	case f.noSources && len(f.sources) > 0:
		return errors.New("--no-sources reads no source, and --source says where one is: leave out one of them")
	default:
		return nil
	}
}

func (f *validateFlags) run(c *cobra.Command, files []string) error {
	options, err := f.options()
	if err != nil {
		return exit.Usage{Err: err}
	}
	files = distinct(files)
	found := runner.Validate(c.Context(), files, options)
	if f.fix {
		found = f.applyFixes(c, files, found, options)
	}
	if err := c.Context().Err(); err != nil {
		return err
	}
	all := merged(found)
	if err := f.write(c.OutOrStdout(), files, all, fixable(found)); err != nil {
		return exit.Unwritten{Err: err}
	}
	if all.Failed() {
		return exit.Code(exit.BadInput)
	}
	return nil
}

func (f *validateFlags) options() (runner.ValidateOptions, error) {
	o := runner.ValidateOptions{Strict: f.strict, NoSources: f.noSources}
	err := f.check()
	if err == nil {
		o.Sources, err = pairs("--source", f.sources)
	}
	if err == nil {
		o.Retrieval, err = f.retrieval()
	}
	return o, err
}

// distinct leaves out a document that was named before: ./a.yml is a.yml.
func distinct(locations []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(locations), func(location string) bool {
		uri := retrieve.URI(location)
		again := seen[uri]
		seen[uri] = true
		return again
	})
}

// merged are the diagnostics of all documents, those of shared sources once. A
// --source is for those of the documents that have it: it is unknown where none
// has.
func merged(found []runner.Validation) source.Diagnostics {
	var all source.Diagnostics
	seen, without := map[string]bool{}, map[string]int{}
	for _, v := range found {
		for _, d := range v.Diagnostics {
			if d.Code == "unknown-source" {
				without[d.Message]++
			}
		}
	}
	for _, v := range found {
		nameFolder(v)
		for _, d := range v.Diagnostics {
			elsewhere := d.Code == "unknown-source" && without[d.Message] < len(found)
			if text := d.Error(); !seen[text] && !elsewhere {
				seen[text] = true
				all = append(all, d)
			}
		}
	}
	return all
}

// nameFolder tells, of a folder that was given, how its documents are named.
func nameFolder(v runner.Validation) {
	info, err := os.Stat(v.Document)
	if err == nil && info.IsDir() && len(v.Diagnostics) == 1 {
		v.Diagnostics[0].Fix = "name the documents in it, such as " + filepath.Join(v.Document, "*.yml")
	}
}

func (f *validateFlags) write(w io.Writer, documents []string, found source.Diagnostics, fixable int) error {
	for i, location := range documents {
		documents[i] = retrieve.Shown(location)
	}
	if f.format == "json" {
		return report.ValidationJSON(w, documents, found)
	}
	if f.fix { // what is left cannot be corrected
		fixable = 0
	}
	return report.ValidationText{Quiet: f.quiet, Verbose: f.verbose, Fixable: fixable}.Write(w, documents, found)
}
