package description

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// connect finds the documents of all links. What is at hand goes first: a
// document that calls itself by the URI which another link means is then known
// before anybody asks the network for that URI (1.1.0, section 5.5.4.2). Only
// when all are read is one missing (section 5.5.4).
func (l *loader) connect(ctx context.Context) {
	for again := true; again; again = l.identify(ctx) {
		for k := l.next(); k != nil; k = l.next() {
			l.find(ctx, k)
		}
	}
}

// identify gives the links that led nowhere the documents that call themselves by
// what they mean, and tells whether these name others.
func (l *loader) identify(ctx context.Context) bool {
	for _, k := range l.links {
		if k.err == nil || k.given != "" {
			continue
		}
		var t *text
		if d := l.identified(k.uri); d != nil {
			t = l.origins[d]
		} else {
			t = l.provided(ctx, k.uri)
		}
		if t != nil {
			k.err, k.how = nil, bySelf
			l.attach(k, t)
		}
	}
	return len(l.near)+len(l.far) > 0
}

// next takes a link, of those that are at hand first.
func (l *loader) next() *link {
	for _, queue := range []*[]*link{&l.near, &l.far} {
		if len(*queue) > 0 {
			first := (*queue)[0]
			*queue = (*queue)[1:]
			return first
		}
	}
	return nil
}

// identified is the document that calls itself by this URI. Those from the web
// cannot take the place of a file.
func (l *loader) identified(uri string) *Document {
	for _, d := range l.documents {
		if d.Self != "" && d.BaseURI == uri && !(retrieve.IsWeb(d.File.URI) && strings.HasPrefix(uri, "file:")) {
			return d
		}
	}
	return nil
}

// find finds the document of one link: by identity, then beside the document
// that names it, then where its url leads, then among what the caller brings.
func (l *loader) find(ctx context.Context, k *link) {
	uri := k.uri
	if k.given == "" {
		if d := l.identified(uri); d != nil {
			k.how = bySelf
			l.attach(k, l.origins[d])
			return
		}
		if k.besideFound {
			k.how, uri = besideDocument, k.beside
			k.Location = retrieve.Name(k.from.File, uri)
		}
	}
	t, err := l.get(ctx, k, uri)
	if errors.Is(err, fs.ErrNotExist) && k.given == "" {
		if bundled := l.bundled(k); bundled != nil {
			t, err = bundled, nil
		}
	}
	if err != nil {
		k.err = err
		return
	}
	l.attach(k, t)
}

// get reads the text at a URI, unless it is known. Whether the document may name
// it is asked first: it may be known to another document, or another load.
func (l *loader) get(ctx context.Context, k *link, uri string) (*text, error) {
	from, name := k.from.File, ""
	if k.given != "" {
		from, name = nil, retrieve.Shown(k.given)
	} else {
		name = retrieve.Name(from, uri)
	}
	if err := l.scope.Judge(from, uri); err != nil {
		return nil, err
	}
	if t := l.texts[uri]; t != nil {
		return t, nil
	}
	if err := l.full(); err != nil {
		return nil, err
	}
	t, err := l.Cache.get(key{uri, name}, func() (*text, error) {
		file, err := l.scope.Get(ctx, from, uri)
		if err != nil {
			return nil, err
		}
		file.Name = name
		return read(file, l.Client), nil
	})
	if err != nil {
		return nil, err
	}
	if err := l.scope.Judge(from, t.file.URI); err != nil { // where a redirect led
		return nil, err
	}
	if known := l.texts[t.file.URI]; known != nil {
		l.texts[uri] = known
		return known, nil
	}
	l.know(uri, t)
	return t, nil
}

// bundled is the text that stands in for a document which is not there.
func (l *loader) bundled(k *link) *text {
	u, err := url.Parse(k.uri)
	if err != nil || l.Bundled == nil {
		return nil
	}
	name := path.Base(u.Path)
	content, ok := l.Bundled(name)
	if !ok {
		return nil
	}
	label := name + " (bundled)"
	if l.texts[label] == nil {
		l.know(label, read(&source.File{Name: label, Text: content}, l.Client))
	}
	return l.texts[label]
}

// attach gives the source the document that was found.
func (l *loader) attach(k *link, t *text) {
	k.text, k.File = t, t.file
	k.OpenAPI, k.AsyncAPI = t.openapi, t.asyncapi
	if t.file.URI != "" {
		k.Location = t.file.Name
	}
	if t.arazzo != nil {
		k.Arazzo = l.document(t, k.name+".")
	}
}
