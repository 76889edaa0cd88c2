package pulse

import (
	"context"
	"errors"
	"net/http"
	"path"
)

// newRoutes lists the contract's operations. The patterns without a method come
// after: they answer for a known path in PulseError's form.
func (s *Service) newRoutes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", s.getHealthStatus)
	mux.HandleFunc("/health", methodNotAllowed("GET, HEAD"))

	mux.Handle("POST /streams", s.authorized(s.kept(http.StatusBadRequest, s.createStream)))
	mux.Handle("GET /streams", s.authorized(s.listStreams))
	mux.Handle("/streams", s.authorized(methodNotAllowed("GET, HEAD, POST")))

	mux.Handle("DELETE /streams/{streamName}", s.authorized(s.kept(http.StatusNotFound, s.deleteStream)))
	mux.Handle("/streams/{streamName}", s.authorized(methodNotAllowed("DELETE")))

	// A HEAD, which GET would include, has no body to carry events.
	mux.Handle("GET /streams/{streamName}/events", s.authorized(s.kept(http.StatusNotFound, s.consumeStreamEvents)))
	mux.Handle("HEAD /streams/{streamName}/events", s.authorized(methodNotAllowed("GET")))
	mux.Handle("/streams/{streamName}/events", s.authorized(methodNotAllowed("GET")))

	// Beside the contract: see explicit.go.
	mux.Handle("POST /streams/{streamName}/ack", s.authorized(s.kept(http.StatusNotFound, s.acknowledgeEvent)))
	mux.Handle("/streams/{streamName}/ack", s.authorized(methodNotAllowed("POST")))

	mux.Handle("POST /subscribe", s.authorized(s.createSubscription))
	mux.Handle("/subscribe", s.authorized(methodNotAllowed("POST")))

	mux.Handle("GET /events/{eventId}", s.authorized(s.kept(http.StatusNotFound, s.getEvent)))
	mux.Handle("/events/{eventId}", s.authorized(methodNotAllowed("GET, HEAD")))

	mux.Handle("/", s.authorized(routeNotFound))
	return mux
}

// ServeHTTP answers the Prisma Pulse API. The server in front should bound
// headers (http.Server's MaxHeaderBytes) and the times to read and to write
// (ReadTimeout, WriteTimeout); the size of bodies is bounded here, and event
// streams lift the server's timeouts for themselves.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// The end of the service ends every request.
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.live, cancel)()
	r = r.WithContext(ctx)
	response, done := s.account(w, r)
	defer done()
	if !s.enter() {
		s.refuseAtTheEnd(response, r)
		return
	}
	defer s.working.Done()
	defer s.recoverPanic(response, r)
	// ServeMux would redirect a path with empty or dot segments; here such a path
	// is just not a route.
	if p := r.URL.EscapedPath(); path.Clean(p) != p {
		s.authorized(routeNotFound).ServeHTTP(response, r)
		return
	}
	s.routes.ServeHTTP(response, r)
}

// refuseAtTheEnd answers while the service shuts down, in the statuses that the
// contract has: only the health check may answer 503.
func (s *Service) refuseAtTheEnd(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close")
	if r.URL.Path == "/health" {
		shuttingDown().write(w)
		return
	}
	(&problem{status: http.StatusInternalServerError, code: codeServerError, message: "The service is shutting down."}).write(w)
}

// authorized lets a request through that carries one of the keys. It comes before
// everything else, so that nobody learns without it what exists.
func (s *Service) authorized(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.options.Keys.Opens(r) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			(&problem{
				status: http.StatusUnauthorized, code: codeUnauthorized,
				message: "The API key is missing or wrong: send the header Authorization: Bearer <key>.",
			}).write(w)
			return
		}
		next(w, r)
	})
}

func routeNotFound(w http.ResponseWriter, r *http.Request) {
	(&problem{
		status: http.StatusNotFound, code: codeRouteNotFound,
		message: "There is no such route: expected one of the Pulse API's, such as /streams.", meta: map[string]any{"path": shortened(r.URL.Path)},
	}).write(w)
}

func methodNotAllowed(allow string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allow)
		(&problem{
			status: http.StatusMethodNotAllowed, code: codeMethodNotAllowed,
			message: "This route does not have the method " + r.Method + ": expected " + allow + ".", meta: map[string]any{"allow": allow},
		}).write(w)
	}
}

// fail answers for an error that is not the client's. The details are for the
// operator; a request that ended meanwhile gets no answer.
func (s *Service) fail(w http.ResponseWriter, r *http.Request, code string, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return
	}
	s.options.Log.Error("pulse: request failed", "method", r.Method, "path", shortened(r.URL.Path), "error", err)
	message := "The service could not do this; its log says why."
	if code == codeDatasourceError {
		message = "The database could not be asked; the service's log says why."
	}
	(&problem{status: http.StatusInternalServerError, code: code, message: message}).write(w)
}
