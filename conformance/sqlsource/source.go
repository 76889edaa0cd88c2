package sqlsource

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/arazzo-conformance/arazzo/conformance"
)

const (
	// mostBody bounds what a request may have, mostBatch the queries in it.
	mostBody  = 5 << 20
	mostBatch = 1000
	// queryTimeout bounds a query: cases hold no locks that take longer.
	queryTimeout = 10 * time.Second
	readTimeout  = 30 * time.Second
)

// Source is a running source of rows.
type Source struct {
	// URL is its base URL, as that of an Accelerate.
	URL    string
	pool   *pgxpool.Pool
	key    [sha256.Size]byte
	server *http.Server
	ended  chan error
}

// Start makes the tables of the fixture, where they are missing, and serves the source
// to who has the key.
func Start(ctx context.Context, databaseURL, apiKey string) (*Source, error) {
	pool, err := pgxpool.New(ctx, databaseURL)
	if err != nil {
		return nil, errors.New("the database URL cannot be read: write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE")
	}
	if _, err := pool.Exec(ctx, conformance.FixtureSQL, pgx.QueryExecModeSimpleProtocol); err != nil {
		pool.Close()
		return nil, fmt.Errorf("making the tables of the fixture: %w%s", err, whoMay(err))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("listening for the source of rows: %w", err)
	}
	s := &Source{URL: "http://" + listener.Addr().String(), pool: pool, key: sha256.Sum256([]byte("Bearer " + apiKey)), ended: make(chan error, 1)}
	s.server = &http.Server{Handler: s, ReadTimeout: readTimeout}
	go func() { s.ended <- s.server.Serve(listener) }()
	return s, nil
}

// whoMay says what to do where Postgres refuses the tables.
func whoMay(err error) string {
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == "42501" {
		return "; give a role that may make tables there, or have conformance/fixture.sql loaded by one, which that role may use then"
	}
	return ""
}

// Stop ends the source.
func (s *Source) Stop(ctx context.Context) error {
	err := s.server.Shutdown(ctx)
	if served := <-s.ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	s.pool.Close()
	return err
}

// ServeHTTP answers as Accelerate does.
func (s *Source) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given := sha256.Sum256([]byte(r.Header.Get("Authorization")))
	parts := strings.Split(r.URL.Path, "/")
	switch {
	case r.URL.Path == "/health" && r.Method == http.MethodGet:
		respond(w, http.StatusOK, map[string]any{"status": "healthy", "timestamp": time.Now().UTC().Format(time.RFC3339Nano)})
	case subtle.ConstantTimeCompare(given[:], s.key[:]) != 1:
		respond(w, http.StatusUnauthorized, failure{Code: "P6002", Message: "No API key came, or none that is known."})
	case len(parts) != 4 || parts[3] != "graphql" || r.Method != http.MethodPost:
		respond(w, http.StatusNotFound, failure{Code: "P6005", Message: "The source of rows for Pulse alone answers POST /VERSION/HASH/graphql."})
	default:
		s.execute(w, r)
	}
}

// request is the body of a query, or of a batch of them.
type request struct {
	Query       string         `json:"query"`
	Variables   map[string]any `json:"variables"`
	Batch       []request      `json:"batch"`
	Transaction bool           `json:"transaction"`
}

// result is what a query came to.
type result struct {
	Data   map[string]any `json:"data,omitempty"`
	Errors []failure      `json:"errors,omitempty"`
}

// failure is an error as both APIs of the document have it.
type failure struct {
	Code    string         `json:"code"`
	Message string         `json:"message"`
	Meta    map[string]any `json:"meta,omitempty"`
	Facing  map[string]any `json:"user_facing_error,omitempty"`
}

func (s *Source) execute(w http.ResponseWriter, r *http.Request) {
	var asked request
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostBody))
	decoder.UseNumber()
	if err := decoder.Decode(&asked); err != nil || asked.Query == "" && len(asked.Batch) == 0 || len(asked.Batch) > mostBatch {
		respond(w, http.StatusBadRequest, failure{Code: "P6005", Message: "The body is no query, and no batch of up to 1,000 of them."})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), queryTimeout)
	defer cancel()
	w.Header().Set("x-accelerate-cache-status", "none")
	switch {
	case len(asked.Batch) == 0:
		respond(w, http.StatusOK, answer(ctx, s.pool, asked))
	case asked.Transaction:
		respond(w, http.StatusOK, s.transaction(ctx, asked.Batch))
	default:
		results := make([]result, 0, len(asked.Batch))
		for _, one := range asked.Batch {
			results = append(results, answer(ctx, s.pool, one))
		}
		respond(w, http.StatusOK, map[string]any{"batchResult": results})
	}
}

// transaction runs all queries or none. Of one that fails the answer has the place.
func (s *Source) transaction(ctx context.Context, batch []request) any {
	results := make([]result, 0, len(batch))
	var failed *result
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		for i, one := range batch {
			r := answer(ctx, tx, one)
			if len(r.Errors) > 0 {
				r.Errors[0].Facing["batch_request_idx"] = i
				failed = &r
				return errors.New("rolled back")
			}
			results = append(results, r)
		}
		return nil
	})
	switch {
	case failed != nil:
		return failed
	case err != nil:
		return result{Errors: []failure{failureOf(err)}}
	}
	return map[string]any{"batchResult": results}
}

// querier is the pool, or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, values ...any) (pgx.Rows, error)
	Exec(ctx context.Context, sql string, values ...any) (pgconn.CommandTag, error)
}

// answer runs one query.
func answer(ctx context.Context, q querier, one request) result {
	a, err := read(one.Query, one.Variables)
	var data any
	if err == nil {
		data, err = a.run(ctx, q)
	}
	if err != nil {
		return result{Errors: []failure{failureOf(err)}}
	}
	return result{Data: map[string]any{a.alias: data}}
}

// run executes what is asked, and gives the value of the root field.
func (a asked) run(ctx context.Context, q querier) (any, error) {
	s, err := a.statement()
	if err != nil {
		return nil, err
	}
	if a.action == "executeRaw" || strings.HasSuffix(a.action, "Many") && a.action != "findMany" {
		tag, err := q.Exec(ctx, s.sql.String(), s.values...)
		if a.action == "executeRaw" {
			return tag.RowsAffected(), err
		}
		return map[string]any{"count": tag.RowsAffected()}, err
	}
	rows, err := q.Query(ctx, s.sql.String(), s.values...)
	if err != nil {
		return nil, err
	}
	records, err := pgx.CollectRows(rows, a.record)
	switch {
	case err != nil:
		return nil, err
	case a.action == "findMany":
		return records, nil
	case len(records) > 0:
		return records[0], nil
	case a.action == "findUnique":
		return nil, nil
	}
	return nil, errNoRecord
}

var errNoRecord = errors.New("the record to update or to delete is not there")

// record reads a row.
func (a asked) record(row pgx.CollectableRow) (map[string]any, error) {
	found := make([]*string, len(a.selected))
	into := make([]any, len(found))
	for i := range found {
		into[i] = &found[i]
	}
	if err := row.Scan(into...); err != nil {
		return nil, err
	}
	record := make(map[string]any, len(found))
	for i, name := range a.selected {
		f, err := a.model.field(name)
		if err != nil {
			return nil, err
		}
		if record[name], err = f.value(found[i]); err != nil {
			return nil, err
		}
	}
	return record, nil
}

// prismaCodes are those of Postgres' errors.
var prismaCodes = map[string]string{
	"23505": "P2002", "23503": "P2003", "23502": "P2011", "22P02": "P2007", "22003": "P2020", "22001": "P2000",
}

// failureOf is an error as the query engine tells it.
func failureOf(err error) failure {
	code := "P2009"
	var refused *pgconn.PgError
	switch {
	case errors.Is(err, errNoRecord):
		code = "P2025"
	case errors.As(err, &refused):
		code = "P2010"
		if known, ok := prismaCodes[refused.Code]; ok {
			code = known
		}
	}
	return failure{
		Code: "P6000", Message: err.Error(), Meta: map[string]any{"prismaCode": code},
		Facing: map[string]any{"is_panic": false, "message": err.Error(), "error_code": code},
	}
}

func respond(w http.ResponseWriter, status int, value any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		status, body = http.StatusInternalServerError, *bytes.NewBufferString(`{"code":"P6000","message":"The answer cannot be written."}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}
