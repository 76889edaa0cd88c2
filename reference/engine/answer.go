package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// results is JSON text in the making. Objects are written by hand because their
// members stand in the order of the query.
type results struct {
	text    bytes.Buffer
	encoder *json.Encoder
	// limit is how many bytes the text may have.
	limit int
	// log, where there is one, takes each statement.
	log *slog.Logger
}

func newResults(limit int, log *slog.Logger) *results {
	r := &results{limit: limit, log: log}
	r.encoder = json.NewEncoder(&r.text)
	r.encoder.SetEscapeHTML(false)
	return r
}

// object writes one member per statement.
func (r *results) object(ctx context.Context, conn *pgx.Conn, members []member) error {
	r.text.WriteByte('{')
	for i, m := range members {
		if err := r.name(i, m.key); err != nil {
			return err
		}
		err := error(nil)
		if m.raw != nil {
			err = r.raw(ctx, conn, m.raw)
		} else {
			err = r.rows(ctx, conn.PgConn(), m.Statement)
		}
		if err != nil {
			return err
		}
	}
	r.text.WriteByte('}')
	return nil
}

// rows runs a statement with text in and text out, in one round trip: placeholders
// have no type of ours, Postgres infers it from the column.
func (r *results) rows(ctx context.Context, pg *pgconn.PgConn, s *statement.Statement) (err error) {
	defer logged(r.log, s.SQL, time.Now(), &err)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reader := pg.ExecParams(ctx, s.SQL, bound(s.Args), nil, nil, nil)
	count, err := r.records(reader, s)
	if err != nil {
		// Rows that are still to come need not be waited for.
		cancel()
		_, _ = reader.Close()
		return err
	}
	if _, err := reader.Close(); err != nil {
		return err
	}
	if !s.Many && count == 0 {
		return &prisma.Error{
			Code:    "P2025",
			Message: "The operation depends on a record that was not found. " + s.NotFound,
			Meta:    map[string]any{"cause": s.NotFound},
		}
	}
	return nil
}

func (r *results) records(reader *pgconn.ResultReader, s *statement.Statement) (count int, err error) {
	if s.Many {
		r.text.WriteByte('[')
	}
	for ; reader.NextRow(); count++ {
		if count > 0 {
			r.text.WriteByte(',')
		}
		if err := r.record(s.Columns, reader.Values()); err != nil {
			return count, err
		}
		if r.text.Len() > r.limit {
			return count, tooLarge(r.limit)
		}
	}
	if s.Many {
		r.text.WriteByte(']')
	}
	return count, nil
}

func (r *results) record(columns []statement.Column, row [][]byte) error {
	r.text.WriteByte('{')
	for i, c := range columns {
		if err := r.name(i, c.Key); err != nil {
			return err
		}
		value, err := c.Field.GraphQLValue(row[i])
		if err != nil {
			return inconsistent(err)
		}
		if err := r.value(value); err != nil {
			return err
		}
	}
	r.text.WriteByte('}')
	return nil
}

// inconsistent is text of a column that is not of its type, P2023.
func inconsistent(err error) error {
	var ours *prisma.Error
	if errors.As(err, &ours) {
		return err
	}
	return prisma.NewError("P2023", "Inconsistent column data: "+err.Error(), map[string]any{"message": err.Error()})
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
