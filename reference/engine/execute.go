package engine

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/queryschema"
	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// member is one statement and what its result is called.
type member struct {
	key string
	*statement.Statement
}

func statementsOf(operations []*queryschema.Operation) ([]member, error) {
	members := make([]member, 0, len(operations))
	for _, o := range operations {
		s, err := statement.Of(o)
		if err != nil {
			return nil, err
		}
		members = append(members, member{o.Key, s})
	}
	return members, nil
}

// run runs the statements in turn, in a transaction where one could see or do a part
// of another's work.
func (e *Engine) run(ctx context.Context, conn *pgx.Conn, kind ast.Operation, members []member) ([]byte, error) {
	data := newResults(e.limits.ResponseBytes, e.log)
	object := func(pg *pgconn.PgConn) error { return data.object(ctx, pg, members) }
	var err error
	switch {
	case kind == ast.Mutation:
		err = inTransaction(ctx, conn, pgx.TxOptions{}, object)
	case len(members) > 1:
		// Several reads are of one moment.
		err = inTransaction(ctx, conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, object)
	default:
		err = object(conn.PgConn())
	}
	return data.text.Bytes(), err
}

func inTransaction(ctx context.Context, conn *pgx.Conn, options pgx.TxOptions, run func(*pgconn.PgConn) error) error {
	return pgx.BeginTxFunc(ctx, conn, options, func(tx pgx.Tx) error { return run(tx.Conn().PgConn()) })
}
