package exchange

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
)

// The codes of an [Error].
const (
	// NoResponse means that no HTTP answer came at all.
	NoResponse = "no-response"
	// Untrusted means that there is no TLS connection: the request had no effect.
	Untrusted = "untrusted-server"
	// Broken means that an answer came, and not the whole of it.
	Broken = "response-broken"
	// TooLarge means that an answer has more bytes than allowed.
	TooLarge = "response-too-large"
	// NotFollowed means that the answer is a redirect that is not followed.
	NotFollowed = "redirect-not-followed"
	// UnknownEncoding means that the body is compressed in a way not asked for.
	UnknownEncoding = "unknown-encoding"
)

// Error says why there is no response, or no whole one.
type Error struct {
	// Code is stable, one of the constants.
	Code string
	// Message says what happened, Fix what to do about it; it may be empty.
	Message, Fix string
	// Err is what was underneath; it may be nil.
	Err error
	// Redirects are those that were followed before it.
	Redirects []Redirect
}

func (e *Error) Error() string { return e.Message }

func (e *Error) Unwrap() error { return e.Err }

// Explain makes an [Error] of what a request to u, over [Client.Transport], ended
// in.
func Explain(err error, u *url.URL) *Error { return explain(err, u) }

// explain makes an [Error] of what a request to u ended in.
func explain(err error, u *url.URL) *Error {
	var known *Error
	var proxied *net.OpError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &proxied) && proxied.Op == "proxyconnect":
		return &Error{Code: NoResponse, Message: fmt.Sprintf("the proxy cannot be reached: %v", proxied.Err), Fix: "see HTTP_PROXY, HTTPS_PROXY and NO_PROXY in the environment", Err: err}
	case errors.As(err, &record):
		return &Error{Code: Untrusted, Message: fmt.Sprintf("%s does not speak TLS", u.Host), Fix: "begin the server's URL with http:// where it has no TLS", Err: err}
	case strings.Contains(err.Error(), `malformed HTTP response "\x15\x03`): // a TLS alert
		return &Error{Code: NoResponse, Message: fmt.Sprintf("%s speaks TLS, and was asked without", u.Host), Fix: "begin the server's URL with https://", Err: err}
	case strings.Contains(err.Error(), "PROTOCOL_ERROR"): // how HTTP/2 ends both
		return &Error{Code: NoResponse, Message: fmt.Sprintf("what the server sent is no HTTP/2, or its header has more than %d bytes", maxHeaderBytes), Err: err}
	case strings.Contains(err.Error(), "response headers exceeded"), strings.Contains(err.Error(), "header list larger than"):
		return &Error{Code: TooLarge, Message: fmt.Sprintf("the response's header has more than %d bytes", maxHeaderBytes), Err: err}
	}
	if told := untrusted(err, u); told != nil {
		told.Err = err
		return told
	}
	if _, garbled, ok := strings.Cut(err.Error(), "transport connection broken: "); ok {
		return &Error{Code: NoResponse, Message: fmt.Sprintf("what the server sent is no HTTP answer: %s", garbled), Err: err}
	}
	return &Error{Code: NoResponse, Message: fmt.Sprintf("the server gave no answer: %v", err), Err: err}
}

// after tells an error of the server that redirects led to.
func after(redirects []Redirect, err *Error) *Error {
	if len(redirects) == 0 {
		return err
	}
	told := *err
	told.Redirects = redirects
	return &told
}

// untrusted tells what is wrong with the certificates, and nil where it is
// something else.
func untrusted(err error, u *url.URL) *Error {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	var remote *net.OpError
	switch {
	case errors.As(err, &authority):
		return &Error{Code: Untrusted, Message: fmt.Sprintf("the certificate of %s is signed by an authority that is not known", u.Host), Fix: caCert(u)}
	case errors.As(err, &name):
		return &Error{Code: Untrusted, Message: fmt.Sprintf("the certificate of %s is not for it: %s", u.Host, bare(name)), Fix: "name the host as its certificate does"}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return &Error{Code: Untrusted, Message: fmt.Sprintf("the certificate of %s is out of date: %s", u.Host, bare(invalid)), Fix: "have it renewed, and see this machine's clock"}
	case errors.As(err, &verification):
		return &Error{Code: Untrusted, Message: fmt.Sprintf("the certificate of %s cannot be verified: %s", u.Host, bare(verification.Err)), Fix: caCert(u)}
	case errors.As(err, &remote) && remote.Op == "remote error" && strings.Contains(err.Error(), "certificate"):
		return refusedCertificate(u, bare(remote.Err), err)
	case errors.As(err, &remote) && remote.Op == "remote error" && strings.Contains(err.Error(), "handshake failure"):
		return &Error{Code: Untrusted, Message: fmt.Sprintf("no TLS connection with %s: %s", u.Host, bare(remote.Err)), Fix: "the server ended it, and may want a client's certificate: --client-cert FILE and --client-key FILE"}
	case strings.Contains(err.Error(), "tls: "):
		return &Error{Code: Untrusted, Message: fmt.Sprintf("no TLS connection with %s: %s", u.Host, bare(err)), Fix: ""}
	default:
		return nil
	}
}

func refusedCertificate(u *url.URL, why string, err error) *Error {
	return &Error{
		Code: Untrusted, Message: fmt.Sprintf("%s refuses the connection for the client's certificate: %s", u.Host, why),
		Fix: "give one that it accepts: --client-cert FILE and --client-key FILE", Err: err,
	}
}

func caCert(u *url.URL) string {
	return fmt.Sprintf("give the authority's certificate: --ca-cert FILE; for a test alone: --insecure %s", u.Host)
}

// bare is an error's text without the names of the packages that it comes from.
func bare(err error) string {
	return strings.NewReplacer("x509: ", "", "tls: ", "", "remote error: ", "").Replace(err.Error())
}

// broken makes an [Error] of what ended the reading of a body.
func broken(err error) error {
	var known *Error
	switch {
	case errors.Is(err, io.EOF), errors.As(err, &known):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{Code: Broken, Message: "the response broke off: the connection ended before it", Err: err}
	case errors.Is(err, syscall.ECONNRESET):
		return &Error{Code: Broken, Message: "the response broke off: the server reset the connection", Err: err}
	default:
		return &Error{Code: Broken, Message: fmt.Sprintf("the response broke off: %v", err), Err: err}
	}
}
