package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// Limits bound what queries may take. Of each, 0 is Accelerate's own.
type Limits struct {
	// Connections is how many there are to the database at a time, at most
	// [MostConnections]; 0 is two for each processor and one.
	Connections int
	// PoolTimeout bounds the wait for a connection that is free; 0 is ten seconds.
	PoolTimeout time.Duration
	// QueryTimeout bounds a query, the wait for a connection included; 0 is ten seconds.
	QueryTimeout time.Duration
	// ResponseBytes bounds the data of an answer; 0 is 5 MiB.
	ResponseBytes int
}

const (
	// MostConnections is more than one Postgres serves well.
	MostConnections = 10_000

	defaultTimeout = 10 * time.Second
	defaultBytes   = 5 << 20
	// connectTimeout is well below the default timeout, so that a database that does
	// not answer is reported as such and not as a slow query.
	connectTimeout = 5 * time.Second
	// cancelGrace is how long a statement may take to end after Postgres was asked
	// to cancel it, before its connection is closed.
	cancelGrace = time.Second
)

func (l Limits) orDefaults() Limits {
	if l.Connections == 0 {
		l.Connections = 2*runtime.GOMAXPROCS(0) + 1
	}
	if l.PoolTimeout == 0 {
		l.PoolTimeout = defaultTimeout
	}
	if l.QueryTimeout == 0 {
		l.QueryTimeout = defaultTimeout
	}
	if l.ResponseBytes == 0 {
		l.ResponseBytes = defaultBytes
	}
	return l
}

// poolConfig is what the pool is made of. lost tells when a connection was lost last.
func (l Limits) poolConfig(databaseURL string, lost func() time.Time) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(databaseURL)
	if err != nil {
		return nil, prisma.URLError(err)
	}
	config.MaxConns = int32(min(l.Connections, MostConnections))
	config.ShouldPing = func(_ context.Context, p pgxpool.ShouldPingParams) bool {
		return p.IdleDuration > idleTrusted || time.Now().Add(-p.IdleDuration).Before(lost())
	}
	config.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		limitRows(conn.PgConn(), l.ResponseBytes)
		return nil
	}
	conn := config.ConnConfig
	maps.Copy(conn.RuntimeParams, prisma.Settings())
	for name, value := range map[string]string{
		"application_name": "arazzo accelerate",
		// The server gives up by itself where our cancelling does not reach it.
		"statement_timeout": strconv.FormatInt((l.QueryTimeout + cancelGrace).Milliseconds(), 10),
		// A read of many relations looks expensive to the planner, and compiling it takes
		// seconds where running it takes a millisecond.
		"jit": "off",
		// A timestamp without a time zone is one of UTC here. Postgres is to take it for that
		// too where it has to, as when a raw query compares one with now().
		"timezone": "UTC",
	} {
		if _, ok := conn.RuntimeParams[name]; !ok {
			conn.RuntimeParams[name] = value
		}
	}
	if conn.ConnectTimeout == 0 || conn.ConnectTimeout > connectTimeout {
		conn.ConnectTimeout = connectTimeout
	}
	// Left to itself, pgx keeps what a raw query has the connection listen to, for ever.
	conn.OnNotification = func(*pgconn.PgConn, *pgconn.Notification) {}
	// Left to itself, pgx closes the connection of a query that was given up and
	// does not learn whether it took effect.
	conn.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: cancelGrace}
	}
	return config, nil
}

// idleTrusted is how long a connection may have been idle and still be used without
// asking whether it is there. Where one was lost since, as all are when Postgres
// restarts, none is trusted.
const idleTrusted = time.Second

// acquire waits for a connection until the pool's time is up, or that of ctx, whose
// query began at the given moment.
func (e *Engine) acquire(ctx context.Context, began time.Time) (*pgxpool.Conn, error) {
	deadline := began.Add(e.limits.PoolTimeout)
	waiting := ctx
	bound, bounded := ctx.Deadline()
	if !bounded || deadline.Before(bound) {
		var cancel func()
		waiting, cancel = context.WithDeadline(ctx, deadline)
		defer cancel()
	}
	e.waiting.Add(1)
	defer e.waiting.Add(-1)
	conn, err := e.pool.Acquire(waiting)
	if err == nil {
		return conn, nil
	}
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return nil, err
	case waiting.Err() == nil:
		return nil, errors.Join(e.unconnected(err), err)
	case bounded && deadline.After(bound):
		return nil, errors.Join(timedOut(ctx, e.limits.QueryTimeout, unchanged), err)
	case !e.Busy():
		// What was waited for is a connection that is being made.
		return nil, errors.Join(e.unconnected(err), err)
	}
	return nil, errors.Join(e.noneFree(), err)
}

// noneFree is the query engine's error of a pool that is too small.
func (e *Engine) noneFree() error {
	limit, timeout := e.limits.Connections, e.limits.PoolTimeout
	return prisma.NewError("P2024",
		fmt.Sprintf("No connection came free within %s, for all %d of the pool were in use: raise connection_limit or pool_timeout, or ask less at a time. %s", timeout, limit, unchanged),
		map[string]any{"connection_limit": limit, "timeout": timeout.Seconds()})
}

// Unconnected is the fault of a connection of whomever that could not be made, nil where
// that is not what err is about.
func (e *Engine) Unconnected(err error) error {
	var connecting *pgconn.ConnectError
	if !errors.As(err, &connecting) {
		return nil
	}
	return e.unconnected(err)
}

// unconnected is the fault of a database to which no connection can be made.
func (e *Engine) unconnected(err error) *Fault {
	var pg *pgconn.PgError
	said := "The database cannot be reached."
	switch {
	case !errors.As(err, &pg):
	case pg.Code == "53300":
		said = fmt.Sprintf("The database has no connection left for one of this pool's %d: lower connection_limit, or raise max_connections of Postgres.", e.limits.Connections)
	case strings.HasPrefix(pg.Code, "28"):
		said = "The database does not let the service in: the user, the password or the server's rules for them (pg_hba.conf) are wrong."
	case pg.Code == "3D000":
		said = "The database does not exist on its server."
	default:
		said = fmt.Sprintf("The database does not accept connections (SQLSTATE %s).", pg.Code)
	}
	return &Fault{Connection, said + " " + unchanged}
}

// Busy tells whether every connection is in use.
func (e *Engine) Busy() bool {
	stat := e.pool.Stat()
	return stat.AcquiredConns() >= stat.MaxConns()
}

// Saturated tells whether every connection is in use and queries wait for one.
func (e *Engine) Saturated() bool { return e.Busy() && e.waiting.Load() > 0 }

// Ping asks the database for an answer.
func (e *Engine) Ping(ctx context.Context) error { return e.pool.Ping(ctx) }

// lose remembers that a connection was lost.
func (e *Engine) lose() { e.lost.Store(time.Now().UnixNano()) }

func (e *Engine) lastLost() time.Time { return time.Unix(0, e.lost.Load()) }
