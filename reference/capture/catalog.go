package capture

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// introspectionWait bounds one reading of the schema: a catalog of thousands of
// tables needs about a second, a locked one may need for ever.
const introspectionWait = 30 * time.Second

// catalog is the last known schema. It is read again when something is asked for
// that it does not know: tables come and go while the service runs.
type catalog struct {
	introspect func(context.Context) (*prisma.Schema, error)
	// visible waits until other sessions see what a transaction did.
	visible func(ctx context.Context, xid uint32) error
	// known is set before anything asks for it.
	known atomic.Pointer[prisma.Schema]
}

// refresh reads the schema again.
func (c *catalog) refresh(ctx context.Context) (*prisma.Schema, error) {
	ctx, cancel := context.WithTimeout(ctx, introspectionWait)
	defer cancel()
	schema, err := c.introspect(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the database's schema: %w", err)
	}
	c.known.Store(schema)
	return schema, nil
}

// model is the model of that name, nil when there is none even now.
func (c *catalog) model(ctx context.Context, name string) (*prisma.Model, error) {
	if m, ok := c.known.Load().Model(name); ok {
		return m, nil
	}
	schema, err := c.refresh(ctx)
	if err != nil {
		return nil, err
	}
	m, _ := schema.Model(name)
	return m, nil
}

// table fits a relation message of a transaction to its model. A table, a column
// or a type that the schema does not have makes it read the schema again, once:
// what is then still missing belongs to the past, or to no model at all. It may
// be the transaction's own doing, which is not seen by others at once.
func (c *catalog) table(ctx context.Context, xid uint32, r *replication.RelationMessage) (*table, error) {
	if t := newTable(r, c.known.Load()); t.complete() {
		return t, nil
	}
	if err := c.visible(ctx, xid); err != nil {
		return nil, err
	}
	schema, err := c.refresh(ctx)
	if err != nil {
		return nil, err
	}
	return newTable(r, schema), nil
}
