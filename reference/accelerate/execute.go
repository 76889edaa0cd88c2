package accelerate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// maxData is Accelerate's limit on the size of a response.
const maxData = 5 << 20

// execute runs the statements of one document on one connection and answers the
// member data of the response. What it changed is undone when it fails.
func (s *Service) execute(ctx context.Context, schema *prisma.Schema, operation ast.Operation, plans []plan) ([]byte, error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		// The first fault is the answer, the rest is for the log.
		unreachable := &fault{http.StatusInternalServerError, codeConnection, "The database cannot be reached. " + unchanged}
		return nil, errors.Join(timedOut(ctx, unchanged), unreachable, err)
	}
	defer conn.Release()
	data := newResults()
	run := func(pg *pgconn.PgConn) error { return data.object(ctx, pg, plans) }
	switch {
	case operation == ast.Mutation:
		err = inTransaction(ctx, conn.Conn(), pgx.TxOptions{}, run)
	case len(plans) > 1:
		// Several reads are of one moment.
		err = inTransaction(ctx, conn.Conn(), pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, run)
	default:
		err = run(conn.Conn().PgConn())
	}
	if err != nil {
		return nil, databaseFailure(ctx, conn, schema, err)
	}
	return data.text.Bytes(), nil
}

func inTransaction(ctx context.Context, conn *pgx.Conn, options pgx.TxOptions, run func(*pgconn.PgConn) error) error {
	return pgx.BeginTxFunc(ctx, conn, options, func(tx pgx.Tx) error { return run(tx.Conn().PgConn()) })
}

// results is JSON text in the making. Objects are written by hand because their
// members stand in the order of the query.
type results struct {
	text    bytes.Buffer
	encoder *json.Encoder
}

func newResults() *results {
	r := &results{}
	r.encoder = json.NewEncoder(&r.text)
	r.encoder.SetEscapeHTML(false)
	return r
}

// object writes one member per plan.
func (r *results) object(ctx context.Context, pg *pgconn.PgConn, plans []plan) error {
	r.text.WriteByte('{')
	for i, p := range plans {
		if err := r.name(i, p.key); err != nil {
			return err
		}
		if err := r.rows(ctx, pg, p); err != nil {
			return err
		}
	}
	r.text.WriteByte('}')
	return nil
}

// rows runs a statement with text in and text out, in one round trip: placeholders
// have no type of ours, Postgres infers it from the column.
func (r *results) rows(ctx context.Context, pg *pgconn.PgConn, p plan) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	args := make([][]byte, len(p.args))
	for i, text := range p.args {
		if text != nil {
			args[i] = []byte(*text)
		}
	}
	reader := pg.ExecParams(ctx, p.sql, args, nil, nil, nil)
	count, err := r.records(reader, p)
	if err != nil {
		// Rows that are still to come need not be waited for.
		cancel()
		_, _ = reader.Close()
		return err
	}
	if _, err := reader.Close(); err != nil {
		return err
	}
	if !p.many && count == 0 {
		return &failure{
			code:    "P2025",
			message: "The operation depends on a record that was not found. " + p.notFound,
			meta:    map[string]any{"cause": p.notFound},
		}
	}
	return nil
}

func (r *results) records(reader *pgconn.ResultReader, p plan) (count int, err error) {
	if p.many {
		r.text.WriteByte('[')
	}
	for ; reader.NextRow(); count++ {
		if count > 0 {
			r.text.WriteByte(',')
		}
		if err := r.record(p.output, reader.Values()); err != nil {
			return count, err
		}
		if r.text.Len() > maxData {
			return count, &fault{
				http.StatusInternalServerError, codeResponseSize,
				"The result is larger than 5 MB: ask for fewer records with take, or for fewer fields. " + unchanged,
			}
		}
	}
	if p.many {
		r.text.WriteByte(']')
	}
	return count, nil
}

func (r *results) record(outputs []output, row [][]byte) error {
	r.text.WriteByte('{')
	for i, o := range outputs {
		if err := r.name(i, o.key); err != nil {
			return err
		}
		value, err := o.field.GraphQLValue(row[i])
		if err != nil {
			return &failure{code: "P2023", message: "Inconsistent column data: " + err.Error(), meta: map[string]any{"message": err.Error()}}
		}
		if err := r.value(value); err != nil {
			return err
		}
	}
	r.text.WriteByte('}')
	return nil
}

func (r *results) name(i int, name string) error {
	if i > 0 {
		r.text.WriteByte(',')
	}
	if err := r.value(name); err != nil {
		return err
	}
	r.text.WriteByte(':')
	return nil
}

func (r *results) value(value any) error {
	if err := r.encoder.Encode(value); err != nil {
		return err
	}
	// The encoder ends every value with a newline.
	r.text.Truncate(r.text.Len() - 1)
	return nil
}
