package boot

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// with is a request to one of the APIs with a key, empty for none.
func with(t *testing.T, key, method, url, body string) (status int, text string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(data)
}

// environment is one on a database of its own, with the table User, whose key is its
// name.
func environment(t *testing.T, name string) Environment {
	t.Helper()
	e := Environment{Name: name, DatabaseURL: postgrestest.Database(t), Keys: jsonhttp.Keys{jsonhttp.NewKey(name)}}
	postgrestest.Exec(t, postgrestest.Connect(t, e.DatabaseURL), `CREATE TABLE "User" (id int PRIMARY KEY, name text)`)
	return e
}

// said is a log that tests read.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// Environments do not see each other's streams, events and rows, twice in a row on the
// same folder.
func TestEnvironmentsAreApart(t *testing.T) {
	t.Parallel()
	a, b := environment(t, "a"), environment(t, "b")
	b.Keys = append(b.Keys, jsonhttp.NewKey("b2"))
	data := filepath.Join(t.TempDir(), "data")
	o := Options{Environments: []Environment{a, b}, DataDir: data}
	r := start(t, o)
	if r.APIKey != "" || r.DatabaseURL != "" {
		t.Errorf("of several, one has the key %q and the database %q", r.APIKey, r.DatabaseURL)
	}
	if status, body := with(t, "a", http.MethodPost, r.PulseURL+"/streams", `{"name":"users","model":"User"}`); status != http.StatusCreated {
		t.Fatalf("create a stream: %d %s", status, body)
	}
	postgrestest.Exec(t, postgrestest.Connect(t, a.DatabaseURL), `INSERT INTO "User" VALUES (1, 'of a')`)
	event := r.firstEvent(t, "a", "users")
	id := event[strings.Index(event, `"id":"`)+6:][:26]
	for _, test := range []struct {
		key, method, path, body string
		status                  int
		want                    string
	}{
		{"a", "GET", "/events/" + id, "", 200, `"created":{"id":1,"name":"of a"}`},
		{"b", "GET", "/events/" + id, "", 404, `{"code":"EventNotFound"`},
		{"b2", "GET", "/events/" + id, "", 404, `{"code":"EventNotFound"`},
		{"a", "GET", "/streams", "", 200, `{"data":[{"name":"users"`},
		{"b", "GET", "/streams", "", 200, `{"data":[]}`},
		{"b2", "GET", "/streams", "", 200, `{"data":[]}`},
		{"b", "GET", "/streams/users/events", "", 404, `{"code":"StreamNotFound"`},
		{"b", "DELETE", "/streams/users", "", 404, `{"code":"StreamNotFound"`},
		{"b", "POST", "/streams", `{"name":"users","model":"User"}`, 201, `{"name":"users"`},
		{"b2", "POST", "/streams", `{"name":"users","model":"User"}`, 409, `{"code":"StreamExists"`},
		{"b2", "DELETE", "/streams/users", "", 204, ""},
		{"a", "GET", "/streams", "", 200, `{"data":[{"name":"users"`},
		{"", "GET", "/streams", "", 401, `{"code":"P6102"`},
		{"c", "GET", "/nothing", "", 401, `{"code":"P6102"`},
		{"", "POST", "/health", "", 405, `{"code":"MethodNotAllowed"`},
		{"", "GET", "/health", "", 200, `{"status":"healthy","replicationStatus":"connected"`},
		{"c", "GET", "/health", "", 200, `{"status":"healthy","replicationStatus":"connected"`},
		{"b", "GET", "/health", "", 200, `{"status":"healthy","replicationStatus":"connected"`},
	} {
		status, body := with(t, test.key, test.method, r.PulseURL+test.path, test.body)
		if status != test.status || !strings.Contains(body, test.want) {
			t.Errorf("%s %s with the key %q: %d %s, want %d %s", test.method, test.path, test.key, status, body, test.status, test.want)
		}
	}
	rows := func(key string) (int, string) {
		return with(t, key, http.MethodPost, r.AccelerateURL+"/1/x/graphql", `{"query":"{ findManyUser { name } }"}`)
	}
	if status, body := rows("a"); status != http.StatusOK || !strings.Contains(body, `"data":{"findManyUser":[{"name":"of a"}]}`) {
		t.Errorf("a's rows for a: %d %s", status, body)
	}
	if status, body := rows("b2"); status != http.StatusOK || !strings.Contains(body, `"data":{"findManyUser":[]}`) {
		t.Errorf("a's rows for b: %d %s", status, body)
	}
	if status, body := rows("c"); status != http.StatusUnauthorized || !strings.Contains(body, `{"code":"P6002"`) {
		t.Errorf("a's rows for nobody: %d %s", status, body)
	}

	if err := r.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	folders, err := filepath.Glob(filepath.Join(data, "*"))
	if diff := cmp.Diff([]string{filepath.Join(data, "a"), filepath.Join(data, "b")}, folders); err != nil || diff != "" {
		t.Errorf("%v, folders (-want +got):\n%s", err, diff)
	}
	postgrestest.Exec(t, postgrestest.Connect(t, a.DatabaseURL), `INSERT INTO "User" VALUES (2, 'meanwhile')`)
	slices.Reverse(o.Environments) // their order means nothing
	r = start(t, o)
	if event := r.firstEvent(t, "a", "users"); !strings.Contains(event, `"created":{"id":`) {
		t.Errorf("after a restart the first event is %s", event)
	}
	if status, body := with(t, "a", http.MethodDelete, r.PulseURL+"/streams/users", ""); status != http.StatusNoContent {
		t.Errorf("delete the stream: %d %s", status, body)
	}
}

// One environment whose database is not there does not keep the other from being
// served, and is served itself once it is there.
func TestEnvironmentWithoutItsDatabase(t *testing.T) {
	t.Parallel()
	good, late := environment(t, "good"), Environment{Name: "late", Keys: jsonhttp.Keys{jsonhttp.NewKey("late")}}
	address, err := url.Parse(good.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	address.Path += "_late"
	late.DatabaseURL = address.String()
	var log said
	r := start(t, Options{Environments: []Environment{late, good}, Ephemeral: true, Log: slog.New(slog.NewTextHandler(&log, nil))})
	for _, test := range []struct {
		key, path string
		status    int
		want      string
	}{
		{"", "/health", 503, `"status":"unavailable"`},
		{"good", "/health", 200, `{"status":"healthy"`},
		{"late", "/health", 503, `"status":"unavailable","replicationStatus":"disconnected"`},
		{"good", "/streams", 200, `{"data":[]}`},
		{"late", "/streams", 500, `{"code":"P6101","message":"The database of this environment cannot be used yet; the service's log says why, and tries again."}`},
		{"late", "/nothing", 500, `{"code":"P6101"`},
		{"", "/streams", 401, `{"code":"P6102"`},
	} {
		if status, body := with(t, test.key, http.MethodGet, r.PulseURL+test.path, ""); status != test.status || !strings.Contains(body, test.want) {
			t.Errorf("%s with the key %q: %d %s, want %d %s", test.path, test.key, status, body, test.status, test.want)
		}
	}
	for key, want := range map[string]int{"": 503, "good": 200, "late": 503} {
		if status, body := with(t, key, http.MethodGet, r.AccelerateURL+"/health", ""); status != want {
			t.Errorf("Accelerate's health with the key %q: %d %s, want %d", key, status, body, want)
		}
	}
	if status, body := with(t, "late", http.MethodPost, r.AccelerateURL+"/1/x/graphql", `{"query":"{ findManyUser { name } }"}`); status != 500 || !strings.Contains(body, `{"code":"P6008"`) {
		t.Errorf("a query of the one that is not there: %d %s", status, body)
	}
	if text := log.String(); !strings.Contains(text, "not served yet") || !strings.Contains(text, "environment=late") || strings.Contains(text, "environment=good") {
		t.Errorf("the log says\n%s", text)
	}
	postgrestest.Exec(t, postgrestest.Connect(t, good.DatabaseURL), "CREATE DATABASE "+strings.TrimPrefix(address.Path, "/"))
	eventually.True(t, "the database that came late", func() bool {
		status, _ := with(t, "late", http.MethodGet, r.PulseURL+"/streams", "")
		return status == http.StatusOK
	})
	if status, body := with(t, "", http.MethodGet, r.PulseURL+"/health", ""); status != http.StatusOK {
		t.Errorf("health of all: %d %s", status, body)
	}
	if err := r.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, e := range []Environment{good, late} {
		if diff := cmp.Diff([]string{}, kept(t, e.DatabaseURL)); diff != "" {
			t.Errorf("left in the database of %s (-want +got):\n%s", e.Name, diff)
		}
	}
}

// Stop does not wait for a database that does not come.
func TestStopWhileAnEnvironmentIsTried(t *testing.T) {
	t.Parallel()
	nobody := Environment{Name: "nobody", DatabaseURL: "postgres:///shop?user=me&host=" + t.TempDir(), Keys: jsonhttp.Keys{jsonhttp.NewKey("k")}}
	r := start(t, Options{Environments: []Environment{environment(t, "good"), nobody}, Ephemeral: true})
	if err := r.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestNoEnvironmentCanBeServed(t *testing.T) {
	t.Parallel()
	nowhere := "postgres:///shop?user=me&host=" + t.TempDir()
	data := filepath.Join(t.TempDir(), "data")
	_, err := Start(t.Context(), Options{DataDir: data, Environments: []Environment{
		{Name: "a", DatabaseURL: nowhere, Keys: jsonhttp.Keys{jsonhttp.NewKey("a")}},
		{Name: "b", DatabaseURL: nowhere, Keys: jsonhttp.Keys{jsonhttp.NewKey("b")}},
	}})
	if err == nil || !strings.HasPrefix(err.Error(), "environment a: pulse: database: ") || !strings.Contains(err.Error(), "\nenvironment b: pulse: database: ") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("the data folder was made")
	}
}

func TestEnvironmentsThatCannotBe(t *testing.T) {
	t.Parallel()
	e := func(name, database string, keys ...string) Environment {
		e := Environment{Name: name, DatabaseURL: database}
		for _, key := range keys {
			e.Keys = append(e.Keys, jsonhttp.NewKey(key))
		}
		return e
	}
	for want, all := range map[string][]Environment{
		`environment 2 (""): one of several needs a name, a database URL and keys`:  {e("a", "a", "a"), e("", "b", "b")},
		`environment 1 ("a"): one of several needs a name, a database URL and keys`: {e("a", "", "a"), e("b", "b", "b")},
		`environment 2 ("b"): one of several needs a name, a database URL and keys`: {e("a", "a", "a"), e("b", "b")},
		`environment 2: the name "A" was given before`:                              {e("a", "a", "a"), e("A", "b", "b")},
		`environment 2 ("b"): one of its keys was given before`:                     {e("a", "a", "a", "b"), e("b", "b", "c", "a")},
		`environment 1 ("a"): one of its keys was given before`:                     {e("a", "a", "a", "a")},
	} {
		_, err := Listen(Options{Environments: all})
		if err == nil {
			t.Fatalf("taken, want %s", want)
		}
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// What is set goes before what the database URL says, and that before what nobody says.
func TestLimitsOf(t *testing.T) {
	t.Parallel()
	const said = "postgres://h/d?connection_limit=5&pool_timeout=3"
	for _, test := range []struct {
		name, url string
		set, want engine.Limits
	}{
		{"nothing", "postgres://h/d", engine.Limits{}, engine.Limits{}},
		{"the URL", said, engine.Limits{ResponseBytes: 1}, engine.Limits{Connections: 5, PoolTimeout: 3 * time.Second, ResponseBytes: 1}},
		{"what is set", said, engine.Limits{Connections: 7, PoolTimeout: time.Second}, engine.Limits{Connections: 7, PoolTimeout: time.Second}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := limitsOf(test.url, test.set)
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
	if _, err := limitsOf("postgres://h/d?connection_limit=x", engine.Limits{}); err == nil {
		t.Error("a limit that is none is taken")
	}
}
