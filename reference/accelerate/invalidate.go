package accelerate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// maxInvalidation bounds the body of an invalidation: five tags take far less.
const maxInvalidation = 64 << 10

// invalidation is CacheInvalidationRequest: some tags, or all there is.
type invalidation struct {
	all  bool
	tags []string
}

// invalidated is CacheInvalidationResponse.
type invalidated struct {
	Success         bool     `json:"success"`
	InvalidatedTags []string `json:"invalidatedTags"`
}

// serveInvalidate answers invalidateCacheByTags, of the caller's key.
func (s *Service) serveInvalidate(w http.ResponseWriter, r *http.Request, key int) {
	s.numberInvalidation(w)
	body, err := readBody(w, r, maxInvalidation)
	var asked invalidation
	if err == nil {
		asked, err = readInvalidation(body)
	}
	if err == nil {
		err = s.invalidate(r.Context(), w.Header(), invalidateRoute, key, asked)
	}
	s.answerInvalidation(w, asked, err)
}

// serveInvalidateAll answers invalidateAllCache, which needs no body.
func (s *Service) serveInvalidateAll(w http.ResponseWriter, r *http.Request, key int) {
	s.numberInvalidation(w)
	asked := invalidation{all: true}
	s.answerInvalidation(w, asked, s.invalidate(r.Context(), w.Header(), invalidateAllRoute, key, asked))
}

// numberInvalidation gives an invalidation an id, which Prisma's client extension answers
// its caller with.
func (s *Service) numberInvalidation(w http.ResponseWriter) {
	w.Header().Set("Cf-Ray", ray(number(w), s.region))
}

func (s *Service) answerInvalidation(w http.ResponseWriter, asked invalidation, err error) {
	if err != nil {
		s.refuse(w, err)
		return
	}
	jsonhttp.Write(w, http.StatusOK, invalidated{true, append([]string{}, asked.tags...)})
}

// invalidate drops answers here, and has the other nodes drop them.
func (s *Service) invalidate(ctx context.Context, h http.Header, route string, key int, asked invalidation) error {
	if err := s.allowance.take(h, route, key); err != nil {
		return err
	}
	if asked.all {
		s.cache.InvalidateAll()
	} else {
		s.cache.Invalidate(asked.tags...)
	}
	if s.peers == nil {
		return nil
	}
	err := s.peers.Tell(ctx, asked.tags)
	if err != nil {
		err = errors.Join(&fault{
			http.StatusInternalServerError, codeServer,
			"It is done on this node, but the others could not be told and may serve what they have: try again.",
		}, err)
	}
	return err
}

// readInvalidation reads one to five tags or, as Prisma's client extension has it, the
// word all in place of their list.
func readInvalidation(body []byte) (invalidation, error) {
	members, err := jsonhttp.Object(body)
	if err != nil {
		return invalidation{}, badRequest("The body: %s.", err)
	}
	raw, ok := members["tags"]
	if !ok {
		return invalidation{}, badRequest("/tags is missing: expected a list of %s.", howMany(1))
	}
	var given any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	// That it is JSON was seen before.
	_ = decoder.Decode(&given)
	switch given := given.(type) {
	case []any:
		tags, err := readTags("/tags", given, 1)
		return invalidation{tags: tags}, err
	case string:
		if given == "all" {
			return invalidation{all: true}, nil
		}
	}
	return invalidation{}, badRequest(`/tags: expected a list of tags or "all", found %s.`, prisma.Describe(given))
}

// allowance is how many invalidations a minute a key may have on each route, that many
// of them at once; 0 is any number.
type allowance struct {
	perMinute int
	now       func() time.Time

	mu      sync.Mutex
	buckets map[bucket]*rate.Limiter
}

type bucket struct {
	route string
	key   int
}

// take takes one, or is a fault that says when there is one again.
func (a *allowance) take(h http.Header, route string, key int) error {
	if a.perMinute == 0 {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	limiter := a.buckets[bucket{route, key}]
	if limiter == nil {
		limiter = rate.NewLimiter(rate.Limit(float64(a.perMinute)/time.Minute.Seconds()), a.perMinute)
		a.buckets[bucket{route, key}] = limiter
	}
	now := a.now()
	taken := limiter.ReserveN(now, 1)
	wait := taken.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	taken.CancelAt(now)
	seconds := int(math.Ceil(wait.Seconds()))
	h.Set("Retry-After", strconv.Itoa(seconds))
	return &fault{
		http.StatusTooManyRequests, codePlanLimit,
		fmt.Sprintf("At most %d invalidations a minute go on %s: the next may in %d s.", a.perMinute, route, seconds),
	}
}
