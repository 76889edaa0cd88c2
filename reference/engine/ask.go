package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// ask runs a statement with text in and text out, and hands on its rows, each of which
// holds until the next. Parameters have no type of ours, Postgres infers it from the
// columns. It is how many records the statement was about. Every statement of an
// operation passes here.
//
// A statement is prepared once for each connection, but one that is not asked for again
// or is very long. Where Postgres does not run it any more, for the database's schema
// has changed since, the error is errStale.
func ask(ctx context.Context, pg *pgconn.PgConn, s *statement.Statement, log *slog.Logger, row func([][]byte) error) (count int64, err error) {
	defer logged(log, s.SQL, time.Now(), &err)
	p := preparedOn(pg)
	switch {
	case len(s.Args) > statement.MaxParameters:
		return 0, tooManyParameters(len(s.Args))
	case s.Once || len(s.SQL) > maxPreparedText:
		return p.runOnce(ctx, s, row)
	}
	return p.run(ctx, s, row)
}

// tooManyParameters is a query that asks by more values than Postgres takes, P2029.
func tooManyParameters(n int) error {
	said := fmt.Sprintf("Postgres takes at most %d values beside a statement, this query has %d: ask for fewer records at once", statement.MaxParameters, n)
	return prisma.NewError("P2029", "Query parameter limit exceeded error: "+said, map[string]any{"message": said})
}

// maxPreparedText is how long a text may be, in bytes, to be prepared: a longer one is
// that of a request with long lists, and hardly comes again.
const maxPreparedText = 16 << 10

// errStale is a statement that was prepared when the database had another schema, or
// whose name is gone, as after DISCARD ALL.
var errStale = errors.New("the database changed since the statement was prepared")

const (
	// maxPrepared is how many statements a connection has prepared at most; each costs
	// Postgres some ten kilobytes.
	maxPrepared = 256
	// maxPreparedBytes is how long their texts are together: what Postgres makes of a
	// text takes up to a hundred times as much.
	maxPreparedBytes = 1 << 20
)

// prepared are the statements that a connection has prepared, by their text. That of
// which no use was made for the longest time makes room.
type prepared struct {
	pg         *pgconn.PgConn
	statements map[string]*preparedStatement
	// bytes is how long the texts of statements are.
	bytes int
	// made and used count, for names and for age.
	made, used uint64
	args       [][]byte
}

type preparedStatement struct {
	*pgconn.StatementDescription
	lastUsed uint64
}

// preparedOn are the statements of a connection. They end with it.
func preparedOn(pg *pgconn.PgConn) *prepared {
	if p, ok := pg.CustomData()[preparedKey].(*prepared); ok {
		return p
	}
	p := &prepared{pg: pg, statements: map[string]*preparedStatement{}}
	pg.CustomData()[preparedKey] = p
	return p
}

const preparedKey = "prepared statements"

// forgetPrepared is for a connection whose statements Postgres forgets, as for DISCARD
// ALL.
func forgetPrepared(pg *pgconn.PgConn) { delete(pg.CustomData(), preparedKey) }

// prepareAgain ends every statement that a connection has prepared.
func prepareAgain(ctx context.Context, conn *pgx.Conn) error {
	forgetPrepared(conn.PgConn())
	return conn.DeallocateAll(ctx)
}

func (p *prepared) run(ctx context.Context, s *statement.Statement, row func([][]byte) error) (int64, error) {
	one, isOld := p.statements[s.SQL]
	if !isOld {
		var err error
		if one, err = p.prepare(ctx, s.SQL); err != nil {
			return 0, err
		}
	}
	p.used++
	one.lastUsed = p.used
	count, err := p.execute(ctx, s, row, func(ctx context.Context) *pgconn.ResultReader {
		return p.pg.ExecStatement(ctx, one.StatementDescription, p.args, nil, nil)
	})
	var pg *pgconn.PgError
	if isOld && errors.As(err, &pg) && (pg.Code == "0A000" || pg.Code == "26000") {
		return 0, errors.Join(errStale, err)
	}
	return count, err
}

// runOnce runs a statement that is not worth to be prepared.
func (p *prepared) runOnce(ctx context.Context, s *statement.Statement, row func([][]byte) error) (int64, error) {
	return p.execute(ctx, s, row, func(ctx context.Context) *pgconn.ResultReader {
		return p.pg.ExecParams(ctx, s.SQL, p.args, nil, nil, nil)
	})
}

func (p *prepared) execute(ctx context.Context, s *statement.Statement, row func([][]byte) error, start func(context.Context) *pgconn.ResultReader) (int64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p.args = p.args[:0]
	defer p.forgetArgs()
	for _, text := range s.Args {
		if text == nil {
			p.args = append(p.args, nil)
		} else {
			p.args = append(p.args, []byte(*text))
		}
	}
	reader := start(ctx)
	for reader.NextRow() {
		if err := row(reader.Values()); err != nil {
			// Rows that are still to come need not be waited for.
			cancel()
			_, _ = reader.Close()
			return 0, err
		}
	}
	tag, err := reader.Close()
	return tag.RowsAffected(), err
}

// forgetArgs keeps none of the values of a statement that is over, and room for few: they
// may be as large as a request.
func (p *prepared) forgetArgs() {
	const few = 64
	clear(p.args)
	if cap(p.args) > few {
		p.args = nil
	}
}

func (p *prepared) prepare(ctx context.Context, sql string) (*preparedStatement, error) {
	for len(p.statements) >= maxPrepared || p.bytes+len(sql) > maxPreparedBytes {
		p.evict(ctx)
	}
	p.made++
	description, err := p.pg.Prepare(ctx, "arazzo_"+strconv.FormatUint(p.made, 10), sql, nil)
	if err != nil {
		return nil, err
	}
	one := &preparedStatement{StatementDescription: description}
	p.statements[sql] = one
	p.bytes += len(sql)
	return one, nil
}

// evict ends the statement that was not used for the longest time. What fails then,
// fails for the connection too.
func (p *prepared) evict(ctx context.Context) {
	oldest := ""
	for sql, one := range p.statements {
		if oldest == "" || one.lastUsed < p.statements[oldest].lastUsed {
			oldest = sql
		}
	}
	_ = p.pg.Deallocate(ctx, p.statements[oldest].Name)
	delete(p.statements, oldest)
	p.bytes -= len(oldest)
}

// isTooLong tells of a message of Postgres that is longer than any may be.
func isTooLong(err error) bool {
	var exceeded *pgproto3.ExceededMaxBodyLenErr
	return errors.As(err, &exceeded)
}

// limitRows bounds the length of Postgres' messages, and with it of a row: it is read as a
// whole. What comes of it may be shorter than half of it, as for bytes, but not much.
func limitRows(pg *pgconn.PgConn, limit int) {
	const overhead = 64 << 10
	pg.Frontend().SetMaxBodyLen(2*limit + overhead)
}
