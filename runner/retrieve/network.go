package retrieve

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// errTimeout is the cause of a context that our own bound ended.
var errTimeout = errors.New("the time for a document is up")

// errPrivate refuses a connection.
var errPrivate = errors.New("a private address")

// transport makes connections to the addresses that control lets through. It is
// asked after the name was resolved, so that no name can hide an address.
func transport(control func(network, address string, _ syscall.RawConn) error) *http.Transport {
	dialer := &net.Dialer{Timeout: DefaultTimeout, Control: control}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    DefaultTimeout,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        10 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
	}
}

func anyAddress(string, string, syscall.RawConn) error { return nil }

func publicAddress(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || privateAddress(to.Addr()) {
		return errPrivate
	}
	return nil
}

// explain makes an [*Error] of what the request ended in. The library's errors
// name addresses with everything in them, so that only their core is told.
func (s *Scope) explain(ctx context.Context, err error, kept *document) *Error {
	told := explain(ctx, err)
	if kept != nil && told.Reason != Forbidden {
		copied := *told
		copied.Fix = fmt.Sprintf("a copy of %s is kept: use it with --offline", kept.Retrieved.Format(time.DateOnly))
		return &copied
	}
	return told
}

func explain(ctx context.Context, err error) *Error {
	var known *Error
	var about *url.Error
	var name *net.DNSError
	var connection *net.OpError
	if errors.As(err, &known) {
		return known
	}
	if errors.As(err, &about) {
		err = about.Err
	}
	switch {
	case errors.Is(context.Cause(ctx), errTimeout):
		return fail(Timeout, "it took too long to come", "", err)
	case ctx.Err() != nil:
		return interrupted(ctx)
	case errors.Is(err, errPrivate):
		return private(hostIn(about))
	case isUntrusted(err):
		return fail(Untrusted, "the server cannot be trusted: "+err.Error(), "", err)
	case errors.As(err, &name):
		return fail(Unreachable, fmt.Sprintf("the host %s cannot be found", name.Name), "", err)
	case errors.As(err, &connection):
		return fail(Unreachable, "the server cannot be reached: "+core(connection).Error(), "", err)
	default:
		return fail(Unreachable, "no whole answer came: "+err.Error(), "", err)
	}
}

// hostIn is the host that the request was for.
func hostIn(about *url.Error) Host {
	if about != nil {
		if u, err := url.Parse(about.URL); err == nil {
			return hostOf(u)
		}
	}
	return Host{name: "HOST"}
}

func isUntrusted(err error) bool {
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var authority x509.UnknownAuthorityError
	return errors.As(err, &certificate) || errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &authority)
}

// core is what happened, without the addresses around it.
func core(err *net.OpError) error {
	var system syscall.Errno
	if errors.As(err, &system) {
		return system
	}
	return err.Err
}
