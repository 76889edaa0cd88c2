package exchange

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
)

// DefaultMaxResponseBytes bounds a response's body.
const DefaultMaxResponseBytes = 64 << 20

// Options say how requests are sent. The zero value is ready to use.
type Options struct {
	// Transport replaces the network; TLS and Proxy then mean nothing.
	Transport http.RoundTripper
	// MaxResponseBytes bounds the body of one response, after decompression; 0
	// means [DefaultMaxResponseBytes].
	MaxResponseBytes int64
	TLS              TLS
	// Proxy says through which proxy a request goes; nil means those that the
	// environment names.
	Proxy func(*http.Request) (*url.URL, error)
}

// Client sends requests over connections that it keeps. Any number of goroutines
// may use it.
type Client struct {
	transport http.RoundTripper
	limit     int64
	// silent is true of a transport that may not tell when it has sent a request.
	silent bool
}

// New makes a client.
func New(o Options) *Client {
	if o.MaxResponseBytes == 0 {
		o.MaxResponseBytes = DefaultMaxResponseBytes
	}
	if o.Proxy == nil {
		o.Proxy = http.ProxyFromEnvironment
	}
	silent := o.Transport != nil
	if !silent {
		o.Transport = &network{tls: o.TLS, proxy: o.Proxy, transports: map[profile]*http.Transport{}}
	}
	return &Client{transport: o.Transport, limit: o.MaxResponseBytes, silent: silent}
}

// Close closes the connections that no request uses.
func (c *Client) Close() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// Transport makes single exchanges over the client's connections, for what sends
// requests by itself. It follows no redirects and decompresses nothing.
func (c *Client) Transport() http.RoundTripper { return c.transport }

// Request is what is sent.
type Request struct {
	Method string
	// URL is absolute; user information in it becomes the header Authorization,
	// unless there is one.
	URL string
	// Header may have a Host. Accept-Encoding is added where it has none.
	Header http.Header
	// Body is nil where there is none.
	Body []byte
	// Credentials are the names of headers and query parameters that carry
	// credentials, beside those whose name says so.
	Credentials []string
	// Repeated, where given, is told of a request that was sent again by itself, after
	// a connection that was kept ended before an answer came: the server may have got
	// it twice.
	Repeated func(*url.URL)
	// Sent, where given, is called when the request was written to the connection; with a
	// transport of the caller's when that is given it. After a redirect, or where the
	// request was repeated, it is called again.
	Sent func()
	// Wanted tells whether a redirect with that status is itself the answer; nil
	// means that each is followed.
	Wanted func(status int) bool
}

func (r *Request) tellSent() {
	if r.Sent != nil {
		r.Sent()
	}
}

// Response is what came. Its Body has to be closed.
type Response struct {
	Status int
	// Header is as it came, also of a body that was compressed.
	Header http.Header
	// Body is decompressed and bounded. Its errors are an [*Error] or io.EOF.
	Body io.ReadCloser
	// Redirects are those that were followed, in order.
	Redirects []Redirect
}

// Redirect is an answer that led elsewhere.
type Redirect struct {
	Status   int
	From, To *url.URL
}

// Do sends a request, and follows redirects. The error is an [*Error]; where an
// answer came that leads nowhere, it is returned too, with an empty body.
func (c *Client) Do(ctx context.Context, r *Request) (*Response, error) {
	next, err := first(r)
	if err != nil {
		return nil, &Error{Code: NoResponse, Message: fmt.Sprintf("the request cannot be sent: %v", err), Err: err}
	}
	var redirects []Redirect
	for {
		if c.silent {
			r.tellSent()
		}
		var written atomic.Int64
		answer, err := c.send(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
			WroteRequest: func(w httptrace.WroteRequestInfo) {
				if w.Err == nil {
					written.Add(1)
					r.tellSent()
				}
			},
		}), next)
		if written.Load() > 1 && r.Repeated != nil {
			r.Repeated(next.url)
		}
		if err != nil {
			return nil, after(redirects, explain(err, next.url))
		}
		location := answer.Header.Get("Location")
		if !isRedirect(answer.StatusCode) || location == "" || r.Wanted != nil && r.Wanted(answer.StatusCode) {
			return &Response{answer.StatusCode, answer.Header, c.body(answer), redirects}, nil
		}
		drain(answer.Body)
		refused := &Response{answer.StatusCode, answer.Header, http.NoBody, redirects}
		to, err := next.redirected(answer.StatusCode, location)
		if err != nil {
			return refused, err
		}
		if len(redirects) == maxRedirects {
			return refused, endless(redirects, to.url)
		}
		redirects = append(redirects, Redirect{answer.StatusCode, next.url, to.url})
		next = to
	}
}

// send makes one exchange.
func (c *Client) send(ctx context.Context, h *hop) (*http.Response, error) {
	var body io.Reader
	if h.body != nil {
		body = bytes.NewReader(h.body)
	}
	out, err := http.NewRequestWithContext(ctx, h.method, h.url.String(), body)
	if err != nil {
		return nil, err
	}
	out.Header = h.header.Clone()
	if host := out.Header.Get("Host"); host != "" {
		out.Host = host
	}
	if password, given := out.URL.User.Password(); out.URL.User != nil && out.Header.Get("Authorization") == "" && (given || out.URL.User.Username() != "") {
		out.SetBasicAuth(out.URL.User.Username(), password)
	}
	if out.Header.Get("Accept-Encoding") == "" && out.Header.Get("Range") == "" && h.method != http.MethodHead {
		out.Header.Set("Accept-Encoding", "gzip, br")
	}
	answer, err := c.transport.RoundTrip(out)
	if err == nil && answer == nil {
		return nil, &Error{Code: NoResponse, Message: "the transport gave neither an answer nor an error"}
	}
	if err == nil && answer.StatusCode == http.StatusSwitchingProtocols {
		_ = answer.Body.Close()
		return nil, &Error{Code: Broken, Message: "the server switched to another protocol, which was not asked for: 101 Switching Protocols"}
	}
	return answer, err
}
