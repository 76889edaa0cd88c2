package description

import (
	"context"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
)

// provided is the document that the user named as well and that calls itself by
// this URI: no reference is missing before all documents provided are parsed
// (1.1.0, section 5.5.4). As in [loader.identified], one from the web cannot take
// the place of a file.
func (l *loader) provided(ctx context.Context, uri string) *text {
	l.Cache.identified.Do(func() { l.Cache.identities = l.identities(ctx) })
	location, ok := l.Cache.identities[uri]
	if !ok || l.full() != nil {
		return nil
	}
	t := l.named(ctx, location)
	if t != nil {
		l.know(retrieve.URI(location), t)
	}
	return t
}

// identities reads all that the user named. The first of two that call themselves
// the same is taken; what cannot be read is told where it is the entry document.
func (l *loader) identities(ctx context.Context) map[string]string {
	known := map[string]string{}
	for _, location := range l.Provided {
		t := l.named(ctx, location)
		if t == nil || t.arazzo == nil || t.arazzo.Self == "" {
			continue
		}
		uri := baseURI(t.file, t.arazzo)
		if retrieve.IsWeb(t.file.URI) && strings.HasPrefix(uri, "file:") {
			continue
		}
		if known[uri] == "" {
			known[uri] = location
		}
	}
	return known
}

// named is the document at a location of the user's, or nil.
func (l *loader) named(ctx context.Context, location string) *text {
	uri := retrieve.URI(location)
	if t := l.texts[uri]; t != nil {
		return t
	}
	t, err := l.Cache.get(key{uri, retrieve.Shown(location)}, func() (*text, error) {
		file, err := l.Client.Get(ctx, location)
		if err != nil {
			return nil, err
		}
		return read(file, l.Client), nil
	})
	if err != nil {
		return nil
	}
	return t
}
