package accelerate

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// fault is an answer other than a result: an HTTP status with an
// AccelerateError.
type fault struct {
	status  int
	code    string
	message string
}

func (f *fault) Error() string { return f.message }

// The codes of AccelerateError, as Prisma documents them.
const (
	codeServer            = "P6000"
	codeUnauthorized      = "P6002"
	codeQueryTimeout      = "P6004"
	codeInvalidParameters = "P6005"
	codeConnection        = "P6008"
	codeResponseSize      = "P6009"
)

// accelerateError is the body of a fault. The last two members are not in the
// OpenAPI document: with them Prisma Client knows the error and does not retry.
type accelerateError struct {
	Code      string         `json:"code"`
	Message   string         `json:"message"`
	Meta      map[string]any `json:"meta"`
	IsPanic   bool           `json:"is_panic"`
	ErrorCode string         `json:"error_code"`
}

func (f *fault) body() accelerateError {
	return accelerateError{Code: f.code, Message: f.message, Meta: map[string]any{}, ErrorCode: f.code}
}

// badRequest is a fault of the envelope.
func badRequest(format string, args ...any) error {
	return &fault{http.StatusBadRequest, codeInvalidParameters, fmt.Sprintf(format, args...)}
}

// failure is a query that was understood as a request and failed as a query.
type failure struct {
	// code is the query engine's, such as P2002; "" where it has none.
	code    string
	message string
	meta    map[string]any
}

func (f *failure) Error() string { return f.message }

// queryError is one of errors in a QueryResponse: an AccelerateError with the
// members that the query engine sends.
type queryError struct {
	Code            string          `json:"code"`
	Message         string          `json:"message"`
	Meta            map[string]any  `json:"meta"`
	Error           string          `json:"error"`
	UserFacingError userFacingError `json:"user_facing_error"`
}

type userFacingError struct {
	IsPanic   bool           `json:"is_panic"`
	Message   string         `json:"message"`
	Meta      map[string]any `json:"meta"`
	ErrorCode string         `json:"error_code,omitempty"`
}

func (f *failure) body() queryError {
	meta := map[string]any{}
	for name, value := range f.meta {
		meta[name] = value
	}
	if f.code != "" {
		meta["prismaCode"] = f.code
	}
	facing := userFacingError{Message: f.message, Meta: f.meta, ErrorCode: f.code}
	return queryError{Code: codeServer, Message: f.message, Meta: meta, Error: f.message, UserFacingError: facing}
}

// invalid is a query that does not fit the schema or is not understood. path
// leads to the place, such as findManyUser.where.email.
func invalid(path, format string, args ...any) error {
	reason := fmt.Sprintf(format, args...)
	return &failure{
		code:    "P2009",
		message: fmt.Sprintf("Invalid query at %s: %s", path, reason),
		meta:    map[string]any{"query_validation_error": reason, "query_position": path},
	}
}

// missing is a value that the query must have and has not.
func missing(path string) error {
	return &failure{
		code:    "P2012",
		message: fmt.Sprintf("A required value is missing at %s", path),
		meta:    map[string]any{"path": path},
	}
}

// timedOut is the fault of a query whose time is up, nil while it is not.
// consequence tells what became of what it was to change.
func timedOut(ctx context.Context, consequence string) error {
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil
	}
	return &fault{
		http.StatusInternalServerError, codeQueryTimeout,
		fmt.Sprintf("The query took longer than %s, the wait for a connection included. %s", queryTimeout, consequence),
	}
}

// What became of what a failed query was to change.
const (
	unchanged = "Nothing was changed."
	unknown   = "Whether a mutation took effect is not known."
)
