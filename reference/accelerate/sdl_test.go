package accelerate

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// Who has the text asks whether it is still so, and is told without it.
func TestSDL(t *testing.T) {
	t.Parallel()
	s := openOn(t, demoDatabase(t))
	ask := func(method, tag string) *httptest.ResponseRecorder {
		r := request(t, method, "/debug/sdl", "")
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	schema, err := s.schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first := ask("GET", "")
	if first.Code != 200 || first.Body.String() != queryschema.SDL(schema) || !strings.Contains(first.Body.String(), "findManyUser(") {
		t.Errorf("%d %.300s", first.Code, first.Body)
	}
	header := first.Header()
	if header.Get("Content-Type") != "text/plain; charset=utf-8" || header.Get("Cache-Control") != "private, no-cache" || header.Get("ETag") == "" {
		t.Errorf("headers %v", header)
	}
	if again := ask("GET", header.Get("ETag")); again.Code != 304 || again.Body.Len() != 0 {
		t.Errorf("with its tag: %d, %d bytes", again.Code, again.Body.Len())
	}
	if other := ask("GET", `"other"`); other.Code != 200 {
		t.Errorf("with another tag: %d", other.Code)
	}
	if head := ask("HEAD", ""); head.Code != 200 || head.Body.Len() != 0 || head.Header().Get("ETag") != header.Get("ETag") {
		t.Errorf("HEAD: %d, %d bytes, %v", head.Code, head.Body.Len(), head.Header())
	}
}
