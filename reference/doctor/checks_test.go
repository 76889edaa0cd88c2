package doctor

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"
)

// healthy are the facts of a database that lacks nothing.
func healthy() *facts {
	limit, idle, memory := int64(51200), "0", "64MB"
	return &facts{
		options: Options{Slot: "pulse", Publication: "pulse"},
		server: &server{
			Version: 180004, VersionText: "18.4", Database: "shop", OID: 5, WALLevel: "logical",
			MaxSlots: 10, MaxSenders: 10, Senders: 1, SenderTimeout: 60000, WALLimit: &limit, IdleLimit: &idle,
			Commit: "on", Memory: &memory, Fsync: true,
		},
		role:        &role{Name: "pulse", Replication: true},
		publication: &publication{Exists: true, Ours: true, AllTables: true, Insert: true, Update: true, Delete: true, ViaRoot: true},
		slots:       []slot{waiting()},
	}
}

// waiting is a slot in order that nobody reads.
func waiting() slot {
	plugin, database, status, confirmed, lag, failover := "pgoutput", "shop", "reserved", "0/2000", int64(5<<20), true
	return slot{
		Name: "pulse", Type: "logical", Plugin: &plugin, Database: &database, WALStatus: &status, Confirmed: &confirmed,
		Lag: &lag, Retained: &lag, Failover: &failover,
	}
}

// TestChecks is what each check says of facts that no test can have a server of,
// or that a test server shares with others.
func TestChecks(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, code string
		change     func(*facts)
		want       string
	}{
		{"a version in order", "server-version", func(*facts) {}, "ok      server-version: PostgreSQL 18.4\n"},
		{
			"a version without streaming", "server-version", func(f *facts) { f.server.Version, f.server.VersionText = 130023, "13.23" },
			"ok      server-version: PostgreSQL 13.23; from 14 on a long transaction is received while it runs, before only after its commit\n",
		},
		{
			"an old version", "server-version", func(f *facts) { f.server.Version, f.server.VersionText = 110022, "11.22" },
			"error   server-version: PostgreSQL 11.22 is older than 12, the oldest that is supported: upgrade it\n",
		},
		{
			"a new version", "server-version", func(f *facts) { f.server.Version, f.server.VersionText = 190000, "19beta1" },
			"warning server-version: PostgreSQL 19beta1 is newer than 18, the newest that this version was tested with\n",
		},
		{
			"a standby", "standby", func(f *facts) { f.server.Standby = true },
			"error   standby: the server is a standby: a publication can be made on the primary only, and before Postgres 16 a standby decodes nothing\n" +
				"        next: name the primary in the URL, or all servers with target_session_attrs=read-write\n",
		},
		{
			"wal_level replica", "wal-level", func(f *facts) { f.server.WALLevel = "replica" },
			"error   wal-level: wal_level is replica, change capture needs logical\n" +
				"          ALTER SYSTEM SET wal_level = 'logical';\n        next: restart Postgres\n",
		},
		{
			"wal_level on RDS", "wal-level", func(f *facts) { f.server.WALLevel, f.server.Provider = "replica", "Amazon RDS" },
			"error   wal-level: wal_level is replica, change capture needs logical\n" +
				"        next: set rds.logical_replication to 1 in the parameter group, then restart the instance\n",
		},
		{
			"wal_level on Cloud SQL", "wal-level", func(f *facts) { f.server.WALLevel, f.server.Provider = "replica", "Google Cloud SQL" },
			"error   wal-level: wal_level is replica, change capture needs logical\n" +
				"        next: set the flag cloudsql.logical_decoding to on, then restart the instance\n",
		},
		{
			"wal_level on Azure", "wal-level", func(f *facts) { f.server.WALLevel, f.server.Provider = "replica", "Azure" },
			"error   wal-level: wal_level is replica, change capture needs logical\n" +
				"        next: set the server parameter wal_level to logical, then restart the server\n",
		},
		{
			"no plugin", "output-plugin",
			func(f *facts) {
				f.plugin = &pgconn.PgError{Code: "58P01", Message: `could not access file "pgoutput": No such file or directory`}
			},
			"error   output-plugin: the server does not have the output plugin pgoutput: could not access file \"pgoutput\": No such file or directory\n" +
				"        next: install all of Postgres: the plugin is part of every server since version 10\n",
		},
		{"a plugin that may not be asked for", "output-plugin", func(f *facts) { f.plugin = &pgconn.PgError{Code: "42501"} }, ""},
		{
			"no slot free", "replication-slots", func(f *facts) { f.slots = nil; f.server.MaxSlots = 0 },
			"error   replication-slots: all 0 replication slots are in use, and the service needs one\n" +
				"          SELECT slot_name, database, active, restart_lsn FROM pg_replication_slots;\n" +
				"          ALTER SYSTEM SET max_replication_slots = 10;\n" +
				"        next: drop a slot that nobody needs, or restart Postgres after the second statement\n",
		},
		{
			"the last slot is ours", "replication-slots", func(f *facts) { f.server.MaxSlots = 1 },
			"ok      replication-slots: 0 of 1 replication slots are free\n",
		},
		{
			"no sender free", "wal-senders", func(f *facts) { f.server.Senders = 10 },
			"error   wal-senders: all 10 WAL senders are in use, and the service needs one\n" +
				"          SELECT pid, usename, application_name, client_addr FROM pg_stat_replication;\n" +
				"          ALTER SYSTEM SET max_wal_senders = 20;\n" +
				"        next: stop a receiver that nobody needs, or restart Postgres after the second statement\n",
		},
		{
			"the last sender is ours", "wal-senders", func(f *facts) { f.server.Senders = 10; f.slots[0].Active = true },
			"ok      wal-senders: 0 of 10 WAL senders are free\n",
		},
		{
			"no sender timeout", "wal-sender-timeout", func(f *facts) { f.server.SenderTimeout = 0 },
			"warning wal-sender-timeout: wal_sender_timeout is off: after a network cut Postgres may take the lost connection for alive, and the slot for in use\n" +
				"          ALTER SYSTEM SET wal_sender_timeout = '60s';\n          SELECT pg_reload_conf();\n",
		},
		{
			"a short sender timeout", "wal-sender-timeout", func(f *facts) { f.server.SenderTimeout = 5000 },
			"warning wal-sender-timeout: wal_sender_timeout is 5000 ms: the service reports every 5 s, and a loaded machine may miss that\n" +
				"          ALTER SYSTEM SET wal_sender_timeout = '60s';\n          SELECT pg_reload_conf();\n",
		},
		{"a limit in order", "slot-wal-limit", func(*facts) {}, "ok      slot-wal-limit: max_slot_wal_keep_size is 51200 MB\n"},
		{
			"a small limit", "slot-wal-limit", func(f *facts) { *f.server.WALLimit = 64 },
			"warning slot-wal-limit: max_slot_wal_keep_size is 64 MB: the slot is lost, and streams stop, when the service is that much behind\n" +
				"          ALTER SYSTEM SET max_slot_wal_keep_size = '50GB';\n          SELECT pg_reload_conf();\n",
		},
		{
			"no limit", "slot-wal-limit", func(f *facts) { *f.server.WALLimit = -1 },
			"warning slot-wal-limit: max_slot_wal_keep_size is unlimited: while the service is down, its slot keeps log until the server's disk is full\n" +
				"          ALTER SYSTEM SET max_slot_wal_keep_size = '50GB';\n          SELECT pg_reload_conf();\n" +
				"        next: choose a size that the disk has and that the longest outage does not write: beyond it the slot is lost, and streams stop\n",
		},
		{
			"a version without a limit", "slot-wal-limit", func(f *facts) { f.server.WALLimit = nil },
			"warning slot-wal-limit: a slot that nobody reads fills the server's disk: a limit, max_slot_wal_keep_size, came with Postgres 13\n",
		},
		{
			"an idle limit", "slot-idle-limit", func(f *facts) { *f.server.IdleLimit = "2d" },
			"warning slot-idle-limit: idle_replication_slot_timeout is 2d: a service that is stopped for longer loses its slot, and streams stop\n" +
				"          ALTER SYSTEM SET idle_replication_slot_timeout = 0;\n          SELECT pg_reload_conf();\n",
		},
		{
			"synchronous_commit off", "synchronous-commit", func(f *facts) { f.server.Commit = "off" },
			"warning synchronous-commit: synchronous_commit is off: an event waits up to 0.6 s for the log to be written, and a crash of the server loses commits\n" +
				"          ALTER SYSTEM SET synchronous_commit = on;\n          SELECT pg_reload_conf();\n",
		},
		{
			"fsync off", "fsync", func(f *facts) { f.server.Fsync = false },
			"warning fsync: fsync is off: a crash of the machine sets the database back behind what the service has delivered\n" +
				"          ALTER SYSTEM SET fsync = on;\n          SELECT pg_reload_conf();\n",
		},
		{
			"no right on RDS", "replication-role",
			func(f *facts) {
				f.role.Replication, f.server.Provider, f.replication = false, "Amazon RDS", &pgconn.PgError{Code: "42501"}
			},
			"error   replication-role: pulse may not open replication connections\n          GRANT rds_replication TO \"pulse\";\n",
		},
		{
			"a right that the attribute does not show", "replication-role", func(f *facts) { f.role.Replication = false },
			"ok      replication-role: pulse may replicate\n",
		},
		{
			"pg_hba.conf", "replication-connection",
			func(f *facts) {
				f.replication = fmt.Errorf("replication connection: %w", &pgconn.PgError{
					Severity: "FATAL", Code: "28000", Message: `no pg_hba.conf entry for replication connection from host "10.0.0.9", user "pulse"`,
				})
			},
			"error   replication-connection: replication connection: FATAL: no pg_hba.conf entry for replication connection from host \"10.0.0.9\", user \"pulse\" (SQLSTATE 28000)\n" +
				"          SELECT pg_reload_conf();\n" +
				"        next: let pg_hba.conf have a line for this role, database and address first: the word replication there is for physical replication only\n",
		},
		{
			"no sender at this moment", "replication-connection",
			func(f *facts) {
				f.replication = &pgconn.PgError{Severity: "FATAL", Code: "53300", Message: "number of requested standby connections exceeds max_wal_senders (currently 10)"}
			},
			"error   replication-connection: FATAL: number of requested standby connections exceeds max_wal_senders (currently 10) (SQLSTATE 53300)\n" +
				"        next: free a WAL sender or a connection: raise max_wal_senders or max_connections and restart Postgres\n",
		},
		{
			"a pooler", "replication-connection", func(f *facts) { f.replication = errors.New("unsupported startup parameter: replication") },
			"error   replication-connection: unsupported startup parameter: replication\n" +
				"        next: connect to Postgres itself: most connection poolers pass no replication on\n",
		},
		{"a right that is missing is said once", "replication-connection", func(f *facts) { f.replication = &pgconn.PgError{Code: "42501"} }, ""},
		{
			"partitions before Postgres 13", "partitioned-tables",
			func(f *facts) {
				f.server.Version = 120022
				f.tables = []table{{Namespace: "public", Name: "measured", Kind: "p", Persistence: "p"}}
			},
			"warning partitioned-tables: partitioned tables have no events before Postgres 13: their changes come under the names of the partitions: public.measured\n",
		},
		{
			"another plugin", "slot", func(f *facts) { *f.slots[0].Plugin = "wal2json" },
			"error   slot: the replication slot pulse has the output plugin wal2json, not pgoutput\n        next: choose another slot name\n",
		},
		{
			"another database", "slot", func(f *facts) { *f.slots[0].Database = "other" },
			"error   slot: the replication slot pulse belongs to the database other\n        next: choose another slot name\n",
		},
		{
			"a slot that is being made", "slot", func(f *facts) { f.slots[0].Confirmed = nil },
			"ok      slot: the replication slot pulse is there, confirmed up to ; nobody reads it now\n",
		},
		{
			"a reader that may not be asked for", "slot",
			func(f *facts) { pid := int32(7); f.slots[0].Active, f.slots[0].PID = true, &pid },
			"ok      slot: the replication slot pulse is there, and a running service reads it\n",
		},
		{
			"a service without persistence", "slot",
			func(f *facts) {
				f.slots[0].Name, f.slots[0].Active, f.slots[0].Temporary = "pulse_k3jx9q2a", true, true
			},
			"ok      slot: a running service without persistence reads the replication slot pulse_k3jx9q2a, which goes with its connection\n",
		},
		{
			"somebody else's temporary slot", "slot",
			func(f *facts) { f.slots[0].Name, f.slots[0].Active, f.slots[0].Temporary = "pulses", true, true },
			"ok      slot: the replication slot pulse is not there yet: the service makes it\n",
		},
		{
			"a lost slot", "slot-wal",
			func(f *facts) { why := "wal_removed"; *f.slots[0].WALStatus, f.slots[0].Invalidation = "lost", &why },
			"error   slot-wal: the replication slot pulse is lost (wal_removed): the server has removed log that it was to deliver\n" +
				"          SELECT pg_drop_replication_slot('pulse');\n" +
				"        next: start the service: it makes a new slot and stops the streams that have a gap; they are deleted and made anew\n",
		},
		{
			"a slot about to be lost", "slot-wal", func(f *facts) { *f.slots[0].WALStatus = "unreserved" },
			"warning slot-wal: the replication slot pulse is about to be lost: the server may remove its log at the next checkpoint\n" +
				"        next: start the service now, or raise max_slot_wal_keep_size\n",
		},
		{
			"a slot soon to be lost", "slot-wal", func(f *facts) { safe := int64(100 << 20); f.slots[0].SafeSize = &safe },
			"warning slot-wal: the replication slot pulse is lost after 100 MB more of the server's log\n",
		},
		{"a slot before Postgres 13", "slot-wal", func(f *facts) { f.slots[0].WALStatus = nil }, ""},
		{"little lag", "slot-lag", func(*facts) {}, "ok      slot-lag: the replication slot pulse is 5 MB behind; the server keeps 5 MB for it\n"},
		{
			"much lag", "slot-lag", func(f *facts) { lag := int64(3 << 30); f.slots[0].Lag = &lag },
			"warning slot-lag: the replication slot pulse is 3072 MB behind; the server keeps 5 MB for it\n" +
				"          SELECT pg_drop_replication_slot('pulse');\n" +
				"        next: start the service; to give its streams up instead, drop the slot\n",
		},
		{
			"standbys that do not have the slot", "slot-failover",
			func(f *facts) { f.server.Standbys, *f.slots[0].Failover = 1, false },
			"info    slot-failover: the replication slot pulse is not synchronized to standbys: after a failover it is gone, and streams stop\n" +
				"        next: drop it while no stream needs it: the service makes it anew as one that standbys may synchronize\n",
		},
		{"no standbys", "slot-failover", func(f *facts) { *f.slots[0].Failover = false }, ""},
		{
			"slots that were left", "abandoned-slots",
			func(f *facts) {
				f.slots = []slot{{Name: "arazzo_pulse_7_temporary"}, {Name: "arazzo_pulse_8_temporary", Active: true}, {Name: "arazzo_pulse_7"}}
			},
			"warning abandoned-slots: slots of temporary services that were killed keep the server's log for nobody: arazzo_pulse_7_temporary\n" +
				"          SELECT pg_drop_replication_slot('arazzo_pulse_7_temporary');\n",
		},
		{
			"generated columns that can be published", "generated-columns",
			func(f *facts) {
				f.tables = []table{{Namespace: "public", Name: "price", Kind: "r", Persistence: "p", Generated: []string{"gross"}}}
			},
			"info    generated-columns: generated columns are in no event: public.price.gross\n" +
				"          ALTER PUBLICATION \"pulse\" SET (publish_generated_columns = stored);\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := healthy()
			test.change(f)
			if diff := cmp.Diff(test.want, said(Report{Findings: f.judge()}, test.code)); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
		})
	}
}

// Of a server that answers nothing, nothing is said that was not asked for, and
// nothing breaks.
func TestChecksWithoutFacts(t *testing.T) {
	t.Parallel()
	r := Report{Findings: (&facts{unasked: []error{errors.New("the tables: too slow")}}).judge()}
	for _, f := range r.Findings {
		if f.Severity == Error {
			t.Errorf("said %+v", f)
		}
	}
	if got := said(r, "not-examined"); got != "warning not-examined: the tables: too slow\n" {
		t.Errorf("said %q", got)
	}
}

func TestDataFolder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	name := filepath.Join(folder, "file")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	locked := filepath.Join(folder, "locked")
	if err := os.Mkdir(locked, 0o500); err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{
		"":                                  "",
		folder:                              "ok      data-folder: the data folder DIR can be written\n",
		filepath.Join(folder, "new/deeper"): "ok      data-folder: the data folder DIR/new/deeper is not there yet: the service makes it\n",
		name: "error   data-folder: DIR/file is a file, and the data folder must be a folder\n" +
			"        next: choose another folder, or let the service's user write there\n",
		filepath.Join(name, "below"): "error   data-folder: the data folder DIR/file/below: stat DIR/file/below: not a directory\n" +
			"        next: choose another folder, or let the service's user write there\n",
	}
	if os.Getuid() != 0 { // who may write everywhere
		tests[locked] = "error   data-folder: the data folder DIR/locked: permission denied\n" +
			"        next: choose another folder, or let the service's user write there\n"
	}
	for data, want := range tests {
		f := healthy()
		f.options.Data = data
		got := strings.ReplaceAll(said(Report{Findings: f.judge()}, "data-folder"), folder, "DIR")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", data, diff)
		}
	}
}

func TestSpace(t *testing.T) {
	t.Parallel()
	for free, want := range map[uint64]Severity{10 << 30: OK, 1 << 30: Warning, 1 << 20: Error} {
		if got := space("d", free)[0].Severity; got != want {
			t.Errorf("%d bytes free: %s, want %s", free, got, want)
		}
	}
}

// What is too long for a person is whole for a program.
func TestLongLists(t *testing.T) {
	t.Parallel()
	f := healthy()
	for i := range listed + 2 {
		f.tables = append(f.tables, table{Namespace: "public", Name: fmt.Sprintf("t%02d", i), Kind: "r", Persistence: "p", Identity: "d"})
	}
	r := Report{Findings: f.judge()}
	text := said(r, "no-identity")
	if !strings.Contains(text, "public.t19, 2 more\n") || !strings.Contains(text, "-- 2 more: --format json has all\n") || strings.Contains(text, "t20") {
		t.Errorf("the text is\n%s", text)
	}
	var document strings.Builder
	if err := r.WriteJSON(&document); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(document.String(), `"ALTER TABLE \"public\".\"t21\" REPLICA IDENTITY FULL"`) {
		t.Errorf("the document is\n%s", document.String())
	}
}

var codeRow = regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\| [^|]+ \\|$")

// TestCodesAreDocumented holds the codes and the table of docs/pulse.md against
// each other, in one order.
func TestCodesAreDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/pulse.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "### The doctor")
	section, _, _ = strings.Cut(section, "\n##")
	var documented, used []string
	for _, row := range codeRow.FindAllStringSubmatch(section, -1) {
		documented = append(documented, row[1])
	}
	for _, c := range checks {
		used = append(used, c.code)
	}
	if diff := cmp.Diff(used, documented); diff != "" {
		t.Errorf("codes (-code +docs/pulse.md):\n%s", diff)
	}
	if slices.Sort(used); len(slices.Compact(used)) != len(checks) {
		t.Error("two checks have one code")
	}
}
