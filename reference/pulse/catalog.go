package pulse

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// introspectionWait bounds one reading of the schema: a catalog of thousands of
// tables needs about a second, a locked one may need for ever.
const introspectionWait = 30 * time.Second

// tableName is a table as Postgres names it.
type tableName struct{ namespace, name string }

// catalog is the last known schema. It is read again when something is asked for
// that it does not know: tables come and go while the service runs.
type catalog struct {
	introspect func(context.Context) (*prisma.Schema, error)

	mu     sync.Mutex
	models map[string]*prisma.Model
	tables map[tableName]*prisma.Model
}

// refresh reads the schema again.
func (c *catalog) refresh(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, introspectionWait)
	defer cancel()
	schema, err := c.introspect(ctx)
	if err != nil {
		return fmt.Errorf("read the database's schema: %w", err)
	}
	models := make(map[string]*prisma.Model, len(schema.Models))
	tables := make(map[tableName]*prisma.Model, len(schema.Models))
	for _, m := range schema.Models {
		models[m.Name] = m
		tables[tableName{m.Namespace, m.Table}] = m
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.models, c.tables = models, tables
	return nil
}

// known is the model of that name, nil when the last known schema has none.
func (c *catalog) known(name string) *prisma.Model {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.models[name]
}

// model is the model of that name, nil when there is none even now.
func (c *catalog) model(ctx context.Context, name string) (*prisma.Model, error) {
	if m := c.known(name); m != nil {
		return m, nil
	}
	if err := c.refresh(ctx); err != nil {
		return nil, err
	}
	return c.known(name), nil
}

// table fits a relation message to its model. A table, a column or a type that
// the schema does not have makes it read the schema again, once: what is then
// still missing belongs to the past, or to no model at all.
func (c *catalog) table(ctx context.Context, r *replication.RelationMessage) (*table, error) {
	if t := newTable(r, c.of(r)); t.complete() {
		return t, nil
	}
	if err := c.refresh(ctx); err != nil {
		return nil, err
	}
	return newTable(r, c.of(r)), nil
}

func (c *catalog) of(r *replication.RelationMessage) *prisma.Model {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tables[tableName{r.Namespace, r.RelationName}]
}
