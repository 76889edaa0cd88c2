package retrieve

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// Host is the name of a server and a port of it, or all its ports.
type Host struct {
	name string
	// port is empty for all of them.
	port string
}

// hostPattern is HOST[:PORT]; an IPv6 address stands in brackets.
var hostPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\[[0-9A-Fa-f:.]+\]|[^\s:/?#@\[\]]+)(?::([0-9]{1,5}))?$`)
})

// ParseHost reads HOST or HOST:PORT. Without a port it covers all ports.
func ParseHost(text string) (Host, error) {
	m := hostPattern().FindStringSubmatch(text)
	if m == nil {
		return Host{}, fmt.Errorf("%q is no HOST or HOST:PORT", Shown(text))
	}
	return Host{hostName(strings.Trim(m[1], "[]")), m[2]}, nil
}

// hostName is the one way to write a name: a trailing dot says only that the
// name is complete.
func hostName(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

func hostOf(u *url.URL) Host {
	port := u.Port()
	if port == "" {
		port = defaultPort(u.Scheme)
	}
	return Host{hostName(u.Hostname()), port}
}

func defaultPort(scheme string) string {
	return map[string]string{"http": "80", "https": "443"}[scheme]
}

// String is the form that [ParseHost] reads. The usual ports are left out.
func (h Host) String() string {
	name := h.name
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	if h.port == "" || h.port == "80" || h.port == "443" {
		return name
	}
	return name + ":" + h.port
}

// covers tells whether other is reached through h. That http moves to https is
// so common, and so harmless, that the one port stands for the other.
func (h Host) covers(other Host) bool {
	return h.name == other.name && (h.port == "" || h.port == other.port || h.port == "80" && other.port == "443")
}

// isLoopback tells whether the name itself means this machine.
func (h Host) isLoopback() bool {
	address, err := netip.ParseAddr(h.name)
	return err == nil && address.Unmap().IsLoopback() ||
		h.name == "localhost" || strings.HasSuffix(h.name, ".localhost")
}

// IsInsecure tells that the document at a URI travels in the clear between
// machines: anybody on the way can read and change it (Arazzo 1.0.1, section 7).
func IsInsecure(uri string) bool {
	u, err := url.Parse(uri)
	return err == nil && u.Scheme == "http" && !hostOf(u).isLoopback()
}

// isPrivate tells whether the name itself means an address that the public
// internet does not reach.
func (h Host) isPrivate() bool {
	address, err := netip.ParseAddr(h.name)
	return h.isLoopback() || err == nil && privateAddress(address)
}

// special are ranges that are not public either: shared address space of
// providers (RFC 6598), this network, and the IPv4 addresses within IPv6 of
// translators (RFC 6052), behind which anything may lie.
var special = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
}

func privateAddress(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for _, prefix := range special {
		if prefix.Contains(a) {
			return true
		}
	}
	return !a.IsGlobalUnicast() || a.IsPrivate()
}
