package pulse

import (
	"net/http"
	"runtime/debug"
)

// guarded is a response of which is known whether it has begun, and with what.
type guarded struct {
	http.ResponseWriter
	begun bool
	// status is that of the answer; code is its PulseError's, empty for none.
	status int
	code   string
	// opens is told the status when the response begins.
	opens func(status int)
}

func (g *guarded) WriteHeader(status int) {
	g.begin(status)
	g.ResponseWriter.WriteHeader(status)
}

func (g *guarded) Write(data []byte) (int, error) {
	g.begin(http.StatusOK)
	return g.ResponseWriter.Write(data)
}

func (g *guarded) begin(status int) {
	if !g.begun {
		g.begun, g.status = true, status
		g.opens(status)
	}
}

// isEventStream reports whether the response is one, which lasts as long as its
// reader likes.
func (g *guarded) isEventStream() bool { return g.Header().Get("Content-Type") == eventStreamType }

// Unwrap lets http.ResponseController reach the connection.
func (g *guarded) Unwrap() http.ResponseWriter { return g.ResponseWriter }

// recoverPanic makes a panic of a handler, which is our fault and nobody else's
// concern, an answer and a line in the log. A response that has begun is broken
// off, so that nobody takes it for whole.
func (s *Service) recoverPanic(w *guarded, r *http.Request) {
	fault := recover()
	if fault == nil {
		return
	}
	if fault != http.ErrAbortHandler {
		s.options.Log.Error("pulse: a request met a bug: please report it",
			"method", r.Method, "path", shortened(r.URL.Path), "panic", fault, "stack", string(debug.Stack()))
	}
	if w.begun || fault == http.ErrAbortHandler {
		panic(http.ErrAbortHandler) //nolint:forbidigo // net/http's own way to break off a response, and it catches it
	}
	(&problem{status: http.StatusInternalServerError, code: codeServerError, message: "The service has met a bug of its own; its log says where."}).write(w)
}
