package exchange_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
)

// proxy forwards requests, and connects for CONNECT, all to one server whatever
// their host. It writes down what it is asked for.
type proxy struct {
	to string

	mu    sync.Mutex
	asked []string
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked = append(p.asked, r.Method+" "+r.RequestURI)
	p.mu.Unlock()
	switch {
	case strings.HasPrefix(r.RequestURI, "refused.test"):
		w.WriteHeader(http.StatusProxyAuthRequired)
	case r.Method != http.MethodConnect:
		fmt.Fprint(w, "by the proxy")
	default:
		p.connect(w)
	}
}

func (p *proxy) connect(w http.ResponseWriter) {
	server, err := net.Dial("tcp", p.to)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	client, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		_ = server.Close()
		return
	}
	_, _ = io.WriteString(client, "HTTP/1.1 200 Connected\r\n\r\n")
	go func() { _, _ = io.Copy(server, client); _ = server.Close() }()
	go func() { _, _ = io.Copy(client, server); _ = client.Close() }()
}

// TestProxies sends through a real proxy.
func TestProxies(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	soon := time.Now().Add(time.Hour)
	config := &tls.Config{Certificates: []tls.Certificate{ca.issue("api.test", soon)}, ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: ca.pool, MinVersion: tls.VersionTLS12}
	to := strings.TrimPrefix(secure(t, config), "https://")
	mine := exchange.TLS{Roots: ca.pool, Certificates: []exchange.ClientCertificate{{Host: host(t, "api.test"), Certificate: ca.issue("me", soon)}}}
	tests := []struct {
		name, url string
		tls       exchange.TLS
		proxy     string
		want      string
		asked     []string
	}{
		{"http", "http://api.test/a?b", exchange.TLS{}, "", `200 "by the proxy"`, []string{"GET http://api.test/a?b"}},
		{"https", "https://api.test/a", exchange.TLS{Roots: ca.pool}, "", `200 "HTTP/2.0 to nobody"`, []string{"CONNECT api.test:443"}},
		{"https with a client's certificate", "https://api.test/a", mine, "", `200 "HTTP/2.0 to me"`, []string{"CONNECT api.test:443"}},
		{"a server that is not trusted", "https://other.test/a", exchange.TLS{Roots: ca.pool}, "", "untrusted-server: the certificate of other.test is not for it: certificate is valid for api.test, not other.test; name the host as its certificate does", []string{"CONNECT other.test:443"}},
		{"unverified", "https://other.test/a", exchange.TLS{Insecure: []exchange.Host{host(t, "other.test")}}, "", `200 "HTTP/2.0 to nobody"`, []string{"CONNECT other.test:443"}},
		{"a proxy that refuses", "https://refused.test/a", exchange.TLS{}, "", "no-response: the proxy PROXY makes no connection with refused.test:443: 407 Proxy Authentication Required; see HTTPS_PROXY and NO_PROXY in the environment", []string{"CONNECT refused.test:443"}},
		{"a proxy that is not there", "https://api.test/a", exchange.TLS{}, "http://u:pw@127.0.0.1:1", "no-response: the proxy cannot be reached: dial tcp 127.0.0.1:1: connect: connection refused; see HTTP_PROXY, HTTPS_PROXY and NO_PROXY in the environment", nil},
		{"a proxy behind TLS and a host of its own settings", "https://api.test/a", mine, "https://127.0.0.1:1", "no-response: api.test is to be met with TLS settings of its own, and the proxy 127.0.0.1:1 would be met with them too; leave the host out of the proxy with NO_PROXY, or name the proxy by http://", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := &proxy{to: to}
			server := httptest.NewServer(p)
			t.Cleanup(server.Close)
			if test.proxy == "" {
				test.proxy = server.URL
			}
			through, err := url.Parse(test.proxy)
			if err != nil {
				t.Fatal(err)
			}
			got := told(t, exchange.Options{TLS: test.tls, Proxy: http.ProxyURL(through)}, get(test.url))
			if diff := cmp.Diff(test.want, strings.ReplaceAll(got, through.Host, replaced(test.proxy, server.URL, through.Host))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.asked, p.asked); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}

// replaced names the test's own proxy.
func replaced(proxy, own, host string) string {
	if proxy == own {
		return "PROXY"
	}
	return host
}
