package pulse

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/meter"
)

// What a client can name is bounded: routes, methods, statuses and codes are
// ours, and this is more than there are of them.
const (
	countedRequests = 500
	countedErrors   = 100
)

// other stands for a route that the contract does not have, and a method that
// HTTP does not.
const other = "other"

// counts is what is counted of requests and event streams.
type counts struct {
	requests *meter.Tally[Request]
	errors   *meter.Tally[string]
	cuts     *meter.Tally[Cut]

	mu        sync.Mutex
	durations map[string]*meter.Histogram
}

func newCounts() *counts {
	return &counts{
		requests:  meter.NewTally(countedRequests, Request{Route: other, Method: other}),
		errors:    meter.NewTally(countedErrors, other),
		cuts:      meter.NewTally(countedErrors, Cut{}),
		durations: map[string]*meter.Histogram{},
	}
}

// duration is the histogram of a route; there are a handful.
func (c *counts) duration(route string) *meter.Histogram {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.durations[route] == nil {
		c.durations[route] = meter.NewHistogram(meter.Latencies()...)
	}
	return c.durations[route]
}

func (c *counts) readDurations() map[string]meter.Distribution {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make(map[string]meter.Distribution, len(c.durations))
	for route, h := range c.durations {
		all[route] = h.Read()
	}
	return all
}

// account counts a request, an event stream when it opens and any other when it is
// answered, and has a line in the log for it. done is called at its end.
func (s *Service) account(w http.ResponseWriter, r *http.Request) (_ *guarded, done func()) {
	began := time.Now()
	g := &guarded{ResponseWriter: w}
	g.opens = func(status int) {
		s.counts.requests.Of(Request{Route: route(r), Method: method(r), Status: status}).Add(1)
		if g.code != "" {
			s.counts.errors.Of(g.code).Add(1)
		}
	}
	return g, func() {
		took := time.Since(began)
		if !g.isEventStream() && g.begun {
			s.counts.duration(route(r)).Observe(took)
		}
		s.options.Log.DebugContext(r.Context(), "pulse: request",
			"method", method(r), "route", route(r), "stream", shortened(r.PathValue("streamName")),
			"status", g.status, "code", g.code, "duration", took, "peer", r.RemoteAddr)
	}
}

// route is the contract's path that a request was for. What the client wrote
// instead may be anything, also a secret in the wrong place.
func route(r *http.Request) string {
	pattern := r.Pattern
	if _, path, found := strings.Cut(pattern, " "); found {
		pattern = path
	}
	if pattern == "" || pattern == "/" {
		return other
	}
	return pattern
}

// method is a request's method, if it is one of HTTP's.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return r.Method
	default:
		return other
	}
}
