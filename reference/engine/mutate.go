package engine

import (
	"strconv"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// isWrite tells whether a root field changes records.
func isWrite(o *queryschema.Operation) bool {
	switch o.Action {
	case queryschema.CreateOne, queryschema.UpdateOne, queryschema.UpsertOne, queryschema.DeleteOne,
		queryschema.CreateMany, queryschema.UpdateMany, queryschema.DeleteMany:
		return true
	}
	return false
}

// mutate does what a root field asks for, and writes what it answers.
func (w *writer) mutate(o *queryschema.Operation) error {
	if s, err := w.whole(o); s != nil || err != nil {
		return w.rows(s, err)
	}
	var written *record
	var err error
	switch o.Action {
	case queryschema.CreateOne:
		written, err = w.create(o.Model, data(o, "data"), nil)
	case queryschema.UpdateOne:
		written, err = w.updateOne(o)
	case queryschema.UpsertOne:
		written, err = w.upsert(o)
	case queryschema.DeleteOne:
		return w.deleteOne(o)
	default:
		return w.many(o)
	}
	if err != nil {
		return err
	}
	return w.answer(o, written)
}

const (
	nobodyToUpdate = "Record to update not found."
	nobodyToDelete = "Record to delete does not exist."
)

// whole is the one statement that does all that a root field asks for and answers it,
// where there is one: nothing is nested, neither in data nor in the selection.
func (w *writer) whole(o *queryschema.Operation) (s *statement.Statement, err error) {
	returning, shape := statement.Scalars(o.Selection)
	if shape == nil || isNested(o) {
		return nil, nil
	}
	unique := statement.Selector{Unique: []any{o.Arguments["where"]}}
	missing := notThere
	switch o.Action {
	case queryschema.CreateOne:
		s, err = w.insert(o.Model, data(o, "data"), returning)
	case queryschema.UpdateOne:
		s, err = w.change(o.Model, unique, data(o, "data"), returning)
		missing = nobodyToUpdate
	case queryschema.UpsertOne:
		s, err = w.upsertWhole(o, returning)
	case queryschema.DeleteOne:
		s, err = statement.Delete(o.Model, unique, returning)
		missing = nobodyToDelete
	}
	if s != nil {
		s.Shape, s.NotFound = shape, missing
	}
	return s, err
}

// isNested tells whether there are nested writes.
func isNested(o *queryschema.Operation) bool {
	for _, argument := range o.Arguments {
		if record, ok := argument.(*queryschema.Record); ok && len(record.Writes) > 0 {
			return true
		}
	}
	return false
}

func (w *writer) insert(m *prisma.Model, data *queryschema.Record, returning []*prisma.Field) (*statement.Statement, error) {
	values, err := statement.Values(m, data)
	if err != nil {
		return nil, err
	}
	if values, err = w.completed(m, values); err != nil {
		return nil, err
	}
	return statement.Insert(m, values, returning), nil
}

// change is an update; of nothing it is a read.
func (w *writer) change(m *prisma.Model, s statement.Selector, data *queryschema.Record, returning []*prisma.Field) (*statement.Statement, error) {
	changes, err := statement.Changes(m, data)
	if err != nil {
		return nil, err
	}
	if changes, err = w.touched(m, changes); err != nil {
		return nil, err
	}
	if len(changes) == 0 {
		return statement.Find(m, s, returning)
	}
	return statement.Update(m, changes, s, returning)
}

// rows runs a statement and writes what it answers. It takes the error of making the
// statement with it.
func (w *writer) rows(s *statement.Statement, err error) error {
	if err != nil {
		return err
	}
	return w.results.rows(w.ctx, w.pg, s)
}

// affected writes how many records it was about.
func (w *writer) affected(o *queryschema.Operation, count int64) {
	text := append(w.results.text, '{')
	for i, selected := range o.Selection {
		text = strconv.AppendInt(appendKey(text, i, selected.Key), count, 10)
	}
	w.results.text = append(text, '}')
}

func data(o *queryschema.Operation, argument string) *queryschema.Record {
	record, _ := o.Arguments[argument].(*queryschema.Record)
	return record
}

// answer reads what is asked for of a record that was written. What is nested may have
// deleted it again: an update answers null then, and all others fail.
func (w *writer) answer(o *queryschema.Operation, written *record) error {
	key := statement.Identity(o.Model)
	switch {
	case len(key.Fields) == 0:
		return withoutKey(o.Model)
	case written == nil:
		return notFound(notThere)
	}
	var values []*string
	for _, f := range key.Fields {
		values = append(values, written.values[f])
	}
	s, err := statement.ByKey(o, key, values)
	if s != nil && o.Action != queryschema.UpdateOne {
		s.NotFound = notThere
	}
	return w.rows(s, err)
}

func (w *writer) updateOne(o *queryschema.Operation) (*record, error) {
	updated, err := w.update(o.Model, statement.Selector{Unique: []any{o.Arguments["where"]}}, data(o, "data"))
	if err == nil && updated == nil {
		return nil, notFound(nobodyToUpdate)
	}
	return updated, err
}

// deleteOne reads the record before it goes, with what is related to it.
func (w *writer) deleteOne(o *queryschema.Operation) error {
	found, err := w.find(o.Model, statement.Selector{Unique: []any{o.Arguments["where"]}})
	if err != nil {
		return err
	}
	if found == nil {
		return notFound(nobodyToDelete)
	}
	if err := w.answer(o, found); err != nil {
		return err
	}
	count, err := w.count(statement.Delete(o.Model, found.itself(), nil))
	if err == nil && count == 0 {
		return notFound(nobodyToDelete)
	}
	return err
}

// many does what is asked for of any number of records, and writes how many they were.
func (w *writer) many(o *queryschema.Operation) (err error) {
	where, _ := o.Arguments["where"].(map[string]any)
	all := statement.Selector{Where: where}
	var count int64
	switch o.Action {
	case queryschema.CreateMany:
		count, err = w.createMany(o.Model, o.Arguments, nil)
	case queryschema.UpdateMany:
		count, err = w.updateMany(o.Model, all, data(o, "data"))
	case queryschema.DeleteMany:
		count, err = w.count(statement.Delete(o.Model, all, nil))
	}
	if err != nil {
		return err
	}
	w.affected(o, count)
	return nil
}
