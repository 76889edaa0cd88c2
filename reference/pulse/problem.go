package pulse

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// The codes of schema PulseError. Where Prisma has a code it is used; for what it
// never had to say, a word.
const (
	codeServerError      = "P6100"
	codeDatasourceError  = "P6101"
	codeUnauthorized     = "P6102"
	codeInvalidRequest   = "InvalidRequest"
	codeBodyTooLarge     = "BodyTooLarge"
	codeStreamExists     = "StreamExists"
	codeStreamNotFound   = "StreamNotFound"
	codeStreamStopped    = "StreamStopped"
	codeEventNotFound    = "EventNotFound"
	codeRouteNotFound    = "RouteNotFound"
	codeMethodNotAllowed = "MethodNotAllowed"
)

// problem is an answer that is not a success.
type problem struct {
	status  int
	code    string
	message string
	meta    map[string]any
}

func (p *problem) write(w http.ResponseWriter) {
	writeJSON(w, p.status, struct {
		Code    string         `json:"code"`
		Message string         `json:"message"`
		Meta    map[string]any `json:"meta,omitempty"`
	}{p.code, p.message, p.meta})
}

// invalid is a request that the contract does not allow.
func invalid(format string, args ...any) *problem {
	return &problem{status: http.StatusBadRequest, code: codeInvalidRequest, message: fmt.Sprintf(format, args...)}
}

func streamNotFound(name string) *problem {
	return &problem{
		status: http.StatusNotFound, code: codeStreamNotFound,
		message: "There is no stream of this name.", meta: map[string]any{"name": name},
	}
}

// writeJSON answers with a JSON document. An answer is about a moment: nobody
// should keep it.
func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	// A peer that is gone gets no answer, and needs none.
	_ = encoder.Encode(v)
}
