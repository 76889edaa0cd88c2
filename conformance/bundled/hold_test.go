package bundled

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance"
)

// The pool is exhausted when somebody waited in vain for a connection that is in use;
// one that is still being made is waited for, and what else goes wrong is told.
func TestHold(t *testing.T) {
	t.Parallel()
	const slow, full, held = `{"code":"P6008"}`, `{"errors":[{"meta":{"prismaCode":"P2024"}}]}`, `{"data":{"executeRaw":1}}`
	for _, test := range []struct {
		name, want string
		// answers are given one after the other, the last one again and again.
		answers []string
	}{
		{"at once", "", []string{full}},
		{"after connections", "", []string{slow, held, slow, full}},
		{"a database that does not come", `holding a connection: the answer is {"code":"P6008"}`, []string{slow}},
		{"a wrong key", `holding a connection: the answer is {"code":"P6002"}`, []string{`{"code":"P6002"}`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if !strings.Contains(string(body), "pg_sleep") || r.Header.Get("Authorization") != "Bearer k" {
					t.Errorf("it asks %s", body)
				}
				at := min(int(asked.Add(1)), len(test.answers))
				_, _ = io.WriteString(w, test.answers[at-1])
			}))
			t.Cleanup(server.Close)
			h := newHolders(conformance.Target{AccelerateURL: server.URL, APIKey: "k"})
			h.busy.Go(h.hold)
			err := h.await(t.Context())
			if stopped := h.stop(t.Context()); stopped != nil {
				t.Error(stopped)
			}
			if test.want == "" && err != nil || test.want != "" && (err == nil || err.Error() != test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
