package capture

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// patience bounds every wait of these tests: two cores shared with other work
// have been seen to need ten seconds for what takes one.
const patience = 60 * time.Second

const userTable = `CREATE TABLE "User" (id int PRIMARY KEY, name text);`

// world is a database whose changes are captured.
type world struct {
	t   *testing.T
	url string
	db  *pgxpool.Pool
	// dir is the folder of the log, which outlives a run.
	dir     string
	options Options
	logged  *logLines

	capture      *Capture
	log          *eventlog.Log
	confirmation *eventlog.Confirmation
	// stop ends the capture, and does then what is given.
	stop func(finally ...func(context.Context) error)
	// lost are the reasons that were told.
	lost reasons
}

// newWorld captures a database made by setup.
func newWorld(t *testing.T, setup string, change ...func(*Options)) *world {
	t.Helper()
	w := newStillWorld(t, postgrestest.Database(t), setup, change...)
	w.start()
	return w
}

// newStillWorld has made the database and captures nothing yet.
func newStillWorld(t *testing.T, databaseURL, setup string, change ...func(*Options)) *world {
	t.Helper()
	w := &world{t: t, url: databaseURL, dir: t.TempDir(), logged: &logLines{}}
	w.db = pool(t, w.url)
	w.execute(setup)
	w.options = Options{
		DatabaseURL: w.url,
		Schema:      func(ctx context.Context) (*prisma.Schema, error) { return prisma.Introspect(ctx, w.db) },
		SpoolDir:    filepath.Join(w.dir, "spool"),
		Lost:        w.lost.tell,
		Log:         slog.New(slog.NewTextHandler(w.logged, nil)),
		watchEvery:  50 * time.Millisecond,
	}
	for _, c := range change {
		c(&w.options)
	}
	t.Cleanup(w.dropSlot)
	return w
}

func pool(t *testing.T, databaseURL string) *pgxpool.Pool {
	t.Helper()
	p, err := pgxpool.New(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// start captures until stop or the test's end.
func (w *world) start() {
	w.t.Helper()
	if err := w.tryStart(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) tryStart() (err error) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	store, err := broker.Open(ctx, w.dir, false, w.options.Log)
	if err != nil {
		return err
	}
	undo := func() { _ = store.Close() }
	defer func() {
		if err != nil {
			undo()
		}
	}()
	if w.capture, err = Open(ctx, w.options); err != nil {
		return err
	}
	undo = func() {
		w.capture.Close()
		_ = store.Close()
	}
	owner, err := w.capture.Database(ctx)
	if err != nil {
		return err
	}
	if w.log, err = eventlog.Open(ctx, store, eventlog.Options{Owner: owner}); err != nil {
		return err
	}
	if w.confirmation, err = eventlog.OpenConfirmation(ctx, store, w.log); err != nil {
		return err
	}
	if err := w.capture.Connect(ctx, w.log, w.confirmation); err != nil {
		return err
	}
	live, end := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { w.capture.Run(live) })
	var once sync.Once
	stop := func(finally ...func(context.Context) error) {
		once.Do(func() {
			end()
			running.Wait()
			for _, do := range finally {
				if err := do(context.Background()); err != nil {
					w.t.Error(err)
				}
			}
			undo()
		})
	}
	w.stop = stop
	w.t.Cleanup(func() { stop() })
	return nil
}

// logHas gives the log an origin before it is read into.
func (w *world) logHas(origin eventlog.Origin) {
	w.t.Helper()
	store, err := broker.Open(w.t.Context(), w.dir, false, w.options.Log)
	if err != nil {
		w.t.Fatal(err)
	}
	defer store.Close()
	watched, err := Open(w.t.Context(), w.options)
	if err != nil {
		w.t.Fatal(err)
	}
	defer watched.Close()
	owner, err := watched.Database(w.t.Context())
	var log *eventlog.Log
	if err == nil {
		log, err = eventlog.Open(w.t.Context(), store, eventlog.Options{Owner: owner})
	}
	var confirmation *eventlog.Confirmation
	if err == nil {
		confirmation, err = eventlog.OpenConfirmation(w.t.Context(), store, log)
	}
	if err == nil {
		err = confirmation.StoreOrigin(w.t.Context(), origin)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// dropSlot leaves the cluster the room that the slot took.
func (w *world) dropSlot() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, w.url)
	if err != nil {
		return
	}
	defer pool.Close()
	_, _ = pool.Exec(ctx, `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = current_database() AND active`)
	_, _ = pool.Exec(ctx, `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()`)
}

// execute runs statements, each group in one transaction.
func (w *world) execute(sql ...string) {
	w.t.Helper()
	for _, group := range sql {
		if _, err := w.db.Exec(w.t.Context(), group, pgx.QueryExecModeSimpleProtocol); err != nil {
			w.t.Fatalf("%s: %v", group, err)
		}
	}
}

// ask is the one value of a query, as text.
func (w *world) ask(query string, args ...any) (text string) {
	w.t.Helper()
	if err := w.db.QueryRow(w.t.Context(), query, args...).Scan(&text); err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
	return text
}

// needs skips the test on a Postgres older than a version, 140000 for 14.
func (w *world) needs(version int, why string) {
	w.t.Helper()
	if found := w.version(); found < version {
		w.t.Skipf("this Postgres is %d; %s", found, why)
	}
}

func (w *world) version() (found int) {
	w.t.Helper()
	if err := w.db.QueryRow(w.t.Context(), "SELECT current_setting('server_version_num')::int").Scan(&found); err != nil {
		w.t.Fatal(err)
	}
	return found
}

// slot is the name of the slot.
func (w *world) slot() string {
	w.t.Helper()
	return w.ask("SELECT 'arazzo_pulse_' || oid FROM pg_database WHERE datname = current_database()")
}

// events waits for the first n events of the log and gives their bodies without
// identifiers; more than n fail the test.
func (w *world) events(n int) []string {
	w.t.Helper()
	all := w.stored(n)
	bodies := make([]string, 0, len(all))
	for _, e := range all {
		bodies = append(bodies, string(idMember.ReplaceAll(e.Body, []byte("{"))))
	}
	return bodies
}

var idMember = regexp.MustCompile(`^\{"id":"[0-9A-Z]{26}",`)

func (w *world) stored(n int) (all []event.Event) {
	w.t.Helper()
	eventually.True(w.t, fmt.Sprintf("%d events", n), func() bool {
		all = nil
		reader, err := eventlog.NewReader(w.t.Context(), w.log, event.Position{}, func(event.Event) bool { return true })
		if err != nil {
			w.t.Fatal(err)
		}
		for {
			events, read, err := reader.Next(w.t.Context())
			if err != nil {
				w.t.Fatal(err)
			}
			if !read {
				return len(all) >= n
			}
			all = append(all, events...)
		}
	})
	for i := 1; i < len(all); i++ {
		if all[i].Position.Compare(all[i-1].Position) <= 0 || all[i].ID.Compare(all[i-1].ID) <= 0 {
			w.t.Fatalf("event %d at %v follows %v", i, all[i].Position, all[i-1].Position)
		}
	}
	if len(all) > n {
		w.t.Fatalf("%d events, want %d; the last is %s", len(all), n, all[len(all)-1].Body)
	}
	return all
}

// created is the body of a create event of userTable.
func created(id int, name string) string {
	return fmt.Sprintf(`{"action":"create","modelName":"User","created":{"id":%d,"name":%q}}`, id, name)
}

// reasons are what Options.Lost was told.
type reasons struct {
	mu  sync.Mutex
	all []string
}

func (r *reasons) tell(_ context.Context, reason string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, reason)
	return nil
}

func (r *reasons) told() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.all...)
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

func (l *logLines) has(t *testing.T, want string) {
	t.Helper()
	if got := l.String(); !strings.Contains(got, want) {
		t.Errorf("the log has no %s:\n%s", want, got)
	}
}
