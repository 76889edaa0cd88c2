package accelerate

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

const (
	findUsers  = `{"query":"{ findManyUser(take: 1) { id } }"}`
	updateUser = `{"query":"mutation { updateOneUser(where: {id: 1} data: {name: \"x\"}) { id } }"}`
	// forever is as good as without an end.
	forever = time.Hour
)

// unlock ends the transaction that has a table locked.
func unlock(t *testing.T, locker pgx.Tx) {
	t.Helper()
	if err := locker.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// faultBody is the body of a fault.
func faultBody(code, message string) string {
	return `{"code":"` + code + `","message":"` + message + `","meta":{},"is_panic":false,"error_code":"` + code + `"}` + "\n"
}

// A query that runs out of time, the service's or the URL's, changes nothing, also
// when what it waited for comes free.
func TestQueryTimeout(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	locker := postgrestest.Lock(t, databaseURL, "User")
	for _, test := range []struct {
		name, url string
		limits    engine.Limits
		want      string
	}{
		{"the service's", "", engine.Limits{QueryTimeout: 100 * time.Millisecond}, "The query took longer than 100ms, the wait for a connection included. Nothing was changed."},
		{"the URL's", "&statement_timeout=100", engine.Limits{QueryTimeout: forever}, "The query took too long and was cancelled. Nothing was changed."},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := post(t, openWith(t, databaseURL+test.url, Options{Limits: test.limits}), updateUser)
			if diff := cmp.Diff(faultBody("P6004", test.want), w.Body.String()); diff != "" || w.Code != http.StatusInternalServerError {
				t.Errorf("%d (-want +got):\n%s", w.Code, diff)
			}
		})
	}
	unlock(t, locker)
	if got, want := ask(t, openOn(t, databaseURL), `{ findManyUser(where: {id: 1}) { name } }`), `{"findManyUser":[{"name":"Ada"}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// healthOf is the status that the service says of itself.
func healthOf(t *testing.T, s *Service) string {
	t.Helper()
	w := serve(t, s, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/health", nil))
	_, status, _ := strings.Cut(w.Body.String(), `"status":"`)
	status, _, _ = strings.Cut(status, `"`)
	if (w.Code == http.StatusServiceUnavailable) != (status == "unavailable") {
		t.Errorf("health is %s with status %d", status, w.Code)
	}
	return status
}

// A pool whose connections are all in use makes queries wait as long as they may.
// Health tells of it, and that it is over.
func TestPoolExhausted(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	locker := postgrestest.Lock(t, databaseURL, "User")
	s := openWith(t, databaseURL, Options{Limits: engine.Limits{Connections: 1, PoolTimeout: forever, QueryTimeout: forever}})
	var served sync.WaitGroup
	served.Go(func() { post(t, s, findUsers) })
	eventually.True(t, "the connection to be in use", s.engine.Busy)
	served.Go(func() { post(t, s, findUsers) })
	eventually.True(t, "a query to wait", s.engine.Saturated)
	if got := healthOf(t, s); got != "degraded" {
		t.Errorf("while a query waits the service is %s", got)
	}
	unlock(t, locker)
	served.Wait()
	if got := healthOf(t, s); got != "healthy" {
		t.Errorf("afterwards the service is %s", got)
	}
}

// A caller who goes away takes its query along, whether it runs or waits for a
// connection, and is no error of the service.
func TestCallerGone(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	defer unlock(t, postgrestest.Lock(t, databaseURL, "User"))
	db := postgrestest.Connect(t, databaseURL)
	var log bytes.Buffer
	s := openWith(t, databaseURL, Options{
		Limits: engine.Limits{Connections: 1, PoolTimeout: forever, QueryTimeout: forever},
		Log:    slog.New(slog.NewTextHandler(&log, nil)),
	})
	server := httptest.NewServer(s)
	defer server.Close()
	ctx, leave := context.WithCancel(t.Context())
	var callers sync.WaitGroup
	call := func() {
		callers.Go(func() {
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/1/a/graphql", strings.NewReader(updateUser))
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("Authorization", "Bearer key")
			if response, err := server.Client().Do(r); err == nil {
				t.Errorf("answered with %s", response.Status)
				_ = response.Body.Close()
			}
		})
	}
	call()
	postgrestest.AwaitBlocked(t, db)
	call()
	eventually.True(t, "the other query to wait for the connection", s.engine.Saturated)
	leave()
	callers.Wait()
	const running = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
	eventually.True(t, "the query to be gone from Postgres", func() bool {
		var n int
		if err := db.QueryRow(t.Context(), running).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n == 0
	})
	server.Close() // waits for the handlers
	eventually.True(t, "the connection to be given up", func() bool { return !s.engine.Busy() })
	if log.Len() > 0 {
		t.Errorf("the log has\n%s", &log)
	}
}

// Where Postgres ended all connections, a restart among them, the pool makes new ones:
// at most one query meets that a connection is gone.
func TestConnectionsLost(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	const n = 4
	locker := postgrestest.Lock(t, databaseURL, "User")
	s := openWith(t, databaseURL, Options{Limits: engine.Limits{Connections: n, PoolTimeout: forever, QueryTimeout: forever}})
	var served sync.WaitGroup
	for range n {
		served.Go(func() { post(t, s, findUsers) })
	}
	eventually.True(t, "all connections to be made", s.engine.Busy)
	unlock(t, locker)
	served.Wait()
	postgrestest.Exec(t, postgrestest.Connect(t, databaseURL),
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	lost := 0
	for range 2 * n {
		if w := post(t, s, findUsers); w.Code != http.StatusOK {
			lost++
			if !strings.Contains(w.Body.String(), `"code":"P6008"`) {
				t.Errorf("got %s", w.Body)
			}
		}
	}
	if lost > 1 {
		t.Errorf("%d queries met a connection that was gone", lost)
	}
	if got := healthOf(t, s); got != "healthy" {
		t.Errorf("the service is %s", got)
	}
}

// What is told where Postgres does not let the pool in, and nothing of who tried.
func TestConnectionRefused(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	const full = "pool_full"
	postgrestest.Exec(t, postgrestest.Connect(t, databaseURL), `DROP ROLE IF EXISTS `+full+`; CREATE ROLE `+full+` LOGIN CONNECTION LIMIT 0`)
	as := func(user, path string) string {
		u, err := url.Parse(databaseURL)
		if err != nil {
			t.Fatal(err)
		}
		parameters := u.Query()
		parameters.Set("user", user)
		parameters.Set("password", "hunter2")
		u.RawQuery = parameters.Encode()
		if path != "" {
			u.Path = path
		}
		return u.String()
	}
	for _, test := range []struct{ name, url, want string }{
		{"no connection is left", as(full, ""), "The database has no connection left for one of this pool's 3: lower connection_limit, or raise max_connections of Postgres. Nothing was changed."},
		{"no such user", as("nobody", ""), "The database does not let the service in: the user, the password or the server's rules for them (pg_hba.conf) are wrong. Nothing was changed."},
		{"no such database", as("postgres", "/nowhere"), "The database does not exist on its server. Nothing was changed."},
		{"no such setting", databaseURL + "&connektion_limit=3", "The database does not accept connections (SQLSTATE 42704). Nothing was changed."},
		{"no server", "postgres://nobody:hunter2@127.0.0.1:1/x", "The database cannot be reached. Nothing was changed."},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := openWith(t, databaseURL, Options{})
			refused, err := engine.Open(t.Context(), engine.Options{DatabaseURL: test.url, Limits: engine.Limits{Connections: 3}})
			if err != nil {
				t.Fatal(err)
			}
			s.engine.Close()
			s.engine = refused
			w := post(t, s, findUsers)
			if diff := cmp.Diff(faultBody("P6008", test.want), w.Body.String()); diff != "" || w.Code != http.StatusInternalServerError {
				t.Errorf("%d (-want +got):\n%s", w.Code, diff)
			}
			if got := healthOf(t, s); got != "unavailable" {
				t.Errorf("the service is %s", got)
			}
		})
	}
}

// One value that is far larger than an answer may be is not read, and ends nothing but
// its query.
func TestEnormousValue(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := openWith(t, demoDatabase(t), Options{
		Limits: engine.Limits{Connections: 1, ResponseBytes: 1 << 10},
		Log:    slog.New(slog.NewTextHandler(&log, nil)),
	})
	w := post(t, s, `{"query":"mutation { queryRaw(query: \"SELECT repeat('x', 50000000)\", parameters: \"[]\") }"}`)
	want := faultBody("P6009", "The result is larger than 1024 bytes: ask for fewer records with take, or for fewer fields. Nothing was changed.")
	if diff := cmp.Diff(want, w.Body.String()); diff != "" || w.Code != http.StatusInternalServerError {
		t.Errorf("%d (-want +got):\n%s", w.Code, diff)
	}
	if !strings.Contains(log.String(), "expected at most 67584, but got 50000006") {
		t.Errorf("the log has\n%s", &log)
	}
	if got, want := ask(t, s, `{ findManyUser(take: 1) { id } }`), `{"findManyUser":[{"id":1}]}`; got != want {
		t.Errorf("afterwards: got %s, want %s", got, want)
	}
}

// The log of queries has their text, and nothing of the values.
func TestLogQueries(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	for _, asked := range []bool{false, true} {
		var log bytes.Buffer
		s := openWith(t, databaseURL, Options{LogQueries: asked, Log: slog.New(slog.NewJSONHandler(&log, nil))})
		ask(t, s, `{ findManyUser(where: {email: "ada@example.com"}) { id } }`)
		ask(t, s, `mutation { updateOneUser(where: {id: 99} data: {email: "grace@example.com"}) { id } }`)
		got := log.String()
		if !asked && got != "" {
			t.Errorf("the log has, unasked\n%s", got)
		}
		if asked && (!strings.Contains(got, `"msg":"accelerate: a statement ended","sql":"SELECT `) || !strings.Contains(got, `"duration":`)) {
			t.Errorf("the log has\n%s", got)
		}
		if strings.Contains(got, "example.com") {
			t.Errorf("the log has values\n%s", got)
		}
	}
}
