package boot

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// recency is how old an introspection may be for a query: short enough for a
// person who has just made a table, long enough to cost a busy proxy nothing.
const recency = time.Second

// catalog introspects the database for both APIs. Pulse asks for a fresh look
// when it meets something unknown, Accelerate for a recent one with each query.
type catalog struct {
	url string

	mu   sync.Mutex
	conn *pgx.Conn
	last *prisma.Schema
	at   time.Time
}

func newCatalog(url string) *catalog { return &catalog{url: url} }

func (c *catalog) fresh(ctx context.Context) (*prisma.Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read(ctx)
}

func (c *catalog) recent(ctx context.Context) (*prisma.Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last != nil && time.Since(c.at) < recency {
		return c.last, nil
	}
	return c.read(ctx)
}

// read introspects over a connection that is kept, and made anew when it broke.
func (c *catalog) read(ctx context.Context) (*prisma.Schema, error) {
	if c.conn == nil || c.conn.IsClosed() {
		conn, err := pgx.Connect(ctx, c.url)
		if err != nil {
			return nil, err
		}
		c.conn = conn
	}
	schema, err := prisma.Introspect(ctx, c.conn)
	if err != nil {
		return nil, err
	}
	c.last, c.at = schema, time.Now()
	return schema, nil
}

func (c *catalog) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn != nil {
		// The connection may be broken; there is nothing to be done about it here.
		_ = c.conn.Close(context.Background())
		c.conn = nil
	}
}
