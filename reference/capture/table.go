package capture

import (
	"fmt"
	"slices"

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
	// modelName is the model's name as JSON, and names the fields' beside them, each
	// with its colon.
	modelName []byte
	names     [][]byte
	// retyped is set when a column's type is not the one in the schema, past when a
	// column is as it was in an earlier one.
	retyped, past bool
	// partitions are nil for a table whose changes are its own.
	partitions *partitions
	// gone says that the table was dropped meanwhile.
	gone bool
}

// newTable fits a relation to its model, nil for none. A column that the model does
// not have, or not of its type, is as it was in the past, if it was.
func newTable(r *replication.RelationMessage, model *prisma.Model, past map[pastColumn]*prisma.Field) *table {
	t := &table{relation: r, model: model, fields: make([]*prisma.Field, len(r.Columns)), names: make([][]byte, len(r.Columns))}
	if model == nil {
		return t
	}
	t.modelName = prisma.AppendString(nil, []byte(t.model.Name))
	for i, c := range r.Columns {
		f, ok := t.model.Column(c.Name)
		if !ok || f.OID != c.DataType {
			t.retyped = t.retyped || ok
			if was := past[pastColumn{c.Name, c.DataType}]; was != nil && !slices.Contains(t.model.LeftOut, c.Name) {
				f, t.past = was, true
			}
		}
		if f == nil {
			continue
		}
		t.fields[i] = f
		t.names[i] = append(prisma.AppendString(nil, []byte(f.Name)), ':')
	}
	return t
}

// isNamed reports whether the table's own name is the one by which the schema has it.
func (t *table) isNamed() bool {
	return t.model == nil || t.model.Namespace == t.relation.Namespace && t.model.Table == t.relation.RelationName
}

// complete reports whether the schema has all of the table, as it is.
func (t *table) complete() bool {
	return t.model != nil && !t.retyped && !t.past && len(t.unknown()) == 0
}

// unknown are the columns that the schema does not have, but for those that it
// leaves out on purpose.
func (t *table) unknown() []string {
	var names []string
	for i, f := range t.fields {
		if f == nil && (t.model == nil || !slices.Contains(t.model.LeftOut, t.relation.Columns[i].Name)) {
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

// isKey tells whether a column is part of the replica identity.
func (t *table) isKey(i int) bool { return t.relation.Columns[i].Flags&keyFlag != 0 }

// keyOf tells the columns of an old row that were sent where those are a key alone,
// nil where it was sent whole. kind is what the server calls it.
func (t *table) keyOf(kind uint8, old *replication.TupleData) func(i int) bool {
	if t.partitions != nil {
		if key := t.partitions.key(t.relation, old); key != nil {
			return func(i int) bool { return slices.Contains(key, t.relation.Columns[i].Name) }
		}
	}
	if kind == replication.UpdateMessageTupleTypeKey {
		return t.isKey
	}
	return nil
}

// appendKey appends the image of a row of which only a key was sent: its other
// columns are NULL markers, not nulls.
func (t *table) appendKey(dst []byte, image string, tuple *replication.TupleData, isKey func(i int) bool) ([]byte, error) {
	return t.appendImage(dst, image, tuple, func(i int) *replication.TupleDataColumn {
		if !isKey(i) {
			return nil
		}
		return tuple.Columns[i]
	})
}

// appendRow appends the image of a whole row. The value of a column stored out of
// line that did not change was not sent: it is in the old row where that is known,
// all of it under FULL and else the key alone, which isKey tells, where Postgres sent
// that; otherwise its field is left out.
func (t *table) appendRow(dst []byte, image string, tuple, old *replication.TupleData, isKey func(i int) bool) ([]byte, error) {
	return t.appendImage(dst, image, tuple, func(i int) *replication.TupleDataColumn {
		value := tuple.Columns[i]
		switch {
		case value.DataType != replication.TupleDataTypeToast:
			return value
		case old == nil || i >= len(old.Columns) || isKey != nil && !isKey(i):
			return nil
		case old.Columns[i].DataType == replication.TupleDataTypeToast:
			return nil
		}
		return old.Columns[i]
	})
}

func (t *table) appendImage(dst []byte, image string, tuple *replication.TupleData, value func(i int) *replication.TupleDataColumn) ([]byte, error) {
	if len(tuple.Columns) != len(t.fields) {
		return nil, fmt.Errorf("a row of %s: expected %d columns, got %d", t, len(t.fields), len(tuple.Columns))
	}
	dst = event.AppendImage(dst, image)
	first := true
	for i, f := range t.fields {
		if f == nil {
			continue
		}
		v := value(i)
		if v == nil {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = appendValue(append(dst, t.names[i]...), f, v)
	}
	return append(dst, '}'), nil
}

// appendValue appends the JSON value of a column. Text that is not of the field's
// type comes of a change made before the column was altered: it is delivered as
// Postgres printed it, for a change must not be lost.
func appendValue(dst []byte, f *prisma.Field, c *replication.TupleDataColumn) []byte {
	var text []byte
	if c.DataType != replication.TupleDataTypeNull {
		text = c.Data
	}
	out, err := f.AppendJSON(dst, text)
	if err != nil {
		return prisma.AppendString(dst, text)
	}
	return out
}
