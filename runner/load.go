package runner

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

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
// at fault; warnings alone are no error and stand in [Plan.Diagnostics].
func Load(ctx context.Context, location string, o Options) (*Plan, error) {
	d, found := description.Load(ctx, location, o.loading())
	return plan(d, found, o)
}

// Parse is [Load] for a document whose text the caller already has. Its name is
// the location that relative source urls are resolved against.
func Parse(ctx context.Context, file *source.File, o Options) (*Plan, error) {
	d, found := description.Parse(ctx, file, o.loading())
	return plan(d, found, o)
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

func plan(d *description.Description, found source.Diagnostics, o Options) (*Plan, error) {
	if d == nil {
		return nil, found
	}
	p := &planner{
		wanted: map[string]bool{}, goes: map[string]goesTo{}, warned: map[string]bool{}, linker: link.New(d),
		Plan: &Plan{document: d.Entry, options: o.withDefaults(), secrets: newSecrets(o), apis: map[*description.Source]*API{}},
	}
	p.bindSources()
	p.plan()
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

// bindSources settles where the APIs of the sources are, as far as the caller
// says it.
func (p *planner) bindSources() {
	for name := range p.options.Sources {
		p.add(unknownSource(p.document, name, "--source")...)
	}
	for name := range p.options.Servers {
		p.add(unknownSource(p.document, name, "--server")...)
	}
	for _, s := range p.document.Sources {
		if api := p.boundAPI(s); api != nil {
			p.apis[s] = api
		}
		p.checkServer(s)
	}
}

// checkServer judges where the caller says that the source's API is. A bound API
// has its own server, and its credential must not go to another.
func (p *planner) checkServer(s *description.Source) {
	given, ok := p.options.Servers[s.Name]
	if !ok {
		return
	}
	if api := p.apis[s]; api != nil && api.Server != "" {
		p.report(&source.Diagnostic{
			Code: "contradicting-server", Position: s.At("name"),
			Message:  fmt.Sprintf("the API of %q is given twice: as %s, and with --reference", s.Name, p.secrets.text(given)),
			Expected: "one of them", Fix: fmt.Sprintf("leave out --reference, or --server %s=…", s.Name),
		})
	}
	if !p.servable(s) {
		p.report(&source.Diagnostic{
			Code: "wrong-server", Position: s.At("name"),
			Message:  fmt.Sprintf("--server %s=%s is no http or https URL", s.Name, p.secrets.text(given)),
			Expected: "a base URL such as http://localhost:8080", Fix: "begin it with http:// or https://",
		})
	}
}

// servable tells whether requests can go where the caller says the API is.
func (p *planner) servable(s *description.Source) bool {
	given, ok := p.options.Servers[s.Name]
	u, err := url.Parse(given)
	return !ok || err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// unknownSource refuses a flag for a source that the document does not have. What
// follows a dot is a source of the source before it.
func unknownSource(document *description.Document, name, flag string) source.Diagnostics {
	var names []string
	outer, _, _ := strings.Cut(name, ".")
	for _, d := range document.SourceDescriptions {
		if d.Name == outer {
			return nil
		}
		names = append(names, d.Name)
	}
	return source.Diagnostics{{
		Code: "unknown-source", Severity: source.Error, Position: document.At("sourceDescriptions"),
		Message:  fmt.Sprintf("%s names the source %q, which the document does not have", flag, name),
		Expected: "one of " + list(names), Fix: didYouMean(name, names),
	}}
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
