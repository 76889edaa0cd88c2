package doctor

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/arazzo-conformance/arazzo/reference/capture"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

var update = flag.Bool("update", false, "write what TestStates saw into its archives")

// ofTheServer are the codes that depend on the machine's Postgres, or on what
// other tests do in it at the same time; TestChecks has them.
var ofTheServer = []string{
	"server-version", "wal-level", "output-plugin", "replication-slots", "wal-senders", "wal-sender-timeout", "slot-wal-limit",
	"synchronous-commit", "decoding-memory", "fsync", "abandoned-slots", "slot-wal", "slot-lag",
}

// TestStates puts a real database into each state of testdata/states and compares
// all that is said of it. setup.sql makes the state, as a superuser, after
// slot.sql, for a slot is made in a transaction of its own; role names who
// asks, schema.prisma is the Prisma schema; versions are the first and the last
// server_version_num that the state is about.
func TestStates(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/states/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			database := postgrestest.Database(t)
			super := postgrestest.Connect(t, database)
			fits(t, super, file(archive, "versions"))
			postgrestest.Exec(t, super, file(archive, "slot.sql"))
			postgrestest.Exec(t, super, file(archive, "setup.sql"))
			t.Cleanup(func() { dropSlots(t, super) })
			o := Options{DatabaseURL: as(t, database, file(archive, "role"))}
			if schema := file(archive, "schema.prisma"); schema != "" {
				o.Schema = filepath.Join(t.TempDir(), "schema.prisma")
				if err := os.WriteFile(o.Schema, []byte(schema), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got := spoken(examined(t, o), oid(t, super), database)
			got = strings.ReplaceAll(got, filepath.Dir(o.Schema)+"/", "")
			if *update {
				write(t, path, archive, got)
				return
			}
			if diff := cmp.Diff(file(archive, "want"), got); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
		})
	}
}

// fits skips a state that the server cannot be in.
func fits(t *testing.T, conn *pgx.Conn, versions string) {
	t.Helper()
	first, last, found := strings.Cut(versions, " ")
	if !found {
		return
	}
	var version string
	if err := conn.QueryRow(t.Context(), "SELECT current_setting('server_version_num')").Scan(&version); err != nil {
		t.Fatal(err)
	}
	if version < first || version > last {
		t.Skipf("this Postgres is %s, and the state is of %s to %s", version, first, last)
	}
}

// file is the text of a file of an archive, without the space around it.
func file(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return strings.TrimSpace(string(f.Data))
		}
	}
	return ""
}

func write(t *testing.T, path string, a *txtar.Archive, want string) {
	t.Helper()
	a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return f.Name == "want" })
	a.Files = append(a.Files, txtar.File{Name: "want", Data: []byte(want + "\n")})
	if err := os.WriteFile(path, txtar.Format(a), 0o600); err != nil {
		t.Fatal(err)
	}
}

// as is the URL for another role; none is the superuser.
func as(t *testing.T, database, role string) string {
	t.Helper()
	if role == "" {
		return database
	}
	address, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	query.Set("user", role)
	address.RawQuery = query.Encode()
	return address.String()
}

func oid(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	var oid string
	if err := conn.QueryRow(t.Context(), "SELECT oid::text FROM pg_database WHERE datname = current_database()").Scan(&oid); err != nil {
		t.Fatal(err)
	}
	return oid
}

// dropSlots removes what would keep the cluster's log and use its slots up.
func dropSlots(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	const drop = `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
		WHERE NOT active AND (database = current_database() OR slot_name LIKE '%' || (SELECT oid FROM pg_database WHERE datname = current_database()))`
	if _, err := conn.Exec(context.Background(), drop); err != nil {
		t.Error(err)
	}
}

func examined(t *testing.T, o Options) Report {
	t.Helper()
	report, err := Examine(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

var position = regexp.MustCompile(`\b[0-9A-F]+/[0-9A-F]+\b`)

var folder = regexp.MustCompile(`@.*/DATABASE:`)

// spoken is a report's text on any machine.
func spoken(r Report, oid, database string) string {
	r.Findings = slices.DeleteFunc(r.Findings, func(f Finding) bool { return slices.Contains(ofTheServer, f.Code) })
	var text strings.Builder
	_ = r.WriteText(&text)
	_, name, _ := strings.Cut(database, "///")
	name, _, _ = strings.Cut(name, "?")
	said := strings.NewReplacer("arazzo_pulse_"+oid, "arazzo_pulse_OID", `"`+name+`"`, `"DATABASE"`, "/"+name+":", "/DATABASE:",
		// Postgres 18 has this option, and the service takes it.
		", publish_generated_columns = stored", "").Replace(text.String())
	said = position.ReplaceAllString(said, "POSITION")
	// The summary names the socket's folder, which is another each time.
	said = strings.TrimSpace(said)
	summary := strings.LastIndex(said, "\n") + 1
	return said[:summary] + folder.ReplaceAllString(said[summary:], "@HOST/DATABASE:")
}

// A slot that somebody else reads cannot be had; one that a service reads is fine.
func TestSlotInUse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		application string
		want        string
	}{
		{"pg_recvlogical", "error   slot: the replication slot SLOT is read by process PID (pg_recvlogical): the service cannot have it\n" +
			"          SELECT pg_terminate_backend(PID);\n        next: stop that reader, or choose another slot name\n"},
		{capture.ApplicationName, "ok      slot: the replication slot SLOT is there, and a running service reads it\n"},
	} {
		t.Run(test.application, func(t *testing.T) {
			t.Parallel()
			database := postgrestest.Database(t)
			postgrestest.Exec(t, postgrestest.Connect(t, database), "CREATE PUBLICATION everything FOR ALL TABLES")
			slot := "read_" + oid(t, postgrestest.Connect(t, database))
			pid := read(t, database, slot, test.application)
			report := examined(t, Options{DatabaseURL: database, Slot: slot})
			got := strings.NewReplacer(slot, "SLOT", fmt.Sprint(pid), "PID").Replace(said(report, "slot"))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
		})
	}
}

// read reads a slot of its own until the test ends, and answers its process.
func read(t *testing.T, database, slot, application string) uint32 {
	t.Helper()
	config, err := pgconn.ParseConfig(database)
	if err != nil {
		t.Fatal(err)
	}
	config.RuntimeParams["replication"] = "database"
	config.RuntimeParams["application_name"] = application
	conn, err := pgconn.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	if _, err := replication.CreateReplicationSlot(t.Context(), conn, slot, capture.Plugin,
		replication.CreateReplicationSlotOptions{Temporary: true}); err != nil {
		t.Fatal(err)
	}
	if err := replication.StartReplication(t.Context(), conn, slot, 0, replication.StartReplicationOptions{
		PluginArgs: []string{"proto_version '1'", "publication_names 'everything'"},
	}); err != nil {
		t.Fatal(err)
	}
	return conn.PID()
}

// said is the text of the findings of one code.
func said(r Report, code string) string {
	r.Findings = slices.DeleteFunc(slices.Clone(r.Findings), func(f Finding) bool { return f.Code != code })
	var text strings.Builder
	_ = r.WriteText(&text)
	lines := strings.SplitAfter(text.String(), "\n")
	return strings.Join(lines[:len(lines)-2], "") // without the summary
}

func TestExamineWithoutADatabase(t *testing.T) {
	t.Parallel()
	nobody := "postgres://me:secret@localhost:1/shop?connect_timeout=5&host=" + t.TempDir()
	_, err := Examine(t.Context(), Options{DatabaseURL: nobody})
	var unreachable *capture.UnreachableError
	if !errors.As(err, &unreachable) || !strings.HasPrefix(unreachable.Database, "me@") || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
	if _, err := Examine(t.Context(), Options{DatabaseURL: "postgres://h:port/d"}); err == nil || errors.As(err, &unreachable) {
		t.Errorf("a URL that is none: %v", err)
	}
}

// What cannot be asked is said, and the rest is examined all the same.
func TestAQuestionThatFails(t *testing.T) {
	t.Parallel()
	database := postgrestest.Database(t)
	conn := postgrestest.Connect(t, database)
	f := &facts{}
	askAll[table](t.Context(), f, conn, "the tables", "SELECT 1/0 AS name")
	f.ask(t.Context(), conn)
	if f.server == nil || len(f.unasked) != 1 {
		t.Fatalf("asked %+v, not %v", f.server, f.unasked)
	}
	want := []Finding{{Severity: Warning, Message: "the tables: ERROR: division by zero (SQLSTATE 22012)"}}
	if diff := cmp.Diff(want, notExamined(f)); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}

// The doctor's questions cannot change anything, whatever they are.
func TestQuestionsAreReadOnly(t *testing.T) {
	t.Parallel()
	conn := postgrestest.Connect(t, postgrestest.Database(t))
	err := asking(t.Context(), conn, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "CREATE TABLE t (id int)")
		return err
	})
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || refused.Code != "25006" {
		t.Errorf("got %v, want that the transaction is read-only", err)
	}
}
