package statement

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// Update changes the records that are selected, and answers of each the fields that
// are asked for, as they are then. There is at least one change.
func Update(m *prisma.Model, changes []Value, selector Selector, returning []*prisma.Field) (*Statement, error) {
	b := &builder{}
	s := scope{model: m, alias: own}
	sql := "UPDATE " + s.table() + " SET " + b.changed(s, changes) + where(b.matching(s, selector)) + s.returning(returning)
	return &Statement{SQL: sql, Args: b.args}, b.err
}

// changed is what follows SET.
func (b *builder) changed(s scope, changes []Value) string {
	set := make([]string, len(changes))
	for i, v := range changes {
		value := b.bind(v.Text)
		if v.operator != "" {
			value = fmt.Sprintf(v.operator, s.column(v.Field), value)
		}
		set[i] = quoted(v.Field.Column) + " = " + value
	}
	return list(set)
}

// Find reads fields of a record that is selected: of one, where there may be many.
func Find(m *prisma.Model, selector Selector, fields []*prisma.Field) (*Statement, error) {
	b := &builder{}
	s := scope{model: m, alias: own}
	sql := "SELECT " + list(s.columns(fields)) + " FROM " + s.table() + where(b.matching(s, selector)) + " LIMIT 1"
	return &Statement{SQL: sql, Args: b.args}, b.err
}

// Delete removes the records that are selected, and answers of each the fields that
// are asked for, as they were.
func Delete(m *prisma.Model, selector Selector, returning []*prisma.Field) (*Statement, error) {
	b := &builder{}
	s := scope{model: m, alias: own}
	sql := "DELETE FROM " + s.table() + where(b.matching(s, selector)) + s.returning(returning)
	return &Statement{SQL: sql, Args: b.args}, b.err
}
