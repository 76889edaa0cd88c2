package pulse

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// patience bounds every wait of these tests: two cores shared with other work
// have been seen to need ten seconds for what takes one.
const patience = 60 * time.Second

const testKey = "test-key"

// testKeys are the keys of most services.
var testKeys = jsonhttp.Keys{jsonhttp.NewKey("another-key"), jsonhttp.NewKey(testKey)}

func TestMain(m *testing.M) {
	if os.Getenv(childDirVariable) != "" {
		os.Exit(runChild())
	}
	os.Exit(m.Run())
}

// connect gives a pool on the database, closed with the test.
func connect(t *testing.T, databaseURL string) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	// Tests write UTF-8, whatever the database's encoding.
	config.ConnConfig.RuntimeParams["client_encoding"] = "UTF8"
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// execute runs statements, in one transaction where there are several.
func execute(t *testing.T, pool *pgxpool.Pool, sql string) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// userTable is the table of most tests.
const userTable = `CREATE TABLE "User" (id int PRIMARY KEY, name text)`

// world is a database with a running service behind HTTP.
type world struct {
	*api
	url     string
	db      *pgxpool.Pool
	service *Service
	// oid is the database's, slot the name of the service's replication slot.
	oid  uint32
	slot string
}

// newWorld starts a service on a database made by setup.
func newWorld(t *testing.T, setup string, change ...func(*Options)) *world {
	t.Helper()
	return newWorldOn(t, postgrestest.Database(t), setup, change...)
}

// newWorldOn starts a service on an empty database, after setup.
func newWorldOn(t *testing.T, databaseURL, setup string, change ...func(*Options)) *world {
	t.Helper()
	w := &world{url: databaseURL}
	w.db = connect(t, w.url)
	execute(t, w.db, setup)
	o := Options{Temporary: true, DataDir: t.TempDir()}
	for _, c := range change {
		c(&o)
	}
	w.service = openService(t, w.url, w.db, o)
	if err := w.db.QueryRow(t.Context(), "SELECT oid FROM pg_database WHERE datname = current_database()").Scan(&w.oid); err != nil {
		t.Fatal(err)
	}
	w.slot = fmt.Sprintf("arazzo_pulse_%d", w.oid)
	if o.Temporary {
		w.slot += "_temporary"
	}
	w.api = serve(t, w.service)
	return w
}

func openService(t *testing.T, databaseURL string, pool *pgxpool.Pool, o Options) *Service {
	t.Helper()
	o.DatabaseURL, o.Keys = databaseURL, testKeys
	if o.Schema == nil {
		o.Schema = func(ctx context.Context) (*prisma.Schema, error) { return prisma.Introspect(ctx, pool) }
	}
	if o.AckGrace == 0 {
		o.AckGrace = 20 * time.Millisecond
	}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s, err := Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// api is a Pulse API over HTTP.
type api struct {
	base   string
	client *http.Client
	// pid is the process of a child.
	pid int
}

func serve(t *testing.T, handler http.Handler) *api {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ConnContext = ConnContext
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return &api{base: server.URL, client: server.Client()}
}

// answer is a whole response.
type answer struct {
	status int
	header http.Header
	body   string
}

// call sends a request with the key; header lines "Name: value" are added, or
// replace it.
func (a *api) call(t *testing.T, method, path, body string, header ...string) answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	res := a.send(ctx, t, method, path, body, header...)
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer{res.StatusCode, res.Header, strings.TrimSuffix(string(data), "\n")}
}

func (a *api) send(ctx context.Context, t *testing.T, method, path, body string, header ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, a.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+testKey)
	for _, h := range header {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := a.client.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return res
}

// createStream makes a stream of User and fails the test when it cannot.
func (a *api) createStream(t *testing.T, name string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"name": name, "model": "User"})
	if err != nil {
		t.Fatal(err)
	}
	got := a.call(t, "POST", "/streams", string(body))
	if got.status != http.StatusCreated {
		t.Fatalf("create stream: %d %s", got.status, got.body)
	}
}

// subscription is an open event stream, read as it comes.
type subscription struct {
	t        *testing.T
	response *http.Response
	lines    *bufio.Scanner
	hangUp   context.CancelFunc
}

// open starts an event stream; it is closed with the test.
func (a *api) open(t *testing.T, method, path, body string, header ...string) *subscription {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	res := a.send(ctx, t, method, path, body, header...)
	t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK {
		data, _ := io.ReadAll(res.Body)
		t.Fatalf("%s %s: %d %s", method, path, res.StatusCode, data)
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 2*broker.MaxPayload)
	return &subscription{t: t, response: res, lines: lines, hangUp: cancel}
}

func (a *api) consume(t *testing.T, name string, header ...string) *subscription {
	t.Helper()
	return a.open(t, "GET", "/streams/"+url.PathEscape(name)+"/events", "", header...)
}

// block is the next block of the stream, without its blank line; ended is true
// instead when the server ended it.
func (s *subscription) block() (text string, ended bool) {
	s.t.Helper()
	var block []string
	for s.lines.Scan() {
		if s.lines.Text() == "" {
			return strings.Join(block, "\n"), false
		}
		block = append(block, s.lines.Text())
	}
	if err := s.lines.Err(); err != nil {
		s.t.Fatalf("event stream: %v", err)
	}
	return "", true
}

// received is an event as it came, without the id in its data.
type received struct{ id, data string }

// next is the next event.
func (s *subscription) next() received {
	s.t.Helper()
	for {
		block, ended := s.block()
		if ended {
			s.t.Fatal("the event stream ended")
		}
		rest, isEvent := strings.CutPrefix(block, "id: ")
		if !isEvent {
			continue
		}
		id, data, _ := strings.Cut(rest, "\ndata: ")
		prefix := fmt.Sprintf(`{"id":%q,`, id)
		if !strings.HasPrefix(data, prefix) {
			s.t.Fatalf("the data's id is not %s: %s", id, data)
		}
		return received{id, "{" + strings.TrimPrefix(data, prefix)}
	}
}

// take is the data of the next n events.
func (s *subscription) take(n int) []string {
	s.t.Helper()
	all := make([]string, 0, n)
	for range n {
		all = append(all, s.next().data)
	}
	return all
}

// created is the data of a create event of userTable.
func created(id int, name string) string {
	return fmt.Sprintf(`{"action":"create","modelName":"User","created":{"id":%d,"name":%q}}`, id, name)
}

// cursorOf is the cursor of the only stream, empty before the first.
func (a *api) cursorOf(t *testing.T) string {
	t.Helper()
	var list struct{ Data []struct{ Cursor string } }
	got := a.call(t, "GET", "/streams", "")
	if err := json.Unmarshal([]byte(got.body), &list); err != nil || len(list.Data) != 1 {
		t.Fatalf("expected one stream: %s", got.body)
	}
	return list.Data[0].Cursor
}

// awaitCursor asks until the only stream's cursor is at id: there is no event
// for that in the API.
func (a *api) awaitCursor(t *testing.T, id string) {
	t.Helper()
	eventually.True(t, "the cursor at "+id, func() bool { return a.cursorOf(t) == id })
}

// logLines is a log that a test can look into.
type logLines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
