package retrieve

import (
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// strayPercent is one that begins no escape.
var strayPercent = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`%([^0-9A-Fa-f]|[0-9A-Fa-f][^0-9A-Fa-f]|.?$)`)
})

// IsWeb tells an http(s) URL from a path and from other URIs.
func IsWeb(location string) bool {
	scheme, _, ok := strings.Cut(location, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// hasDrive tells whether a path begins as the absolute ones of Windows do, which
// would otherwise be taken for a scheme of one letter.
func hasDrive(path string) bool {
	return len(path) > 2 && path[1] == ':' && (path[2] == '/' || path[2] == '\\') &&
		('a' <= path[0] && path[0] <= 'z' || 'A' <= path[0] && path[0] <= 'Z')
}

// URI is the absolute URI of a location that a user gives: a path, relative to
// the working directory, or an http(s) or file URL. A path is taken as it is: no
// character of it has a special meaning.
func URI(location string) string {
	if IsWeb(location) || strings.HasPrefix(location, "file:/") {
		if uri, err := Resolve("", location); err == nil {
			return uri
		}
		return location
	}
	absolute, err := filepath.Abs(location)
	if err != nil { // without a working directory
		absolute = location
	}
	return fileURI(absolute)
}

func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // a drive of Windows
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// Path is the path that a file URI of this machine leads to. A file has no query.
func Path(uri string) (string, bool) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Host != "" || u.Path == "" || u.RawQuery != "" {
		return "", false
	}
	path := u.Path
	if hasDrive(strings.TrimPrefix(path, "/")) {
		path = path[1:]
	}
	return filepath.FromSlash(path), true
}

// Resolve resolves a URI reference against an absolute base URI (RFC 3986,
// section 5.2). The result has no fragment, which would name a part of a
// document, and is normalised as far as comparing needs it.
//
// Real documents hold references that are no URIs. These are read as they are
// meant: spaces and letters beyond ASCII as if they were percent-encoded, a '%'
// that begins no escape as itself, a backslash as a slash, and C:\x as a file. A
// '#' begins a fragment and a '?' a query wherever they stand: in the name of a
// file they have to be written %23 and %3F.
//
// The error is an [*Error]: the reference cannot be read, or it is relative and
// the base has no hierarchy, as a urn has not.
func Resolve(base, reference string) (string, error) {
	r, err := parseReference(reference)
	if err != nil {
		return "", illegible(reference, err)
	}
	if !r.IsAbs() {
		b, err := url.Parse(base)
		if err != nil || len(b.Scheme) < 2 || b.Opaque != "" { // a scheme of one letter is a drive
			return "", fail(Invalid, fmt.Sprintf("%q is relative, and there is nothing it could be relative to", Shown(reference)), "", err)
		}
		r = b.ResolveReference(r)
	} else if r.Opaque == "" {
		r = r.ResolveReference(r) // takes . and .. out of the path
	}
	uri := normal(r)
	if _, err := url.Parse(uri); err != nil { // a host that its new scheme does not allow
		return "", illegible(reference, err)
	}
	return uri, nil
}

func illegible(reference string, err error) *Error {
	return fail(Invalid, fmt.Sprintf("%q cannot be read as a URI", Shown(reference)), "", err)
}

func parseReference(reference string) (*url.URL, error) {
	if hasDrive(reference) {
		reference = "file:///" + reference
	}
	reference = strings.ReplaceAll(reference, `\`, "/")
	for strings.Contains(reference, "%") && strayPercent().MatchString(reference) {
		reference = strayPercent().ReplaceAllString(reference, "%25$1")
	}
	return url.Parse(reference)
}

// normal writes one URI for one location: without a fragment, the host in lower
// case, the port left out where it is the scheme's own, and a file's path encoded
// in one way.
func normal(u *url.URL) string {
	n := *u
	n.Fragment, n.RawFragment = "", ""
	n.Host = strings.ToLower(n.Host)
	switch n.Scheme {
	case "file":
		if n.Host == "localhost" {
			n.Host = ""
		}
		n.RawPath, n.OmitHost = "", false
	case "http", "https":
		n.Host = strings.TrimSuffix(n.Host, ":"+defaultPort(n.Scheme))
		if n.Path == "" {
			n.Path = "/"
		}
	}
	return n.String()
}

// Name is how a person knows the document at a URI which the document from
// names: a file by its path, relative to the working directory where the name of
// from is relative, anything else by the URI without credentials, and so a path
// that would write to a terminal.
func Name(from *source.File, uri string) string {
	path, ok := Path(uri)
	if !ok || strings.ContainsFunc(path, unicode.IsControl) {
		return Shown(uri)
	}
	if strings.Contains(from.Name, "://") || filepath.IsAbs(from.Name) {
		return path
	}
	here, err := filepath.Abs(".")
	if err != nil {
		return path
	}
	relative, err := filepath.Rel(here, path)
	if err != nil {
		return path
	}
	return relative
}
