package capture

import (
	"context"
	"fmt"
	"maps"
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
	// tables asks for the names of all tables there are, by OID; a partition has its
	// root's.
	tables func(ctx context.Context) (map[uint32]tableName, error)
	// names are the last of each table that ever was seen, models what it was then, and
	// fields those of the columns that it had: by the OID of the table. Changes may come
	// from before a table was renamed or dropped, a partition or a column was dropped.
	// Only the receiver uses them.
	names  map[uint32]tableName
	models map[uint32]*prisma.Model
	fields map[uint32]map[pastColumn]*prisma.Field
	// known is set before anything asks for it.
	known atomic.Pointer[prisma.Schema]
}

// tableName is a table's name in its schema.
type tableName struct{ namespace, name string }

// pastColumn is a column by name and type.
type pastColumn struct {
	name string
	oid  uint32
}

func newCatalog(introspect func(context.Context) (*prisma.Schema, error), db *database) *catalog {
	return &catalog{
		introspect: introspect, visible: db.visible, tables: db.tables,
		names: map[uint32]tableName{}, models: map[uint32]*prisma.Model{}, fields: map[uint32]map[pastColumn]*prisma.Field{},
	}
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
// be the transaction's own doing, which is not seen by others at once. A table that is
// known by its OID alone is asked for each time: it may be no partition any more.
func (c *catalog) table(ctx context.Context, xid uint32, r *replication.RelationMessage) (*table, error) {
	t := c.fit(r, c.known.Load())
	if byOID := !t.isNamed(); byOID || !t.complete() {
		was := c.names[r.RelationID]
		if err := c.visible(ctx, xid); err != nil {
			return nil, err
		}
		there, err := c.learn(ctx)
		if err != nil {
			return nil, err
		}
		if byOID && t.complete() && c.names[r.RelationID] == was {
			c.remember(t)
			return t, nil
		}
		schema, err := c.refresh(ctx)
		if err != nil {
			return nil, err
		}
		if t = c.fit(r, schema); t.model == nil && !there(r.RelationID) {
			t = newTable(r, c.models[r.RelationID], c.fields[r.RelationID])
			t.gone = true
		}
	}
	c.remember(t)
	return t, nil
}

// fit gives a table whose name is no model's the model that it is of now: that of
// its root where it is a partition, which a publication may send as what it is, or
// that of the name it got since.
func (c *catalog) fit(r *replication.RelationMessage, schema *prisma.Schema) *table {
	model, isModel := schema.Table(r.Namespace, r.RelationName)
	if now, known := c.names[r.RelationID]; !isModel && known {
		model, _ = schema.Table(now.namespace, now.name)
	}
	return newTable(r, model, c.fields[r.RelationID])
}

// learn adds the tables there are now to those that were, with the models that they
// are, and says whether a table is there.
func (c *catalog) learn(ctx context.Context) (there func(oid uint32) bool, err error) {
	now, err := c.tables(ctx)
	maps.Copy(c.names, now)
	models := map[tableName]*prisma.Model{}
	for _, m := range c.known.Load().Models {
		models[tableName{m.Namespace, m.Table}] = m
	}
	for oid, name := range now {
		if m := models[name]; m != nil {
			c.models[oid] = m
		}
	}
	return func(oid uint32) bool { _, is := now[oid]; return is }, err
}

// remember keeps a table's model and the fields of its columns.
func (c *catalog) remember(t *table) {
	if t.model != nil {
		c.models[t.relation.RelationID] = t.model
	}
	known := c.fields[t.relation.RelationID]
	if known == nil {
		known = map[pastColumn]*prisma.Field{}
		c.fields[t.relation.RelationID] = known
	}
	for i, f := range t.fields {
		if column := t.relation.Columns[i]; f != nil && f.OID == column.DataType {
			known[pastColumn{column.Name, column.DataType}] = f
		}
	}
}
