package boot

import (
	"context"
	"log/slog"
	"maps"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

// recency is how old an introspection may be for a query: short enough for a
// person who has just made a table, long enough to cost a busy proxy nothing.
const recency = 500 * time.Millisecond

// catalog introspects the database for both APIs. Pulse asks for a fresh look
// when it meets something unknown, Accelerate for a recent one with each query.
type catalog struct {
	url string
	// turn holds a token while somebody uses what follows. Unlike a mutex it can
	// be waited for within a context: a database that hangs holds nobody longer
	// than the caller's own bound.
	turn  chan struct{}
	conn  *pgx.Conn
	looks prisma.Introspection
	// seen is what the database holds, last what came of it, which stays the same as long
	// as that does.
	seen, last *prisma.Schema
	at         time.Time

	// file is the Prisma schema that names what the database holds, nil where there
	// is none, and path where it was read. What that of the demo does not name is there
	// too.
	file   *psl.Schema
	path   string
	isDemo bool
	// problems are what did not fit at the last look; told are those that are in log.
	problems atomic.Pointer[psl.Problems]
	told     map[psl.Problem]bool
	log      *slog.Logger
}

func newCatalog(url string) *catalog {
	return &catalog{url: url, turn: make(chan struct{}, 1), told: map[psl.Problem]bool{}}
}

func (c *catalog) fresh(ctx context.Context) (*prisma.Schema, error) { return c.schema(ctx, 0) }

func (c *catalog) recent(ctx context.Context) (*prisma.Schema, error) { return c.schema(ctx, recency) }

// schema is what the database holds, or held at most that long ago.
func (c *catalog) schema(ctx context.Context, age time.Duration) (*prisma.Schema, error) {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if c.last != nil && time.Since(c.at) < age {
		return c.last, nil
	}
	kept := c.connected()
	schema, err := c.read(ctx)
	if err != nil && kept && !c.connected() && ctx.Err() == nil {
		// The connection broke while nobody used it, as when Postgres restarts.
		schema, err = c.read(ctx)
	}
	if err != nil {
		return nil, err
	}
	c.last, c.at = schema, time.Now()
	return schema, nil
}

func (c *catalog) connected() bool { return c.conn != nil && !c.conn.IsClosed() }

// read introspects over a connection that is kept.
func (c *catalog) read(ctx context.Context) (*prisma.Schema, error) {
	if !c.connected() {
		config, err := pgx.ParseConfig(c.url)
		if err != nil {
			return nil, err
		}
		maps.Copy(config.RuntimeParams, prisma.Settings())
		conn, err := pgx.ConnectConfig(ctx, config)
		if err != nil {
			return nil, err
		}
		c.conn = conn
	}
	seen, err := c.looks.Look(ctx, c.conn)
	if err != nil {
		return nil, err
	}
	if seen == c.seen {
		return c.last, nil
	}
	c.seen = seen
	return c.fit(seen), nil
}

// close ends the connection, once nobody uses it or ctx ends. There is no look
// afterwards.
func (c *catalog) close(ctx context.Context) {
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return
	}
	if c.conn != nil {
		// The connection may be broken; there is nothing to be done about it here.
		_ = c.conn.Close(ctx)
	}
}
