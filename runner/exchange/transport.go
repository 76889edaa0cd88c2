package exchange

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// maxHeaderBytes bounds the header of a response: a hundred times what
	// servers send.
	maxHeaderBytes = 1 << 20
	// dialTimeout ends the attempt to connect that nobody waits for any more.
	dialTimeout = 30 * time.Second
	// idleConnections are kept for one host: as many as workflows run side by side.
	idleConnections = 64
)

// network keeps the connections. Hosts that are met with a certificate of their
// own, or without verification, have transports of their own, because the library
// has one setting for all the hosts of a transport.
type network struct {
	tls   TLS
	proxy func(*http.Request) (*url.URL, error)

	mutex      sync.Mutex
	transports map[profile]*http.Transport
}

// profile is how a host is met.
type profile struct {
	insecure    bool
	certificate *ClientCertificate
}

func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" {
		return n.transport(r.URL).RoundTrip(r)
	}
	var asked atomic.Bool
	answer, err := n.transport(r.URL).RoundTrip(r.WithContext(context.WithValue(r.Context(), askedKey{}, &asked)))
	if err != nil && asked.Load() && hungUp(err) {
		// In TLS 1.3 a server judges the client's certificate when the client has
		// already begun to send, which may hide the reason that it gives.
		return nil, refusedCertificate(r.URL, "it asked for one, and ended the connection", err)
	}
	return answer, err
}

// hungUp tells whether the server ended the connection without a word. HTTP/2 keeps
// the reason to itself.
func hungUp(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) ||
		strings.Contains(err.Error(), "client conn could not be established")
}

// askedKey is where a request's context holds whether its connection was asked for
// the client's certificate.
type askedKey struct{}

// present answers a server that asks for the client's certificate. It is sent
// whatever authorities the server names: what it does not accept it refuses with a
// reason, which is clearer than an answer to nobody.
func (p profile) present(asked *tls.CertificateRequestInfo) (*tls.Certificate, error) {
	if seen, ok := asked.Context().Value(askedKey{}).(*atomic.Bool); ok {
		seen.Store(true)
	}
	if p.certificate == nil {
		return &tls.Certificate{}, nil
	}
	return &p.certificate.Certificate, nil
}

func (n *network) transport(u *url.URL) *http.Transport {
	var p profile
	if u.Scheme == "https" {
		p = profile{n.tls.insecure(u), n.tls.certificate(u)}
	}
	n.mutex.Lock()
	defer n.mutex.Unlock()
	t := n.transports[p]
	if t == nil {
		t = n.open(p)
		n.transports[p] = t
	}
	return t
}

func (n *network) open(p profile) *http.Transport {
	config := &tls.Config{RootCAs: n.tls.Roots, InsecureSkipVerify: p.insecure, MinVersion: tls.VersionTLS12, GetClientCertificate: p.present}
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: dialTimeout}
	return &http.Transport{
		Proxy:                  n.proxyFor(p),
		OnProxyConnectResponse: connected,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        config,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // encoding.go does it, with brotli
		MaxIdleConnsPerHost:    idleConnections,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
}

// proxyFor refuses a proxy that is reached over TLS for a host with settings of
// its own: they would be the proxy's too.
func (n *network) proxyFor(p profile) func(*http.Request) (*url.URL, error) {
	return func(r *http.Request) (*url.URL, error) {
		proxy, err := n.proxy(r)
		if err == nil && proxy != nil && proxy.Scheme == "https" && p != (profile{}) {
			return nil, &Error{
				Code: NoResponse, Message: fmt.Sprintf("%s is to be met with TLS settings of its own, and the proxy %s would be met with them too", r.URL.Host, proxy.Host),
				Fix: "leave the host out of the proxy with NO_PROXY, or name the proxy by http://",
			}
		}
		return proxy, err
	}
}

// connected refuses to go on where a proxy makes no connection. The library would
// tell the reason phrase alone.
func connected(_ context.Context, proxy *url.URL, r *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return &Error{
		Code: NoResponse, Message: fmt.Sprintf("the proxy %s makes no connection with %s: %s", proxy.Host, r.Host, answer.Status),
		Fix: "see HTTPS_PROXY and NO_PROXY in the environment",
	}
}

func (n *network) CloseIdleConnections() {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	for _, t := range n.transports {
		t.CloseIdleConnections()
	}
}
