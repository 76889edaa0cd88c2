package accelerate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

const (
	// queryTimeout is Accelerate's own; it counts the wait for a connection.
	queryTimeout = 10 * time.Second
	// connectTimeout is well below queryTimeout, so that a database that does not
	// answer is reported as such and not as a slow query.
	connectTimeout = 5 * time.Second
	// cancelGrace is how long a statement may take to end after Postgres was asked
	// to cancel it, before its connection is closed.
	cancelGrace = time.Second
)

// Options say what the service serves. DatabaseURL, Schema and Keys are
// required.
type Options struct {
	// DatabaseURL is what pgx accepts, pool_max_conns and the like included.
	DatabaseURL string
	// Schema gives the models of the database. It is asked once per query, so that
	// the answer may change; it must be safe for concurrent use.
	Schema func(context.Context) (*prisma.Schema, error)
	// Keys are what callers present as "Authorization: Bearer KEY", one of them.
	// Signatures of answers are made with all of them.
	Keys jsonhttp.Keys
	// Region is what answers name as theirs; "" is "local".
	Region string
	// Log takes failures of the service itself; nil drops them.
	Log *slog.Logger
}

// Service is the Accelerate API as an http.Handler, safe for concurrent use.
type Service struct {
	schema func(context.Context) (*prisma.Schema, error)
	keys   jsonhttp.Keys
	// secret is what answers are signed with.
	secret []byte
	region string
	log    *slog.Logger
	pool   *pgxpool.Pool
}

// Open makes a service. It does not wait for the database: as long as that
// cannot be reached, queries answer P6008 and health 503. ctx bounds nothing
// that outlives the call.
func Open(ctx context.Context, o Options) (*Service, error) {
	if o.Schema == nil || len(o.Keys) == 0 {
		return nil, errors.New("open accelerate: Options.Schema and Options.Keys are required")
	}
	config, err := poolConfig(o.DatabaseURL)
	if err != nil {
		return nil, fmt.Errorf("open accelerate: %w", err)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open accelerate: %w", err)
	}
	s := &Service{schema: o.Schema, keys: o.Keys, secret: o.Keys.Secret(), region: o.Region, log: o.Log, pool: pool}
	if s.region == "" {
		s.region = "local"
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s, nil
}

// Close ends the service's connections, after the queries that use them.
func (s *Service) Close() { s.pool.Close() }

func poolConfig(databaseURL string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(databaseURL)
	if err != nil {
		return nil, prisma.URLError(err)
	}
	conn := config.ConnConfig
	maps.Copy(conn.RuntimeParams, prisma.Settings())
	// Without one of the URL's, the server gives up when the caller did.
	if _, ok := conn.RuntimeParams["statement_timeout"]; !ok {
		conn.RuntimeParams["statement_timeout"] = strconv.FormatInt(queryTimeout.Milliseconds(), 10)
	}
	if conn.ConnectTimeout == 0 || conn.ConnectTimeout > connectTimeout {
		conn.ConnectTimeout = connectTimeout
	}
	// Left to itself, pgx closes the connection of a query that was given up and
	// does not learn whether it took effect.
	conn.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: cancelGrace}
	}
	return config, nil
}
