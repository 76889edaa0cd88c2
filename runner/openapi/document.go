package openapi

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Document is an indexed OpenAPI description. It is never changed after [Load],
// so any number of goroutines may use it.
type Document struct {
	// Version is the value of the document's openapi field, such as "3.1.0".
	Version string

	file  *source.File
	root  *yaml.Node
	index []entry
}

// Load parses and indexes a description in YAML or JSON. The document is nil
// exactly when an error is among the diagnostics: text that is not YAML, or not
// an OpenAPI 3.0 or 3.1 description. Warnings tell of damage around operations.
// The text may have [source.MaxBytes] at the most.
func Load(file *source.File) (*Document, source.Diagnostics) {
	root, err := source.Nodes(file)
	if err != nil {
		return nil, source.Of(err)
	}
	d := &Document{file: file, root: target(root)}
	if problem := d.identify(); problem != nil {
		return nil, source.Diagnostics{problem}
	}
	s := scanner{reader: reader{document: d}}
	s.paths()
	if s.found.Failed() {
		return nil, s.found
	}
	return d, s.found
}

func notOpenAPI(at source.Position, found string) *source.Diagnostic {
	return &source.Diagnostic{
		Code: "arazzo/not-openapi", Severity: source.Error, Position: at, Message: found,
		Expected: `an OpenAPI description: a mapping that starts with "openapi: 3.1.0" or "openapi: 3.0.3"`,
		Fix:      "correct the source description's url or type, or give the right file with --source NAME=PATH",
	}
}

// supported matches the versions this package reads. Some documents leave the
// patch number out; it never changes what a document means.
var supported = regexp.MustCompile(`^3\.[01](\.\d+)?(-.+)?$`)

// identify reads the version, and names what else the document is.
func (d *Document) identify() *source.Diagnostic {
	if !isMapping(d.root) {
		return notOpenAPI(d.at(d.root), "the source is not a mapping")
	}
	d.Version = text(child(d.root, "openapi"))
	if supported.MatchString(d.Version) {
		return nil
	}
	for _, kind := range []struct{ field, name string }{
		{"openapi", "OpenAPI"}, {"swagger", "Swagger"}, {"arazzo", "Arazzo"}, {"asyncapi", "AsyncAPI"},
	} {
		n := child(d.root, kind.field)
		if n == nil {
			continue
		}
		if kind.field == "arazzo" || kind.field == "asyncapi" {
			return notOpenAPI(d.at(n), fmt.Sprintf("the source is an %s document, version %q", kind.name, text(n)))
		}
		return &source.Diagnostic{
			Code: "arazzo/unsupported-openapi", Severity: source.Error, Position: d.at(n),
			Message:  fmt.Sprintf("the source is written in %s %q, which cannot be read", kind.name, text(n)),
			Expected: "OpenAPI 3.0.x or 3.1.x",
			Fix:      "convert the description to OpenAPI 3.1 and give that file with --source NAME=PATH",
		}
	}
	return notOpenAPI(d.at(d.root), "the source has no openapi field")
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

// Operation builds the operation with this operationId. It is nil without a
// diagnostic when no operation has the id, and nil with an error when several
// have it or when what a request is made of is damaged.
func (d *Document) Operation(id string) (*Operation, source.Diagnostics) {
	var hits []entry
	for _, e := range d.index {
		if e.id == id && id != "" {
			hits = append(hits, e)
		}
	}
	switch len(hits) {
	case 0:
		return nil, nil
	case 1:
		return d.build(hits[0])
	}
	return nil, source.Diagnostics{d.ambiguous(id, hits)}
}

func (d *Document) ambiguous(id string, hits []entry) *source.Diagnostic {
	var places []string
	for _, e := range hits {
		places = append(places, fmt.Sprintf("%s (line %d)", e, e.key.Line))
	}
	return &source.Diagnostic{
		Code: "arazzo/ambiguous-operation", Severity: source.Error, Position: d.at(hits[1].key),
		Message:  fmt.Sprintf("%d operations have the operationId %q: %s", len(hits), id, strings.Join(places, ", ")),
		Expected: "an operationId that is unique in its document",
		Fix: fmt.Sprintf("rename one of them, or let the step name its operation with operationPath and '#%s'",
			hits[0].pointer()),
	}
}

// OperationAt builds the operation at a JSON Pointer such as
// "/paths/~1pets~1{id}/get", the part of an operationPath behind '#'. Braces and
// other characters may be percent-encoded, as in any URI fragment. It is nil
// without a diagnostic when no operation stands there.
func (d *Document) OperationAt(pointer string) (*Operation, source.Diagnostics) {
	tokens, ok := pointerTokens(pointer)
	if !ok || len(tokens) != 3 || tokens[0] != "paths" {
		return nil, nil
	}
	for _, e := range d.index {
		if e.path == tokens[1] && e.method == tokens[2] {
			return d.build(e)
		}
	}
	return nil, nil
}

// pointerTokens splits a JSON Pointer in its URI fragment form (RFC 6901,
// section 6). A '%' that starts no escape stands for itself.
func pointerTokens(fragment string) ([]string, bool) {
	if fragment == "" {
		return nil, true
	}
	if !strings.HasPrefix(fragment, "/") {
		return nil, false
	}
	tokens := strings.Split(fragment[1:], "/")
	for i, token := range tokens {
		if plain, err := url.PathUnescape(token); err == nil {
			token = plain
		}
		tokens[i] = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
	}
	return tokens, true
}

// at is the place of a node in the file.
func (d *Document) at(n *yaml.Node) source.Position {
	if n == nil {
		return source.Position{File: d.file}
	}
	return source.Position{File: d.file, Line: n.Line, Column: n.Column}
}
