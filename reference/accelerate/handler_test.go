package accelerate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	s := openOn(t, demoDatabase(t))
	const query = `{"query":"{ findManyUser(take: 1) { id } }"}`
	refused := func(code, message string) string {
		return `{"code":"` + code + `","message":"` + message + `","meta":{},"is_panic":false,"error_code":"` + code + `"}`
	}
	unauthorized := refused("P6002", "Expected the header Authorization with Bearer and a valid API key.")
	nothing := refused("P6005", "There is nothing here: expected POST /{apiVersion}/{engineHash}/graphql, /invalidate or /invalidate-all, or GET /health or /debug/sdl.")
	for _, test := range []struct {
		name, method, path, authorization string
		status                            int
		want                              string
	}{
		{"query", "POST", "/2024/abc/graphql", "Bearer key", 200, `{"data":{"findManyUser":[{"id":1}]}`},
		{"scheme in another case", "POST", "/2024/abc/graphql", "bearer key", 200, `{"data":`},
		{"version and hash of any sort", "POST", "/4.16.2/a%2Fb/graphql", "Bearer key", 200, `{"data":`},
		{"health", "GET", "/health", "", 200, `{"status":"healthy","region":"test-1","timestamp":"`},
		{"health with a bad key", "GET", "/health", "Bearer no", 200, `{"status":"healthy"`},
		{"no key", "POST", "/2024/abc/graphql", "", 401, unauthorized},
		{"wrong key", "POST", "/2024/abc/graphql", "Bearer keys", 401, unauthorized},
		{"key without its scheme", "POST", "/2024/abc/graphql", "key", 401, unauthorized},
		{"another scheme", "POST", "/2024/abc/graphql", "Basic key", 401, unauthorized},
		{"no key, nothing there", "GET", "/nothing", "", 401, unauthorized},
		{"nothing there", "GET", "/nothing", "Bearer key", 404, nothing},
		{"no version", "POST", "//abc/graphql", "Bearer key", 404, nothing},
		{"the root", "GET", "/", "Bearer key", 404, nothing},
		{"a route for a version", "POST", "/query", "Bearer key", 404, nothing},
		{"invalidate without a body", "POST", "/invalidate", "Bearer key", 400, refused("P6005", "/tags is missing: expected a list of 1 to 5 tags.")},
		{"invalidate by GET", "GET", "/invalidate", "Bearer key", 405, refused("P6005", "Expected POST for /invalidate.")},
		{"invalidate without a key", "POST", "/invalidate", "", 401, unauthorized},
		{"invalidate all", "POST", "/invalidate-all", "Bearer key", 200, `{"success":true,"invalidatedTags":[]}`},
		{"invalidate all by DELETE", "DELETE", "/invalidate-all", "Bearer key", 405, refused("P6005", "Expected POST for /invalidate-all.")},
		{"invalidate all without a key", "POST", "/invalidate-all", "", 401, unauthorized},
		{"query by GET", "GET", "/2024/abc/graphql", "Bearer key", 405, refused("P6005", "Expected POST for /{apiVersion}/{engineHash}/graphql.")},
		{"SDL by POST", "POST", "/debug/sdl", "Bearer key", 405, refused("P6005", "Expected GET for /debug/sdl.")},
		{"SDL without a key", "GET", "/debug/sdl", "", 401, unauthorized},
		{"health by POST", "POST", "/health", "Bearer key", 405, refused("P6005", "Expected GET for /health.")},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequestWithContext(t.Context(), test.method, test.path, strings.NewReader(query))
			r.Header.Set("Authorization", test.authorization)
			w := serve(t, s, r)
			if got := w.Body.String(); w.Code != test.status || !strings.HasPrefix(got, test.want) {
				t.Errorf("got  %d %s\nwant %d %s", w.Code, got, test.status, test.want)
			}
		})
	}
}

func TestWithoutDatabase(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	item := &prisma.Model{Name: "Item", Namespace: "public", Table: "Item", Fields: []*prisma.Field{{Name: "id", Column: "id", Type: prisma.Int, Required: true}}}
	s, err := Open(t.Context(), Options{
		DatabaseURL: "postgres:///nothing?host=" + t.TempDir(),
		Schema: func(context.Context) (*prisma.Schema, error) {
			return &prisma.Schema{Models: []*prisma.Model{item}}, nil
		},
		Keys: jsonhttp.Keys{jsonhttp.NewKey("key")},
		Log:  slog.New(slog.NewJSONHandler(&log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	w := post(t, s, `{"query":"{ findManyItem { id } }"}`)
	want := `{"code":"P6008","message":"The database cannot be reached. Nothing was changed.","meta":{},"is_panic":false,"error_code":"P6008"}` + "\n"
	if diff := cmp.Diff(want, w.Body.String()); diff != "" || w.Code != http.StatusInternalServerError {
		t.Errorf("%d (-want +got):\n%s", w.Code, diff)
	}
	if !strings.Contains(log.String(), `"code":"P6008","requestId":"`+w.Header().Get("X-Accelerate-Request-Id")) {
		t.Errorf("log %s", &log)
	}

	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/health", nil)
	w = serve(t, s, r)
	var health map[string]string
	if err := json.Unmarshal(w.Body.Bytes(), &health); err != nil || w.Code != http.StatusServiceUnavailable {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	if _, err := time.Parse(time.RFC3339, health["timestamp"]); err != nil || health["status"] != "unavailable" || health["region"] != "local" {
		t.Errorf("health %v: %v", health, err)
	}
}

func TestWithoutSchema(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), Options{
		DatabaseURL: "postgres:///nothing?host=" + t.TempDir(),
		Schema:      func(context.Context) (*prisma.Schema, error) { return nil, errors.New("secret detail") },
		Keys:        jsonhttp.Keys{jsonhttp.NewKey("key")},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	w := post(t, s, `{"query":"{ findManyItem { id } }"}`)
	want := `{"code":"P6008","message":"The schema of the database cannot be read; the service's log says why. Nothing was changed.","meta":{},"is_panic":false,"error_code":"P6008"}` + "\n"
	if diff := cmp.Diff(want, w.Body.String()); diff != "" || w.Code != http.StatusInternalServerError {
		t.Errorf("%d (-want +got):\n%s", w.Code, diff)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	schema := func(context.Context) (*prisma.Schema, error) { return nil, nil }
	for _, test := range []struct {
		name    string
		options Options
		want    string
	}{
		{"no key", Options{Schema: schema}, "open accelerate: Options.Schema and Options.Keys are required"},
		{"no schema", Options{Keys: jsonhttp.Keys{jsonhttp.NewKey("k")}}, "open accelerate: Options.Schema and Options.Keys are required"},
		{"a URL that is none", Options{Schema: schema, Keys: jsonhttp.Keys{jsonhttp.NewKey("k")}, DatabaseURL: "postgres://u:secret@h:x/"}, "open accelerate: this is no database URL (invalid port)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := Open(t.Context(), test.options); err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
