package runner

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/rule"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// ValidateOptions say how documents are judged.
type ValidateOptions struct {
	// Sources says where a source description really is, by name.
	Sources map[string]string
	// Strict makes errors of the dialects that are otherwise accepted.
	Strict bool
	// NoSources judges each document alone, without reading its sources.
	NoSources bool
	// Retrieval says how the documents are read.
	Retrieval retrieve.Options
}

// Validation is what was found in one document and in those that it names.
type Validation struct {
	// Document is the location as it was given.
	Document string
	// File is the document's text; nil where it could not be read.
	File *source.File
	// Diagnostics are sorted by file, line and column.
	Diagnostics source.Diagnostics
}

// Validate judges Arazzo documents by every rule of docs/rules.md, without
// sending a request to an API: all violations in one pass. What several of the
// documents name is read once. The results are in the order of the locations.
func Validate(ctx context.Context, locations []string, o ValidateOptions) []Validation {
	loading := description.Options{
		Client: retrieve.New(o.Retrieval), Sources: o.Sources, Provided: locations, NoSources: o.NoSources, Cache: &description.Cache{},
	}
	results := make([]Validation, len(locations))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, location := range locations {
		group.Go(func() error {
			results[i] = validate(ctx, location, loading, o.Strict)
			return nil
		})
	}
	_ = group.Wait() // what goes wrong stands in the results
	return results
}

func validate(ctx context.Context, location string, loading description.Options, strict bool) Validation {
	d, found := description.Load(ctx, location, loading)
	v := Validation{Document: location, Diagnostics: found}
	if d == nil {
		return v
	}
	v.File = d.Entry.File
	linker := link.New(d)
	workflows := linker.Entry()
	v.Diagnostics = append(v.Diagnostics, linker.Diagnostics()...)
	v.Diagnostics = append(v.Diagnostics, rule.Check(workflows)...)
	if strict {
		rule.Strict(v.Diagnostics)
	}
	v.Diagnostics.Sort()
	return v
}
