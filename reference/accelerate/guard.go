package accelerate

import (
	"fmt"
	"net/http"
	"runtime/debug"
)

// guarded is a response of which is known whether it has begun.
type guarded struct {
	http.ResponseWriter
	begun bool
}

func (g *guarded) WriteHeader(status int) {
	g.begun = true
	g.ResponseWriter.WriteHeader(status)
}

func (g *guarded) Write(data []byte) (int, error) {
	g.begun = true
	return g.ResponseWriter.Write(data)
}

// Unwrap lets http.ResponseController reach the connection.
func (g *guarded) Unwrap() http.ResponseWriter { return g.ResponseWriter }

// recoverPanic makes a panic, which is our fault and nobody else's concern, an answer
// and a line in the log. A response that has begun is broken off, so that nobody takes
// it for whole.
func (s *Service) recoverPanic(w *guarded, r *http.Request) {
	met := recover()
	if met == nil {
		return
	}
	if met != http.ErrAbortHandler {
		s.log.Error("accelerate: a request met a bug: please report it", "method", r.Method, "panic", fmt.Sprint(met), "stack", string(debug.Stack()))
	}
	if w.begun || met == http.ErrAbortHandler {
		panic(http.ErrAbortHandler) //nolint:forbidigo // net/http's own way to break off a response, and it catches it
	}
	s.refuse(w, &fault{http.StatusInternalServerError, codeServer, "The service has met a bug of its own; its log says where. Whether a mutation took effect is not known."})
}
