package accelerate

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/cache"
	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// maxBody bounds a request as the engine does its answer.
const maxBody = 5 << 20

// usualBody is more than nearly all requests have, in bytes: as much is believed of what
// a header says of its length.
const usualBody = 64 << 10

// serveQuery answers executeQuery.
func (s *Service) serveQuery(w http.ResponseWriter, r *http.Request) {
	id := number(w)
	body, err := readBody(w, r, maxBody)
	var a answer
	if err == nil {
		a, err = s.query(r.Context(), body, r.Header)
	}
	if err != nil && r.Context().Err() != nil {
		s.log.Debug("accelerate: the caller is gone, its query was given up", "requestId", id, "error", err)
		return
	}
	if err != nil {
		s.refuse(w, err)
		return
	}
	s.write(w, id, a)
}

// number gives a request an id, by which its answer and the log name it.
func number(w http.ResponseWriter) string {
	id := uuid.NewString()
	w.Header().Set("X-Accelerate-Request-Id", id)
	return id
}

// spare is room behind a body for what the headers say beside it; see spellingOf.
const spare = 256

// readBody reads a request's body, of at most that many bytes.
func readBody(w http.ResponseWriter, r *http.Request, most int64) (body []byte, err error) {
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return nil, encodedBody()
	}
	if n := r.ContentLength; n > 0 && n <= min(usualBody, most) {
		// net/http gives no more than that.
		body = make([]byte, n, n+spare)
		_, err = io.ReadFull(r.Body, body)
	} else {
		body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, tooLargeBody(most)
	case err != nil:
		return nil, errors.Join(badRequest("The body could not be read to its end."), err)
	}
	return body, nil
}

// query answers one request, from the cache as far as it asks for that. The error is
// a fault, or one of ours that has no better name.
func (s *Service) query(ctx context.Context, body []byte, header http.Header) (answer, error) {
	spelling := spellingOf(body, header)
	asked, known := s.questions.find(spelling)
	// What has no strategy in its body has one in its headers, which was read before.
	read := func() (*query, error) { return readQuery(body, nil) }
	if !known {
		q, err := readQuery(body, header)
		if err != nil {
			return s.failed(err)
		}
		if !q.cacheable() {
			return s.uncached(ctx, q)
		}
		asked = &question{q.digest(), *q.strategy}
		s.questions.keep(spelling, asked)
		read = func() (*query, error) { return q, nil }
	}
	look, err := s.look(ctx)
	if err != nil {
		return answer{}, s.noSchema(err)
	}
	a, err := s.cache.Get(ctx, asked.key(look), asked.strategy, func(ctx context.Context) (cache.Loaded[*result], error) {
		q, err := read()
		if err != nil {
			return cache.Loaded[*result]{}, err
		}
		found, err := s.run(ctx, look.schema, q)
		if err != nil {
			return cache.Loaded[*result]{}, err
		}
		found.data = exact(found.data)
		return cache.Loaded[*result]{Value: found, Bytes: found.bytes(), At: found.at}, nil
	})
	if err != nil {
		return s.failed(err)
	}
	return answer{a.Value, string(a.Status)}, nil
}

// exact is data without the room behind it, where that is worth copying it: it may be
// kept for long.
func exact(data []byte) []byte {
	if cap(data)-len(data) > len(data)/8+64 {
		return bytes.Clone(data)
	}
	return data
}

// uncached answers what asks for no caching, or must not be cached.
func (s *Service) uncached(ctx context.Context, q *query) (answer, error) {
	look, err := s.look(ctx)
	if err != nil {
		return answer{}, s.noSchema(err)
	}
	found, err := s.run(ctx, look.schema, q)
	if err != nil {
		return s.failed(err)
	}
	return answer{found, None}, nil
}

// noSchema is the fault of a schema that cannot be read.
func (s *Service) noSchema(err error) error {
	if unconnected := s.engine.Unconnected(err); unconnected != nil {
		return errors.Join(unconnected, err)
	}
	return errors.Join(&fault{http.StatusInternalServerError, engine.Connection, "The schema of the database cannot be read; the service's log says why. Nothing was changed."}, err)
}

// query is a request that was read.
type query struct {
	strategy *cache.Strategy
	// batch is set in place of a document where there are several.
	batch    *batch
	document *graphql.Document
	// canonical is the document in canonical form, or the text of what is none.
	canonical []byte
}

// readQuery reads a request. The error is a fault, or a failure of the query.
func readQuery(body []byte, header http.Header) (*query, error) {
	e, err := readEnvelope(body)
	if err != nil {
		return nil, err
	}
	q := &query{strategy: e.strategy, batch: e.batch, canonical: []byte(e.query)}
	if q.strategy == nil {
		if q.strategy, err = headerStrategy(header); err != nil {
			return nil, err
		}
	}
	if q.batch != nil {
		return q, nil
	}
	if q.document, err = graphql.Parse(e.query, e.variables); err != nil {
		return nil, &failure{q.canonical, err}
	}
	canonical, err := q.document.Canonical()
	if err != nil {
		return nil, &failure{q.canonical, err}
	}
	q.canonical = canonical
	return q, nil
}

// cacheable is one query, not a mutation, with a strategy that keeps it for a while.
func (q *query) cacheable() bool {
	return q.batch == nil && q.document.Operation == ast.Query && q.strategy != nil && q.strategy.TTL+q.strategy.SWR > 0
}

// run runs a query on the database.
func (s *Service) run(ctx context.Context, schema *prisma.Schema, q *query) (*result, error) {
	if q.batch != nil {
		return s.runBatch(ctx, schema, q.batch)
	}
	operations, err := queryschema.Check(schema, q.document)
	if err != nil {
		return nil, &failure{q.canonical, err}
	}
	data, at, err := s.engine.Execute(ctx, q.document.Operation, operations)
	if err != nil {
		return nil, &failure{q.canonical, err}
	}
	return s.sign(q.canonical, &result{data: data}).asOf(at), nil
}
