package engine

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// maxStatements bounds what one mutation may come to: a nested write is a few
// statements for each record.
const maxStatements = 10_000

// writer runs the statements of one mutation, in turn, in a transaction that the
// caller began. A record is known by its key and by what relations go by; what comes
// first in the request happens first.
type writer struct {
	ctx context.Context
	pg  *pgconn.PgConn
	// results take the answers.
	results *results
	// now is the time of the whole mutation.
	now time.Time
	// ran counts the statements.
	ran int
}

// create adds a record, with the foreign key that is given. What it is to refer to is
// there before it, the rest that is to happen to related records happens after it.
func (w *writer) create(m *prisma.Model, data *queryschema.Record, given []statement.Value) (*record, error) {
	values, err := statement.Values(m, data)
	if err != nil {
		return nil, err
	}
	values = merged(m, values, given)
	keys, err := w.referredBy(m, data, isHeld, neededByNew)
	if err != nil {
		return nil, err
	}
	values, err = w.completed(m, merged(m, values, keys))
	if err != nil {
		return nil, err
	}
	created, err := w.one(m, statement.Insert(m, values, known(m)))
	if err != nil {
		return nil, err
	}
	if created == nil {
		return nil, notFound(notThere)
	}
	created.isNew = true
	return created, w.rest(created, data, isHeld)
}

// notThere is the cause of a failure when a trigger of the database kept a record out.
const notThere = "The record that was to be written is not there."

// update changes the one record that is selected; nil if there is no such record.
func (w *writer) update(m *prisma.Model, s statement.Selector, data *queryschema.Record) (*record, error) {
	changes, err := statement.Changes(m, data)
	if err != nil {
		return nil, err
	}
	keys, err := w.referredBy(m, data, precedes, neededToRefer)
	if err != nil {
		return nil, err
	}
	updated, err := w.changed(m, merged(m, changes, keys), s)
	if updated == nil || err != nil {
		return nil, err
	}
	return updated, w.rest(updated, data, precedes)
}

// order tells which nested operations come before the record's own statement.
type order func(*prisma.Relation, queryschema.Nested) bool

// isHeld is the order of a creation: what the record refers to is there first.
func isHeld(r *prisma.Relation, _ queryschema.Nested) bool { return r.Holds }

// precedes is the order of an update: what makes a new foreign key for the record comes
// first. In a relation of one to one it does not: another that refers to the same has
// to be released in between.
func precedes(r *prisma.Relation, operation queryschema.Nested) bool {
	switch operation.Name {
	case "create", "connect", "connectOrCreate":
		return r.Holds && r.Inverse.List
	}
	return false
}

// referredBy does the operations that are first, and are the foreign keys which they
// come to.
func (w *writer) referredBy(m *prisma.Model, data *queryschema.Record, first order, needed string) ([]statement.Value, error) {
	var keys []statement.Value
	for _, write := range data.Writes {
		for _, operation := range write.Operations {
			if !first(write.Relation, operation) {
				continue
			}
			key, err := w.referred(write.Relation, operation, needed)
			if err != nil {
				return nil, err
			}
			keys = merged(m, keys, key)
		}
	}
	return keys, nil
}

// rest does the operations that are not first.
func (w *writer) rest(self *record, data *queryschema.Record, first order) error {
	for _, write := range data.Writes {
		for _, operation := range write.Operations {
			if first(write.Relation, operation) {
				continue
			}
			if err := w.nested(self, write.Relation, operation); err != nil {
				return err
			}
		}
	}
	return nil
}

// changed is the one record that is selected, after the changes; nil if there is no such
// record.
func (w *writer) changed(m *prisma.Model, changes []statement.Value, s statement.Selector) (*record, error) {
	changes, err := w.touched(m, changes)
	if err != nil {
		return nil, err
	}
	if len(changes) == 0 {
		return w.find(m, s)
	}
	update, err := statement.Update(m, changes, s, known(m))
	if err != nil {
		return nil, err
	}
	return w.one(m, update)
}

// find is the one record that is selected, nil if there is none.
func (w *writer) find(m *prisma.Model, s statement.Selector) (*record, error) {
	find, err := statement.Find(m, s, known(m))
	if err != nil {
		return nil, err
	}
	return w.one(m, find)
}

// createMany adds records, with the foreign key that is given, and is how many they
// were.
func (w *writer) createMany(m *prisma.Model, many map[string]any, given []statement.Value) (int64, error) {
	data, _ := many["data"].([]any)
	records := make([][]statement.Value, len(data))
	for i, element := range data {
		record, _ := element.(*queryschema.Record)
		values, err := statement.Values(m, record)
		if err != nil {
			return 0, err
		}
		if records[i], err = w.completed(m, merged(m, values, given)); err != nil {
			return 0, err
		}
	}
	var total int64
	for _, s := range statement.InsertMany(m, records, many["skipDuplicates"] == true) {
		count, err := w.count(s, nil)
		if err != nil {
			return 0, err
		}
		total += count
	}
	return total, nil
}

// updateMany changes the records that are selected, and is how many they were; none
// where nothing is changed.
func (w *writer) updateMany(m *prisma.Model, s statement.Selector, data *queryschema.Record) (int64, error) {
	changes, err := statement.Changes(m, data)
	if err != nil {
		return 0, err
	}
	return w.changeAll(m, changes, s)
}

func (w *writer) changeAll(m *prisma.Model, changes []statement.Value, s statement.Selector) (int64, error) {
	changes, err := w.touched(m, changes)
	if err != nil || len(changes) == 0 {
		return 0, err
	}
	return w.count(statement.Update(m, changes, s, nil))
}

// one runs a statement that answers what is known of one record.
func (w *writer) one(m *prisma.Model, s *statement.Statement) (*record, error) {
	rows, _, err := w.run(s)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	r := &record{model: m, values: map[*prisma.Field]*string{}}
	for i, f := range known(m) {
		r.values[f] = rows[0][i]
	}
	return r, nil
}

// count runs a statement and is how many records it was about. It takes the error of
// making the statement with it.
func (w *writer) count(s *statement.Statement, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	_, count, err := w.run(s)
	return count, err
}

// run runs a statement, and is its rows as text and how many records it was about.
func (w *writer) run(s *statement.Statement) (rows [][]*string, count int64, err error) {
	w.ran++
	if w.ran > maxStatements {
		return nil, 0, prisma.Invalid("data", "the mutation comes to more than %d statements: write fewer records at once", maxStatements)
	}
	count, err = ask(w.ctx, w.pg, s, w.results.log, func(row [][]byte) error {
		rows = append(rows, copied(row))
		return nil
	})
	return rows, count, err
}

func copied(row [][]byte) []*string {
	values := make([]*string, len(row))
	for i, value := range row {
		if value != nil {
			text := string(value)
			values[i] = &text
		}
	}
	return values
}
