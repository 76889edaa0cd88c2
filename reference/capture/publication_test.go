package capture

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/postgres"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// ofTheUser has the publication mine read.
func ofTheUser(o *Options) { o.Publication = "mine" }

// TestPublicationsOfTheUser take part of what happens: some tables, columns, rows
// or operations.
func TestPublicationsOfTheUser(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		needs       int
		publication string
		want        []string
	}{
		"one table": {0, `FOR TABLE "User"`, []string{
			created(1, "a"), created(2, "b"),
			`{"action":"update","modelName":"User","after":{"id":1,"name":"c"}}`,
			`{"action":"delete","modelName":"User","deleted":{"id":2}}`,
		}},
		"inserts alone": {0, `FOR TABLE "User" WITH (publish = 'insert')`, []string{created(1, "a"), created(2, "b")}},
		"some columns": {150000, `FOR TABLE "User" (id) WITH (publish = 'insert, delete')`, []string{
			`{"action":"create","modelName":"User","created":{"id":1}}`,
			`{"action":"create","modelName":"User","created":{"id":2}}`,
			`{"action":"delete","modelName":"User","deleted":{"id":2}}`,
		}},
		"some rows": {150000, `FOR TABLE "User" WHERE (id > 1)`, []string{
			created(2, "b"), `{"action":"delete","modelName":"User","deleted":{"id":2}}`,
		}},
		"a schema": {150000, `FOR TABLES IN SCHEMA other`, []string{`{"action":"create","modelName":"Hidden","created":{"id":1}}`}},
		"nothing":  {0, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newStillWorld(t, postgrestest.Database(t), userTable+`CREATE SCHEMA other; CREATE TABLE other."Hidden" (id int PRIMARY KEY)`, ofTheUser)
			w.needs(tt.needs, "it has no such publications")
			w.execute("CREATE PUBLICATION mine " + tt.publication)
			w.start()
			w.execute(`INSERT INTO other."Hidden" VALUES (1)`, `INSERT INTO "User" VALUES (1, 'a'), (2, 'b')`,
				`UPDATE "User" SET name = 'c' WHERE id = 1`, `DELETE FROM "User" WHERE id = 2`)
			position, err := w.capture.Position(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			// Of no event nothing can be awaited but that the server has read on.
			eventually.True(t, "the slot to be read so far", func() bool {
				return len(tt.want) > 0 || w.ask("SELECT (confirmed_flush_lsn >= $1::pg_lsn)::text FROM pg_replication_slots WHERE slot_name = $2", position.LSN.String(), w.slot()) == "true"
			})
			if diff := cmp.Diff(tt.want, w.events(len(tt.want)), cmp.Transformer("none", func(s []string) string { return strings.Join(s, "\n") })); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

const partitioned = `CREATE TABLE "User" (id int PRIMARY KEY, name text) PARTITION BY RANGE (id);
	CREATE TABLE low PARTITION OF "User" FOR VALUES FROM (0) TO (10);
	CREATE TABLE high PARTITION OF "User" FOR VALUES FROM (10) TO (30) PARTITION BY RANGE (id);
	CREATE TABLE higher PARTITION OF high FOR VALUES FROM (10) TO (20);`

// TestPartitions has every change of a partition be the root's, whether the
// publication says so or not.
func TestPartitions(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		needs       int
		publication string
	}{
		"a publication of ours":              {0, ""},
		"of the user's, by partition":        {0, `CREATE PUBLICATION mine FOR ALL TABLES`},
		"of the user's, by root":             {130000, `CREATE PUBLICATION mine FOR ALL TABLES WITH (publish_via_partition_root = true)`},
		"of the user's, of all by partition": {130000, `CREATE PUBLICATION mine FOR TABLE "User"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newStillWorld(t, postgrestest.Database(t), partitioned)
			w.needs(tt.needs, "partitioned tables are in no publication")
			if tt.publication != "" {
				w.execute(tt.publication)
				ofTheUser(&w.options)
			}
			w.start()
			w.execute(`INSERT INTO "User" VALUES (1, 'low'), (11, 'higher')`)
			// One that is made later, filled and dropped at once, and one with its columns in
			// another order.
			w.execute(`CREATE TABLE highest PARTITION OF high FOR VALUES FROM (20) TO (30)`, `INSERT INTO "User" VALUES (21, 'highest')`, `UPDATE "User" SET name = 'a' WHERE id = 1`)
			w.events(4)
			w.stop()
			w.execute(`INSERT INTO "User" VALUES (22, 'dropped')`, `CREATE TABLE other (name text, id int PRIMARY KEY)`,
				`ALTER TABLE "User" ATTACH PARTITION other FOR VALUES FROM (30) TO (40)`, `INSERT INTO "User" VALUES (31, 'other')`)
			w.start()
			want := []string{created(1, "low"), created(11, "higher"), created(21, "highest"), `{"action":"update","modelName":"User","after":{"id":1,"name":"a"}}`, created(22, "dropped")}
			all := w.events(6)
			if diff := cmp.Diff(want, all[:5]); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			if last := all[5]; last != created(31, "other") && last != `{"action":"create","modelName":"User","created":{"name":"other","id":31}}` {
				t.Errorf("the event of the partition with another order: %s", last)
			}
		})
	}
}

// TestDetachedPartition is a table, and model, of its own from then on.
func TestDetachedPartition(t *testing.T) {
	t.Parallel()
	for name, publication := range map[string]string{
		"a publication of ours":       "",
		"of the user's, by partition": `CREATE PUBLICATION mine FOR ALL TABLES`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newStillWorld(t, postgrestest.Database(t), partitioned)
			if publication != "" {
				w.execute(publication)
				ofTheUser(&w.options)
			}
			w.start()
			w.execute(`INSERT INTO "User" VALUES (1, 'a')`)
			w.events(1)
			w.execute(`ALTER TABLE "User" DETACH PARTITION low`, `INSERT INTO low VALUES (2, 'detached')`, `UPDATE low SET name = 'b' WHERE id = 1`)
			want := []string{
				created(1, "a"),
				`{"action":"create","modelName":"low","created":{"id":2,"name":"detached"}}`,
				`{"action":"update","modelName":"low","after":{"id":1,"name":"b"}}`,
			}
			if diff := cmp.Diff(want, w.events(3)); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

// TestChangesOfDroppedThings come after the schema has been read without them, for
// the connection broke meanwhile: they have their names and types all the same.
func TestChangesOfDroppedThings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `CREATE TABLE "User" (id int PRIMARY KEY, name text, age int, gone int);`)
	w.execute(`INSERT INTO "User" VALUES (1, 'a', 7, 8)`)
	w.events(1)
	// Whatever comes next is decoded after the schema was changed.
	outside := w.session()
	outside(`BEGIN; LOCK TABLE pg_publication`)
	w.execute(`SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = current_database()`)
	outside(`INSERT INTO "User" VALUES (2, 'b', 9, 10); COMMIT`)
	outside(`ALTER TABLE "User" DROP gone`)
	outside(`ALTER TABLE "User" ALTER age TYPE text`)
	if _, err := w.capture.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.execute(`INSERT INTO "User" VALUES (3, 'c', 'old')`)
	want := []string{
		`{"action":"create","modelName":"User","created":{"id":1,"name":"a","age":7,"gone":8}}`,
		`{"action":"create","modelName":"User","created":{"id":2,"name":"b","age":9,"gone":10}}`,
		`{"action":"create","modelName":"User","created":{"id":3,"name":"c","age":"old"}}`,
	}
	if diff := cmp.Diff(want, w.events(3)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestChangesOfDroppedTables come after the schema has been read without them. What
// was known has its events, and of what was not the log tells.
func TestChangesOfDroppedTables(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable+`CREATE TABLE "Known" (id int PRIMARY KEY);CREATE TABLE "Stays" (id int PRIMARY KEY)`)
	w.execute(`INSERT INTO "User" VALUES (1, 'a')`)
	w.events(1)
	// Nothing is decoded before all is done.
	outside := w.session()
	outside(`BEGIN; LOCK TABLE pg_publication`)
	w.execute(`SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = current_database()`,
		`INSERT INTO "User" VALUES (2, 'b')`, `INSERT INTO "Known" VALUES (3)`, `DROP TABLE "User", "Known"`,
		`BEGIN; CREATE TABLE brief (id int PRIMARY KEY); INSERT INTO brief VALUES (4); DROP TABLE brief; COMMIT`, `INSERT INTO "Stays" VALUES (5)`)
	if _, err := w.capture.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	outside(`COMMIT`)
	want := []string{
		created(1, "a"), created(2, "b"),
		`{"action":"create","modelName":"Known","created":{"id":3}}`,
		`{"action":"create","modelName":"Stays","created":{"id":5}}`,
	}
	if diff := cmp.Diff(want, w.events(4)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	w.logged.has(t, `level=WARN msg="pulse: a table was dropped before it was ever read; its changes have no events" table=public.brief`)
}

// TestTablesComeAndGo creates, drops and creates again, and renames.
func TestTablesComeAndGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.execute(
		`INSERT INTO "User" VALUES (1, 'a')`,
		`DROP TABLE "User"`, `CREATE TABLE "User" (id int PRIMARY KEY, mail text)`, `INSERT INTO "User" VALUES (1, 'm')`,
		`CREATE TABLE "Late" (id int PRIMARY KEY)`, `INSERT INTO "Late" VALUES (1)`,
		`ALTER TABLE "Late" RENAME TO "Later"`, `INSERT INTO "Later" VALUES (2)`,
		`TRUNCATE "Later"`, `INSERT INTO "Later" VALUES (3)`,
	)
	want := []string{
		created(1, "a"),
		`{"action":"create","modelName":"User","created":{"id":1,"mail":"m"}}`,
		// Or Later, when it had that name already before it was looked at.
		`{"action":"create","modelName":"Late","created":{"id":1}}`,
		`{"action":"create","modelName":"Later","created":{"id":2}}`,
		`{"action":"create","modelName":"Later","created":{"id":3}}`,
	}
	got := w.events(len(want))
	got[2] = strings.Replace(got[2], "Later", "Late", 1)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	w.unbroken()
	w.logged.has(t, "a table was truncated; there is no event for that")
}

// TestRoleWithoutRightsOnTables replicates from a publication that somebody else
// made, and may read none of its tables.
func TestRoleWithoutRightsOnTables(t *testing.T) {
	t.Parallel()
	w := newStillWorld(t, postgrestest.Database(t), userTable+`CREATE PUBLICATION mine FOR TABLE "User";
		DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'replicates') THEN CREATE ROLE replicates LOGIN REPLICATION; END IF; END $$`, ofTheUser)
	u, err := url.Parse(w.url)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("user", "replicates")
	u.User, u.RawQuery = nil, query.Encode()
	w.options.DatabaseURL = u.String()
	w.start()
	w.execute(`INSERT INTO "User" VALUES (1, 'a')`)
	if diff := cmp.Diff([]string{created(1, "a")}, w.events(1)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestNoWALSender has all of them in use.
func TestNoWALSender(t *testing.T) {
	t.Parallel()
	server, err := postgres.Start(t.Context(), postgres.Options{})
	postgrestest.Skip(t, err)
	t.Cleanup(func() { _ = server.Stop() })
	w := newStillWorld(t, server.URL(), userTable)
	var senders int
	if _, err := fmt.Sscan(w.ask("SHOW max_wal_senders"), &senders); err != nil {
		t.Fatal(err)
	}
	db, err := openDatabase(t.Context(), w.url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.pool.Close)
	for range senders {
		conn, err := db.replicate(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close(t.Context()) })
	}
	if err := w.tryStart(); err == nil || !strings.Contains(err.Error(), "run ALTER SYSTEM SET max_wal_senders = 20") {
		t.Errorf("error %v", err)
	}
}

// TestDropAfterABreak has the database hang up on everybody just before the end: nothing
// of the service stays behind.
func TestDropAfterABreak(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.needs(140000, "pg_terminate_backend waits since 14")
	w.stop(func(ctx context.Context) error {
		if _, err := w.capture.Position(ctx); err != nil { // over a connection that is kept
			return err
		}
		w.execute(`SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		return w.capture.Drop(ctx)
	})
	if got := w.ask(`SELECT count(*)::text FROM pg_publication`); got != "0" {
		t.Errorf("%s publications stay behind", got)
	}
}
