package description

import (
	"os"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
)

// link is a source description on its way to the document that it means.
type link struct {
	*Source
	from *Document
	// name is what --source calls the source; given is where it says it is.
	name, given string
	// uri is the absolute URI that the source means, or where it is given.
	uri string
	// beside is the file at the same relative place as the document's own file,
	// where $self makes the url mean another one (S-024); besideFound tells
	// whether there is one.
	beside      string
	besideFound bool

	// text is what was found, err why nothing was; how tells by what it was found.
	text *text
	err  error
	how  means
}

// means is by what the document of a source was found.
type means int

const (
	byURI means = iota
	bySelf
	besideDocument
)

func (l *loader) link(d *Document, s *arazzo.SourceDescription, prefix string) *link {
	k := &link{Source: &Source{SourceDescription: s}, from: d, name: prefix + s.Name}
	if given, ok := l.Sources[k.name]; ok {
		k.given, k.uri, k.Location = given, retrieve.URI(given), retrieve.Shown(given)
		l.scope.Trust(k.uri)
		return k
	}
	if s.URL == "" { // reported as missing
		return k
	}
	if k.uri, k.err = resolve(d, s.URL); k.err != nil {
		return k
	}
	k.Location = retrieve.Name(d.File, k.uri)
	if d == l.documents[0] { // also where only its $self makes the url one of the web
		l.scope.Allow(k.uri)
	}
	k.lookBeside()
	return k
}

// resolve resolves a reference of a document. A $self without a hierarchy, such
// as a urn, names the document and is no base of anything.
func resolve(d *Document, reference string) (string, error) {
	uri, err := retrieve.Resolve(d.BaseURI, reference)
	if err != nil && d.BaseURI != d.File.URI {
		return retrieve.Resolve(d.File.URI, reference)
	}
	return uri, err
}

// lookBeside finds the local copy of what a relative url means. Documents are
// edited on disk long before the place that $self names has them.
func (k *link) lookBeside() {
	if strings.HasPrefix(k.uri, "file:") || strings.HasPrefix(k.URL, "/") {
		return
	}
	uri, err := retrieve.Resolve(k.from.File.URI, k.URL)
	if err != nil {
		return
	}
	name, ok := retrieve.Path(uri)
	if !ok {
		return
	}
	k.beside = uri
	info, err := os.Stat(name)
	k.besideFound = err == nil && info.Mode().IsRegular()
}
