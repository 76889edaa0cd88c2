package boot

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
)

// The health of several is that of the one that is worst off, whichever it is.
func TestHealthOfSeveral(t *testing.T) {
	t.Parallel()
	health := func(status string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			r.Pattern = status // as ServeMux does
			w.Header().Set("X-From", status)
			code := http.StatusOK
			if status == "unavailable" {
				code = http.StatusServiceUnavailable
			}
			jsonhttp.Write(w, code, map[string]string{"status": status})
		}
	}
	odd := func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("all is well")) }
	silent := func(http.ResponseWriter, *http.Request) {}
	for _, test := range []struct {
		apis   []http.HandlerFunc
		status int
		from   string
		body   string
	}{
		{[]http.HandlerFunc{health("healthy"), health("healthy")}, 200, "healthy", `{"status":"healthy"}` + "\n"},
		{[]http.HandlerFunc{health("healthy"), health("degraded"), health("healthy")}, 200, "degraded", `{"status":"degraded"}` + "\n"},
		{[]http.HandlerFunc{health("unavailable"), health("degraded")}, 503, "unavailable", `{"status":"unavailable"}` + "\n"},
		{[]http.HandlerFunc{health("degraded"), health("unavailable")}, 503, "unavailable", `{"status":"unavailable"}` + "\n"},
		{[]http.HandlerFunc{health("unavailable"), odd}, 503, "unavailable", `{"status":"unavailable"}` + "\n"},
		{[]http.HandlerFunc{health("healthy"), odd}, 200, "", "all is well"},
		{[]http.HandlerFunc{health("healthy"), silent}, 503, "", ""},
	} {
		f := &front{}
		for _, api := range test.apis {
			f.apis = append(f.apis, api)
		}
		w := httptest.NewRecorder()
		f.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/health", nil))
		got := fmt.Sprintf("%d %s %q", w.Code, w.Header().Get("X-From"), w.Body)
		if want := fmt.Sprintf("%d %s %q", test.status, test.from, test.body); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// What goes wrong in one of them is where net/http catches it.
func TestHealthThatPanics(t *testing.T) {
	t.Parallel()
	broken := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { r.Header = nil; r.Header.Set("a", "b") })
	defer func() {
		if recover() == nil {
			t.Error("there was no panic")
		}
	}()
	(&front{apis: []http.Handler{broken, broken}}).ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/health", nil))
	t.Error("nothing was said")
}
