package pulse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/postgres"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// kept is what a service has in its database.
func (w *world) kept(t *testing.T) string {
	t.Helper()
	var kept string
	const query = `SELECT concat_ws(' ',
		(SELECT string_agg('slot', ' ') FROM pg_replication_slots WHERE database = current_database()),
		(SELECT string_agg('publication ' || pubname, ' ') FROM pg_publication))`
	if err := w.db.QueryRow(t.Context(), query).Scan(&kept); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(kept, fmt.Sprint(w.oid), "N")
}

func TestWhatCloseLeavesInTheDatabase(t *testing.T) {
	t.Parallel()
	const both = "slot publication arazzo_pulse_N"
	for name, tt := range map[string]struct {
		setup             string
		temporary, stream bool
		publication       string
		open, closed      string
		logged            string
	}{
		"temporary, with a stream":    {temporary: true, stream: true, open: both + "_temporary", closed: ""},
		"temporary, without a stream": {temporary: true, open: both + "_temporary", closed: ""},
		"lasting, without a stream":   {open: both, closed: ""},
		"lasting, with a stream": {
			stream: true, open: both, closed: both,
			logged: `sql="SELECT pg_drop_replication_slot('arazzo_pulse_N'); DROP PUBLICATION \"arazzo_pulse_N\";"`,
		},
		"a publication of the user's": {
			setup: `; CREATE PUBLICATION mine FOR TABLE "User"`, publication: "mine", temporary: true,
			open: "slot publication mine", closed: "publication mine",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log logLines
			w := newWorld(t, userTable+tt.setup, func(o *Options) {
				o.Temporary, o.Publication = tt.temporary, tt.publication
				o.Log = slog.New(slog.NewTextHandler(&log, nil))
			})
			if tt.stream {
				w.createStream(t, "all")
			}
			got := []string{w.kept(t)}
			if err := w.service.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			got = append(got, w.kept(t))
			if diff := cmp.Diff([]string{tt.open, tt.closed}, got); diff != "" {
				t.Errorf("in the database while open, and when closed (-want +got):\n%s", diff)
			}
			if logged := strings.ReplaceAll(log.String(), fmt.Sprint(w.oid), "N"); !strings.Contains(logged, tt.logged) {
				t.Errorf("the log has no %s:\n%s", tt.logged, logged)
			}
			// Postgres needs a moment to notice that nobody reads the slot any more.
			eventually.True(t, "the kept slot to be removed", func() bool {
				const drop = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1"
				_, err := w.db.Exec(t.Context(), drop, w.slot)
				return err == nil
			})
		})
	}
}

func TestReopenedServiceGoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := newWorld(t, userTable, func(o *Options) { o.Temporary, o.DataDir = false, dir })
	w.createStream(t, "all")
	events := w.consume(t, "all")
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a')`)
	first := events.next()
	w.awaitCursor(t, first.id)
	if err := w.service.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually.True(t, "the slot to be confirmed", func() bool { return slotIsBeyond(t, w.db, first.id) })
	if block, ended := events.block(); !ended {
		t.Errorf("the consumer of the closed service goes on with %q", block)
	}
	if got := w.call(t, "GET", "/health", ""); got.status != http.StatusServiceUnavailable {
		t.Errorf("health of the closed service: %d %s", got.status, got.body)
	}
	execute(t, w.db, `INSERT INTO "User" VALUES (2, 'b')`)

	again := serve(t, openService(t, w.url, w.db, Options{DataDir: dir}))
	if cursor := again.cursorOf(t); cursor != first.id {
		t.Errorf("cursor %q, want %q", cursor, first.id)
	}
	if diff := cmp.Diff(created(2, "b"), again.consume(t, "all").next().data); diff != "" {
		t.Errorf("event after reopening (-want +got):\n%s", diff)
	}
	if got := again.call(t, "DELETE", "/streams/all", ""); got.status != http.StatusNoContent {
		t.Errorf("delete: %d %s", got.status, got.body)
	}
}

func TestBrokenConnectionLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.createStream(t, "all")
	events := w.consume(t, "all")
	var want, got []string
	for i := range 10 {
		execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" VALUES (%d, 'n')`, i))
		if i%3 == 1 {
			execute(t, w.db, `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = current_database() AND active`)
		}
		want = append(want, created(i, "n"))
		got = append(got, events.next().data)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestLostSlotStopsStreams removes the slot behind the service's back: what was
// committed before there is a new one is gone, and no stream may hide that.
func TestLostSlotStopsStreams(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.createStream(t, "all")
	events := w.consume(t, "all")
	// The service would take the slot again within milliseconds, so it is kept out
	// of the database meanwhile.
	outside := connect(t, postgrestest.Cluster(t))
	allow := func(yes bool) {
		execute(t, outside, fmt.Sprintf("ALTER DATABASE %s ALLOW_CONNECTIONS %t", w.db.Config().ConnConfig.Database, yes))
	}
	allow(false)
	execute(t, outside, fmt.Sprintf(`SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '%s'`, w.slot))
	eventually.True(t, "the slot to be removed", func() bool {
		_, err := outside.Exec(t.Context(), "SELECT pg_drop_replication_slot($1)", w.slot)
		return err == nil
	})
	allow(true)
	if block, ended := events.block(); ended {
		t.Errorf("the consumer's stream did not open: %q", block)
	}
	if block, ended := events.block(); !ended {
		t.Errorf("the consumer of the stopped stream goes on with %q", block)
	}
	got := w.call(t, "GET", "/streams/all/events", "")
	const want = `{"code":"StreamStopped","message":"The stream is stopped: the replication slot was removed, and with it changes are gone that this stream had still to deliver. Delete it and create it anew.","meta":{"name":"all"}}`
	if got.status != http.StatusInternalServerError || got.body != want {
		t.Errorf("consuming it: %d %s", got.status, got.body)
	}
	if list := w.call(t, "GET", "/streams", "").body; !strings.Contains(list, `"status":"stopped"`) {
		t.Errorf("listed: %s", list)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	server, err := postgres.Start(t.Context(), postgres.Options{})
	if err != nil {
		t.Skipf("no Postgres to test with: %v", err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	db := connect(t, server.URL())
	execute(t, db, userTable)
	service, err := Open(t.Context(), Options{
		DatabaseURL: server.URL(), Keys: testKeys, DataDir: t.TempDir(), Temporary: true,
		Schema: func(ctx context.Context) (*prisma.Schema, error) { return prisma.Introspect(ctx, db) },
	})
	if err != nil {
		t.Fatal(err)
	}
	a := serve(t, service)
	a.createStream(t, "all")
	health := func() string {
		got := a.call(t, "GET", "/health", "", "Authorization: Bearer wrong")
		var body struct {
			Status, ReplicationStatus string
			Timestamp                 time.Time
		}
		if err := json.Unmarshal([]byte(got.body), &body); err != nil || time.Since(body.Timestamp) > time.Minute {
			t.Errorf("health: %s, %v", got.body, err)
		}
		return fmt.Sprint(got.status, " ", body.Status, " ", body.ReplicationStatus)
	}
	if got := health(); got != "200 healthy connected" {
		t.Errorf("with Postgres: %s", got)
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	eventually.True(t, "503", func() bool { return health() == "503 unavailable disconnected" })
	if got := a.call(t, "GET", "/streams", ""); !strings.Contains(got.body, `"status":"paused"`) {
		t.Errorf("streams without Postgres: %d %s", got.status, got.body)
	}
	const want = `{"code":"P6101","message":"The database could not be asked; the service's log says why."}`
	if got := a.call(t, "POST", "/streams", `{"name":"late","model":"User"}`); got.status != http.StatusInternalServerError || got.body != want {
		t.Errorf("create without Postgres: %d %s", got.status, got.body)
	}
	if err := service.Close(t.Context()); err == nil || !strings.Contains(err.Error(), "SELECT pg_drop_replication_slot") {
		t.Errorf("close without Postgres: %v; want the SQL that removes the slot", err)
	}
}

func TestOpenSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	execute(t, w.db, `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'plain-role') THEN
		CREATE ROLE "plain-role" LOGIN; CREATE ROLE replicator LOGIN REPLICATION; END IF; END $$`)
	as := func(role string) string {
		u, err := url.Parse(postgrestest.Database(t))
		if err != nil {
			t.Fatal(err)
		}
		u.User = nil
		query := u.Query()
		query.Set("user", role)
		u.RawQuery = query.Encode()
		return u.String()
	}
	full := Options{
		DatabaseURL: w.url, Keys: testKeys, DataDir: t.TempDir(), Temporary: true,
		Schema: func(context.Context) (*prisma.Schema, error) { return &prisma.Schema{}, nil },
	}
	for name, tt := range map[string]struct {
		change func(*Options)
		want   string
	}{
		"no database":      {func(o *Options) { o.DatabaseURL = "" }, "pulse: DatabaseURL is empty"},
		"no schema":        {func(o *Options) { o.Schema = nil }, "pulse: Schema is nil"},
		"no key":           {func(o *Options) { o.Keys = nil }, "pulse: Keys is empty"},
		"no folder":        {func(o *Options) { o.DataDir = "" }, "pulse: DataDir is empty"},
		"negative grace":   {func(o *Options) { o.AckGrace = -1 }, "pulse: AckGrace, Heartbeat and MaxSubscribers must not be negative"},
		"many subscribers": {func(o *Options) { o.MaxSubscribers = MostSubscribers + 1 }, "pulse: MaxSubscribers is 100001: expected at most 100000"},
		"no URL":           {func(o *Options) { o.DatabaseURL = "postgres://:bad" }, "pulse: this is no database URL (invalid port)"},
		"folder in use":    {func(o *Options) { o.DataDir = w.service.options.DataDir }, "another process uses this folder"},
		"nobody listens":   {func(o *Options) { o.DatabaseURL = "postgres:///shop?user=me&host=" + t.TempDir() }, "start that Postgres, or correct the database URL"},
		"unknown database": {func(o *Options) { o.DatabaseURL = strings.Replace(w.url, "/test", "/nosuch", 1) }, `does not exist (SQLSTATE 3D000): start that Postgres`},
		"a file":           {func(o *Options) { o.DataDir = os.Args[0] }, "not a directory: choose another folder"},
		"slot of another":  {func(o *Options) { o.DatabaseURL, o.Slot = postgrestest.Database(t), w.slot }, "belongs to another database or plugin: choose another slot name"},
		"no replication":   {func(o *Options) { o.DatabaseURL = as("plain-role") }, `as a superuser run ALTER ROLE "plain-role" REPLICATION`},
		"no superuser":     {func(o *Options) { o.DatabaseURL = as("replicator") }, `as a superuser run CREATE PUBLICATION "arazzo_pulse_`},
		"a schema refused": {func(o *Options) {
			o.Schema = func(context.Context) (*prisma.Schema, error) { return nil, context.Canceled }
		}, "pulse: read the database's schema: context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			o := full
			o.DataDir = t.TempDir()
			tt.change(&o)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			s, err := Open(ctx, o)
			if err == nil {
				_ = s.Close(ctx)
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}

func TestFolderOfAnotherDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := newWorld(t, userTable, func(o *Options) { o.DataDir = dir })
	if err := w.service.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Options{
		DatabaseURL: postgrestest.Database(t), Keys: testKeys, DataDir: dir, Temporary: true,
		Schema: func(context.Context) (*prisma.Schema, error) { return &prisma.Schema{}, nil },
	})
	if err == nil || !strings.Contains(err.Error(), "the folder belongs to another database") {
		t.Errorf("error %v", err)
	}
}

// TestDatabaseSetBackIsRefused has a log that is ahead of its database, as after
// the database was restored from a backup.
func TestDatabaseSetBackIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := newWorld(t, userTable, func(o *Options) { o.DataDir = dir })
	ahead := event.Event{Position: event.Position{LSN: 1 << 60}, ID: ulid.ULID{1}, Action: event.Create, Model: "User", Body: []byte("{}")}
	if err := w.service.log.Append(t.Context(), []event.Event{ahead}); err != nil {
		t.Fatal(err)
	}
	if err := w.service.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Options{
		DatabaseURL: w.url, Keys: testKeys, DataDir: dir, Temporary: true,
		Schema: func(context.Context) (*prisma.Schema, error) { return &prisma.Schema{}, nil },
	})
	if err == nil || !strings.Contains(err.Error(), "before the event log's end at 10000000/0: it was set back") {
		t.Errorf("error %v", err)
	}
}

// TestTemporaryServiceTakesNothingFromALastingOne runs a temporary service on the
// database of a lasting one that is down, as arazzo run --reference does.
func TestTemporaryServiceTakesNothingFromALastingOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := newWorld(t, userTable, func(o *Options) { o.Temporary, o.DataDir = false, dir })
	w.createStream(t, "all")
	if err := w.service.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	temporary := openService(t, w.url, w.db, Options{Temporary: true, DataDir: t.TempDir()})
	brief := serve(t, temporary)
	brief.createStream(t, "brief")
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a')`)
	brief.consume(t, "brief").next()
	if err := temporary.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := serve(t, openService(t, w.url, w.db, Options{DataDir: dir}))
	if diff := cmp.Diff(created(1, "a"), again.consume(t, "all").next().data); diff != "" {
		t.Errorf("event of the lasting service's stream (-want +got):\n%s", diff)
	}
	if got := again.call(t, "DELETE", "/streams/all", ""); got.status != http.StatusNoContent {
		t.Errorf("delete: %d %s", got.status, got.body)
	}
}

// TestSlotReadElsewhereStopsStreams has somebody else read from the slot: what that
// one confirmed, the streams never get.
func TestSlotReadElsewhereStopsStreams(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := newWorld(t, userTable, func(o *Options) { o.Temporary, o.DataDir = false, dir })
	w.createStream(t, "all")
	if err := w.service.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	// Postgres notices a moment later that nobody reads any more.
	eventually.True(t, "the slot to be free", func() bool {
		var active bool
		err := w.db.QueryRow(t.Context(), "SELECT active FROM pg_replication_slots WHERE slot_name = $1", w.slot).Scan(&active)
		return err == nil && !active
	})
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a')`)
	execute(t, w.db, fmt.Sprintf("SELECT pg_replication_slot_advance('%s', pg_current_wal_lsn())", w.slot))
	again := serve(t, openService(t, w.url, w.db, Options{DataDir: dir}))
	got := again.call(t, "GET", "/streams/all/events", "")
	const want = `{"code":"StreamStopped","message":"The stream is stopped: the replication slot is further than the event log confirmed: another service read it, it was moved by hand, or an older copy of the log was put back, and with it changes are gone that this stream had still to deliver. Delete it and create it anew.","meta":{"name":"all"}}`
	if diff := cmp.Diff(want, got.body); diff != "" || got.status != http.StatusInternalServerError {
		t.Errorf("%d, consuming it (-want +got):\n%s", got.status, diff)
	}
	if got := again.call(t, "DELETE", "/streams/all", ""); got.status != http.StatusNoContent {
		t.Errorf("delete: %d %s", got.status, got.body)
	}
}

// TestInvalidatedSlotStopsStreams lets Postgres throw the log away that a stream
// still needs.
func TestInvalidatedSlotStopsStreams(t *testing.T) {
	t.Parallel()
	server, err := postgres.Start(t.Context(), postgres.Options{})
	postgrestest.Skip(t, err)
	t.Cleanup(func() { _ = server.Stop() })
	db, dir := connect(t, server.URL()), t.TempDir()
	if (&world{db: db}).version(t) < 130000 {
		t.Skip("Postgres 12 never gives up a slot: max_slot_wal_keep_size came with 13")
	}
	execute(t, db, userTable)
	service := openService(t, server.URL(), db, Options{DataDir: dir, Disposable: true})
	serve(t, service).createStream(t, "all")
	if err := service.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		"ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'", "SELECT pg_reload_conf()",
		"INSERT INTO \"User\" VALUES (1, 'a')", "SELECT pg_switch_wal()", "INSERT INTO \"User\" VALUES (2, 'b')", "SELECT pg_switch_wal()",
	} {
		execute(t, db, sql)
	}
	eventually.True(t, "the slot to be invalidated", func() bool {
		var status string
		execute(t, db, "CHECKPOINT")
		if err := db.QueryRow(t.Context(), "SELECT wal_status FROM pg_replication_slots").Scan(&status); err != nil {
			t.Fatal(err)
		}
		return status == "lost"
	})
	again := serve(t, openService(t, server.URL(), db, Options{DataDir: dir, Disposable: true}))
	got := again.call(t, "GET", "/streams/all/events", "")
	const reason = "the replication slot was invalidated by Postgres, which had no more room for its log"
	if got.status != http.StatusInternalServerError || !strings.Contains(got.body, reason) {
		t.Errorf("consuming it: %d %s", got.status, got.body)
	}
	again.createStream(t, "new")
	execute(t, db, `INSERT INTO "User" VALUES (3, 'c')`)
	if diff := cmp.Diff(created(3, "c"), again.consume(t, "new").next().data); diff != "" {
		t.Errorf("event of a new stream (-want +got):\n%s", diff)
	}
}

// TestKilledTemporaryServiceIsSweptUp leaves a slot as a service does that was
// killed.
func TestKilledTemporaryServiceIsSweptUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable, func(o *Options) { o.Temporary = true })
	if err := w.service.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	execute(t, w.db, fmt.Sprintf("SELECT pg_create_logical_replication_slot('%s', 'pgoutput')", w.slot))
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'of the killed one')`)
	again := openService(t, w.url, w.db, Options{Temporary: true, DataDir: t.TempDir()})
	api := serve(t, again)
	api.createStream(t, "all")
	execute(t, w.db, `INSERT INTO "User" VALUES (2, 'b')`)
	api.consume(t, "all").next()
	if diff := cmp.Diff([]string{created(2, "b")}, dataOf(storedFrom(t, again.log, event.Position{}, 1))); diff != "" {
		t.Errorf("events in the new log (-want +got):\n%s", diff)
	}
}

func dataOf(events []received) []string {
	var data []string
	for _, e := range events {
		data = append(data, e.data)
	}
	return data
}

// TestFailedOpenLeavesNothing has no room for a slot.
func TestFailedOpenLeavesNothing(t *testing.T) {
	t.Parallel()
	server, err := postgres.Start(t.Context(), postgres.Options{})
	postgrestest.Skip(t, err)
	t.Cleanup(func() { _ = server.Stop() })
	db := connect(t, server.URL())
	execute(t, db, `SELECT pg_create_physical_replication_slot('taken_' || i)
		FROM generate_series(1, current_setting('max_replication_slots')::int) i`)
	tmp := t.TempDir()
	was, missing := filepath.Join(tmp, "was"), filepath.Join(tmp, "missing", "deep")
	if err := os.Mkdir(was, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{was, missing} {
		_, err = Open(t.Context(), Options{
			DatabaseURL: server.URL(), Keys: testKeys, DataDir: dir,
			Schema: func(context.Context) (*prisma.Schema, error) { return &prisma.Schema{}, nil },
		})
		if err == nil || !strings.Contains(err.Error(), "raise max_replication_slots") {
			t.Errorf("error %v", err)
		}
	}
	if _, err := os.Stat(was); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the new folder: %v", err)
	}
	var publications int
	if err := db.QueryRow(t.Context(), "SELECT count(*) FROM pg_publication").Scan(&publications); err != nil || publications > 0 {
		t.Errorf("publications left: %d, %v", publications, err)
	}
}

// TestNewColumnCanBeFilteredAtOnce creates a stream before any change has shown
// the column.
func TestNewColumnCanBeFilteredAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	execute(t, w.db, `ALTER TABLE "User" ADD COLUMN mail text`)
	got := w.call(t, "POST", "/streams", `{"name":"mail","model":"User","filter":{"create":{"mail":"m"}}}`)
	if got.status != http.StatusCreated {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// TestRequestsWaitForTheDatabaseWithinABound has a database that does not answer
// at all, so that the bound of the question is what ends it.
func TestRequestsWaitForTheDatabaseWithinABound(t *testing.T) {
	t.Parallel()
	var asked atomic.Pointer[context.Context]
	w := newWorld(t, userTable, func(o *Options) {
		o.Schema = func(ctx context.Context) (*prisma.Schema, error) {
			asked.Store(&ctx)
			return &prisma.Schema{}, nil
		}
	})
	before := time.Now()
	w.call(t, "POST", "/subscribe", `{"model":"User"}`)
	if until, bounded := (*asked.Load()).Deadline(); !bounded || until.After(time.Now().Add(questionWait)) || until.Before(before) {
		t.Errorf("the schema is asked for until %s", until)
	}
}
