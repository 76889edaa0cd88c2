package openapi

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Document is an indexed OpenAPI description. What it says never changes after
// [Load]; files that it refers to are read when they are first needed. Any
// number of goroutines may use it.
type Document struct {
	// Version is the value of the openapi or swagger field, such as "3.1.0".
	Version string

	edition edition
	main    *file
	library *library
	index   []*entry
}

// Load parses and indexes a description in YAML or JSON. The document is nil
// exactly when an error is among the diagnostics: text that is not YAML, or not
// an OpenAPI description of a version from 2.0 to 3.2. Warnings tell of damage
// around operations. The text may have [source.MaxBytes] at the most.
//
// References into other files are followed with retrieve; without one they are
// refused where they stand. Load itself follows only those of path items, because
// an operationId may stand in any of them.
func Load(file *source.File, retrieve Retrieve) (*Document, source.Diagnostics) {
	root, err := source.Outline(file)
	if err != nil {
		return nil, source.Of(err)
	}
	main := newFile(file, root)
	d := &Document{main: main, edition: main.edition}
	d.library = &library{retrieve: retrieve, bytes: len(file.Text)}
	d.library.files = append(d.library.files, main)
	if d.edition == editionUnknown {
		return nil, source.Diagnostics{refuse(main.root)}
	}
	if d.Version = main.root.child("openapi").text(); d.edition == edition20 {
		d.Version = "2.0"
	}
	s := scanner{reader: reader{document: d}, ids: map[string]*entry{}, checked: map[*yaml.Node]bool{}}
	s.paths()
	if s.found.Failed() {
		return nil, s.found
	}
	return d, s.found
}

// refuse says what the document is instead.
func refuse(root part) *source.Diagnostic {
	if !root.isMapping() {
		return notOpenAPI(root, "the source is not a mapping")
	}
	for _, kind := range []struct{ field, name string }{
		{"openapi", "OpenAPI"}, {"swagger", "Swagger"}, {"arazzo", "Arazzo"}, {"asyncapi", "AsyncAPI"},
	} {
		n := root.child(kind.field)
		if !n.exists() {
			continue
		}
		if kind.field == "arazzo" || kind.field == "asyncapi" {
			return notOpenAPI(n, fmt.Sprintf("the source is an %s document, version %q", kind.name, n.text()))
		}
		return &source.Diagnostic{
			Code: "arazzo/unsupported-openapi", Severity: source.Error, Position: n.at(),
			Message:  fmt.Sprintf("the source is written in %s %q, which cannot be read", kind.name, n.text()),
			Expected: `openapi: 3.0.x, 3.1.x or 3.2.x, or swagger: "2.0"`,
			Fix:      "convert the description to OpenAPI 3.1 and give that file with --source NAME=PATH",
		}
	}
	return notOpenAPI(root, "the source has no openapi field")
}

func notOpenAPI(at part, found string) *source.Diagnostic {
	return &source.Diagnostic{
		Code: "arazzo/not-openapi", Severity: source.Error, Position: at.at(), Message: found,
		Expected: `an OpenAPI description: a mapping that starts with "openapi: 3.1.0" or another version`,
		Fix:      "correct the source description's url or type, or give the right file with --source NAME=PATH",
	}
}

// OperationIDs lists every operationId in document order, duplicates as often
// as they stand there.
func (d *Document) OperationIDs() []string {
	var ids []string
	for _, e := range d.index {
		if e.id != "" {
			ids = append(ids, e.id)
		}
	}
	return ids
}

// Listing is one line of a description's table of contents.
type Listing struct {
	// ID is the operationId; it may be empty.
	ID string
	// Method is as it is sent, such as "GET"; Path is the path template.
	Method, Path string
	// Pointer is the JSON Pointer that [Document.OperationAt] takes.
	Pointer string
	Summary string
	// Position is where the operation starts.
	Position source.Position
}

// Operations lists every operation in document order. It builds none of them.
func (d *Document) Operations() []Listing {
	list := make([]Listing, len(d.index))
	for i, e := range d.index {
		list[i] = Listing{
			ID: e.id, Method: e.method(), Path: e.path, Pointer: e.pointer(),
			Summary: strings.TrimSpace(e.operation.child("summary").text()), Position: e.key.at(),
		}
	}
	return list
}
