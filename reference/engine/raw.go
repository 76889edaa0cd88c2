package engine

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// raw runs SQL of the caller's own and writes its rows, or how many there were.
func (r *results) raw(ctx context.Context, conn *pgx.Conn, s *statement.Raw) (err error) {
	// Not its text, which can hold what is secret.
	defer logged(r.log, "(raw)", time.Now(), &err)
	columns, err := prepareRaw(ctx, conn, s)
	if err != nil {
		return rawRefused(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reader := conn.PgConn().ExecPrepared(ctx, "", bound(s.Args), nil, nil)
	if err := r.rawRows(reader, columns, s.Counts); err != nil {
		// Rows that are still to come need not be waited for.
		cancel()
		_, _ = reader.Close()
		return err
	}
	tag, err := reader.Close()
	if s.Counts {
		r.text = strconv.AppendInt(r.text, tag.RowsAffected(), 10)
	}
	return r.tooLong(rawRefused(err))
}

// bound are the values of a statement as pgconn takes them.
func bound(args []*string) [][]byte {
	values := make([][]byte, len(args))
	for i, text := range args {
		if text != nil {
			values[i] = []byte(*text)
		}
	}
	return values
}

// rawColumn is a column of a raw result. Of several of one name the last one's values
// stand, in the first one's place: a result is objects.
type rawColumn struct {
	name string
	from int
	prisma.RawType
}

// prepareRaw makes the unnamed statement of SQL, and says what its columns are.
func prepareRaw(ctx context.Context, conn *pgx.Conn, s *statement.Raw) ([]rawColumn, error) {
	prepare := func() (*pgconn.StatementDescription, error) {
		return conn.PgConn().Prepare(ctx, "", s.SQL, s.Types)
	}
	prepared, err := prepare()
	if err != nil {
		return nil, err
	}
	if want, got := len(prepared.ParamOIDs), len(s.Args); want != got {
		return nil, prisma.RawFailure("N/A", fmt.Sprintf("Incorrect number of parameters given to a statement. Expected %d: got: %d.", want, got))
	}
	if s.Counts {
		return nil, nil
	}
	oids := make([]uint32, len(prepared.Fields))
	for i, f := range prepared.Fields {
		oids[i] = f.DataTypeOID
	}
	types, asked, err := prisma.RawTypes(ctx, conn, oids)
	if err == nil && asked {
		// The unnamed statement was that question.
		_, err = prepare()
	}
	if err != nil {
		return nil, err
	}
	var columns []rawColumn
	place := map[string]int{}
	for i, f := range prepared.Fields {
		if at, ok := place[f.Name]; ok {
			columns[at].from, columns[at].RawType = i, types[i]
			continue
		}
		place[f.Name] = len(columns)
		columns = append(columns, rawColumn{f.Name, i, types[i]})
	}
	return columns, nil
}

// rawRows writes a list of rows, or reads them to their end where they only count.
func (r *results) rawRows(reader *pgconn.ResultReader, columns []rawColumn, counts bool) error {
	if counts {
		for reader.NextRow() {
		}
		return nil
	}
	r.text = append(r.text, '[')
	for n := 0; reader.NextRow(); n++ {
		if n > 0 {
			r.text = append(r.text, ',')
		}
		if err := r.rawRow(columns, reader.Values()); err != nil {
			return err
		}
		if len(r.text) > r.limit {
			return tooLarge(r.limit)
		}
	}
	r.text = append(r.text, ']')
	return nil
}

func (r *results) rawRow(columns []rawColumn, row [][]byte) error {
	r.text = append(r.text, '{')
	for i, c := range columns {
		if i > 0 {
			r.text = append(r.text, ',')
		}
		r.text = append(prisma.AppendString(r.text, []byte(c.name)), ':')
		var err error
		r.text, err = c.AppendJSON(r.text, row[c.from], r.limit)
		switch {
		case errors.Is(err, prisma.ErrTooLong):
			return tooLarge(r.limit)
		case err != nil:
			return inconsistent(err)
		}
	}
	r.text = append(r.text, '}')
	return nil
}

// rawRefused is P2010 for what Postgres refused of the caller's SQL; what is a fault
// stays what it is.
func rawRefused(err error) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || isFault(pg) {
		return err
	}
	return prisma.RawFailure(pg.Code, rawMessage(pg))
}

// rawMessage is what Postgres said, as the query engine tells it: with severity, detail
// and hint unless the code is one that it knows by itself.
func rawMessage(pg *pgconn.PgError) string {
	switch pg.Code {
	case "22001", "22003", "23502", "23503", "23505", "40001", "42703", "42P01":
		return brief(pg.Message)
	}
	message := pg.Severity + ": " + brief(pg.Message)
	if pg.Detail != "" {
		message += "\nDETAIL: " + brief(pg.Detail)
	}
	switch {
	case pg.Hint != "":
		message += "\nHINT: " + brief(pg.Hint)
	case pg.Code == "42601" && pg.Routine == "exec_parse_message":
		message += "\nHINT: A raw query is one statement; a batch has several queries."
	}
	return message
}

// refusesTransaction tells of SQL that Postgres runs only by itself, such as VACUUM or a
// procedure that commits: it was refused before it did anything, or all it did was
// undone.
func refusesTransaction(err error) bool {
	var e *prisma.Error
	if !errors.As(err, &e) || e.Code != "P2010" {
		return false
	}
	const active, termination = "25001", "2D000"
	return e.Meta["code"] == active || e.Meta["code"] == termination
}

// uncertain says of a statement without a transaction that was cancelled what is known
// of it.
func uncertain(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "57014" {
		return errors.Join(&Fault{QueryTimeout, "The query took too long and was cancelled. " + unknown}, err)
	}
	return err
}

// release gives the connection back to the pool.
func release(ctx context.Context, conn *pgxpool.Conn, members []member) {
	if hasRaw(members) {
		discard(ctx, conn)
		return
	}
	conn.Release()
}

// discard gives a connection back to the pool as it came. SQL of a caller's own can
// leave what others must not find: settings, prepared statements, temporary tables,
// locks of the session.
func discard(ctx context.Context, conn *pgxpool.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), connectTimeout)
	defer cancel()
	pg := conn.Conn().PgConn()
	forgetPrepared(pg)
	_, err := pg.Exec(ctx, "DISCARD ALL").ReadAll()
	if err == nil {
		// What pgx has prepared is gone too.
		err = conn.Conn().DeallocateAll(ctx)
	}
	if err != nil {
		_ = conn.Hijack().Close(ctx)
		return
	}
	conn.Release()
}
