package accelerate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// fault is an answer other than a result: an HTTP status with an
// AccelerateError.
type fault struct {
	status  int
	code    string
	message string
}

func (f *fault) Error() string { return f.message }

// The codes of AccelerateError, as Prisma documents them, beside those of [engine.Fault].
const (
	codeServer            = "P6000"
	codeUnauthorized      = "P6002"
	codePlanLimit         = "P6003"
	codeInvalidParameters = "P6005"
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

// tooLargeBody is a body beyond what it may be.
func tooLargeBody(most int64) error {
	return &fault{http.StatusRequestEntityTooLarge, codeInvalidParameters, fmt.Sprintf("The body is larger than %d bytes.", most)}
}

// encodedBody is a body that is compressed, or otherwise not what it stands for.
func encodedBody() error {
	return &fault{http.StatusUnsupportedMediaType, codeInvalidParameters, "The body has a Content-Encoding: send it as it is, without that header."}
}

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
	// BatchIndex is which query of a batch failed, from 0.
	BatchIndex *int `json:"batch_request_idx,omitempty"`
}

func queryErrorOf(e *prisma.Error) queryError {
	meta := map[string]any{}
	maps.Copy(meta, e.Meta)
	if e.Code != "" {
		meta["prismaCode"] = e.Code
	}
	facing := userFacingError{Message: e.Message, Meta: e.Meta, ErrorCode: e.Code}
	return queryError{Code: codeServer, Message: e.Message, Meta: meta, Error: e.Message, UserFacingError: facing}
}

// list is errors of an answer that has this one, as JSON in which text stands as it is.
func (e queryError) list() ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode([]queryError{e})
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}
