package engine

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// Options say which database the engine works on, and within which limits.
type Options struct {
	// DatabaseURL is what pgx accepts.
	DatabaseURL string
	Limits      Limits
	// Log, where given, takes the text and the time of every statement; the values
	// that are bound to it never.
	Log *slog.Logger
	// Now is the clock of what queries are told of time; nil is time.Now.
	Now func() time.Time
}

// Engine runs operations, for any number of callers at once.
type Engine struct {
	pool   *pgxpool.Pool
	limits Limits
	log    *slog.Logger
	// now is the clock that writes go by, and the moments of reads.
	now func() time.Time
	// waiting is how many wait for a connection, lost when one was lost, in
	// nanoseconds of Unix time.
	waiting, lost atomic.Int64
}

// Open makes an engine. It does not wait for the database: as long as that cannot be
// reached, operations are a [Fault]. ctx bounds nothing that outlives the call.
func Open(ctx context.Context, o Options) (*Engine, error) {
	e := &Engine{limits: o.Limits.orDefaults(), log: o.Log, now: o.Now}
	if e.now == nil {
		e.now = time.Now
	}
	config, err := e.limits.poolConfig(o.DatabaseURL, e.lastLost)
	if err != nil {
		return nil, err
	}
	e.pool, err = pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	return e, nil
}

// Close ends the connections, after the operations that use them.
func (e *Engine) Close() { e.pool.Close() }

// Execute runs the operations of one document on one connection, and is the member
// data of the response, and the moment as of which it is true: when the connection was
// there, however long that took. What it changed is undone when it fails; the error is a
// [*prisma.Error] or a [*Fault], with what is for the log beside it, or one of ours
// that has no better name.
func (e *Engine) Execute(ctx context.Context, kind ast.Operation, operations []*queryschema.Operation) (text []byte, at time.Time, err error) {
	data := e.results()
	if err := e.execute(ctx, data, kind, operations); err != nil {
		return nil, time.Time{}, err
	}
	return data.text, data.now, nil
}

// execute is Execute that appends to data; where it fails, data is as it was.
func (e *Engine) execute(ctx context.Context, data *results, kind ast.Operation, operations []*queryschema.Operation) error {
	statements, err := statementsOf(operations)
	if err != nil {
		return err
	}
	began := time.Now()
	ctx, cancel := context.WithDeadline(ctx, began.Add(e.limits.QueryTimeout))
	defer cancel()
	conn, err := e.acquire(ctx, began)
	if err != nil {
		return err
	}
	defer release(ctx, conn, statements)
	start := len(data.text)
	err = e.run(ctx, conn.Conn(), data, kind, statements)
	if errors.Is(err, errStale) {
		// Nothing happened: what was done in the transaction that met it was undone.
		data.text = data.text[:start]
		if err = prepareAgain(ctx, conn.Conn()); err == nil {
			err = e.run(ctx, conn.Conn(), data, kind, statements)
		}
	}
	if err != nil {
		data.text = data.text[:start]
		return e.refused(ctx, conn, err)
	}
	return nil
}

// results takes what operations answer, within the limits of one answer.
func (e *Engine) results() *results {
	data := newResults(e.limits.ResponseBytes, e.log)
	data.now = e.now()
	return data
}
