package runner

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/credential"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/rule"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Load reads an Arazzo document from a path or URL with its sources, and
// resolves everything that can be resolved before a request is sent. The error
// is a [source.Diagnostics] when the document, its sources or the options are
// at fault; warnings alone are no error and stand in [Plan.Diagnostics]. When ctx
// ends before, it wraps that of ctx.
func Load(ctx context.Context, location string, o Options) (*Plan, error) {
	if wrong := o.wrong(); wrong != nil {
		return nil, wrong
	}
	d, found := description.Load(ctx, location, o.loading())
	return plan(ctx, d, found, o)
}

// Parse is [Load] for a document whose text the caller already has. Its name is
// the location that relative source urls are resolved against.
func Parse(ctx context.Context, file *source.File, o Options) (*Plan, error) {
	if wrong := o.wrong(); wrong != nil {
		return nil, wrong
	}
	d, found := description.Parse(ctx, file, o.loading())
	return plan(ctx, d, found, o)
}

// loading are the options of what is read.
func (o Options) loading() description.Options {
	return description.Options{Client: retrieve.New(o.Retrieval), Sources: o.Sources, Bundled: o.bundled}
}

// bundled is the description that an API brings along.
func (o Options) bundled(file string) (string, bool) {
	for _, api := range o.APIs {
		if api.File == file && api.Description != "" {
			return api.Description, true
		}
	}
	return "", false
}

func plan(ctx context.Context, d *description.Description, found source.Diagnostics, o Options) (*Plan, error) {
	if ctx.Err() != nil {
		return nil, unloaded(ctx)
	}
	if d == nil {
		return nil, found
	}
	p := &planner{
		wanted: map[string]bool{}, goes: map[string]goesTo{}, warned: map[string]bool{}, variables: map[string]bool{}, servers: map[serverKey]string{}, linker: link.New(d),
		Plan: &Plan{document: d.Entry, options: o.withDefaults(), secrets: newSecrets(o), apis: map[*description.Source]*API{}, names: map[*description.Source][]string{}},
	}
	p.bindSources(d)
	p.plan(ctx)
	if ctx.Err() != nil {
		return nil, unloaded(ctx)
	}
	p.tolerate(found)
	p.add(found...)
	if o.Strict {
		rule.Strict(p.Diagnostics)
	}
	p.Diagnostics.Sort()
	if p.Diagnostics.Failed() {
		return nil, p.Diagnostics
	}
	return p.Plan, nil
}

// unloaded is the error of a document whose caller went away: what was found until
// then says nothing of it.
func unloaded(ctx context.Context) error {
	return fmt.Errorf("the document was not loaded: %w", ctx.Err())
}

// tolerate makes warnings of what is wrong with a source that no selected workflow
// uses: it is told, and the run goes on.
func (p *planner) tolerate(found source.Diagnostics) {
	for _, s := range p.document.Sources {
		if p.linker.MayUse(s) {
			continue
		}
		for _, d := range found {
			of := d.Position.File != nil && d.Position.File == s.File && s.File != p.document.File
			if d.Severity == source.Error && (of || d.Position == s.At("url") || d.Position == s.At("type")) {
				d.Severity = source.Warning
			}
		}
	}
}

// planner builds a plan and collects what is wrong with it.
type planner struct {
	*Plan
	linker *link.Linker
	// order are the workflows in the order in which they were come by.
	order []*workflow
	// wanted are the credentials that were found missing already.
	wanted map[string]bool
	// goes are the first to be given a credential, by the name it was given under.
	goes map[string]goesTo
	// offered are the credentials that the caller gave.
	offered *credential.Given
	// servers are those found already.
	servers map[serverKey]string
	// variables are the names by which variables of servers were asked for.
	variables map[string]bool
	// called are the servers that requests go to.
	called []*url.URL
	// warned are the servers that were warned of already.
	warned map[string]bool
}

func (p *planner) report(d *source.Diagnostic) {
	if d.Severity == "" {
		d.Severity = source.Error
	}
	p.add(d)
}

// add keeps each diagnostic once: several steps may come by one place.
func (p *planner) add(found ...*source.Diagnostic) {
	for _, d := range found {
		if !slices.ContainsFunc(p.Diagnostics, func(known *source.Diagnostic) bool { return *known == *d }) {
			p.Diagnostics = append(p.Diagnostics, d)
		}
	}
}

// boundAPI is the API whose file the source names.
func (p *planner) boundAPI(s *description.Source) *API {
	for i := range p.options.APIs {
		if api := &p.options.APIs[i]; api.File == baseName(s.Location) || api.File == baseName(s.URL) {
			return api
		}
	}
	return nil
}
