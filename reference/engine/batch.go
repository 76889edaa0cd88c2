package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// Document is one query of a batch.
type Document struct {
	Kind       ast.Operation
	Operations []*queryschema.Operation
}

// Outcome is what a query of a batch came to: data, or the error that [Engine.Execute]
// would have.
type Outcome struct {
	Data []byte
	Err  error
}

// Each runs the queries of a batch in turn, each by itself: what one changed stays when
// another fails. Time and the size of what they answer are limited for all together.
func (e *Engine) Each(ctx context.Context, documents []Document) []Outcome {
	ctx, cancel := context.WithTimeout(ctx, e.limits.QueryTimeout)
	defer cancel()
	data := e.results()
	outcomes := make([]Outcome, len(documents))
	for i, d := range documents {
		start := len(data.text)
		outcomes[i].Err = e.execute(ctx, data, d.Kind, d.Operations)
		outcomes[i].Data = data.text[start:len(data.text):len(data.text)]
	}
	return outcomes
}

// InBatch is the error of one query in a batch that is a transaction.
type InBatch struct {
	// Index is the query's, from 0.
	Index int
	error
}

// Unwrap is the query's own error.
func (e *InBatch) Unwrap() error { return e.error }

// Transact runs the queries of a batch in one transaction, and is what each of them
// answers. If one fails, none happened: the error is what [Engine.Execute] would have,
// and an [InBatch] unless it is of no query alone.
func (e *Engine) Transact(ctx context.Context, isolation Isolation, documents []Document) ([][]byte, error) {
	statements := make([][]member, len(documents))
	for i, d := range documents {
		var err error
		if statements[i], err = statementsOf(d.Operations); err != nil {
			return nil, &InBatch{i, err}
		}
	}
	began := time.Now()
	ctx, cancel := context.WithDeadline(ctx, began.Add(e.limits.QueryTimeout))
	defer cancel()
	conn, err := e.acquire(ctx, began)
	if err != nil {
		return nil, err
	}
	defer release(ctx, conn, slices.Concat(statements...))
	answers, at, err := e.transact(ctx, conn.Conn(), isolation, statements)
	if errors.Is(err, errStale) {
		// The transaction that met it was undone.
		if err = prepareAgain(ctx, conn.Conn()); err == nil {
			answers, at, err = e.transact(ctx, conn.Conn(), isolation, statements)
		}
	}
	switch {
	case err == nil:
		return answers, nil
	case at == len(documents):
		return nil, e.refused(ctx, conn, err)
	}
	return nil, &InBatch{at, e.refused(ctx, conn, err)}
}

// transact runs the statements of each document; at is the document that failed, or how
// many there are where it was the end of the transaction.
func (e *Engine) transact(ctx context.Context, conn *pgx.Conn, isolation Isolation, documents [][]member) (answers [][]byte, at int, err error) {
	data := e.results()
	err = inTransaction(ctx, conn, pgx.TxOptions{IsoLevel: pgx.TxIsoLevel(isolation)}, func(conn *pgx.Conn) error {
		for ; at < len(documents); at++ {
			start := len(data.text)
			if err := data.object(ctx, conn, documents[at]); err != nil {
				return err
			}
			answers = append(answers, data.text[start:len(data.text):len(data.text)])
		}
		return nil
	})
	return answers, at, err
}

// Isolation is how much a transaction sees of others, in Postgres' words; "" is what the
// database does by itself.
type Isolation string

// isolations are the words of Prisma's that Postgres knows.
var isolations = []struct {
	name  string
	level pgx.TxIsoLevel
}{
	{"ReadUncommitted", pgx.ReadUncommitted},
	{"ReadCommitted", pgx.ReadCommitted},
	{"RepeatableRead", pgx.RepeatableRead},
	{"Serializable", pgx.Serializable},
}

// ParseIsolation reads an isolation level in Prisma's words. The error names those that
// Postgres has.
func ParseIsolation(name string) (Isolation, error) {
	names := ""
	for i, known := range isolations {
		if known.name == name {
			return Isolation(known.level), nil
		}
		if i > 0 {
			names += ", "
		}
		names += known.name
	}
	return "", fmt.Errorf("expected an isolation level of Postgres (%s), found %s", names, prisma.Describe(name))
}
