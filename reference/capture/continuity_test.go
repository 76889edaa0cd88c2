package capture

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

const gone = ", and with it changes are gone that this stream had still to deliver"

// awaitTold waits until Lost was told a reason, besides the first: at the start
// there was no slot.
func (w *world) awaitTold(want string) {
	w.t.Helper()
	eventually.True(w.t, "the loss to be told", func() bool { return len(w.lost.told()) > 1 })
	if diff := cmp.Diff(want+gone, w.lost.told()[1]); diff != "" {
		w.t.Errorf("told as lost (-want +got):\n%s", diff)
	}
}

// TestDroppedPublication drops the publication behind the service's back: the
// slot is useless with another, and what was committed meanwhile is in neither.
func TestDroppedPublication(t *testing.T) {
	t.Parallel()
	const drop = `DO $$ BEGIN EXECUTE format('DROP PUBLICATION %I', (SELECT pubname FROM pg_publication)); END $$`
	for name, tt := range map[string]struct {
		drop func(w *world)
		want string
	}{
		"while it runs": {
			func(w *world) { w.execute(drop, `INSERT INTO "User" VALUES (2, 'in no publication')`) },
			`the publication "NAME" was dropped`,
		},
		"while nothing changes": {
			func(w *world) { w.execute(drop) },
			`the publication "NAME" was dropped`,
		},
		"while it was stopped": {
			func(w *world) {
				w.stop()
				w.execute(drop, `INSERT INTO "User" VALUES (2, 'in no publication')`)
				w.start()
			},
			`the publication "NAME" was dropped`,
		},
		"and made again while it was stopped": {
			func(w *world) {
				w.stop()
				w.execute(drop, `INSERT INTO "User" VALUES (2, 'in no publication')`)
				w.execute(fmt.Sprintf("CREATE PUBLICATION %s FOR ALL TABLES", w.slot()))
				w.start()
			},
			`the publication "NAME" was dropped and made again`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, userTable)
			w.execute(`INSERT INTO "User" VALUES (1, 'a')`)
			w.events(1)
			tt.drop(w)
			w.awaitTold(strings.ReplaceAll(tt.want, "NAME", w.slot()))
			eventually.True(t, "the slot to be read again", func() bool {
				return w.ask("SELECT count(*)::text FROM pg_replication_slots WHERE active AND database = current_database()") == "1" &&
					w.capture.State().Link == LinkConnected && w.ask("SELECT count(*)::text FROM pg_publication") == "1"
			})
			w.execute(`INSERT INTO "User" VALUES (3, 'c')`)
			if diff := cmp.Diff([]string{created(1, "a"), created(3, "c")}, w.events(2)); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDroppedPublicationOfTheUser is not made anew: it left out a table, which
// would be in the new one.
func TestDroppedPublicationOfTheUser(t *testing.T) {
	t.Parallel()
	const publication = `CREATE PUBLICATION mine FOR TABLE "User";`
	w := newWorld(t, userTable+`CREATE TABLE "Secret" (id int PRIMARY KEY);`+publication, func(o *Options) { o.Publication = "mine" })
	w.execute(`INSERT INTO "Secret" VALUES (1)`, `INSERT INTO "User" VALUES (1, 'a')`)
	w.events(1)
	w.execute("DROP PUBLICATION mine", `INSERT INTO "User" VALUES (2, 'in no publication')`)
	w.awaitTold(`the publication "mine" was dropped`)
	eventually.True(t, "the refusal", func() bool {
		return strings.Contains(w.capture.State().LastError, `make it again with CREATE PUBLICATION "mine", for the tables that it had`)
	})
	w.execute(publication)
	eventually.True(t, "the connection", func() bool { return w.capture.State().Link == LinkConnected })
	w.execute(`INSERT INTO "Secret" VALUES (2)`, `INSERT INTO "User" VALUES (3, 'c')`)
	if diff := cmp.Diff([]string{created(1, "a"), created(3, "c")}, w.events(2)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestSlotOfAnotherLog names another folder, for once: what the slot has still to
// deliver stays the first one's, as it was.
func TestSlotOfAnotherLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.execute(`INSERT INTO "User" VALUES (1, 'a')`)
	w.events(1)
	w.stop()
	w.execute(`INSERT INTO "User" VALUES (2, 'b')`)
	right := w.dir
	w.dir = t.TempDir()
	w.refused()
	w.dir = right
	w.start()
	if diff := cmp.Diff([]string{created(1, "a"), created(2, "b")}, w.events(2)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if told := w.lost.told(); len(told) > 1 {
		t.Errorf("told as lost: %q", told)
	}
}

// TestSlotThatWasGivenUp is made again by a service with another folder: the first
// folder, which was there before, has no right to it any more.
func TestSlotThatWasGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	first := w.dir
	w.stop(w.capture.Drop)
	w.dir = t.TempDir()
	w.start()
	w.stop()
	second := w.dir
	w.dir = first
	w.refused()
	w.dir = second
	w.start()
}

// refused wants the slot to be left to another log.
func (w *world) refused() {
	w.t.Helper()
	want := fmt.Sprintf("replication slot %q: it is there, and this event log has never read it, or gave it up: another event log resumes from it, and would lose what this one reads: "+
		"go on with that one (--data, or --nats), name another slot (--slot), or where that log is given up, run SELECT pg_drop_replication_slot('%[1]s')", w.slot())
	if err := w.tryStart(); err == nil || err.Error() != want {
		w.t.Fatalf("error %v\n want %s", err, want)
	}
}

// TestPublicationYoungerThanTheSlot has a slot with changes to deliver for which
// there was no publication: Postgres before 18 cannot decode them, ever.
func TestPublicationYoungerThanTheSlot(t *testing.T) {
	t.Parallel()
	w := newStillWorld(t, postgrestest.Database(t), userTable)
	if w.version() >= 180000 {
		t.Skip("from Postgres 18 on what has no publication is passed over with a warning in the server's log")
	}
	w.execute(fmt.Sprintf("SELECT pg_create_logical_replication_slot('%s', 'pgoutput')", w.slot()), `INSERT INTO "User" VALUES (1, 'in no publication')`)
	w.logHas(eventlog.Origin{Slot: w.slot()})
	w.start()
	w.awaitTold(fmt.Sprintf("the publication %q was made after what the replication slot has to deliver", w.slot()))
	eventually.True(t, "the connection", func() bool { return w.capture.State().Link == LinkConnected })
	w.execute(`INSERT INTO "User" VALUES (2, 'b')`)
	if diff := cmp.Diff([]string{created(2, "b")}, w.events(1)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestCheckHistory has servers whose past needs no look at their timelines'
// history; TestFailover has the others.
func TestCheckHistory(t *testing.T) {
	t.Parallel()
	system := replication.IdentifySystemResult{SystemID: "7", Timeline: 2, XLogPos: 100}
	for name, tt := range map[string]struct {
		from           eventlog.Origin
		end, confirmed replication.LSN
		want           string
	}{
		"a new log":                  {eventlog.Origin{}, 0, 0, ""},
		"the same server":            {eventlog.Origin{SystemID: "7", Timeline: 2}, 100, 100, ""},
		"another cluster":            {eventlog.Origin{SystemID: "8", Timeline: 2}, 10, 10, "the database is another cluster (system identifier 7, the event log is of 8)"},
		"the server before":          {eventlog.Origin{SystemID: "7", Timeline: 3}, 10, 10, "the database is on timeline 2 and the event log on 3: another server was promoted meanwhile, or this one was restored"},
		"set back before an event":   {eventlog.Origin{SystemID: "7", Timeline: 2}, 101, 90, "the database is at 0/64, before the event log's end at 0/65: it was set back"},
		"set back, without an event": {eventlog.Origin{SystemID: "7", Timeline: 2}, 0, 101, "the database is at 0/64, before the event log's end at 0/65: it was set back"},
	} {
		err := checkHistory(t.Context(), nil, system, tt.from, tt.end, tt.confirmed)
		want := tt.want
		if want != "" {
			want += ": choose another folder for the log, or connect to the server that it is of"
		}
		if (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

// TestVisible waits for a transaction that is in progress, and not for one that is
// over, whichever way, or was long ago.
func TestVisible(t *testing.T) {
	t.Parallel()
	w := newStillWorld(t, postgrestest.Database(t), userTable)
	db, err := openDatabase(t.Context(), w.url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.pool.Close)
	var xid int64
	tx, err := w.db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := tx.QueryRow(t.Context(), "SELECT txid_current()").Scan(&xid); err != nil {
		t.Fatal(err)
	}
	// One that ended later is beyond it in the snapshot.
	w.execute(`INSERT INTO "User" VALUES (1, 'a')`)
	if err := db.visible(t.Context(), uint32(xid)-1); err != nil {
		t.Error(err)
	}
	seen := make(chan error, 1)
	go func() { seen <- db.visible(t.Context(), uint32(xid)) }()
	eventually.True(t, "the question to be asked while it is in progress", func() bool {
		return w.ask("SELECT count(*)::text FROM pg_stat_activity WHERE query LIKE '%txid_snapshot_xip%' AND pid <> pg_backend_pid() AND datname = current_database()") == "1"
	})
	select {
	case err := <-seen:
		t.Fatalf("seen while it is in progress: %v", err)
	default:
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-seen; err != nil {
		t.Error(err)
	}
}

// TestSlotOfAKilledStart has a slot whose start was killed before the log had its
// beginning: the log begins where the slot does, which other nodes wait to hear.
func TestSlotOfAKilledStart(t *testing.T) {
	t.Parallel()
	w := newStillWorld(t, postgrestest.Database(t), userTable)
	w.execute("CREATE PUBLICATION mine FOR ALL TABLES",
		fmt.Sprintf("SELECT pg_create_logical_replication_slot('%s', 'pgoutput')", w.slot()), `INSERT INTO "User" VALUES (1, 'a')`)
	w.options.Publication = "mine"
	w.logHas(eventlog.Origin{Slot: w.slot()})
	begins := w.ask("SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE database = current_database()")
	w.start()
	since, err := w.confirmation.Since(t.Context())
	if since.String() != begins || err != nil {
		t.Errorf("the log is told to begin at %s, %v; the slot does at %s", since, err, begins)
	}
	if diff := cmp.Diff([]string{created(1, "a")}, w.events(1)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestLossNotTold cannot stop the streams when it finds that somebody else read the
// slot: it finds that again the next time, and does not go on as if it were told.
func TestLossNotTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.execute(`INSERT INTO "User" VALUES (1, 'a')`)
	w.events(1)
	w.stop()
	// Postgres notices a moment later that nobody reads any more.
	eventually.True(t, "the slot to be free", func() bool {
		return w.ask("SELECT bool_or(active)::text FROM pg_replication_slots WHERE database = current_database()") == "false"
	})
	w.execute(`INSERT INTO "User" VALUES (2, 'read by somebody else')`,
		"SELECT pg_replication_slot_advance(slot_name, pg_current_wal_lsn()) FROM pg_replication_slots WHERE database = current_database()")
	failure := errors.New("the streams cannot be stopped now")
	w.options.Lost = func(context.Context, string) error { return failure }
	if err := w.tryStart(); !errors.Is(err, failure) {
		t.Fatalf("Connect: %v, want %v", err, failure)
	}
	w.options.Lost = w.lost.tell
	w.start()
	w.awaitTold("the replication slot is further than the event log confirmed: another service read it, it was moved by hand, or an older copy of the log was put back")
}

// TestDatabaseReplaced has the URL lead to another database of the same name: the
// slot is not there, and its name is made of the other's OID.
func TestDatabaseReplaced(t *testing.T) {
	t.Parallel()
	db, err := openDatabase(t.Context(), postgrestest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.pool.Close()
	conn, err := db.replicate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := db.look(t.Context(), conn); err != nil {
		t.Fatalf("the same database: %v", err)
	}
	actual := db.oid
	db.oid--
	var other *otherHistory
	err = db.look(t.Context(), conn)
	want := fmt.Sprintf("the database was replaced by another of its name (OID %d, the event log is of %d): choose another folder for the log, or connect to the server that it is of", actual, db.oid)
	if !errors.As(err, &other) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
