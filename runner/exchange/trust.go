package exchange

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
)

// TLS says whom to trust, and with which certificates to answer servers that ask
// for one. The zero value trusts the system's authorities and has none.
type TLS struct {
	// Roots replaces the system's authorities; [ReadRoots] adds to them.
	Roots *x509.CertPool
	// Certificates are the client's. The one that names a server's host and port
	// goes before the one that names its host, and that before one for all.
	Certificates []ClientCertificate
	// Insecure are the hosts whose certificates are not verified.
	Insecure []Host
}

// ClientCertificate is a certificate with its private key, for one host or, with
// the zero Host, for all.
type ClientCertificate struct {
	Host        Host
	Certificate tls.Certificate
}

// HasClientCertificate tells whether there is a certificate for the https server
// at host, which is HOST or HOST:PORT as in a URL.
func (t TLS) HasClientCertificate(host string) bool {
	return t.certificate(&url.URL{Scheme: "https", Host: host}) != nil
}

// IsInsecure tells whether the certificate of the server at host, HOST or
// HOST:PORT as in a URL, goes unverified.
func (t TLS) IsInsecure(host string) bool {
	return t.insecure(&url.URL{Scheme: "https", Host: host})
}

func (t TLS) insecure(u *url.URL) bool {
	return slices.ContainsFunc(t.Insecure, func(h Host) bool { return h.has(u) })
}

// certificate is the client's certificate for a server, or nil.
func (t TLS) certificate(u *url.URL) (best *ClientCertificate) {
	for i := range t.Certificates {
		c := &t.Certificates[i]
		if (c.Host == Host{} || c.Host.has(u)) && (best == nil || c.Host.closerThan(best.Host)) {
			best = c
		}
	}
	return best
}

func (h Host) closerThan(other Host) bool {
	return h.port != "" && other.port == "" || h.name != "" && other.name == ""
}

// ReadRoots are the system's authorities and the certificates in PEM files. A
// file that cannot be read, or holds something else, is an error.
func ReadRoots(files ...string) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a machine without any, as a bare container is
	}
	for _, file := range files {
		text, err := readPEM(file)
		if err != nil {
			return nil, err
		}
		found := 0
		for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
			if block.Type != "CERTIFICATE" {
				continue
			}
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("%s: its certificate no. %d cannot be read: %s", file, found+1, bare(err))
			}
			pool.AddCert(c)
			found++
		}
		if found == 0 {
			return nil, fmt.Errorf("%s holds no certificate: expected PEM, which begins with -----BEGIN CERTIFICATE-----", file)
		}
	}
	return pool, nil
}

// ReadCertificate reads a certificate, with those between it and its authority,
// and its private key, from two PEM files or one that has both.
func ReadCertificate(certificate, key string) (tls.Certificate, error) {
	chain, err := readPEM(certificate)
	if err != nil {
		return tls.Certificate{}, err
	}
	secret, err := readPEM(key)
	if err != nil {
		return tls.Certificate{}, err
	}
	if bytes.Contains(secret, []byte("ENCRYPTED")) {
		return tls.Certificate{}, fmt.Errorf("%s: the private key is encrypted: expected one without a passphrase, as openssl pkey -in KEY -out PLAIN writes it", key)
	}
	pair, err := tls.X509KeyPair(chain, secret)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("%s: %w", strings.Join(unique(certificate, key), " and "), errors.New(bare(err)))
	}
	return pair, nil
}

// maxPEMBytes is twenty times what all the authorities take that a system trusts.
const maxPEMBytes = 4 << 20

// readPEM reads a file that has certificates or keys, which may be a device.
func readPEM(file string) ([]byte, error) {
	opened, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	text, err := io.ReadAll(io.LimitReader(opened, maxPEMBytes+1))
	if err == nil && len(text) > maxPEMBytes {
		err = fmt.Errorf("%s has more than %d bytes: expected certificates or keys as PEM", file, maxPEMBytes)
	}
	return text, err
}

func unique(a, b string) []string {
	if a == b {
		return []string{a}
	}
	return []string{a, b}
}
