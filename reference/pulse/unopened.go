package pulse

import (
	"net/http"

	"github.com/arazzo-conformance/arazzo/reference/capture"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
)

// Unopened answers for a service that could not be opened yet: its health is
// unavailable, and who has one of the keys is told that its database cannot be used.
func Unopened(keys jsonhttp.Keys) http.Handler {
	s := &Service{options: Options{Keys: keys}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		h := Health{Link: capture.LinkDisconnected}
		h.add(Unavailable, "not-opened", "The environment's database cannot be used yet; it is tried again and again.")
		h.write(w)
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
