package description

import (
	"context"
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Limits on what one description may be made of.
const (
	// maxDocuments is ten times what the largest known descriptions name.
	maxDocuments = 100
	// maxTotalBytes bounds the text of all documents together; it is four of the
	// longest that are read.
	maxTotalBytes = 4 * source.MaxBytes
)

// Options say where the documents of a description are.
type Options struct {
	// Client retrieves them; nil means one with its defaults.
	Client *retrieve.Client
	// Sources says where a source really is: a path or URL, by the name of a source
	// of the entry document, or by OUTER.NAME for the source NAME of the document
	// that the arazzo source OUTER is.
	Sources map[string]string
	// Bundled gives the text that stands in for a source which is not found, by
	// the last element of its path. It may be nil.
	Bundled func(name string) (text string, ok bool)
	// Provided are the paths and URLs of documents that the user named beside the
	// entry document: one of them is taken where a source that is not found
	// otherwise means what it calls itself (1.1.0, section 5.5.4). Loads that share
	// a Cache have the same ones.
	Provided []string
	// NoSources leaves all sources unread, to judge the entry document alone.
	NoSources bool
	// Cache shares the documents with other loads; nil shares them with none.
	Cache *Cache
}

// Load reads the entry document at a path or URL and every document it is
// connected to. The description is nil only where no Arazzo document is at the
// location. Otherwise it holds all that could be read, whatever is wrong with
// the rest: the diagnostics are those of all documents, in the order of
// [Description].Documents, and of their connections.
func Load(ctx context.Context, location string, o Options) (*Description, source.Diagnostics) {
	l := newLoader(o)
	file, err := l.Client.Get(ctx, location)
	if err != nil {
		return nil, source.Diagnostics{l.noEntry(location, err)}
	}
	return l.load(ctx, file)
}

// Parse is [Load] for a document whose text the caller has. It counts as
// retrieved from its URI, which a caller that took it out of something else sets
// (1.1.0, section 5.5.5.1); without one, from its name.
func Parse(ctx context.Context, file *source.File, o Options) (*Description, source.Diagnostics) {
	located := &source.File{Name: file.Name, URI: file.URI, Text: file.Text}
	if located.URI == "" {
		located.URI = retrieve.URI(file.Name)
	} else if uri, err := retrieve.Resolve("", file.URI); err == nil {
		located.URI = uri
	}
	return newLoader(o).load(ctx, located)
}

// loader is one call of Load.
type loader struct {
	Options
	scope *retrieve.Scope
	// texts are the documents that this load knows, by every URI they have; read
	// and bytes count them.
	texts       map[string]*text
	read, bytes int
	documents   []*Document
	origins     map[*Document]*text
	links       []*link
	// near links wait for what is at hand, far ones for what is not.
	near, far []*link
	neighbours
}

func newLoader(o Options) *loader {
	if o.Client == nil {
		o.Client = retrieve.New(retrieve.Options{})
	}
	if o.Cache == nil {
		o.Cache = &Cache{}
	}
	return &loader{Options: o, texts: map[string]*text{}, origins: map[*Document]*text{}}
}

func (l *loader) load(ctx context.Context, file *source.File) (*Description, source.Diagnostics) {
	entry := &text{file: file, kind: kindArazzo}
	entry.readArazzo() // whatever it is: it was given as an Arazzo document
	if entry.root.Get("arazzo") == nil || entry.arazzo == nil {
		return nil, entry.found
	}
	l.scope = l.Client.Scope(file)
	l.know(file.URI, entry)
	l.document(entry, "")
	if !l.NoSources {
		l.connect(ctx)
	}
	return &Description{Entry: l.documents[0], Documents: l.documents}, l.diagnostics()
}

// know adds a text under the URI it was asked for and the one it came from.
func (l *loader) know(uri string, t *text) {
	l.read++
	l.bytes += len(t.file.Text)
	l.texts[uri] = t
	if t.file.URI != "" {
		l.texts[t.file.URI] = t
	}
}

// document is the one document of a text. The prefix is what --source writes
// before the names of its sources.
func (l *loader) document(t *text, prefix string) *Document {
	for _, d := range l.documents {
		if l.origins[d] == t {
			return d
		}
	}
	d := &Document{Document: t.arazzo, File: t.file, Root: t.root, BaseURI: baseURI(t.file, t.arazzo), Failed: t.found.Failed()}
	l.documents = append(l.documents, d)
	l.origins[d] = t
	for _, s := range d.SourceDescriptions {
		k := l.link(d, s, prefix)
		d.Sources = append(d.Sources, k.Source)
		l.links = append(l.links, k)
		switch {
		case k.uri == "": // nothing to look for
		case k.given != "" || k.besideFound || strings.HasPrefix(k.uri, "file:"):
			l.near = append(l.near, k)
		default:
			l.far = append(l.far, k)
		}
	}
	return d
}

// errFull is found at the source that would be one too many.
type errFull struct{ message string }

func (e errFull) Error() string { return e.message }

func (l *loader) full() error {
	switch {
	case l.read >= maxDocuments:
		return errFull{fmt.Sprintf("the description has more than %d documents", maxDocuments)}
	case l.bytes > maxTotalBytes:
		return errFull{fmt.Sprintf("the documents of the description have more than %d bytes", maxTotalBytes)}
	}
	return nil
}

// baseURI is the document's own URI where it has one, else where it was
// retrieved from (1.1.0, section 5.5.5.1).
func baseURI(file *source.File, document *arazzo.Document) string {
	if document.Self == "" {
		return file.URI
	}
	uri, err := retrieve.Resolve(file.URI, document.Self)
	if err != nil {
		return file.URI
	}
	return uri
}
