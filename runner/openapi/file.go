package openapi

import (
	"net/url"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// file is one parsed file of a description.
type file struct {
	source *source.File
	root   part
	// location is where it was retrieved from, base what the references in it
	// are resolved against: its own URI where it has one, which is $self of
	// OpenAPI 3.2 (Establishing the Base URI) and $id of a JSON Schema, else the
	// location.
	location, base string
	edition        edition

	// unfolding is for goroutines that come to a folded node at a time.
	unfolding sync.Mutex
}

// entries are the children of a node. Those of a long JSON text are made when they
// are first asked for (source.Outline).
func (f *file) entries(n *yaml.Node) []*yaml.Node {
	f.unfolding.Lock()
	defer f.unfolding.Unlock()
	source.Unfold(n)
	return n.Content
}

func newFile(from *source.File, root *yaml.Node) *file {
	f := &file{source: from, location: place(from)}
	f.root = part{node: target(root), in: f}
	f.base = f.location
	own := ""
	f.edition = editionOf(f.root)
	switch f.edition {
	case edition32:
		own = f.root.child("$self").text()
	case editionUnknown:
		own = f.root.child("$id").text()
	}
	if uri := resolveURI(f.location, own); uri != "" {
		f.base = uri
	}
	return f
}

// place is where a file was retrieved from, as far as that is known.
func place(f *source.File) string {
	if f.URI != "" {
		return f.URI
	}
	return f.Name
}

// remote tells whether the file came from the web.
func (f *file) remote() bool {
	return strings.HasPrefix(f.location, "http://") || strings.HasPrefix(f.location, "https://")
}

// resolveURI resolves a reference against an absolute base and drops its
// fragment. It is empty where the result would not be absolute.
func resolveURI(base, reference string) string {
	r, err := url.Parse(reference)
	if err != nil || reference == "" {
		return ""
	}
	if b, err := url.Parse(base); err == nil && b.IsAbs() {
		r = b.ResolveReference(r)
	}
	if !r.IsAbs() {
		return ""
	}
	r.Fragment, r.RawFragment = "", ""
	return r.String()
}
