package accelerate

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// What the service says of each request that it does not take, in full. What it says of
// the database and of time stands in pool_test.go.
func TestFaults(t *testing.T) {
	t.Parallel()
	s := openWith(t, demoDatabase(t), Options{InvalidationsPerMinute: 1, Now: func() time.Time { return time.Unix(0, 0) }})
	for _, first := range []string{"/invalidate", "/invalidate-all"} {
		serve(t, s, request(t, "POST", first, `{"tags":["a"]}`))
	}
	const query = "/2024/abc/graphql"
	for _, test := range []struct {
		name, method, path, body string
		header                   [2]string
		status                   int
		code, message            string
		// also is a header of the answer.
		also [2]string
	}{
		{"no key", "POST", query, findUsers, [2]string{"Authorization", ""}, 401, "P6002", "Expected the header Authorization with Bearer and a valid API key.", [2]string{"Www-Authenticate", "Bearer"}},
		{"a body that is none", "POST", query, ``, [2]string{}, 400, "P6005", "The body: expected JSON, found at line 1, column 1: unexpected end of JSON input.", [2]string{}},
		{"a body without a query", "POST", query, `{}`, [2]string{}, 400, "P6005", "/query is missing: expected a string with a GraphQL document.", [2]string{}},
		{"a strategy that is none", "POST", query, `{"query":"{ a }","extensions":{"cacheStrategy":{"ttl":0}}}`, [2]string{}, 400, "P6005", "/extensions/cacheStrategy/ttl: expected a whole number of seconds, 1 or more, found 0.", [2]string{}},
		{"a compressed body", "POST", query, findUsers, [2]string{"Content-Encoding", "gzip"}, 415, "P6005", "The body has a Content-Encoding: send it as it is, without that header.", [2]string{}},
		{"a large body", "POST", query, strings.Repeat(" ", maxBody+1), [2]string{}, 413, "P6005", "The body is larger than 5242880 bytes.", [2]string{}},
		{"a large invalidation", "POST", "/invalidate", strings.Repeat(" ", maxInvalidation+1), [2]string{}, 413, "P6005", "The body is larger than 65536 bytes.", [2]string{}},
		{"tags that are none", "POST", "/invalidate", `{"tags":[]}`, [2]string{}, 400, "P6005", "/tags: expected 1 to 5 tags, found 0.", [2]string{}},
		{"too many invalidations", "POST", "/invalidate", `{"tags":["a"]}`, [2]string{}, 429, "P6003", "At most 1 invalidations a minute go on /invalidate: the next may in 60 s.", [2]string{"Retry-After", "60"}},
		{"too many invalidations of all", "POST", "/invalidate-all", ``, [2]string{}, 429, "P6003", "At most 1 invalidations a minute go on /invalidate-all: the next may in 60 s.", [2]string{"Retry-After", "60"}},
		{"a method", "DELETE", query, ``, [2]string{}, 405, "P6005", "Expected POST for /{apiVersion}/{engineHash}/graphql.", [2]string{"Allow", "POST"}},
		{"a method of the debug route", "PUT", "/debug/sdl", ``, [2]string{}, 405, "P6005", "Expected GET for /debug/sdl.", [2]string{"Allow", "GET, HEAD"}},
		{"a path", "GET", "/debug", ``, [2]string{}, 404, "P6005", "There is nothing here: expected POST /{apiVersion}/{engineHash}/graphql, /invalidate or /invalidate-all, or GET /health or /debug/sdl.", [2]string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := request(t, test.method, test.path, test.body)
			if test.header[0] != "" {
				r.Header.Set(test.header[0], test.header[1])
			}
			w := serve(t, s, r)
			if diff := cmp.Diff(faultBody(test.code, test.message), w.Body.String()); diff != "" || w.Code != test.status {
				t.Errorf("%d, want %d (-want +got):\n%s", w.Code, test.status, diff)
			}
			if name, want := test.also[0], test.also[1]; name != "" && w.Header().Get(name) != want {
				t.Errorf("the header %s is %q, want %q", name, w.Header().Get(name), want)
			}
		})
	}
}

// request is one of a caller with the key.
func request(t *testing.T, method, path, body string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer key")
	return r
}

// A bug is an answer that tells nothing of it, and a line in the log that tells all.
func TestBugs(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	schema := func(context.Context) (*prisma.Schema, error) { bug("the inside"); return nil, nil }
	empty := func(context.Context) (*prisma.Schema, error) { return &prisma.Schema{}, nil }
	clock := func() time.Time { bug("the inside"); return time.Time{} }
	for _, test := range []struct {
		name    string
		options Options
		body    string
		want    string
	}{
		{
			"of a request",
			Options{Schema: empty, Now: clock},
			`{"query":"{ findManyUser { id } }"}`,
			faultBody("P6000", "The service has met a bug of its own; its log says where. Whether a mutation took effect is not known."),
		},
		{
			"of a look at the schema",
			Options{Schema: schema},
			findUsers,
			faultBody("P6008", "The schema of the database cannot be read; the service's log says why. Nothing was changed."),
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			o := test.options
			o.DatabaseURL, o.Keys, o.Log = databaseURL, jsonhttp.Keys{jsonhttp.NewKey("key")}, slog.New(slog.NewTextHandler(&log, nil))
			s, err := Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(s.Close)
			w := post(t, s, test.body)
			if diff := cmp.Diff(test.want, w.Body.String()); diff != "" || w.Code != http.StatusInternalServerError {
				t.Errorf("%d (-want +got):\n%s", w.Code, diff)
			}
			if !strings.Contains(log.String(), "please report it") || !strings.Contains(log.String(), "the inside") || !strings.Contains(log.String(), "fault_test.go") {
				t.Errorf("the log has\n%s", &log)
			}
		})
	}
}

func bug(met any) {
	panic(met) //nolint:forbidigo // a bug is what is tested
}

// A response that has begun is broken off: it would be taken for whole.
func TestBugInTheMiddle(t *testing.T) {
	t.Parallel()
	s := &Service{log: slog.New(slog.DiscardHandler)}
	for name, write := range map[string]func(w http.ResponseWriter){
		"of a body":   func(w http.ResponseWriter) { _, _ = w.Write([]byte("{")); bug("a bug") },
		"of a header": func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK); bug("a bug") },
		"on purpose":  func(http.ResponseWriter) { bug(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				g := &guarded{ResponseWriter: w}
				defer s.recoverPanic(g, r)
				write(g)
			}))
			server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
			server.Start()
			defer server.Close()
			response, err := server.Client().Get(server.URL)
			if err == nil {
				_ = response.Body.Close()
				t.Errorf("answered with %s", response.Status)
			}
		})
	}
}

// Why the schema could not be read is told where a caller can do something about it.
func TestNoSchema(t *testing.T) {
	t.Parallel()
	s := openOn(t, demoDatabase(t))
	_, err := pgconn.Connect(t.Context(), "postgres://nobody:hunter2@127.0.0.1:1/x")
	if err == nil {
		t.Fatal("somebody answers there")
	}
	if got, want := firstLine(s.noSchema(err)), "The database cannot be reached. Nothing was changed."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := firstLine(s.noSchema(errors.New("something else"))), "The schema of the database cannot be read; the service's log says why. Nothing was changed."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
