package accelerate

import (
	"errors"
	"net/http"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
)

// The routes, as routeOf calls them.
const (
	queryRoute         = "/{apiVersion}/{engineHash}/graphql"
	invalidateRoute    = "/invalidate"
	invalidateAllRoute = "/invalidate-all"
	sdlRoute           = "/debug/sdl"
	healthRoute        = "/health"
)

// routeOf is the route of a path, empty for none.
func routeOf(path string) string {
	switch path {
	case invalidateRoute, invalidateAllRoute, healthRoute, sdlRoute:
		return path
	}
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(segments) == 3 && segments[0] != "" && segments[1] != "" && segments[2] == "graphql" {
		return queryRoute
	}
	return ""
}

// ServeHTTP answers queries, invalidations, the health check and GET /debug/sdl. Any
// other path is a 404 and any other method a 405, both with an AccelerateError; who has
// no valid key is told only that.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g := &guarded{ResponseWriter: w}
	defer s.recoverPanic(g, r)
	s.serve(g, r)
}

func (s *Service) serve(w http.ResponseWriter, r *http.Request) {
	route := routeOf(r.URL.EscapedPath())
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	if route == healthRoute && reads {
		s.serveHealth(w, r)
		return
	}
	key := s.keys.Find(r)
	switch {
	case key < 0:
		w.Header().Set("WWW-Authenticate", "Bearer")
		s.refuse(w, &fault{http.StatusUnauthorized, codeUnauthorized, "Expected the header Authorization with Bearer and a valid API key."})
	case route == "":
		s.refuse(w, &fault{http.StatusNotFound, codeInvalidParameters, "There is nothing here: expected POST " + queryRoute + ", " +
			invalidateRoute + " or " + invalidateAllRoute + ", or GET " + healthRoute + " or " + sdlRoute + "."})
	case route == sdlRoute && reads:
		s.serveSDL(w, r)
	case route == healthRoute, route == sdlRoute:
		s.refuseMethod(w, "GET, HEAD", "Expected GET for "+route+".")
	case r.Method != http.MethodPost:
		s.refuseMethod(w, http.MethodPost, "Expected POST for "+route+".")
	case route == invalidateRoute:
		s.serveInvalidate(w, r, key)
	case route == invalidateAllRoute:
		s.serveInvalidateAll(w, r, key)
	default:
		s.serveQuery(w, r)
	}
}

func (s *Service) refuseMethod(w http.ResponseWriter, allowed, message string) {
	w.Header().Set("Allow", allowed)
	s.refuse(w, &fault{http.StatusMethodNotAllowed, codeInvalidParameters, message})
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
		s.log.Error("accelerate: a request failed", "code", f.code, "requestId", w.Header().Get("X-Accelerate-Request-Id"), "error", err)
	}
	jsonhttp.Write(w, f.status, f.body())
}
