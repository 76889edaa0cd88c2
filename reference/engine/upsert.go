package engine

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// upsert updates the record that is there, or creates it.
func (w *writer) upsert(o *queryschema.Operation) (*record, error) {
	whole, err := w.upsertWhole(o, known(o.Model))
	if err != nil {
		return nil, err
	}
	if whole != nil {
		return w.one(o.Model, whole)
	}
	if updated, err := w.updateIfThere(o); updated != nil || err != nil {
		return updated, err
	}
	return w.createUnlessThere(o)
}

// updateIfThere updates the record of an upsert, nil if there is none.
func (w *writer) updateIfThere(o *queryschema.Operation) (*record, error) {
	found, err := w.find(o.Model, statement.Selector{Unique: []any{o.Arguments["where"]}})
	if found == nil || err != nil {
		return nil, err
	}
	return w.update(o.Model, found.itself(), data(o, "update"))
}

// createUnlessThere creates the record of an upsert. Where another request created it
// meanwhile, it updates it.
func (w *writer) createUnlessThere(o *queryschema.Operation) (*record, error) {
	if err := w.command("SAVEPOINT upsert"); err != nil {
		return nil, err
	}
	created, failure := w.create(o.Model, data(o, "create"), nil)
	if !isTaken(failure) {
		return created, failure
	}
	if err := w.command("ROLLBACK TO SAVEPOINT upsert"); err != nil {
		return nil, err
	}
	updated, err := w.updateIfThere(o)
	if err == nil && updated == nil {
		return nil, failure
	}
	return updated, err
}

// isTaken tells whether a record could not be written because another one has its key.
func isTaken(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23505"
}

func (w *writer) command(sql string) error {
	_, err := w.count(&statement.Statement{SQL: sql}, nil)
	return err
}

// upsertWhole is an upsert in one statement, where nothing is nested, something is to be
// changed, and the new record would have the key that is looked for; else it is nil.
func (w *writer) upsertWhole(o *queryschema.Operation, returning []*prisma.Field) (*statement.Statement, error) {
	if isNested(o) {
		return nil, nil
	}
	changes, err := statement.Changes(o.Model, data(o, "update"))
	if err != nil || len(changes) == 0 {
		return nil, err
	}
	values, err := statement.Values(o.Model, data(o, "create"))
	if err != nil {
		return nil, err
	}
	where, _ := o.Arguments["where"].(map[string]any)
	key := statement.KeyOf(o.Model, where, values)
	if key == nil {
		return nil, nil
	}
	if changes, err = w.touched(o.Model, changes); err != nil {
		return nil, err
	}
	if values, err = w.completed(o.Model, values); err != nil {
		return nil, err
	}
	return statement.Upsert(o.Model, key.Fields, values, changes, returning), nil
}
