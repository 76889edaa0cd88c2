package capture

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// streaming makes the server stream each transaction of more than 64 KiB of
// changes: some hundred rows. Without it the same transactions come whole.
const streaming = `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET logical_decoding_work_mem = ''64kB''', current_database()); END $$;`

// newStreamingWorld has a server that streams, where it can.
func newStreamingWorld(t *testing.T, setup string) *world {
	t.Helper()
	w := newStillWorld(t, postgrestest.Database(t), setup)
	w.needs(140000, "transactions in progress are streamed from version 14 on")
	w.execute(streaming)
	w.start()
	return w
}

// session is a connection of its own, for a transaction that others see begun.
func (w *world) session() func(sql string) {
	w.t.Helper()
	conn, err := pgx.Connect(w.t.Context(), w.url)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = conn.Close(w.t.Context()) })
	return func(sql string) {
		w.t.Helper()
		if _, err := conn.Exec(w.t.Context(), sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			w.t.Fatalf("%s: %v", sql, err)
		}
	}
}

// awaitSpooled waits until so many transactions in progress are in the spool.
func (w *world) awaitSpooled(n int) {
	w.t.Helper()
	eventually.True(w.t, fmt.Sprintf("%d spooled transactions", n), func() bool {
		state := w.capture.State()
		return state.Spooled == n && (state.SpooledBytes > 0) == (n > 0)
	})
}

// unbroken fails the test when the connection broke: what was not understood the
// first time often is after a new beginning.
func (w *world) unbroken() {
	w.t.Helper()
	if why := w.capture.State().LastError; why != "" {
		w.t.Errorf("the connection broke: %s", why)
	}
}

const (
	manyRows  = `INSERT INTO "User" SELECT i, repeat('x', 20) FROM generate_series(%d, %d) i;`
	rowsCount = 2000
)

// TestStreamedTransactions has the server stream what it otherwise sends whole:
// the log is the same, position by position.
func TestStreamedTransactions(t *testing.T) {
	t.Parallel()
	run := func(t *testing.T, settings string, watch func(w *world)) (all []event.Event) {
		t.Helper()
		w := newStillWorld(t, postgrestest.Database(t), userTable+`CREATE TABLE "Late" (id int PRIMARY KEY, parent int REFERENCES "User");`)
		w.needs(140000, "transactions in progress are streamed from version 14 on")
		w.execute(settings)
		w.start()
		large := w.session()
		large("BEGIN;" + fmt.Sprintf(manyRows, 1, rowsCount))
		watch(w)
		w.execute(`INSERT INTO "User" VALUES (-1, 'began later, committed first')`)
		// Table Late is described first in what is rolled back.
		large(`SAVEPOINT a; INSERT INTO "Late" SELECT i, 1 FROM generate_series(1, 2000) i; UPDATE "User" SET name = 'gone' WHERE id > 0`)
		large(`SAVEPOINT nested; DELETE FROM "Late"; RELEASE nested; ROLLBACK TO a; INSERT INTO "Late" VALUES (1, 1)`)
		nothing := w.session()
		nothing("BEGIN;" + fmt.Sprintf(manyRows, 5001, 7000) + "ROLLBACK")
		large(`SAVEPOINT b; UPDATE "User" SET name = 'kept' WHERE id <= 10 AND id > 0; RELEASE b; DELETE FROM "Late"; COMMIT`)
		w.execute(`INSERT INTO "Late" VALUES (2, 2)`)
		defer w.unbroken()
		return w.stored(1 + rowsCount + 1 + 10 + 1 + 1)
	}
	var whole, streamed []event.Event
	whole = run(t, "", func(*world) {})
	streamed = run(t, streaming, func(w *world) { w.awaitSpooled(1) })
	describe := func(all []event.Event) (lines []string) {
		last, transaction := event.Position{}, 0
		for _, e := range all {
			if e.LSN != last.LSN {
				transaction++
			}
			last = e.Position
			lines = append(lines, fmt.Sprintf("%d.%d %s", transaction, e.Index, idMember.ReplaceAll(e.Body, []byte("{"))))
		}
		return lines
	}
	if diff := cmp.Diff(describe(whole), describe(streamed)); diff != "" {
		t.Errorf("the log (-sent whole +streamed):\n%s", diff)
	}
	if first := describe(whole)[0]; first != "1.0 "+created(-1, "began later, committed first") {
		t.Errorf("the first event is %s", first)
	}
}

// TestStreamedSchemaChanges alters the table within transactions in progress: it
// counts for others where they were committed, and only there.
func TestStreamedSchemaChanges(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ end, after, want string }{
		"committed": {
			"COMMIT", `INSERT INTO "User" VALUES (-1, 'a', 'm')`,
			`{"action":"create","modelName":"User","created":{"id":-1,"name":"a","mail":"m"}}`,
		},
		"rolled back": {
			"ROLLBACK", `INSERT INTO "User" VALUES (-1, 'a')`,
			`{"action":"create","modelName":"User","created":{"id":-1,"name":"a"}}`,
		},
		"rolled back to a savepoint": {
			"ROLLBACK TO a; COMMIT", `INSERT INTO "User" VALUES (-1, 'a')`,
			`{"action":"create","modelName":"User","created":{"id":-1,"name":"a"}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newStreamingWorld(t, userTable)
			w.execute(`INSERT INTO "User" VALUES (0, 'before')`)
			w.events(1)
			large := w.session()
			large(`BEGIN; SAVEPOINT a; ALTER TABLE "User" ADD mail text;` + fmt.Sprintf(manyRows, 1, rowsCount))
			w.awaitSpooled(1)
			large(tt.end)
			w.execute(tt.after)
			n := 2
			if tt.end == "COMMIT" {
				n += rowsCount
			}
			all := w.events(n)
			if diff := cmp.Diff(tt.want, all[len(all)-1]); diff != "" {
				t.Errorf("the event after it (-want +got):\n%s", diff)
			}
			w.awaitSpooled(0)
			w.unbroken()
		})
	}
}

// TestDescriptionsOfStreamedTransactions has the server describe the table anew
// before or beside a transaction in progress, and not after it.
func TestDescriptionsOfStreamedTransactions(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before       string
		beside       []string
		besideEvents int
		after, want  string
	}{
		"altered before it": {
			`ALTER TABLE "User" ADD mail text`, nil, 0,
			`INSERT INTO "User" VALUES (-1, 'a', 'm')`,
			`{"action":"create","modelName":"User","created":{"id":-1,"name":"a","mail":"m"}}`,
		},
		"published otherwise beside it": {
			"SELECT",
			[]string{`ALTER PUBLICATION mine SET TABLE "User" (id)`, `INSERT INTO "User" VALUES (-1, 'a')`},
			1,
			`INSERT INTO "User" VALUES (-2, 'b')`,
			`{"action":"create","modelName":"User","created":{"id":-2}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newStillWorld(t, postgrestest.Database(t), userTable+`CREATE PUBLICATION mine FOR TABLE "User"`,
				func(o *Options) { o.Publication = "mine" })
			w.needs(150000, "publications have columns from version 15 on")
			w.execute(streaming)
			w.start()
			w.execute(`INSERT INTO "User" VALUES (0, 'before')`, tt.before)
			w.events(1)
			large := w.session()
			large("BEGIN;" + fmt.Sprintf(manyRows, 1, rowsCount))
			w.awaitSpooled(1)
			w.execute(tt.beside...)
			w.events(1 + tt.besideEvents)
			large("COMMIT")
			w.execute(tt.after)
			all := w.events(1 + tt.besideEvents + rowsCount + 1)
			if diff := cmp.Diff(tt.want, all[len(all)-1]); diff != "" {
				t.Errorf("the event after it (-want +got):\n%s", diff)
			}
			w.unbroken()
		})
	}
}

// TestBrokenConnectionInTheMiddleOfAStream loses what was spooled, and nothing
// else: the server sends it again.
func TestBrokenConnectionInTheMiddleOfAStream(t *testing.T) {
	t.Parallel()
	w := newStreamingWorld(t, userTable)
	large, other := w.session(), w.session()
	large("BEGIN;" + fmt.Sprintf(manyRows, 1, rowsCount))
	other("BEGIN;" + fmt.Sprintf(manyRows, 3001, 5000))
	w.awaitSpooled(2)
	w.execute(`INSERT INTO "User" VALUES (-1, 'beside them')`)
	w.events(1)
	w.breakConnection()
	other("ROLLBACK")
	large("COMMIT")
	all := w.events(1 + rowsCount)
	if diff := cmp.Diff(created(1, strings.Repeat("x", 20)), all[1]); diff != "" {
		t.Errorf("the first event of the large one (-want +got):\n%s", diff)
	}
	w.awaitSpooled(0)
	w.stop()
	if _, err := os.Stat(w.options.SpoolDir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the spool's folder when stopped: %v", err)
	}
}

// breakConnection ends the walsender and waits for the next.
func (w *world) breakConnection() {
	w.t.Helper()
	broken := w.capture.State().LastErrorAt
	w.execute(`SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = current_database()`)
	eventually.True(w.t, "the connection to break and to come back", func() bool {
		now := w.capture.State()
		return now.Link == LinkConnected && now.LastErrorAt.After(broken)
	})
}

// TestRestartInTheMiddleOfAStream stops capture while a transaction is in
// progress, and others were confirmed after it began.
func TestRestartInTheMiddleOfAStream(t *testing.T) {
	t.Parallel()
	w := newStreamingWorld(t, userTable)
	large := w.session()
	large("BEGIN;" + fmt.Sprintf(manyRows, 1, rowsCount))
	w.awaitSpooled(1)
	w.execute(`INSERT INTO "User" VALUES (-1, 'beside it')`)
	w.events(1)
	w.stop()
	large(`UPDATE "User" SET name = 'y' WHERE id = 1; COMMIT`)
	w.start()
	all := w.events(1 + rowsCount + 1)
	if diff := cmp.Diff(`{"action":"update","modelName":"User","after":{"id":1,"name":"y"}}`, all[len(all)-1]); diff != "" {
		t.Errorf("the last event (-want +got):\n%s", diff)
	}
}

// TestSpoolThatCannotBeWritten has no folder for the spool for a while: capture
// says so, stores nothing of the transaction, and goes on when there is one.
func TestSpoolThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	w := newStreamingWorld(t, userTable)
	if err := os.Remove(w.options.SpoolDir); err != nil {
		t.Fatal(err)
	}
	large := w.session()
	large("BEGIN;" + fmt.Sprintf(manyRows, 1, rowsCount))
	eventually.True(t, "the error", func() bool {
		return strings.Contains(w.capture.State().LastError, "spool of transactions in progress in "+w.options.SpoolDir)
	})
	w.execute(`INSERT INTO "User" VALUES (-1, 'beside it')`)
	if err := os.Mkdir(w.options.SpoolDir, 0o700); err != nil {
		t.Fatal(err)
	}
	large("COMMIT")
	w.events(1 + rowsCount)
}
