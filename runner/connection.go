package runner

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// connection warns, once for each server, of what anybody on the way to it may do:
// read credentials (S-231), or answer in its place.
func (p *planner) connection(s *step) {
	u, err := url.Parse(s.server)
	if err != nil || s.server == "" {
		return
	}
	p.way(s, u, s.hasCredential(u), fmt.Sprintf("--server %s=https://%s", p.nameOf(s.Source), u.Host))
}

// way warns of the way to a server; that the fix names leads there by https.
func (p *planner) way(s *step, u *url.URL, credential bool, fix string) {
	p.called = append(p.called, u)
	if p.warned[u.Scheme+u.Host] {
		return
	}
	switch {
	case u.Scheme == "http" && !exchange.Loopback(u) && credential:
		p.report(&source.Diagnostic{
			Code: "plain-http", Severity: source.Warning, Position: s.Position(),
			Message:  fmt.Sprintf("credentials go to %s over http: anybody on the way can read them", u.Host),
			Expected: "https", Fix: "where the server has TLS: " + fix,
		})
	case u.Scheme == "https" && p.options.Transport == nil && p.options.TLS.IsInsecure(u.Host):
		p.report(&source.Diagnostic{
			Code: "unverified-server", Severity: source.Warning, Position: s.Position(),
			Message:  fmt.Sprintf("the certificate of %s is not verified: anybody on the way can read and change what is sent", u.Host),
			Expected: "a certificate that can be verified", Fix: "give its authority's certificate: --ca-cert FILE",
		})
	default:
		return
	}
	p.warned[u.Scheme+u.Host] = true
}

// unusedHosts warns of TLS settings for hosts that no step calls: a misspelt name
// would go unnoticed.
func (p *planner) unusedHosts() {
	if p.options.Transport != nil {
		return
	}
	for _, host := range p.options.TLS.Insecure {
		p.unusedHost("--insecure", host)
	}
	for _, c := range p.options.TLS.Certificates {
		p.unusedHost("--client-cert", c.Host)
	}
}

func (p *planner) unusedHost(flag string, host exchange.Host) {
	if slices.ContainsFunc(p.called, func(u *url.URL) bool { return u.Scheme == "https" && host.Meets(u) }) || host == (exchange.Host{}) {
		return
	}
	p.report(&source.Diagnostic{
		Code: "unused-host", Severity: source.Warning, Position: p.document.At("sourceDescriptions"),
		Message: fmt.Sprintf("no step that runs calls the host of %s %s by https", flag, host), Expected: "a host that is called",
	})
}

// hasCredential tells whether a request of the step carries what nobody else should
// read: what the run adds, what has a name that says so, the user of the URL.
func (s *step) hasCredential(u *url.URL) bool {
	_, password := u.User.Password()
	return password || slices.ContainsFunc(s.parameters, func(p parameter) bool {
		return p.credential || secret.Named(p.name)
	})
}
