package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Load reads an Arazzo document from a path or URL with its sources, and
// resolves everything that can be resolved before a request is sent. The error
// is a [source.Diagnostics] when the document, its sources or the options are
// at fault; warnings alone are no error and stand in [Plan.Diagnostics].
func Load(ctx context.Context, location string, o Options) (*Plan, error) {
	file, err := fetch(ctx, location)
	if err != nil {
		return nil, source.Diagnostics{{
			Code: "document-not-found", Severity: source.Error, Position: source.Position{File: &source.File{Name: location}},
			Message:  fmt.Sprintf("the document cannot be read: %v", err),
			Expected: "the path or http(s) URL of an Arazzo document",
			Fix:      "check the path; it is relative to the folder you are in",
		}}
	}
	return Parse(ctx, file, o)
}

// Parse is [Load] for a document whose text the caller already has. Its name is
// the location that relative source urls are resolved against.
func Parse(ctx context.Context, file *source.File, o Options) (*Plan, error) {
	root, err := source.Parse(file)
	if err != nil {
		return nil, source.Of(err)
	}
	document, found := arazzo.Read(root)
	if found.Failed() {
		return nil, found
	}
	p := &planner{
		wanted: map[string]bool{}, asked: map[string]bool{},
		Plan: &Plan{document: document, file: file, root: root, options: o.withDefaults(), secrets: newSecrets(o)},
	}
	p.Diagnostics = found
	p.loadSources(ctx)
	p.plan()
	if p.Diagnostics.Failed() {
		return nil, p.Diagnostics
	}
	return p.Plan, nil
}

// apiSource is a source description with the OpenAPI description it names.
type apiSource struct {
	*arazzo.SourceDescription
	// location is where the description was found.
	location string
	openapi  *openapi.Document
	// api is bound to the source, or nil.
	api *API
}

// planner builds a plan and collects what is wrong with it.
type planner struct {
	*Plan
	// wanted are the credentials that were found missing already.
	wanted map[string]bool
	// asked are the names of the credentials that operations ask for.
	asked map[string]bool
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

// dialect reports something accepted that the specification does not allow.
func (p *planner) dialect(d *source.Diagnostic) {
	d.Severity = source.Warning
	if p.options.Strict {
		d.Severity = source.Error
	}
	p.report(d)
}

func (p *planner) loadSources(ctx context.Context) {
	for name := range p.options.Sources {
		p.mustBeSource(name, "--source")
	}
	for name := range p.options.Servers {
		p.mustBeSource(name, "--server")
	}
	for _, d := range p.document.SourceDescriptions {
		s := &apiSource{SourceDescription: d}
		s.api = p.boundAPI(d)
		p.checkServer(s)
		p.sources = append(p.sources, s)
		if d.Type == "arazzo" {
			p.report(&source.Diagnostic{
				Code: "unsupported", Position: d.At("type"), Message: "this version of the runner does not load sources of type arazzo",
				Expected: "a source of type openapi",
			})
			continue
		}
		if file := p.fetchSource(ctx, s); file != nil {
			var found source.Diagnostics
			s.openapi, found = openapi.Load(file)
			p.add(found...)
		}
	}
}

// checkServer judges where the caller says that the source's API is. A bound API
// has its own server, and its credential must not go to another.
func (p *planner) checkServer(s *apiSource) {
	given, ok := p.options.Servers[s.Name]
	if !ok {
		return
	}
	if s.api != nil && s.api.Server != "" {
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
func (p *planner) servable(s *apiSource) bool {
	given, ok := p.options.Servers[s.Name]
	u, err := url.Parse(given)
	return !ok || err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

func (p *planner) mustBeSource(name, flag string) {
	for _, d := range p.document.SourceDescriptions {
		if d.Name == name {
			return
		}
	}
	p.report(&source.Diagnostic{
		Code: "unknown-source", Position: p.document.At("sourceDescriptions"),
		Message:  fmt.Sprintf("%s names the source %q, which the document does not have", flag, name),
		Expected: "one of " + p.sourceNames(),
	})
}

func (p *planner) sourceNames() string {
	var names []string
	for _, d := range p.document.SourceDescriptions {
		names = append(names, d.Name)
	}
	return list(names)
}

// boundAPI is the API whose file the source names.
func (p *planner) boundAPI(d *arazzo.SourceDescription) *API {
	location := d.URL
	if other, ok := p.options.Sources[d.Name]; ok {
		location = other
	}
	for i := range p.options.APIs {
		if api := &p.options.APIs[i]; api.File == baseName(location) || api.File == baseName(d.URL) {
			return api
		}
	}
	return nil
}

// fetchSource reads the source's file: where --source says, else where its url
// leads, else the description that a bound API brings along.
func (p *planner) fetchSource(ctx context.Context, s *apiSource) *source.File {
	override, overridden := p.options.Sources[s.Name]
	s.location = override
	if !overridden {
		s.location = resolve(p.file.Name, s.URL)
	}
	file, err := fetch(ctx, s.location)
	if err == nil {
		return file
	}
	if !overridden && s.api != nil && s.api.Description != "" && errors.Is(err, fs.ErrNotExist) {
		return &source.File{Name: s.api.File + " (bundled)", Text: s.api.Description}
	}
	p.report(&source.Diagnostic{
		Code: "arazzo/source-not-found", Position: s.At("url"),
		Message:  fmt.Sprintf("the source %q cannot be read from %s: %v", s.Name, s.location, err),
		Expected: "an OpenAPI description",
		Fix:      fmt.Sprintf("correct the url, or say where it is: --source %s=PATH", s.Name),
	})
	return nil
}
