package capture

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// table is a table as the slot describes it, with the Prisma names of what it
// holds.
type table struct {
	relation *replication.RelationMessage
	// model is nil for a table that is no model.
	model *prisma.Model
	// fields stand beside the relation's columns; nil for a column that the
	// schema does not have.
	fields []*prisma.Field
	// arrived is when the description came, counted over the connection's.
	arrived uint64
	// retyped is set when a column's type is not the one in the schema.
	retyped bool
}

func newTable(r *replication.RelationMessage, schema *prisma.Schema) *table {
	t := &table{relation: r, fields: make([]*prisma.Field, len(r.Columns))}
	var ok bool
	if t.model, ok = schema.Table(r.Namespace, r.RelationName); !ok {
		return t
	}
	for i, c := range r.Columns {
		t.fields[i], _ = t.model.Column(c.Name)
		t.retyped = t.retyped || t.fields[i] != nil && t.fields[i].OID != c.DataType
	}
	return t
}

// complete reports whether the schema has all of the table, as it is.
func (t *table) complete() bool {
	return t.model != nil && !t.retyped && len(t.unknown()) == 0
}

// unknown are the columns that the schema does not have.
func (t *table) unknown() []string {
	var names []string
	for i, f := range t.fields {
		if f == nil {
			names = append(names, t.relation.Columns[i].Name)
		}
	}
	return names
}

func (t *table) String() string {
	return fmt.Sprintf("%s.%s", t.relation.Namespace, t.relation.RelationName)
}

// keyFlag marks a column of the replica identity.
const keyFlag = 1

// key is the image of a row of which only the replica identity was sent: its
// other columns are NULL markers, not nulls.
func (t *table) key(name string, tuple *replication.TupleData) (event.Image, error) {
	return t.image(name, tuple, func(i int) *replication.TupleDataColumn {
		if t.relation.Columns[i].Flags&keyFlag == 0 {
			return nil
		}
		return tuple.Columns[i]
	})
}

// row is the image of a whole row. Under FULL the value of a column stored out
// of line that did not change is in the old row; otherwise it was not sent, and
// its field is left out.
func (t *table) row(name string, tuple, old *replication.TupleData) (event.Image, error) {
	return t.image(name, tuple, func(i int) *replication.TupleDataColumn {
		value := tuple.Columns[i]
		if value.DataType != replication.TupleDataTypeToast {
			return value
		}
		if old == nil || i >= len(old.Columns) || old.Columns[i].DataType == replication.TupleDataTypeToast {
			return nil
		}
		return old.Columns[i]
	})
}

func (t *table) image(name string, tuple *replication.TupleData, value func(i int) *replication.TupleDataColumn) (event.Image, error) {
	if len(tuple.Columns) != len(t.fields) {
		return event.Image{}, fmt.Errorf("a row of %s: expected %d columns, got %d", t, len(t.fields), len(tuple.Columns))
	}
	img := event.Image{Name: name, Fields: make([]event.Member, 0, len(t.fields))}
	for i, f := range t.fields {
		if f == nil {
			continue
		}
		if v := value(i); v != nil {
			img.Fields = append(img.Fields, event.Member{Name: f.Name, Value: fieldValue(f, v)})
		}
	}
	return img, nil
}

// fieldValue is the JSON value of a column. Text that is not of the field's type
// comes of a change made before the column was altered: it is delivered as
// Postgres printed it, for a change must not be lost.
func fieldValue(f *prisma.Field, c *replication.TupleDataColumn) any {
	var text []byte
	if c.DataType != replication.TupleDataTypeNull {
		text = c.Data
	}
	value, err := f.Value(text)
	if err != nil {
		return string(text)
	}
	return value
}
