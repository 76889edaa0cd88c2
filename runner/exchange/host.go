package exchange

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Host is a host of URLs: every port of it, or one. The zero value is none.
type Host struct{ name, port string }

// ParseHost reads HOST or HOST:PORT.
func ParseHost(text string) (Host, error) {
	name, port := text, ""
	if h, p, err := net.SplitHostPort(text); err == nil {
		name, port = h, p
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return Host{}, fmt.Errorf("%q has a colon and no port after it: expected HOST or HOST:PORT", text)
		}
	}
	name = strings.TrimSuffix(strings.TrimPrefix(name, "["), "]")
	if name == "" || strings.ContainsAny(name, "/@*?# ") || strings.Contains(name, ":") && net.ParseIP(name) == nil {
		return Host{}, fmt.Errorf("%q is no host: expected HOST or HOST:PORT, such as api.example.com or localhost:8443", text)
	}
	return Host{strings.ToLower(name), port}, nil
}

func (h Host) String() string {
	switch {
	case h.port != "":
		return net.JoinHostPort(h.name, h.port)
	case strings.Contains(h.name, ":"):
		return "[" + h.name + "]"
	default:
		return h.name
	}
}

// Meets tells whether the host of a URL is meant; the zero Host means all.
func (h Host) Meets(u *url.URL) bool { return h == Host{} || h.has(u) }

// has tells whether the host of a URL is meant.
func (h Host) has(u *url.URL) bool {
	return h.name != "" && h.name == strings.ToLower(u.Hostname()) && (h.port == "" || h.port == portOf(u))
}

func portOf(u *url.URL) string {
	switch port := u.Port(); {
	case port != "":
		return port
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}

// Loopback tells whether a URL's host is this machine itself.
func Loopback(u *url.URL) bool {
	name := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	ip := net.ParseIP(name)
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || ip != nil && ip.IsLoopback()
}
