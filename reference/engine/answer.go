package engine

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// results is JSON text in the making. It is written by hand because the members of
// objects stand in the order of the query.
type results struct {
	text []byte
	// limit is how many bytes the text may have.
	limit int
	// log, where there is one, takes each statement.
	log *slog.Logger
	// now is the time that writes go by.
	now time.Time
}

func newResults(limit int, log *slog.Logger) *results {
	return &results{limit: limit, log: log}
}

// object writes one member per statement.
func (r *results) object(ctx context.Context, conn *pgx.Conn, members []member) error {
	r.text = append(r.text, '{')
	for i, m := range members {
		r.text = appendKey(r.text, i, m.key)
		err := error(nil)
		switch {
		case m.raw != nil:
			err = r.raw(ctx, conn, m.raw)
		case m.write != nil:
			w := &writer{ctx: ctx, pg: conn.PgConn(), results: r, now: r.now}
			err = w.mutate(m.write)
		default:
			err = r.rows(ctx, conn.PgConn(), m.Statement)
		}
		if err != nil {
			return err
		}
	}
	r.text = append(r.text, '}')
	return nil
}

// rows runs a statement and writes what it answers: a list, or one record or null.
func (r *results) rows(ctx context.Context, pg *pgconn.PgConn, s *statement.Statement) error {
	count := 0
	if s.Many {
		r.text = append(r.text, '[')
	}
	_, err := ask(ctx, pg, s, r.log, func(row [][]byte) error {
		count++
		switch {
		case count > 1 && !s.Many:
			// A key that the Prisma schema alone calls unique. One record is asked for.
			return nil
		case count > 1:
			r.text = append(r.text, ',')
		}
		return r.record(s.Shape, row)
	})
	switch {
	case err != nil:
		return r.tooLong(err)
	case s.Many:
		r.text = append(r.text, ']')
	case count == 0 && s.NotFound != "":
		return notFound(s.NotFound)
	case count == 0:
		r.text = append(r.text, "null"...)
	}
	return nil
}

// tooLong says of one row that is longer than any answer what is said of an answer.
func (r *results) tooLong(err error) error {
	if isTooLong(err) {
		return errors.Join(tooLarge(r.limit), err)
	}
	return err
}

// notFound is a record that is not there and has to be, P2025.
func notFound(cause string) error {
	return prisma.NewError("P2025",
		"An operation failed because it depends on one or more records that were required but not found. "+cause,
		map[string]any{"cause": cause})
}

func (r *results) record(shape []statement.Member, row [][]byte) error {
	text, rest, err := appendRow(r.text, shape, row, r.limit)
	r.text = text
	switch {
	case errors.Is(err, errTooLong):
		return tooLarge(r.limit)
	case err == nil && len(rest) > 0:
		return inconsistent(errLongRow)
	case err != nil:
		return inconsistent(err)
	case len(r.text) > r.limit:
		return tooLarge(r.limit)
	}
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
