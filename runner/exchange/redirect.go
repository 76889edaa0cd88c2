package exchange

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/secret"
)

// maxRedirects is what browsers are content with, halved.
const maxRedirects = 10

// isRedirect tells which statuses lead elsewhere (RFC 9110, section 15.4). 300
// offers a choice, and 304 and 305 are no redirects.
func isRedirect(status int) bool {
	return slices.Contains([]int{301, 302, 303, 307, 308}, status)
}

// hop is one request of a chain of redirects.
type hop struct {
	method string
	url    *url.URL
	header http.Header
	body   []byte
	// credentials are names of headers and query parameters.
	credentials []string
}

func first(r *Request) (*hop, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, err
	}
	header := r.Header
	if header == nil {
		header = http.Header{}
	}
	return &hop{r.Method, u, header, r.Body, r.Credentials}, nil
}

// redirected is the request that a redirect asks for (RFC 9110, section 15.4).
// After 303 it is a GET. 307 and 308 repeat the request as it is. 301 and 302 do
// so for GET and HEAD; what they mean for others no two clients agree on.
func (h *hop) redirected(status int, location string) (*hop, error) {
	to, err := h.url.Parse(escaped(location))
	if err != nil {
		return nil, h.refuse(status, location, "it is no URL", "")
	}
	if to.Fragment = ""; to.Scheme != "http" && to.Scheme != "https" || to.Host == "" {
		return nil, h.refuse(status, location, "it is no http or https URL", "")
	}
	next := &hop{h.method, to, h.header.Clone(), h.body, h.credentials}
	switch {
	case h.url.Scheme == "https" && to.Scheme == "http":
		return nil, h.refuse(status, location, "from https to http, where anybody on the way can read and change it", "name the https URL that has it")
	case status == http.StatusSeeOther:
		next.toGet()
	case status < http.StatusTemporaryRedirect && !h.reads():
		return nil, h.refuse(status, location, fmt.Sprintf("it is not told whether the %s is to be sent there too, which 307 and 308 mean, or a GET, which 303 means", h.method), serverFix)
	}
	if sameHost(h.url, to) {
		to.User = h.url.User
		return next, nil
	}
	if !next.reads() || next.body != nil {
		return nil, h.refuse(status, location, fmt.Sprintf("a %s is not sent to another host than the one it was made for", h.method), serverFix)
	}
	next.leaveCredentials(h.url)
	return next, nil
}

// escaped percent-encodes what no URL can hold: of a URL that has some of it, net/url
// would keep no escape, and lead elsewhere.
func escaped(location string) string {
	var b strings.Builder
	for i := range len(location) {
		if c := location[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

const serverFix = "where that is right, name the server by the address that the redirect leads to"

func (h *hop) refuse(status int, location, why, fix string) *Error {
	return &Error{Code: NotFollowed, Message: fmt.Sprintf("the server redirects with %d to %s, which is not followed: %s", status, location, why), Fix: fix}
}

func endless(redirects []Redirect, to *url.URL) *Error {
	shown := *to
	shown.User = nil
	why := ""
	if slices.ContainsFunc(redirects, func(r Redirect) bool { return r.From.String() == to.String() }) {
		why = " again: a circle"
	}
	return &Error{
		Code:    NotFollowed,
		Message: fmt.Sprintf("the server redirected %d times, and then to %s%s", len(redirects), &shown, why),
	}
}

// reads tells whether the request changes nothing, whatever it is asked for.
func (h *hop) reads() bool {
	return h.method == http.MethodGet || h.method == http.MethodHead
}

// toGet drops the body, and what the header says of it.
func (h *hop) toGet() {
	if h.method != http.MethodHead {
		h.method = http.MethodGet
	}
	h.body = nil
	for name := range h.header {
		if strings.HasPrefix(strings.ToLower(name), "content-") {
			h.header.Del(name)
		}
	}
}

// sameHost tells whether one server may be told what is meant for the other: one
// host and port, or the same host when it moves from http to https.
func sameHost(a, b *url.URL) bool {
	if !strings.EqualFold(a.Hostname(), b.Hostname()) {
		return false
	}
	moved := a.Scheme == "http" && b.Scheme == "https" && portOf(a) == "80" && portOf(b) == "443"
	return moved || a.Scheme == b.Scheme && portOf(a) == portOf(b)
}

// leaveCredentials takes out what is meant for the host before. A query
// parameter of the address is the server's own, unless it is our credential come
// back.
func (h *hop) leaveCredentials(before *url.URL) {
	h.url.User = nil
	h.header.Del("Host")
	for name := range h.header {
		if secret.Named(name) || slices.ContainsFunc(h.credentials, func(c string) bool { return strings.EqualFold(c, name) }) {
			h.header.Del(name)
		}
	}
	sent := before.Query()
	parts := slices.DeleteFunc(strings.Split(h.url.RawQuery, "&"), func(part string) bool {
		name, value, _ := strings.Cut(part, "=")
		name, errName := url.QueryUnescape(name)
		value, errValue := url.QueryUnescape(value)
		return errName == nil && errValue == nil && (secret.Named(name) || slices.Contains(h.credentials, name)) && slices.Contains(sent[name], value)
	})
	h.url.RawQuery = strings.Join(parts, "&")
}
