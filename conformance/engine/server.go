package engine

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// Recorded is a request as it came.
type Recorded struct {
	// Server is "api" or "other".
	Server, Method string
	// Target is what stood on the request line.
	Target string
	// Header has the field Host too.
	Header http.Header
	Body   []byte
}

// script is what both servers of a case share: the replies that are left, and the
// requests that came.
type script struct {
	// over is closed when the runner is done: nobody waits for an answer any more.
	over chan struct{}

	mu       sync.Mutex
	replies  []Reply
	requests []Recorded
}

// largestBody bounds what is kept of a request.
const largestBody = 16 << 20

// serve starts a server of the script under its name.
func (s *script) serve(name string) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, r, s.record(name, r))
	}))
}

// record writes the request down and takes its reply: none is left where more
// requests come than the case expects.
func (s *script) record(server string, r *http.Request) *Reply {
	body, err := io.ReadAll(io.LimitReader(r.Body, largestBody))
	if err != nil {
		body = append(body, "(the body broke off)"...)
	}
	header := r.Header.Clone()
	header["Host"] = []string{r.Host}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, Recorded{Server: server, Method: r.Method, Target: r.RequestURI, Header: header, Body: body})
	if len(s.replies) == 0 {
		return nil
	}
	reply := s.replies[0]
	s.replies = s.replies[1:]
	return &reply
}

// seen are the requests so far.
func (s *script) seen() []Recorded {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Recorded(nil), s.requests...)
}

// answer sends the reply. A request too many is answered with a status that nobody
// takes for success.
func (s *script) answer(w http.ResponseWriter, r *http.Request, reply *Reply) {
	switch {
	case reply == nil:
		w.WriteHeader(http.StatusTeapot)
	case reply.Hang:
		select {
		case <-r.Context().Done():
		case <-s.over:
		}
	case reply.Close:
		cut(w, reply)
	default:
		header := w.Header()
		header["Date"], header["Content-Type"] = nil, nil // what is not in the case is not sent
		for name, values := range reply.Header {
			header[name] = values
		}
		w.WriteHeader(reply.Status)
		if r.Method != http.MethodHead {
			_, _ = w.Write(reply.Body) // whoever went away has shown it by now
		}
	}
}

// cut ends the connection, after the part of an answer that the reply has.
func cut(w http.ResponseWriter, reply *Reply) {
	connection, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer connection.Close()
	if reply.Status == 0 {
		return
	}
	var head strings.Builder
	fmt.Fprintf(&head, "HTTP/1.1 %d %s\r\n", reply.Status, http.StatusText(reply.Status))
	if reply.Header.Write(&head) != nil {
		return
	}
	fmt.Fprintf(&head, "Content-Length: %d\r\n\r\n%s", len(reply.Body)+1, reply.Body)
	_, _ = io.WriteString(connection, head.String())
}
