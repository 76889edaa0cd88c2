package accelerate

import (
	"errors"
	"net/http"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
)

// ServeHTTP answers POST /{apiVersion}/{engineHash}/graphql and GET /health. Any
// other path is a 404 and any other method a 405, both with an AccelerateError;
// who has no valid key is told only that.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	segments := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
	isHealth := len(segments) == 1 && segments[0] == "health"
	isQuery := len(segments) == 3 && segments[0] != "" && segments[1] != "" && segments[2] == "graphql"
	switch {
	case isHealth && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		s.serveHealth(w, r)
	case !isHealth && !s.keys.Opens(r):
		w.Header().Set("WWW-Authenticate", "Bearer")
		s.refuse(w, &fault{http.StatusUnauthorized, codeUnauthorized, "Expected the header Authorization with Bearer and a valid API key."})
	case isHealth:
		w.Header().Set("Allow", "GET, HEAD")
		s.refuse(w, &fault{http.StatusMethodNotAllowed, codeInvalidParameters, "Expected GET for /health."})
	case isQuery && r.Method == http.MethodPost:
		s.serveQuery(w, r)
	case isQuery:
		w.Header().Set("Allow", "POST")
		s.refuse(w, &fault{http.StatusMethodNotAllowed, codeInvalidParameters, "Expected POST for a query."})
	default:
		s.refuse(w, &fault{http.StatusNotFound, codeInvalidParameters, "There is nothing here: expected POST /{apiVersion}/{engineHash}/graphql or GET /health."})
	}
}

// refuse answers a fault. What is none is our own failure, and what is wrapped
// beside one is its cause: both go to the log, not to the caller.
func (s *Service) refuse(w http.ResponseWriter, err error) {
	var f *fault
	var e *engine.Fault
	switch {
	case errors.As(err, &f):
	case errors.As(err, &e):
		f = &fault{http.StatusInternalServerError, e.Code, e.Message}
	default:
		f = &fault{http.StatusInternalServerError, codeServer, "The service failed; its log says why."}
	}
	if f.status >= http.StatusInternalServerError {
		s.log.Error("accelerate: a query failed", "code", f.code, "requestId", w.Header().Get("X-Accelerate-Request-Id"), "error", err)
	}
	jsonhttp.Write(w, f.status, f.body())
}
