package exchange_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
)

// connections counts those that a server accepts.
func connections(t *testing.T, h http.Handler) (string, *atomic.Int32) {
	t.Helper()
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(h)
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return server.URL, &opened
}

// TestConnectionsAreKept sends what leaves something to read behind: errors,
// redirects with a body, compressed bodies.
func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	u, opened := connections(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/redirect":
			w.Header().Set("Location", "/plain")
			w.WriteHeader(http.StatusFound)
			fmt.Fprint(w, strings.Repeat("moved ", 1000))
		case "/refused":
			w.Header().Set("Location", "ftp://x.test")
			w.WriteHeader(http.StatusFound)
			fmt.Fprint(w, strings.Repeat("moved ", 1000))
		case "/br":
			w.Header().Set("Content-Encoding", "br")
			_, _ = w.Write(compressed(t, "br", "some text"))
		default:
			fmt.Fprint(w, strings.Repeat("plain ", 1000))
		}
	}))
	client := exchange.New(exchange.Options{})
	for _, path := range []string{"/plain", "/redirect", "/refused", "/br", "/plain"} {
		if response, err := client.Do(t.Context(), get(u+path)); response != nil {
			_, _ = response.ReadAll()
		} else {
			t.Error(err)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections were made for requests one after the other, want 1", n)
	}
	client.Close()
	if _, err := client.Do(t.Context(), get(u)); err != nil || opened.Load() != 2 {
		t.Errorf("after Close, there are %d connections: %v", opened.Load(), err)
	}
}

// TestNothingIsSentTwice lets a server close a kept connection when the second
// request has arrived. It may have been acted on: a POST is not sent again, and
// fails; a GET is, as RFC 9110, section 9.2.2 allows.
func TestNothingIsSentTwice(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]string{
		"GET":    `2 on the first connection, 1 on others: 200 "ok"`,
		"POST":   "2 on the first connection, 0 on others: no-response: the server gave no answer: EOF",
		"PUT":    "2 on the first connection, 0 on others: no-response: the server gave no answer: EOF",
		"DELETE": "2 on the first connection, 0 on others: no-response: the server gave no answer: EOF",
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = listener.Close() })
			var onFirst, later atomic.Int32
			go func() {
				for count := &onFirst; ; count = &later {
					c, err := listener.Accept()
					if err != nil {
						return
					}
					go serveOnce(c, count)
				}
			}()
			client := exchange.New(exchange.Options{})
			defer client.Close()
			request := &exchange.Request{Method: method, URL: "http://" + listener.Addr().String(), Body: []byte("x")}
			if got := toldBy(t.Context(), client, request); got != `200 "ok"` {
				t.Fatal(got)
			}
			got := toldBy(t.Context(), client, request)
			got = fmt.Sprintf("%d on the first connection, %d on others: %s", onFirst.Load(), later.Load(), got)
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// serveOnce answers the first request of a connection, reads the second and
// closes it.
func serveOnce(c net.Conn, count *atomic.Int32) {
	defer c.Close()
	reader := bufio.NewReader(c)
	for range 2 {
		r, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		if count.Add(1) == 1 {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		}
	}
}
