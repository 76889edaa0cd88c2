package pulse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// unkept has a service keep no events.
func unkept(o *Options) { o.DataDir, o.Temporary, o.NoPersistence = "", false, true }

// subscribe opens a subscription to User.
func (a *api) subscribe(t *testing.T) *subscription {
	t.Helper()
	return a.open(t, "POST", "/subscribe", `{"model":"User"}`)
}

// slots are the replication slots of the database, with what keeps them from lasting.
func (w *world) slots(t *testing.T) (all string) {
	t.Helper()
	const query = `SELECT coalesce(string_agg(slot_name || CASE WHEN temporary THEN ' temporary' ELSE '' END, ' ' ORDER BY slot_name), '')
		FROM pg_replication_slots WHERE database = current_database()`
	if err := w.db.QueryRow(t.Context(), query).Scan(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

const disabled = `{"code":"P6106","message":"This service keeps no events: there are no named streams and no events to look up. ` +
	`Subscribe instead, or have it run with persistence."}`

// What needs kept events is P6106, in the statuses that the contract has for the
// operation, and only for who has a key; the rest works.
func TestWithoutPersistence(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable, unkept)
	if got := w.slots(t); !regexp.MustCompile(fmt.Sprintf(`^arazzo_pulse_%d_[a-z0-9]{8} temporary$`, w.oid)).MatchString(got) {
		t.Errorf("the database's slots: %q, want a temporary one", got)
	}
	events := w.subscribe(t)
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a')`)
	execute(t, w.db, `UPDATE "User" SET name = 'b'`)
	first := events.next()
	if diff := cmp.Diff([]string{created(1, "a"), `{"action":"update","modelName":"User","after":{"id":1,"name":"b"}}`}, append([]string{first.data}, events.take(1)...)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	for _, test := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/streams", `{"name":"all","model":"User"}`, 400, disabled},
		{"POST", "/streams", `not JSON`, 400, disabled},
		{"GET", "/streams", "", 200, `{"data":[]}`},
		{"GET", "/streams/all/events", "", 404, disabled},
		{"GET", "/streams/all/events?ack=explicit", "", 404, disabled},
		{"POST", "/streams/all/ack", `{"id":"` + first.id + `"}`, 404, disabled},
		{"DELETE", "/streams/all", "", 404, disabled},
		{"GET", "/events/" + first.id, "", 404, disabled},
		{"PUT", "/streams", "", 405, `{"code":"MethodNotAllowed","message":"This route does not have the method PUT: expected GET, HEAD, POST.","meta":{"allow":"GET, HEAD, POST"}}`},
		{"POST", "/subscribe", `{"model":"Nobody"}`, 400, `{"code":"InvalidRequest","message":"model: there is no \"Nobody\" in the database; there are: User."}`},
	} {
		if got := w.call(t, test.method, test.path, test.body); got.status != test.status || got.body != test.want {
			t.Errorf("%s %s: %d %s, want %d %s", test.method, test.path, got.status, got.body, test.status, test.want)
		}
	}
	if got := w.call(t, "POST", "/streams", `{}`, "Authorization: Bearer wrong"); got.status != http.StatusUnauthorized {
		t.Errorf("with a wrong key: %d %s", got.status, got.body)
	}
	if got := w.call(t, "GET", "/health", ""); !strings.HasPrefix(got.body, `{"status":"healthy","replicationStatus":"connected",`) {
		t.Errorf("health: %s", got.body)
	}
	now := w.stats(t)
	if now.Capture.Events != 2 || now.Log.Chunks == 0 || now.Subscribers != 1 || now.Errors[codeStreamsDisabled] != 7 {
		t.Errorf("%d events, %d chunks, %d subscribers, errors %v", now.Capture.Events, now.Log.Chunks, now.Subscribers, now.Errors)
	}
	if err := w.service.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, ended := events.block(); !ended {
		t.Error("the subscription goes on after the service")
	}
	eventually.True(t, "nothing in the database", func() bool { return w.kept(t) == "" })
}

// shut lets nobody connect to the database any more, or again.
func (w *world) shut(t *testing.T, closed bool) {
	t.Helper()
	at, err := url.Parse(w.url)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(at.Path, "/")
	at.Path = "/postgres"
	execute(t, connect(t, at.String()), fmt.Sprintf(`ALTER DATABASE %q ALLOW_CONNECTIONS %t`, name, !closed))
}

// A lost connection is a gap: subscriptions end, none begins before there is another,
// and those that begin then are live.
func TestGapEndsSubscriptions(t *testing.T) {
	t.Parallel()
	logged := &logLines{}
	w := newWorld(t, userTable, unkept, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(logged, nil)) })
	events := w.subscribe(t)
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a')`)
	if got := events.next().data; got != created(1, "a") {
		t.Errorf("before the gap: %s", got)
	}
	w.shut(t, true)
	execute(t, w.db, `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = current_database()`)
	for ended := false; !ended; {
		_, ended = events.block()
	}
	eventually.True(t, "503", func() bool {
		return w.call(t, "GET", "/health", "").status == http.StatusServiceUnavailable
	})
	execute(t, w.db, `INSERT INTO "User" VALUES (2, 'lost')`)
	const refused = `{"code":"P6101","message":"There is no replication connection to the database, and nothing keeps what is committed meanwhile: try again."}`
	if got := w.call(t, "POST", "/subscribe", `{"model":"User"}`); got.status != 500 || got.body != refused || got.header.Get("Retry-After") != "1" {
		t.Errorf("subscribe without a connection: %d %s %s", got.status, got.header, got.body)
	}
	if got := w.slots(t); got != "" {
		t.Errorf("a slot keeps the database's log: %s", got)
	}
	w.shut(t, false)
	eventually.True(t, "200", func() bool { return w.call(t, "GET", "/health", "").status == http.StatusOK })
	again := w.subscribe(t)
	execute(t, w.db, `INSERT INTO "User" VALUES (3, 'c')`)
	if got := again.next().data; got != created(3, "c") {
		t.Errorf("after the gap: %s", got)
	}
	for _, line := range []string{
		`level=WARN msg="pulse: the replication connection broke; nothing keeps what is to come"`,
		`level=WARN msg="pulse: subscriptions end, for changes are gone that they had still to deliver" subscriptions=1 reason="the replication connection broke, and nothing`,
	} {
		if !strings.Contains(logged.String(), line) {
			t.Errorf("the log lacks %s:\n%s", line, logged)
		}
	}
	if got := w.stats(t).Cut[Cut{ForSubscription, "gap"}]; got != 1 {
		t.Errorf("%d subscriptions counted as cut by a gap, want 1", got)
	}
}

// Services that keep nothing need not know of one another.
func TestUnkeptServicesSideBySide(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable, unkept)
	o := Options{}
	unkept(&o)
	other := openService(t, w.url, w.db, o)
	events, others := w.subscribe(t), serve(t, other).subscribe(t)
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a')`)
	if one, two := events.next(), others.next(); one != two || one.data != created(1, "a") {
		t.Errorf("one has %v, the other %v", one, two)
	}
	if err := other.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	// The publication that both read through is still there.
	execute(t, w.db, `INSERT INTO "User" VALUES (2, 'b')`)
	if got := events.next().data; got != created(2, "b") {
		t.Errorf("after the other's end: %s", got)
	}
	if err := w.service.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually.True(t, "nothing in the database", func() bool { return w.kept(t) == "" })
}

// What a service that kept events left in the database is told of and stays: its
// streams go on when events are kept again.
func TestUnkeptBesideAKeptSlot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := newWorld(t, userTable, func(o *Options) { o.DataDir, o.Temporary = dir, false })
	w.createStream(t, "all")
	if err := w.service.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := w.kept(t)
	logged := &logLines{}
	o := Options{Log: slog.New(slog.NewTextHandler(logged, nil))}
	unkept(&o)
	s := openService(t, w.url, w.db, o)
	events := serve(t, s).subscribe(t)
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a')`)
	if got := events.next().data; got != created(1, "a") {
		t.Errorf("subscribed: %s", got)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(fmt.Sprintf(`level=WARN msg="pulse: a replication slot of a run with persistence is there, `+
		`and the database keeps its log for it; to give its named streams up, run" slot=%s retained=\d+ sql="SELECT pg_drop_replication_slot\('%[1]s'\);"`, w.slot))
	if !want.MatchString(logged.String()) {
		t.Errorf("the log lacks %s:\n%s", want, logged)
	}
	eventually.True(t, "what was there before", func() bool { return w.kept(t) == before })
	kept := serve(t, openService(t, w.url, w.db, Options{DataDir: dir}))
	if got := kept.consume(t, "all").next().data; got != created(1, "a") {
		t.Errorf("resumed: %s", got)
	}
}

// answered is a log of which one line is answered.
type answered struct {
	logLines
	answer func()
}

func (a *answered) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("open now; to see them, run")) {
		a.answer()
	}
	return a.logLines.Write(line)
}

// A slot is made when the transactions that are open have ended, and a start that
// waits for them says so.
func TestStartWaitsForOpenTransactions(t *testing.T) {
	t.Parallel()
	w := &world{url: postgrestest.Database(t)}
	w.db = connect(t, w.url)
	execute(t, w.db, userTable)
	open := w.begin(t)
	if _, err := open.Exec(t.Context(), `INSERT INTO "User" VALUES (1, 'open')`); err != nil {
		t.Fatal(err)
	}
	logged := &answered{}
	logged.answer = sync.OnceFunc(func() { _ = open.Commit(t.Context()) })
	o := Options{Log: slog.New(slog.NewTextHandler(logged, nil))}
	unkept(&o)
	events := serve(t, openService(t, w.url, w.db, o)).subscribe(t)
	execute(t, w.db, `INSERT INTO "User" VALUES (2, 'after')`)
	if got := events.next().data; got != created(2, "after") {
		t.Errorf("after the start: %s", got)
	}
	if want := `sql="SELECT pid, xact_start, state, query FROM pg_stat_activity WHERE`; !strings.Contains(logged.String(), want) {
		t.Errorf("the log lacks %s:\n%s", want, logged.String())
	}
}

func TestUnkeptRefusals(t *testing.T) {
	t.Parallel()
	const about = "pulse: NATS, RetentionAge and RetentionBytes are about events that are kept, and NoPersistence keeps none: leave out one of them"
	for name, test := range map[string]struct {
		change func(*Options)
		want   string
	}{
		"folder":      {func(o *Options) { o.DataDir = "data" }, "pulse: DataDir is the folder of events that are kept, and NoPersistence keeps none: leave out one of them"},
		"NATS":        {func(o *Options) { o.NATS.URL = "nats://127.0.0.1:1" }, about},
		"a NATS user": {func(o *Options) { o.NATS = broker.Remote{Credentials: "user.creds"} }, about},
		"age":         {func(o *Options) { o.RetentionAge = MinRetentionAge }, about},
		"bytes":       {func(o *Options) { o.RetentionBytes = MinRetentionBytes }, about},
	} {
		o := Options{DatabaseURL: "postgres://127.0.0.1:1/x", Keys: testKeys, Schema: func(context.Context) (*prisma.Schema, error) { return nil, errors.New("not asked for") }}
		unkept(&o)
		test.change(&o)
		if _, err := Open(t.Context(), o); err == nil || err.Error() != test.want {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}

// filesIn are the files under a folder, with their sizes where they have any.
func filesIn(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			all = append(all, fmt.Sprintf("%s %d", entry.Name(), info.Size()))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// peak is the most memory that a child has had, in bytes, as far as the system tells.
func (a *api) peak(t *testing.T) (bytes int, known bool) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", a.pid))
	if err != nil {
		t.Logf("the memory of another process is not known here: %v", err)
		return 0, false
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscanf(rest, "%d kB", &bytes); err != nil {
		t.Fatal(err)
	}
	return bytes << 10, true
}

// A large transaction passes through memory, and nothing of it is left by a process
// that is killed.
func TestLargeTransactionUnkept(t *testing.T) {
	t.Parallel()
	databaseURL, tmp := postgrestest.Database(t), t.TempDir()
	w := &world{url: databaseURL, db: connect(t, databaseURL)}
	execute(t, w.db, userTable)
	environment := []string{childUnkeptVariable + "=1", "TMPDIR=" + tmp}
	child, kill := startChild(t, databaseURL, "none", environment...)
	const rows = 300_000
	execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" SELECT i, repeat('x', 700) FROM generate_series(1, %d) i`, rows))
	var end string
	if err := w.db.QueryRow(t.Context(), "SELECT pg_current_wal_insert_lsn()::text").Scan(&end); err != nil {
		t.Fatal(err)
	}
	eventually.True(t, "the transaction is confirmed", func() (all bool) {
		const query = "SELECT coalesce(bool_or(confirmed_flush_lsn >= $1::text::pg_lsn), false) FROM pg_replication_slots WHERE database = current_database()"
		return w.db.QueryRow(t.Context(), query, end).Scan(&all) == nil && all
	})
	events := child.subscribe(t)
	execute(t, w.db, `INSERT INTO "User" VALUES (0, 'after')`)
	if got := events.next().data; got != created(0, "after") {
		t.Errorf("after the transaction: %s", got)
	}
	if diff := cmp.Diff([]string{"lock 0"}, filesIn(t, tmp)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	// The race detector keeps books several times as large.
	if peak, known := child.peak(t); known && !watched && peak > 256<<20 {
		t.Errorf("the process took %d MiB; its events are %d MiB", peak>>20, rows*800>>20)
	}
	kill()
	eventually.True(t, "no slot", func() bool { return w.slots(t) == "" })
	again, _ := startChild(t, databaseURL, "none", environment...)
	execute(t, w.db, `DELETE FROM "User" WHERE id = 0`)
	events = again.subscribe(t)
	execute(t, w.db, `INSERT INTO "User" VALUES (-1, 'again')`)
	if got := events.next().data; got != created(-1, "again") {
		t.Errorf("after the restart: %s", got)
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) != 1 {
		t.Errorf("folders of two processes of which one was killed: %v, %v", left, err)
	}
}
