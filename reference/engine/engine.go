package engine

import (
	"context"
	"errors"
	"maps"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
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

// Engine runs operations, for any number of callers at once.
type Engine struct{ pool *pgxpool.Pool }

// Open makes an engine on a database URL as pgx accepts it, pool_max_conns and the
// like included. It does not wait for the database: as long as that cannot be
// reached, operations are a [Fault]. ctx bounds nothing that outlives the call.
func Open(ctx context.Context, databaseURL string) (*Engine, error) {
	config, err := poolConfig(databaseURL)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	return &Engine{pool}, nil
}

// Close ends the connections, after the operations that use them.
func (e *Engine) Close() { e.pool.Close() }

// Busy tells whether every connection is in use.
func (e *Engine) Busy() bool {
	stat := e.pool.Stat()
	return stat.AcquiredConns() == stat.MaxConns()
}

// Ping asks the database for an answer.
func (e *Engine) Ping(ctx context.Context) error { return e.pool.Ping(ctx) }

// Execute runs the operations of one document on one connection, and is the member
// data of the response. What it changed is undone when it fails; the error is a
// [*prisma.Error] or a [*Fault], with what is for the log beside it, or one of ours
// that has no better name.
func (e *Engine) Execute(ctx context.Context, schema *prisma.Schema, kind ast.Operation, operations []*queryschema.Operation) ([]byte, error) {
	statements, err := statementsOf(operations)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		// The first fault is the answer, the rest is for the log.
		unreachable := &Fault{Connection, "The database cannot be reached. " + unchanged}
		return nil, errors.Join(timedOut(ctx, queryTimeout, unchanged), unreachable, err)
	}
	defer conn.Release()
	data, err := run(ctx, conn.Conn(), kind, statements)
	if err != nil {
		return nil, refused(ctx, conn, schema, err)
	}
	return data, nil
}

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
