package accelerate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// maxBatch bounds how many queries a batch has. Each is bounded like one that comes
// alone, and all together by the time and the size of one.
const maxBatch = 1000

// batch is several queries in one request, as Prisma Client sends those of
// $transaction([...]) and those that it is asked for at once. The OpenAPI document has
// no words for it.
type batch struct {
	queries []envelope
	// isTransaction is true where all of them happen or none, in the isolation.
	isTransaction bool
	isolation     engine.Isolation
}

// readBatch reads a body whose member batch is there.
func readBatch(members map[string]json.RawMessage) (*batch, error) {
	b := &batch{}
	var queries []json.RawMessage
	if err := json.Unmarshal(members["batch"], &queries); err != nil || queries == nil {
		return nil, badRequest("/batch: expected a list of queries, found %s.", jsonhttp.Kind(members["batch"]))
	}
	if len(queries) > maxBatch {
		return nil, badRequest("/batch: expected at most %d queries, found %d: send several batches.", maxBatch, len(queries))
	}
	if _, ok := members["query"]; ok {
		return nil, badRequest("/query: expected no query beside a batch.")
	}
	for i, raw := range queries {
		path := fmt.Sprintf("/batch/%d", i)
		query, err := jsonhttp.Object(raw)
		if err != nil {
			return nil, badRequest("%s: expected an object with query and variables: %s.", path, err)
		}
		e := envelope{}
		if err := e.readQuery(path, query); err != nil {
			return nil, err
		}
		b.queries = append(b.queries, e)
	}
	return b, b.readTransaction(members)
}

// readTransaction reads the members transaction and isolationLevel.
func (b *batch) readTransaction(members map[string]json.RawMessage) error {
	if raw := members["transaction"]; raw != nil && json.Unmarshal(raw, &b.isTransaction) != nil {
		return badRequest("/transaction: expected true or false, found %s.", jsonhttp.Kind(raw))
	}
	raw := members["isolationLevel"]
	if raw == nil || string(raw) == "null" {
		return nil
	}
	var name string
	if json.Unmarshal(raw, &name) != nil {
		return badRequest("/isolationLevel: expected a string, found %s.", jsonhttp.Kind(raw))
	}
	var err error
	if b.isolation, err = engine.ParseIsolation(name); err != nil {
		return badRequest("/isolationLevel: %s.", err)
	}
	if !b.isTransaction {
		return badRequest(`/isolationLevel: there is no transaction that it is the level of: expected "transaction": true beside it.`)
	}
	return nil
}

// runBatch runs a batch on the database: what each query came to, or, of one that is a
// transaction, the errors of the query because of which none happened. The error is a
// fault; one of the request says so before anything has happened.
func (s *Service) runBatch(ctx context.Context, schema *prisma.Schema, b *batch) (*result, error) {
	at := s.now()
	var canonical []byte
	documents := make([]engine.Document, 0, len(b.queries))
	failures := make([]error, len(b.queries))
	for i, e := range b.queries {
		d, text, err := documentOf(schema, e)
		canonical = append(append(canonical, text...), '\n')
		if len(canonical) > graphql.MaxCanonical {
			return nil, badRequest("/batch: its queries with their variables filled in are longer than %d MiB: use large variables once, or send several batches.", graphql.MaxCanonical>>20)
		}
		if err != nil {
			failures[i] = err
			continue
		}
		documents = append(documents, d)
	}
	var r *result
	var err error
	if b.isTransaction {
		r, err = s.transact(ctx, b.isolation, documents, failures)
	} else {
		r, err = s.each(ctx, documents, failures)
	}
	if err != nil {
		return nil, err
	}
	return s.sign(canonical, r).asOf(at), nil
}

// each runs a batch whose queries stand by themselves.
func (s *Service) each(ctx context.Context, documents []engine.Document, failures []error) (*result, error) {
	outcomes := s.engine.Each(ctx, documents)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	s.logFault(outcomes)
	text := []byte{'['}
	for i, failed := range failures {
		if i > 0 {
			text = append(text, ',')
		}
		outcome := engine.Outcome{Err: failed}
		if failed == nil {
			outcome, outcomes = outcomes[0], outcomes[1:]
		}
		var err error
		if text, err = appendOutcome(text, outcome); err != nil {
			return nil, err
		}
	}
	return &result{batch: append(text, ']')}, nil
}

// documentOf reads one query of a batch, and is its canonical form too, or its text.
func documentOf(schema *prisma.Schema, e envelope) (engine.Document, []byte, error) {
	doc, err := graphql.Parse(e.query, e.variables)
	if err != nil {
		return engine.Document{}, []byte(e.query), err
	}
	canonical, err := doc.Canonical()
	if err != nil {
		return engine.Document{}, []byte(e.query), err
	}
	operations, err := queryschema.Check(schema, doc)
	return engine.Document{Kind: doc.Operation, Operations: operations}, canonical, err
}

// transact runs a batch that is a transaction.
func (s *Service) transact(ctx context.Context, isolation engine.Isolation, documents []engine.Document, failures []error) (*result, error) {
	for i, err := range failures {
		if err != nil {
			return batchFailed(i, err)
		}
	}
	answers, err := s.engine.Transact(ctx, isolation, documents)
	var at *engine.InBatch
	switch {
	case errors.As(err, &at):
		return batchFailed(at.Index, err)
	case err != nil:
		return batchFailed(-1, err)
	}
	text := []byte(`[{"data":`)
	text = append(text, bytes.Join(answers, []byte(`},{"data":`))...)
	if len(answers) == 0 {
		return &result{batch: []byte("[]")}, nil
	}
	return &result{batch: append(text, "}]"...)}, nil
}

// batchFailed makes errors of the failure of a query in a transaction; at is -1 where it
// is of none alone.
func batchFailed(at int, err error) (*result, error) {
	var e *prisma.Error
	if !errors.As(err, &e) {
		return nil, err
	}
	failed := queryErrorOf(e)
	if at >= 0 {
		failed.UserFacingError.BatchIndex = &at
	}
	text, err := failed.list()
	return &result{errors: text}, err
}

// logFault writes the first fault among outcomes to the log: others are likely the same.
func (s *Service) logFault(outcomes []engine.Outcome) {
	for i, o := range outcomes {
		var f *engine.Fault
		if errors.As(o.Err, &f) {
			s.log.Error("accelerate: a request failed", "code", f.Code, "batchIndex", i, "error", o.Err)
			return
		}
	}
}

// appendOutcome appends what a query of a batch came to that stands by itself. A fault is
// one of its errors too: what the other queries did is done.
func appendOutcome(text []byte, o engine.Outcome) ([]byte, error) {
	if o.Err == nil {
		text = append(append(text, `{"data":`...), o.Data...)
		return append(text, '}'), nil
	}
	var e *prisma.Error
	var f *engine.Fault
	var failed queryError
	switch {
	case errors.As(o.Err, &e):
		failed = queryErrorOf(e)
	case errors.As(o.Err, &f):
		failed = queryErrorOf(prisma.NewError(f.Code, f.Message, map[string]any{}))
		failed.Code = f.Code
	default:
		return nil, o.Err
	}
	errs, err := failed.list()
	text = append(append(text, `{"errors":`...), errs...)
	return append(text, '}'), err
}
