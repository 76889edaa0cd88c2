package retrieve

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Scope reads what the documents of one description name. The package comment
// tells what it reaches. Any number of goroutines may use [Scope.Get] and
// [Scope.Judge], while nobody uses [Scope.Trust] or [Scope.Allow].
type Scope struct {
	client *Client
	// trusted hosts may have any address, named ones public addresses only where
	// the entry is public.
	trusted, named []Host
	// public tells that the entry document came from a host that is not this
	// machine, so that its author may not be its user.
	public bool
}

// Scope makes the scope of an entry document.
func (c *Client) Scope(entry *source.File) *Scope {
	s := &Scope{client: c, trusted: slices.Clone(c.AllowHosts)}
	s.Trust(entry.URI)
	u, err := url.Parse(entry.URI)
	s.public = err == nil && isWeb(u) && !hostOf(u).isLoopback()
	return s
}

// Trust allows the host of an http(s) URI that the user gave.
func (s *Scope) Trust(uri string) {
	s.client.remember(uri)
	s.trusted = appendHost(s.trusted, uri)
}

// Allow allows the host of a URI that the entry document names, resolved against
// its base URI. One that is not of the web changes nothing.
func (s *Scope) Allow(uri string) { s.named = appendHost(s.named, uri) }

func appendHost(hosts []Host, uri string) []Host {
	if u, err := url.Parse(uri); err == nil && isWeb(u) {
		return append(hosts, hostOf(u))
	}
	return hosts
}

func isWeb(u *url.URL) bool { return u.Scheme == "http" || u.Scheme == "https" }

// Get reads the document at an absolute URI which the document from names; a
// nil from is the user. The error is an [*Error].
func (s *Scope) Get(ctx context.Context, from *source.File, uri string) (*source.File, error) {
	if err := s.Judge(from, uri); err != nil {
		return nil, err
	}
	u, err := parse(uri)
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, interrupted(ctx)
	}
	if u.Scheme == "file" {
		return s.client.file(ctx, from, u)
	}
	return s.web(ctx, u)
}

// Judge tells whether the document from may name the URI, without reading
// anything. The error is an [*Error].
func (s *Scope) Judge(from *source.File, uri string) error {
	u, err := parse(uri)
	if err != nil {
		return err
	}
	if err := s.judge(from, u); err != nil {
		return err
	}
	return nil
}

func parse(uri string) (*url.URL, error) {
	u, err := url.Parse(uri)
	if err != nil {
		return nil, illegible(uri, err)
	}
	return u, nil
}

func (s *Scope) judge(from *source.File, u *url.URL) *Error {
	switch {
	case isWeb(u):
		return s.judgeHost(hostOf(u))
	case u.Scheme != "file":
		return fail(Invalid, fmt.Sprintf("the scheme %q does not say where a document is", u.Scheme), "name it by a path or an http(s) URL", nil)
	case from != nil && IsWeb(from.URI):
		return fail(Forbidden, "a document from the web must not name a file of this machine", "download the document, and begin with that file", nil)
	case u.Host != "" && u.Host != "localhost":
		return fail(Forbidden, fmt.Sprintf("the file is on another machine, %s", u.Host), "name it by a path", nil)
	case u.RawQuery != "" || u.ForceQuery:
		return fail(Invalid, "a file has no query", "in the name of a file write ? as %3F", nil)
	}
	return nil
}

func (s *Scope) judgeHost(h Host) *Error {
	covers := func(allowed Host) bool { return allowed.covers(h) }
	trusted := slices.ContainsFunc(s.trusted, covers)
	switch {
	case h.name == "":
		return fail(Invalid, "the URL names no host", "", nil)
	case !trusted && !slices.ContainsFunc(s.named, covers):
		return fail(Forbidden, fmt.Sprintf("the entry document does not name the host %s", h), allow(h), nil)
	case !trusted && s.public && h.isPrivate():
		return private(h)
	}
	return nil
}

func private(h Host) *Error {
	return fail(Forbidden, fmt.Sprintf("a document from the web must not reach into this network, as %s does", h), allow(h), nil)
}

func allow(h Host) string { return fmt.Sprintf("if that is meant: --allow-host %s", h) }

// connections carries the requests of a scope.
type connections struct{ *Scope }

// RoundTrip sends one request of a chain of redirects. What a public entry
// document names goes over guarded connections, unless there is a proxy: that
// resolves names itself, and is mostly a private address.
func (c connections) RoundTrip(r *http.Request) (*http.Response, error) {
	trusted := slices.ContainsFunc(c.trusted, func(allowed Host) bool { return allowed.covers(hostOf(r.URL)) })
	proxy, err := http.ProxyFromEnvironment(r)
	if !c.public || trusted || err != nil || proxy != nil {
		return c.client.open.RoundTrip(r)
	}
	return c.client.guarded.RoundTrip(r)
}
