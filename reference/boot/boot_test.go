package boot

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/postgres"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// patience bounds what is bound to happen, on a loaded machine too.
const patience = time.Minute

// start starts a reference that ends with the test.
func start(t *testing.T, o Options) *Reference {
	t.Helper()
	r, err := Start(t.Context(), o)
	postgrestest.Skip(t, err)
	t.Cleanup(func() {
		if err := r.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return r
}

// call makes a request with the reference's key and returns status and body.
func (r *Reference) call(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	return with(t, r.APIKey, method, url, body)
}

func TestStartServesBothAPIsAndStopsThem(t *testing.T) {
	t.Parallel()
	var lines []string
	r := start(t, Options{Progress: func(line string) { lines = append(lines, line) }})
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "postgres: ") {
		t.Errorf("progress %q, want a line that says which Postgres was taken", lines)
	}
	const query = `{"query":"{ findManyUser(where: {id: 1}) { id name } }"}`
	status, body := r.call(t, http.MethodPost, r.AccelerateURL+"/2024/hash/graphql", query)
	if status != http.StatusOK || !strings.Contains(body, `"data":{"findManyUser":[{"id":1,"name":"Ada"}]}`) {
		t.Errorf("a row of the demo: %d %s", status, body)
	}
	if status, body := r.call(t, http.MethodGet, r.PulseURL+"/streams", ""); status != http.StatusOK || body != `{"data":[]}`+"\n" {
		t.Errorf("the streams: %d %q", status, body)
	}
	if err := r.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := http.Get(r.PulseURL + "/health"); err == nil {
		t.Error("Pulse answers after Stop")
	}
	if err := r.Stop(t.Context()); err != nil {
		t.Errorf("a second Stop: %v", err)
	}
}

func TestStartWithoutPostgres(t *testing.T) {
	t.Setenv("PG_BINDIR", t.TempDir())
	_, err := Start(t.Context(), Options{Postgres: postgres.Launcher})
	var unavailable *postgres.UnavailableError
	if !errors.As(err, &unavailable) {
		t.Errorf("got %v, want an UnavailableError", err)
	}
}

func TestStartOnATakenPortLeavesNothing(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	database := postgrestest.Database(t)
	_, err = Start(t.Context(), Options{Environments: []Environment{{DatabaseURL: database}}, Ephemeral: true, AccelerateAddr: taken.Addr().String()})
	if err == nil || !strings.Contains(err.Error(), "listening for Accelerate: ") {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff([]string{}, kept(t, database)); diff != "" {
		t.Errorf("left in the database (-want +got):\n%s", diff)
	}
	var progress []string
	_, err = Start(t.Context(), Options{PulseAddr: taken.Addr().String(), Progress: func(line string) { progress = append(progress, line) }})
	if err == nil || !strings.Contains(err.Error(), "listening for Pulse: ") || progress != nil {
		t.Errorf("got %v, after %q", err, progress)
	}
}

// kept lists what the reference has in a database.
func kept(t *testing.T, database string) []string {
	t.Helper()
	rows, err := postgrestest.Connect(t, database).Query(t.Context(), `
		SELECT 'slot' FROM pg_replication_slots WHERE database = current_database()
		UNION ALL SELECT 'publication' FROM pg_publication`)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestEphemeralKeepsNothingOfALastingDatabase(t *testing.T) {
	t.Parallel()
	database := postgrestest.Database(t)
	postgrestest.Exec(t, postgrestest.Connect(t, database), `CREATE TABLE "User" (id int PRIMARY KEY)`)
	r := start(t, Options{Environments: []Environment{{DatabaseURL: database}}, Ephemeral: true})
	if status, body := r.call(t, http.MethodPost, r.PulseURL+"/streams", `{"name":"users","model":"User"}`); status != http.StatusCreated {
		t.Fatalf("create a stream: %d %s", status, body)
	}
	if err := r.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{}, kept(t, database)); diff != "" {
		t.Errorf("left in the database (-want +got):\n%s", diff)
	}
}

// A named stream of a lasting database goes on where it was after a restart: what
// was written while nothing ran is delivered.
func TestNamedStreamOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	database, data := postgrestest.Database(t), filepath.Join(t.TempDir(), "events")
	db := postgrestest.Connect(t, database)
	postgrestest.Exec(t, db, `CREATE TABLE "User" (id int PRIMARY KEY)`)
	r := start(t, Options{Environments: []Environment{{DatabaseURL: database}}, DataDir: data})
	if status, body := r.call(t, http.MethodPost, r.PulseURL+"/streams", `{"name":"users","model":"User"}`); status != http.StatusCreated {
		t.Fatalf("create a stream: %d %s", status, body)
	}
	if err := r.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	postgrestest.Exec(t, db, `INSERT INTO "User" VALUES (7)`)
	r = start(t, Options{Environments: []Environment{{DatabaseURL: database}}, DataDir: data})
	if event := r.firstEvent(t, r.APIKey, "users"); !strings.Contains(event, `"created":{"id":7}`) {
		t.Errorf("the event is %s", event)
	}
	if status, body := r.call(t, http.MethodDelete, r.PulseURL+"/streams/users", ""); status != http.StatusNoContent {
		t.Fatalf("delete the stream: %d %s", status, body)
	}
}

// firstEvent is the data of the first event of a named stream.
func (r *Reference) firstEvent(t *testing.T, key, name string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/streams/%s/events", r.PulseURL, name), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			return data
		}
	}
	t.Fatalf("no event came: %v", lines.Err())
	return ""
}

func TestPostgresThatEndsByItself(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	config, err := pgx.ParseConfig(r.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	// The first line of the file, as the Postgres manual's chapter on its files says.
	if err := postgrestest.Connect(t, r.DatabaseURL).QueryRow(t.Context(),
		"SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)::int").Scan(&pid); err != nil {
		t.Fatal(err)
	}
	postmaster, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := postmaster.Kill(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-r.Failed:
		if err == nil || !strings.Contains(err.Error(), "the private Postgres ended by itself") {
			t.Errorf("got %v", err)
		}
	case <-time.After(patience):
		t.Fatal("nothing was said")
	}
	if err := r.Stop(t.Context()); err != nil {
		t.Errorf("Stop: %v", err)
	}
	if _, err := os.Stat(config.Host); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the cluster's folder: %v", err)
	}
}

func TestStateFolderIsOneForEachDatabase(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	folder := func(url string) string {
		dir, err := StateDir(url)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Dir(dir) != filepath.Join(os.Getenv("XDG_STATE_HOME"), "arazzo", "pulse") {
			t.Errorf("%s: the folder is %s", url, dir)
		}
		return dir
	}
	shop := folder("postgres://me:secret@db.example/shop")
	if other := folder("postgres://you@DB.example:5432/shop"); other != shop {
		t.Errorf("the same database has two folders: %s and %s", shop, other)
	}
	for _, url := range []string{"postgres://me@db.example/stock", "postgres://me@db2.example/shop", "postgres://me@db.example:5433/shop", "postgres://me@db.example/..%2F..%2Fshop"} {
		if folder(url) == shop {
			t.Errorf("%s has the folder of another database", url)
		}
	}
	if strings.Contains(shop, "secret") {
		t.Errorf("the folder %s tells the password", shop)
	}
}
