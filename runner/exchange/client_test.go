package exchange_test

import (
	"context"
	"errors"
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

// raw is a TCP server that reads a request and then writes what it is told, on
// each of its connections. It returns its host and port.
func raw(t *testing.T, answer func(c net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	t.Cleanup(func() { _ = listener.Close(); open.Wait() })
	open.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer c.Close()
				if readHead(c) == nil {
					answer(c)
				}
			})
		}
	})
	return listener.Addr().String()
}

// readHead reads a request without a body, byte by byte.
func readHead(c net.Conn) error {
	var head []byte
	one := make([]byte, 1)
	for !strings.HasSuffix(string(head), "\r\n\r\n") {
		if _, err := c.Read(one); err != nil {
			return err
		}
		head = append(head, one[0])
	}
	return nil
}

// sends writes a text and closes.
func sends(text string) func(net.Conn) {
	return func(c net.Conn) { _, _ = io.WriteString(c, text) }
}

// told is what came of a request: the status and the body, and the error.
func told(t *testing.T, o exchange.Options, r *exchange.Request) string {
	t.Helper()
	client := exchange.New(o)
	defer client.Close()
	return toldBy(t.Context(), client, r)
}

func toldBy(ctx context.Context, client *exchange.Client, r *exchange.Request) string {
	response, err := client.Do(ctx, r)
	var parts []string
	if response != nil {
		text, failed := response.ReadAll()
		err = errors.Join(err, failed)
		parts = append(parts, fmt.Sprintf("%d %q", response.Status, cut(string(text))))
	}
	var known *exchange.Error
	switch {
	case errors.As(err, &known):
		parts = append(parts, known.Code+": "+known.Message)
		if known.Fix != "" {
			parts = append(parts, known.Fix)
		}
	case err != nil:
		parts = append(parts, "no Error: "+err.Error())
	}
	return strings.Join(parts, "; ")
}

func cut(text string) string {
	if len(text) > 40 {
		return fmt.Sprintf("%s… %d bytes", text[:20], len(text))
	}
	return text
}

func get(u string) *exchange.Request { return &exchange.Request{Method: http.MethodGet, URL: u} }

// TestAnswersOnTheWire meets servers that do what they like.
func TestAnswersOnTheWire(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.1 200 OK\r\n"
	reset := func(text string) func(net.Conn) {
		return func(c net.Conn) {
			_, _ = io.WriteString(c, text)
			_ = c.(*net.TCPConn).SetLinger(0)
		}
	}
	tests := []struct {
		name   string
		answer func(net.Conn)
		want   string
	}{
		{"a body with its length", sends(ok + "Content-Length: 4\r\n\r\nbody"), `200 "body"`},
		{"a body until the end", sends(ok + "\r\nbody"), `200 "body"`},
		{"chunks and trailers", sends(ok + "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n"), `200 "body"`},
		{"informational answers first", sends("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + ok + "Content-Length: 0\r\n\r\n"), `200 ""`},
		{"204 without a body", sends("HTTP/1.1 204 No Content\r\n\r\n"), `204 ""`},
		{"304 without a body", sends("HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n"), `304 ""`},
		{"an unknown status", sends("HTTP/1.1 799 Whatever\r\nContent-Length: 0\r\n\r\n"), `799 ""`},
		{"a status of its own without a reason", sends("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n"), `200 ""`},

		{"nothing", sends(""), "no-response: the server gave no answer: EOF"},
		{"half a header", sends("HTTP/1.1 200 OK\r\nContent-"), `no-response: what the server sent is no HTTP answer: malformed MIME header: missing colon: "Content-"`},
		{"garbage", sends("hello\r\n\r\n"), `no-response: what the server sent is no HTTP answer: malformed HTTP response "hello"`},
		{"a garbled status", sends("HTTP/1.1 2x0 OK\r\n\r\n"), `no-response: what the server sent is no HTTP answer: malformed HTTP status code "2x0"`},
		{"a garbled header", sends(ok + "no colon\r\n\r\n"), `no-response: what the server sent is no HTTP answer: malformed MIME header: missing colon: "no colon"`},
		{"two lengths", sends(ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), `no-response: what the server sent is no HTTP answer: http: message cannot contain multiple Content-Length headers; got ["1" "2"]`},
		{"a header without end", func(c net.Conn) {
			_, err := io.WriteString(c, ok)
			for err == nil {
				_, err = io.WriteString(c, "X: "+strings.Repeat("x", 1000)+"\r\n")
			}
		}, "response-too-large: the response's header has more than 1048576 bytes"},
		{"informational answers without end", func(c net.Conn) {
			var err error
			for err == nil {
				_, err = io.WriteString(c, "HTTP/1.1 103 Early Hints\r\nX: "+strings.Repeat("x", 1000)+"\r\n\r\n")
			}
		}, "response-too-large: the response's header has more than 1048576 bytes"},
		{"another protocol", sends("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"), "response-broken: the server switched to another protocol, which was not asked for: 101 Switching Protocols"},
		{"a TLS server", sends("\x15\x03\x01\x00\x02\x02\x16"), "no-response: HOST speaks TLS, and was asked without; begin the server's URL with https://"},

		{"half a body", sends(ok + "Content-Length: 10\r\n\r\nhalf"), `200 "half"; response-broken: the response broke off: the connection ended before it`},
		{"half a chunk", sends(ok + "Transfer-Encoding: chunked\r\n\r\n10\r\nhalf"), `200 "half"; response-broken: the response broke off: the connection ended before it`},
		{"no last chunk", sends(ok + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"), `200 "half"; response-broken: the response broke off: the connection ended before it`},
		{"a garbled chunk", sends(ok + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n"), `200 ""; response-broken: the response broke off: invalid byte in chunk length`},
		{"a reset in the body", reset(ok + "Content-Length: 10\r\n\r\n"), `200 ""; response-broken: the response broke off: the server reset the connection`},
		{"too much", sends(ok + "Content-Length: 200\r\n\r\n" + strings.Repeat("x", 200)), `200 "xxxxxxxxxxxxxxxxxxxx… 100 bytes"; response-too-large: the response has more than 100 bytes; where that is right, allow more with --max-response-bytes`},
		{"just enough", sends(ok + "Content-Length: 100\r\n\r\n" + strings.Repeat("x", 100)), `200 "xxxxxxxxxxxxxxxxxxxx… 100 bytes"`},
		{"a length that is a lie", sends(ok + "Content-Length: 99999999999\r\n\r\nshort"), `200 "short"; response-broken: the response broke off: the connection ended before it`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			host := raw(t, test.answer)
			got := told(t, exchange.Options{MaxResponseBytes: 100}, get("http://"+host))
			if diff := cmp.Diff(test.want, strings.ReplaceAll(got, host, "HOST")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestRequestsThatCannotBeSent ends before or at the connection.
func TestRequestsThatCannotBeSent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		request exchange.Request
		want    string
	}{
		{"no URL", exchange.Request{Method: "GET", URL: "http://[::1"}, "no-response: the request cannot be sent: parse \"http://[::1\": missing ']' in host"},
		{"no host", exchange.Request{Method: "GET", URL: "/things"}, "no-response: the server gave no answer: unsupported protocol scheme \"\""},
		{"no method", exchange.Request{Method: "GE T", URL: "http://api.test"}, "no-response: the server gave no answer: net/http: invalid method \"GE T\""},
		{"a header of two lines", exchange.Request{Method: "GET", URL: "http://api.test", Header: http.Header{"X": {"a\nb"}}}, "no-response: the server gave no answer: net/http: invalid header field value for \"X\""},
		{"nobody listens", exchange.Request{Method: "GET", URL: "http://127.0.0.1:1"}, "no-response: the server gave no answer: dial tcp 127.0.0.1:1: connect: connection refused"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, told(t, exchange.Options{Proxy: direct}, &test.request)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func direct(*http.Request) (*url.URL, error) { return nil, nil }

// TestWhatIsSent shows a request as the server gets it.
func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		request exchange.Request
		want    string
	}{
		{"the least", exchange.Request{Method: "GET"}, "GET /a%2Fb?x=%20&y HTTP/1.1\r\nHost: HOST\r\nUser-Agent: Go-http-client/1.1\r\nAccept-Encoding: gzip, br\r\n\r\n"},
		{"an encoding of one's own", exchange.Request{Method: "GET", Header: http.Header{"Accept-Encoding": {"identity"}, "User-Agent": {"me"}}}, "GET /a%2Fb?x=%20&y HTTP/1.1\r\nHost: HOST\r\nUser-Agent: me\r\nAccept-Encoding: identity\r\n\r\n"},
		{"a part", exchange.Request{Method: "GET", Header: http.Header{"Range": {"bytes=0-1"}, "User-Agent": {"me"}}}, "GET /a%2Fb?x=%20&y HTTP/1.1\r\nHost: HOST\r\nUser-Agent: me\r\nRange: bytes=0-1\r\n\r\n"},
		{"a host", exchange.Request{Method: "HEAD", Header: http.Header{"Host": {"other.test"}, "User-Agent": {"me"}}}, "HEAD /a%2Fb?x=%20&y HTTP/1.1\r\nHost: other.test\r\nUser-Agent: me\r\n\r\n"},
		{"an empty body", exchange.Request{Method: "POST", Header: http.Header{"User-Agent": {"me"}}, Body: []byte{}}, "POST /a%2Fb?x=%20&y HTTP/1.1\r\nHost: HOST\r\nUser-Agent: me\r\nContent-Length: 0\r\nAccept-Encoding: gzip, br\r\n\r\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := make(chan string, 1)
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			go func() {
				c, err := listener.Accept()
				if err != nil {
					return
				}
				defer c.Close()
				text := make([]byte, 4096)
				n, _ := c.Read(text)
				got <- string(text[:n])
				_, _ = io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n")
			}()
			test.request.URL = "http://" + listener.Addr().String() + "/a%2Fb?x=%20&y"
			told(t, exchange.Options{}, &test.request)
			if diff := cmp.Diff(test.want, strings.ReplaceAll(<-got, listener.Addr().String(), "HOST")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestUserOfAURL holds that it becomes the header, unless there is one.
func TestUserOfAURL(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Header.Get("Authorization")) }))
	t.Cleanup(server.Close)
	u := strings.Replace(server.URL, "http://", "http://me:pw@", 1)
	own := get(u)
	own.Header = http.Header{"Authorization": {"Bearer x"}}
	got := []string{told(t, exchange.Options{}, get(u)), told(t, exchange.Options{}, own)}
	if diff := cmp.Diff([]string{`200 "Basic bWU6cHc="`, `200 "Bearer x"`}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestCancelled holds that the end of a context is told as such, in the middle of
// whatever goes on.
func TestCancelled(t *testing.T) {
	t.Parallel()
	for _, begun := range []string{"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"} {
		ctx, cancel := context.WithCancel(t.Context())
		host := raw(t, func(c net.Conn) {
			_, _ = io.WriteString(c, begun)
			if begun == "" {
				cancel()
			}
			_, _ = c.Read(make([]byte, 1)) // until the client hangs up
		})
		client := exchange.New(exchange.Options{})
		response, err := client.Do(ctx, get("http://"+host))
		if response != nil {
			_, _ = io.ReadFull(response.Body, make([]byte, 4))
			cancel()
			_, err = response.ReadAll()
		}
		if !errors.Is(err, context.Canceled) {
			t.Errorf("after %q: %v", begun, err)
		}
		cancel()
		client.Close()
	}
}

// TestSent holds that a request is told to be sent before it is answered, by the network
// and, as far as it can be known, by a transport of the caller's.
func TestSent(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"by the network", "by another transport"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent := make(chan struct{})
			untilSent := func(ctx context.Context) error {
				select {
				case <-sent:
					return nil
				case <-ctx.Done(): // who never tells would be waited for without an end
					return ctx.Err()
				}
			}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if untilSent(r.Context()) != nil {
					w.WriteHeader(http.StatusInternalServerError)
				}
			}))
			t.Cleanup(server.Close)
			var o exchange.Options
			if name != "by the network" {
				o.Transport = transport(func(r *http.Request) (*http.Response, error) {
					if err := untilSent(r.Context()); err != nil {
						return nil, err
					}
					return http.DefaultTransport.RoundTrip(r)
				})
			}
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			client := exchange.New(o)
			t.Cleanup(client.Close)
			answer, err := client.Do(ctx, &exchange.Request{Method: http.MethodGet, URL: server.URL, Header: http.Header{}, Sent: sync.OnceFunc(func() { close(sent) })})
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			if answer.Status != http.StatusOK {
				t.Errorf("the status is %d", answer.Status)
			}
		})
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
