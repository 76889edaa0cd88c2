package engine

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/queryschema"
	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// member is one statement and what its result is called. raw is set in place of a
// statement of ours where the SQL is the caller's, and write where it has to be seen in
// turn which statements there are.
type member struct {
	key string
	*statement.Statement
	raw   *statement.Raw
	write *queryschema.Operation
}

func statementsOf(operations []*queryschema.Operation) ([]member, error) {
	members := make([]member, 0, len(operations))
	for _, o := range operations {
		m := member{key: o.Key}
		var err error
		switch {
		case o.Model == nil:
			m.raw, err = statement.RawOf(o)
		case isWrite(o):
			m.write = o
		default:
			m.Statement, err = statement.Of(o)
		}
		if err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	return members, nil
}

func hasRaw(members []member) bool {
	return slices.ContainsFunc(members, func(m member) bool { return m.raw != nil })
}

// run runs the statements in turn, in a transaction where one could see or do a part
// of another's work, and appends what they answer to data. What it appended is there
// also when it fails.
func (e *Engine) run(ctx context.Context, conn *pgx.Conn, data *results, kind ast.Operation, members []member) error {
	start := len(data.text)
	data.now = e.now()
	object := func(conn *pgx.Conn) error { return data.object(ctx, conn, members) }
	switch {
	case len(members) == 1 && hasRaw(members):
		err := rawRefused(inTransaction(ctx, conn, pgx.TxOptions{}, object))
		if refusesTransaction(err) {
			data.text = data.text[:start]
			err = uncertain(object(conn))
		}
		return err
	case kind == ast.Mutation:
		return inTransaction(ctx, conn, pgx.TxOptions{}, object)
	case len(members) > 1:
		// Several reads are of one moment.
		return inTransaction(ctx, conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, object)
	default:
		return object(conn)
	}
}

func inTransaction(ctx context.Context, conn *pgx.Conn, options pgx.TxOptions, run func(*pgx.Conn) error) error {
	return pgx.BeginTxFunc(ctx, conn, options, func(tx pgx.Tx) error { return run(tx.Conn()) })
}
