package pulse

import (
	"net/http"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/capture"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
)

// Unopened answers for a service that could not be opened yet: its health is
// unavailable, and who has one of the keys is told that its database cannot be used.
func Unopened(keys jsonhttp.Keys) http.Handler {
	s := &Service{options: Options{Keys: keys}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		code, status := healthOf(capture.LinkDisconnected)
		jsonhttp.Write(w, code, map[string]any{
			"status": status, "replicationStatus": capture.LinkDisconnected, "timestamp": time.Now().UTC().Format(timeFormat),
		})
	})
	mux.HandleFunc("/health", methodNotAllowed("GET, HEAD"))
	mux.Handle("/", s.authorized(func(w http.ResponseWriter, _ *http.Request) {
		(&problem{
			status: http.StatusInternalServerError, code: codeDatasourceError,
			message: "The database of this environment cannot be used yet; the service's log says why, and tries again.",
		}).write(w)
	}))
	return mux
}
