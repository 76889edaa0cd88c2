package accelerate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"

	"github.com/arazzo-conformance/arazzo/reference/cache"
	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// Options say what the service serves. DatabaseURL, Schema and Keys are
// required.
type Options struct {
	// DatabaseURL is what pgx accepts.
	DatabaseURL string
	// Limits bound what queries may take.
	Limits engine.Limits
	// LogQueries has the text and the time of every statement in Log.
	LogQueries bool
	// Schema gives the models of the database, which may change. It is asked twice a
	// second while there are queries, by one at a time; see package comment, Caching.
	Schema func(context.Context) (*prisma.Schema, error)
	// Keys are what callers present as "Authorization: Bearer KEY", one of them.
	// Signatures of answers are made with all of them.
	Keys jsonhttp.Keys
	// Region is what answers name as theirs; "" is "local".
	Region string
	// CacheBytes is how much memory the cached answers may take, in all; 0 is
	// DefaultCacheBytes.
	CacheBytes int64
	// InvalidationsPerMinute is how many a key may have on each of the two routes; 0 is
	// any number.
	InvalidationsPerMinute int
	// Peers are the caches of other nodes of the environment; nil where there are none.
	// They are closed by whoever made them.
	Peers cache.Peers
	// Now is the clock of the cache and of what is counted a minute; nil is time.Now.
	Now func() time.Time
	// Log takes failures of the service itself; nil drops them.
	Log *slog.Logger
}

const (
	// DefaultCacheBytes is what answers that are cached may take without being told.
	DefaultCacheBytes = 64 << 20
	// NoCache for Options.CacheBytes keeps nothing.
	NoCache = -1
)

// Service is the Accelerate API as an http.Handler, safe for concurrent use.
type Service struct {
	schema func(context.Context) (*prisma.Schema, error)
	keys   jsonhttp.Keys
	// secret is what answers are signed with.
	secret []byte
	region string
	log    *slog.Logger
	engine *engine.Engine
	now    func() time.Time

	cache *cache.Cache[*result]
	// others counts the answers that the cache had nothing to do with.
	others    atomic.Uint64
	peers     cache.Peers
	questions questions
	allowance allowance
	sdl       sdl

	// last is the last look at the schema, looking the one under way.
	last    atomic.Pointer[look]
	looking singleflight.Group
	// live ends with Close.
	live context.Context
	end  context.CancelFunc
}

// questionShare is the part of the cache that may hold what requests asked for beside it,
// and mostQuestionBytes the most that does.
const (
	questionShare     = 8
	mostQuestionBytes = 8 << 20
)

// Open makes a service. It does not wait for the database: as long as that
// cannot be reached, queries answer P6008 and health 503. ctx bounds nothing
// that outlives the call.
func Open(ctx context.Context, o Options) (*Service, error) {
	if o.Schema == nil || len(o.Keys) == 0 {
		return nil, errors.New("open accelerate: Options.Schema and Options.Keys are required")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	asked := engine.Options{DatabaseURL: o.DatabaseURL, Limits: o.Limits, Now: o.Now}
	if o.LogQueries {
		asked.Log = o.Log
	}
	e, err := engine.Open(ctx, asked)
	if err != nil {
		return nil, fmt.Errorf("open accelerate: %w", err)
	}
	s := &Service{schema: o.Schema, keys: o.Keys, secret: o.Keys.Secret(), region: o.Region, log: o.Log, engine: e}
	if s.region == "" {
		s.region = "local"
	}
	s.live, s.end = context.WithCancel(context.Background())
	if o.CacheBytes == 0 {
		o.CacheBytes = DefaultCacheBytes
	}
	s.questions.limit = min(o.CacheBytes/questionShare, mostQuestionBytes)
	if s.now = o.Now; s.now == nil {
		s.now = time.Now
	}
	s.allowance = allowance{perMinute: o.InvalidationsPerMinute, now: s.now, buckets: map[bucket]*rate.Limiter{}}
	kept := cache.Options{Bytes: o.CacheBytes, Now: s.now, Failed: func(err error) {
		s.log.Warn("accelerate: a stale answer could not be refreshed, and stays until its time is over", "error", err)
	}}
	if s.peers = o.Peers; s.peers != nil {
		kept.Within = s.peers.Within()
	}
	s.cache = cache.New[*result](kept)
	if s.peers != nil {
		s.peers.Join(s.cache)
	}
	return s, nil
}

// Stats is what the service has done.
type Stats struct {
	// Cache is what the cache holds and has done, Uncached how many answers it had
	// nothing to do with.
	Cache    cache.Stats
	Uncached uint64
}

// Stats is so at this moment.
func (s *Service) Stats() Stats { return Stats{s.cache.Stats(), s.others.Load()} }

// Close ends the service's connections, after the queries that use them.
func (s *Service) Close() {
	s.end()
	// Its loads end when they are cancelled; they have the connections.
	_ = s.cache.Close(context.Background())
	s.engine.Close()
}
