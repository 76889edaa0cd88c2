package pulse

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
)

// The codes of schema PulseError. Where Prisma has a code it is used; for what it
// never had to say, a word.
const (
	codeServerError        = "P6100"
	codeDatasourceError    = "P6101"
	codeUnauthorized       = "P6102"
	codeStreamsDisabled    = "P6106"
	codeInvalidRequest     = "InvalidRequest"
	codeBodyTooLarge       = "BodyTooLarge"
	codeStreamExists       = "StreamExists"
	codeStreamNotFound     = "StreamNotFound"
	codeStreamStopped      = "StreamStopped"
	codeTooManyStreams     = "TooManyStreams"
	codeTooManySubscribers = "TooManySubscriptions"
	codeEventNotFound      = "EventNotFound"
	codeRouteNotFound      = "RouteNotFound"
	codeMethodNotAllowed   = "MethodNotAllowed"
)

// problem is an answer that is not a success.
type problem struct {
	status  int
	code    string
	message string
	meta    map[string]any
}

func (p *problem) write(w http.ResponseWriter) {
	if g, ok := w.(*guarded); ok {
		g.code = p.code
	}
	jsonhttp.Write(w, p.status, struct {
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
		message: "There is no stream of this name.", meta: map[string]any{"name": shortened(name)},
	}
}

// shortened is the beginning of a text that a client may have made as long as it
// liked.
func shortened(text string) string {
	const most = 1000
	if len(text) > most {
		text = text[:most] + "..."
	}
	return strings.ToValidUTF8(text, "\ufffd")
}
