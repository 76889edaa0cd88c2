package exchange_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
)

// authority signs certificates.
type authority struct {
	t           *testing.T
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	pool        *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{t: t, key: key, pool: x509.NewCertPool()}
	a.certificate = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "a test's authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	text, err := x509.CreateCertificate(rand.Reader, a.certificate, a.certificate, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if a.certificate, err = x509.ParseCertificate(text); err != nil {
		t.Fatal(err)
	}
	a.pool.AddCert(a.certificate)
	return a
}

// issue signs a certificate for a host, good until then.
func (a *authority) issue(host string, until time.Time) tls.Certificate {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: host}, NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: until,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		c.IPAddresses = []net.IP{ip}
	} else {
		c.DNSNames = []string{host}
	}
	text, err := x509.CreateCertificate(rand.Reader, c, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{text}, PrivateKey: key}
}

// files writes a certificate and its key as PEM.
func files(t *testing.T, c tls.Certificate) (certificate, key string) {
	t.Helper()
	text, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return file(t, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]})),
		file(t, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text}))
}

func file(t *testing.T, text []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file.pem")
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// secure serves over TLS, and says by which protocol and to whom.
func secure(t *testing.T, config *tls.Config) string {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := "nobody"
		if len(r.TLS.PeerCertificates) > 0 {
			who = r.TLS.PeerCertificates[0].Subject.CommonName
		}
		fmt.Fprintf(w, "%s to %s", r.Proto, who)
	}))
	server.TLS, server.EnableHTTP2 = config, true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

func host(t *testing.T, text string) exchange.Host {
	t.Helper()
	h, err := exchange.ParseHost(text)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestWhoIsTrusted meets servers with certificates of every kind (S-231).
func TestWhoIsTrusted(t *testing.T) {
	t.Parallel()
	ca, other := newAuthority(t), newAuthority(t)
	soon := time.Now().Add(time.Hour)
	good := ca.issue("127.0.0.1", soon)
	mine := exchange.ClientCertificate{Certificate: ca.issue("me", soon)}
	with := func(c tls.Certificate, more func(*tls.Config)) *tls.Config {
		config := &tls.Config{Certificates: []tls.Certificate{c}, MinVersion: tls.VersionTLS12}
		if more != nil {
			more(config)
		}
		return config
	}
	asking := with(good, func(c *tls.Config) { c.ClientAuth, c.ClientCAs = tls.RequireAndVerifyClientCert, ca.pool })
	asking12 := with(good, func(c *tls.Config) {
		c.ClientAuth, c.ClientCAs, c.MaxVersion = tls.RequireAndVerifyClientCert, ca.pool, tls.VersionTLS12
	})
	old := with(good, func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 })
	trusting := func(o exchange.TLS) exchange.TLS { o.Roots = ca.pool; return o }
	const unknown = "untrusted-server: the certificate of HOST is signed by an authority that is not known; give the authority's certificate: --ca-cert FILE; for a test alone: --insecure HOST"
	tests := []struct {
		name   string
		server *tls.Config
		client exchange.TLS
		want   string
	}{
		{"an authority that was given", with(good, nil), trusting(exchange.TLS{}), `200 "HTTP/2.0 to nobody"`},
		{"an authority that is not known", with(good, nil), exchange.TLS{}, unknown},
		{"another authority", with(good, nil), exchange.TLS{Roots: other.pool}, unknown},
		{"another name", with(ca.issue("api.test", soon), nil), trusting(exchange.TLS{}), "untrusted-server: the certificate of HOST is not for it: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs; name the host as its certificate does"},
		{"out of date", with(ca.issue("127.0.0.1", time.Now().Add(-time.Hour)), nil), trusting(exchange.TLS{}), "untrusted-server: the certificate of HOST is out of date: certificate has expired or is not yet valid: TIME; have it renewed, and see this machine's clock"},
		{"an old TLS", old, trusting(exchange.TLS{}), "untrusted-server: no TLS connection with HOST: protocol version not supported"},

		{"unverified", with(good, nil), exchange.TLS{Insecure: []exchange.Host{host(t, "127.0.0.1")}}, `200 "HTTP/2.0 to nobody"`},
		{"unverified and out of date", with(ca.issue("x.test", time.Now().Add(-time.Hour)), nil), exchange.TLS{Insecure: []exchange.Host{host(t, "127.0.0.1")}}, `200 "HTTP/2.0 to nobody"`},
		{"another host unverified", with(good, nil), exchange.TLS{Insecure: []exchange.Host{host(t, "localhost")}}, unknown},
		{"another port unverified", with(good, nil), exchange.TLS{Insecure: []exchange.Host{host(t, "127.0.0.1:1")}}, unknown},

		{"a client's certificate", asking, trusting(exchange.TLS{Certificates: []exchange.ClientCertificate{mine}}), `200 "HTTP/2.0 to me"`},
		{"a client's certificate in TLS 1.2", asking12, trusting(exchange.TLS{Certificates: []exchange.ClientCertificate{mine}}), `200 "HTTP/2.0 to me"`},
		{"one for the host before one for all", asking, trusting(exchange.TLS{Certificates: []exchange.ClientCertificate{mine, {Host: host(t, "127.0.0.1"), Certificate: ca.issue("me here", soon)}}}), `200 "HTTP/2.0 to me here"`},
		{"one that nobody asks for", with(good, nil), trusting(exchange.TLS{Certificates: []exchange.ClientCertificate{mine}}), `200 "HTTP/2.0 to nobody"`},
		{"none", asking, trusting(exchange.TLS{}), "untrusted-server: HOST refuses the connection for the client's certificate: REASON; give one that it accepts: --client-cert FILE and --client-key FILE"},
		{"none in TLS 1.2", asking12, trusting(exchange.TLS{}), "untrusted-server: no TLS connection with HOST: handshake failure; the server ended it, and may want a client's certificate: --client-cert FILE and --client-key FILE"},
		{"one for another host", asking, trusting(exchange.TLS{Certificates: []exchange.ClientCertificate{{Host: host(t, "localhost"), Certificate: mine.Certificate}}}), "untrusted-server: HOST refuses the connection for the client's certificate: REASON; give one that it accepts: --client-cert FILE and --client-key FILE"},
		{"one of another authority", asking, trusting(exchange.TLS{Certificates: []exchange.ClientCertificate{{Certificate: other.issue("me", soon)}}}), "untrusted-server: HOST refuses the connection for the client's certificate: REASON; give one that it accepts: --client-cert FILE and --client-key FILE"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			u := secure(t, test.server)
			got := told(t, exchange.Options{TLS: test.client}, get(u))
			got = strings.ReplaceAll(got, strings.TrimPrefix(u, "https://"), "HOST")
			for _, reason := range []string{"certificate required", "unknown certificate authority", "it asked for one, and ended the connection"} {
				got = strings.ReplaceAll(got, "client's certificate: "+reason, "client's certificate: REASON")
			}
			if before, after, ok := strings.Cut(got, "not yet valid: "); ok {
				_, fix, _ := strings.Cut(after, ";")
				got = before + "not yet valid: TIME;" + fix
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestNoTLS asks a server that has none for it.
func TestNoTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	host := strings.TrimPrefix(server.URL, "http://")
	want := "untrusted-server: HOST does not speak TLS; begin the server's URL with http:// where it has no TLS"
	if got := strings.ReplaceAll(told(t, exchange.Options{}, get("https://"+host)), host, "HOST"); got != want {
		t.Errorf("got %s", got)
	}
}

func TestHasClientCertificate(t *testing.T) {
	t.Parallel()
	some := exchange.TLS{Certificates: []exchange.ClientCertificate{{Host: host(t, "API.test")}, {Host: host(t, "other.test:8443")}, {Host: host(t, "[::1]:1")}}}
	for host, want := range map[string]bool{
		"api.test": true, "api.test:8443": true, "other.test": false, "other.test:8443": true, "x.test": false, "[::1]:1": true, "[::1]": false,
	} {
		if got := some.HasClientCertificate(host); got != want {
			t.Errorf("for %s: %v", host, got)
		}
	}
	all := exchange.TLS{Certificates: []exchange.ClientCertificate{{}}}
	if !all.HasClientCertificate("x.test") || (exchange.TLS{}).HasClientCertificate("x.test") {
		t.Error("one for all is for all, and none for none")
	}
}

func TestParseHost(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"API.test": "api.test", "api.test:443": "api.test:443", "127.0.0.1": "127.0.0.1", "::1": "[::1]", "[::1]": "[::1]", "[::1]:443": "[::1]:443",
		"":               `"" is no host: expected HOST or HOST:PORT, such as api.example.com or localhost:8443`,
		"https://a.test": `"https://a.test" has a colon and no port after it: expected HOST or HOST:PORT`,
		"a.test:":        `"a.test:" has a colon and no port after it: expected HOST or HOST:PORT`,
		"a.test:65536":   `"a.test:65536" has a colon and no port after it: expected HOST or HOST:PORT`,
		"*.a.test":       `"*.a.test" is no host: expected HOST or HOST:PORT, such as api.example.com or localhost:8443`,
		"a:b:c":          `"a:b:c" is no host: expected HOST or HOST:PORT, such as api.example.com or localhost:8443`,
		":443":           `":443" is no host: expected HOST or HOST:PORT, such as api.example.com or localhost:8443`,
	} {
		h, err := exchange.ParseHost(text)
		got := h.String()
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

// TestReadingCertificates refuses what is no certificate, before anything is sent.
func TestReadingCertificates(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	certificate, key := files(t, ca.issue("me", time.Now().Add(time.Hour)))
	_, anotherKey := files(t, ca.issue("you", time.Now().Add(time.Hour)))
	both := file(t, append(read(t, certificate), read(t, key)...))
	text, missing := file(t, []byte("hello")), filepath.Join(t.TempDir(), "none.pem")
	broken := file(t, []byte("-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n"))
	encrypted := file(t, []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\naGVsbG8=\n-----END ENCRYPTED PRIVATE KEY-----\n"))
	names := strings.NewReplacer(certificate, "CERT", key, "KEY", anotherKey, "OTHER", both, "BOTH", text, "TEXT", missing, "MISSING", broken, "BROKEN", encrypted, "ENCRYPTED")
	for _, test := range []struct{ name, certificate, key, want string }{
		{"two files", certificate, key, "<nil>"},
		{"one file", both, both, "<nil>"},
		{"no file", missing, missing, "open MISSING: no such file or directory"},
		{"no key", certificate, missing, "open MISSING: no such file or directory"},
		{"another's key", certificate, anotherKey, "CERT and OTHER: private key does not match public key"},
		{"a certificate without its key", certificate, certificate, "CERT: found a certificate rather than a key in the PEM for the private key"},
		{"a text", text, text, "TEXT: failed to find any PEM data in certificate input"},
		{"a broken one", broken, key, "BROKEN and KEY: malformed certificate"},
		{"an encrypted key", certificate, encrypted, "ENCRYPTED: the private key is encrypted: expected one without a passphrase, as openssl pkey -in KEY -out PLAIN writes it"},
	} {
		_, err := exchange.ReadCertificate(test.certificate, test.key)
		if got := names.Replace(fmt.Sprint(err)); got != test.want {
			t.Errorf("%s: got %s", test.name, got)
		}
	}
	for _, test := range []struct{ name, file, want string }{
		{"a certificate", certificate, "<nil>"},
		{"a certificate with its key", both, "<nil>"},
		{"no file", missing, "open MISSING: no such file or directory"},
		{"a key alone", key, "KEY holds no certificate: expected PEM, which begins with -----BEGIN CERTIFICATE-----"},
		{"a file without an end", "/dev/zero", "/dev/zero has more than 4194304 bytes: expected certificates or keys as PEM"},
		{"a folder", "/", "read /: is a directory"},
		{"a text", text, "TEXT holds no certificate: expected PEM, which begins with -----BEGIN CERTIFICATE-----"},
		{"a broken one", broken, "BROKEN: its certificate no. 1 cannot be read: malformed certificate"},
	} {
		_, err := exchange.ReadRoots(certificate, test.file)
		if got := names.Replace(fmt.Sprint(err)); got != test.want {
			t.Errorf("roots, %s: got %s", test.name, got)
		}
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestHugeHeaderOverHTTP2 holds the bound of headers in the other protocol too, where
// the library does not tell it from other faults.
func TestHugeHeaderOverHTTP2(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for i := range 110 {
			w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("x", 10_000))
		}
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{ca.issue("127.0.0.1", time.Now().Add(time.Hour))}, MinVersion: tls.VersionTLS12}
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	want := "no-response: what the server sent is no HTTP/2, or its header has more than 1048576 bytes"
	if got := told(t, exchange.Options{TLS: exchange.TLS{Roots: ca.pool}}, get(server.URL)); got != want {
		t.Errorf("got %s", got)
	}
}
