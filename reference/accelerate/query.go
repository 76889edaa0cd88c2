package accelerate

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// maxBody bounds a request as the engine does its answer.
const maxBody = 5 << 20

// serveQuery answers executeQuery.
func (s *Service) serveQuery(w http.ResponseWriter, r *http.Request) {
	info := accelerateInfo{
		CacheStatus:  "none",
		LastModified: time.Now().UTC().Format(time.RFC3339Nano),
		Region:       s.region,
		RequestID:    uuid.NewString(),
	}
	w.Header().Set("X-Accelerate-Request-Id", info.RequestID)
	a, err := s.query(r.Context(), http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil && r.Context().Err() != nil {
		s.log.Debug("accelerate: the caller is gone, its query was given up", "requestId", info.RequestID, "error", err)
		return
	}
	if err != nil {
		s.refuse(w, err)
		return
	}
	info.Signature = s.sign(a)
	header := w.Header()
	header.Set("X-Accelerate-Cache-Status", info.CacheStatus)
	header.Set("X-Accelerate-Last-Modified", info.LastModified)
	header.Set("X-Accelerate-Region", info.Region)
	header.Set("X-Accelerate-Signature", info.Signature)
	jsonhttp.Write(w, http.StatusOK, response{a.data, a.errors, extensions{info}})
}

// answer is the outcome of a query that reached the query engine, so to say:
// data or errors.
type answer struct {
	// query is what was asked, in canonical form where it could be read.
	query  []byte
	data   json.RawMessage
	errors json.RawMessage
}

// query reads and runs one request. The error is a fault, or one of ours that
// has no better name.
func (s *Service) query(ctx context.Context, body io.Reader) (answer, error) {
	text, err := io.ReadAll(body)
	if err != nil {
		return answer{}, unreadable(err)
	}
	e, err := readEnvelope(text)
	if err != nil {
		return answer{}, err
	}
	a := answer{query: []byte(e.query)}
	doc, err := graphql.Parse(e.query, e.variables)
	if err != nil {
		return a.failed(err)
	}
	if a.query, err = doc.Canonical(); err != nil {
		return answer{}, err
	}
	schema, err := s.schema(ctx)
	if err != nil {
		return answer{}, errors.Join(&fault{http.StatusInternalServerError, codeConnection, "The schema of the database cannot be read."}, err)
	}
	operations, err := queryschema.Check(schema, doc)
	if err != nil {
		return a.failed(err)
	}
	if a.data, err = s.engine.Execute(ctx, schema, doc.Operation, operations); err != nil {
		return a.failed(err)
	}
	return a, nil
}

// failed makes errors of a failure and hands on what is more than that.
func (a answer) failed(err error) (answer, error) {
	var e *prisma.Error
	if !errors.As(err, &e) {
		return answer{}, err
	}
	a.errors, err = json.Marshal([]queryError{queryErrorOf(e)})
	return a, err
}

func unreadable(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return &fault{http.StatusRequestEntityTooLarge, codeInvalidParameters, "The body is larger than 5 MB."}
	}
	return errors.Join(badRequest("The body could not be read to its end."), err)
}

// sign proves that an answer belongs to a query: hexadecimal HMAC-SHA256, with
// what all API keys make, over the canonical query, a newline and the data or the errors.
func (s *Service) sign(a answer) string {
	mac := hmac.New(sha256.New, s.secret)
	// Hash.Write never returns an error.
	_, _ = mac.Write(append(a.query, '\n'))
	_, _ = mac.Write(a.data)
	_, _ = mac.Write(a.errors)
	return hex.EncodeToString(mac.Sum(nil))
}

// response is QueryResponse.
type response struct {
	Data       json.RawMessage `json:"data,omitempty"`
	Errors     json.RawMessage `json:"errors,omitempty"`
	Extensions extensions      `json:"extensions"`
}

type extensions struct {
	AccelerateInfo accelerateInfo `json:"accelerateInfo"`
}

type accelerateInfo struct {
	CacheStatus  string `json:"cacheStatus"`
	LastModified string `json:"lastModified"`
	Region       string `json:"region"`
	RequestID    string `json:"requestId"`
	Signature    string `json:"signature"`
}
