//go:build unix && !aix && !solaris

package capture

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/postgres"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// TestFailover promotes a standby after the primary was killed. The service has
// both in its URL.
func TestFailover(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		// follows says that the standby received what the primary did, synchronizes
		// that it has the slot, where Postgres can do that.
		follows, synchronizes bool
		lost                  string
		goesOn                bool
	}{
		"to a standby with the slot": {
			follows: true, synchronizes: true, goesOn: true,
		},
		"to a standby without the slot": {
			follows: true, goesOn: true,
			lost: "the replication slot is not on the standby that was promoted (from Postgres 17 on, sync_replication_slots = on there keeps a copy), " +
				"and with it changes are gone that this stream had still to deliver",
		},
		"to a standby that lacks what was delivered": {
			lost: "timeline 2 of the database left timeline 1 at ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			primary, err := postgres.Start(t.Context(), postgres.Options{})
			postgrestest.Skip(t, err)
			t.Cleanup(func() { _ = primary.Stop() })
			w := newStillWorld(t, primary.URL(), userTable)
			if tt.synchronizes {
				w.needs(170000, "slots are on standbys from version 17 on")
			}
			standby := newStandby(t, w, tt.follows, tt.synchronizes)
			w.options.DatabaseURL = eitherOf(t, primary.URL(), standby.url)
			w.options.Disposable = true
			w.start()
			w.execute(`INSERT INTO "User" VALUES (1, 'a')`)
			w.events(1)
			if tt.synchronizes {
				standby.awaitSlot(w)
			}
			w.execute(`INSERT INTO "User" VALUES (2, 'b')`)
			w.events(2)
			if tt.follows {
				standby.awaitRow(2)
			}
			if err := primary.Stop(); err != nil {
				t.Fatal(err)
			}
			standby.promote()
			after := pool(t, standby.url)
			insert := func(id int) {
				if _, err := after.Exec(t.Context(), `INSERT INTO "User" VALUES ($1, 'after')`, id); err != nil {
					t.Fatal(err)
				}
			}
			if !tt.goesOn {
				eventually.True(t, "the refusal", func() bool { return strings.Contains(w.capture.State().LastError, tt.lost) })
				insert(3)
				w.events(2)
				if told := w.lost.told(); !strings.HasPrefix(told[len(told)-1], tt.lost) {
					t.Errorf("told as lost: %q", told)
				}
				return
			}
			if tt.lost != "" {
				eventually.True(t, "the slot on the new primary", func() bool { return w.capture.State().Link == LinkConnected && len(w.lost.told()) > 1 })
			}
			insert(3)
			want := []string{created(1, "a"), created(2, "b"), created(3, "after")}
			if diff := cmp.Diff(want, w.events(3)); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			// The first is of the start: there was no slot.
			told := append(w.lost.told()[1:], "")
			if told[0] != tt.lost {
				t.Errorf("told as lost: %q, want %q", told[0], tt.lost)
			}
		})
	}
}

// standby is a second server, made as a copy of the first.
type standby struct {
	t   *testing.T
	url string
}

// newStandby copies the primary while it runs, as the chapter "Making a Base
// Backup Using the Low Level API" says: pg_basebackup is not everywhere.
func newStandby(t *testing.T, w *world, follows, synchronizes bool) *standby {
	t.Helper()
	source, version := w.ask("SHOW data_directory"), w.version()
	home, err := os.MkdirTemp("/tmp", "standby")
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(home, "data")
	begin, end := "SELECT pg_start_backup('copy', true, false)", "SELECT labelfile FROM pg_stop_backup(false, false)"
	if version >= 150000 {
		begin, end = "SELECT pg_backup_start('copy', true)", "SELECT labelfile FROM pg_backup_stop(false)"
	}
	conn, err := pgx.Connect(t.Context(), w.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), begin); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(data, os.DirFS(source)); err != nil {
		t.Fatal(err)
	}
	var label string
	if err := conn.QueryRow(t.Context(), end).Scan(&label); err != nil {
		t.Fatal(err)
	}
	settings := []string{
		"unix_socket_directories=" + home, "listen_addresses=", "port=5432", "wal_level=logical", "max_replication_slots=32", "max_wal_senders=32",
		"fsync=off", "hot_standby=on", "hot_standby_feedback=on", "dynamic_shared_memory_type=mmap",
	}
	if follows {
		u, _ := url.Parse(w.url)
		settings = append(settings, fmt.Sprintf("primary_conninfo=host=%s port=5432 user=postgres dbname=postgres", u.Query().Get("host")))
	}
	if synchronizes {
		w.execute("SELECT pg_create_physical_replication_slot('standby')", "ALTER SYSTEM SET synchronized_standby_slots = 'standby'", "SELECT pg_reload_conf()")
		settings = append(settings, "primary_slot_name=standby", "sync_replication_slots=on")
	}
	// The log up to the end of the backup is part of it; slots and the primary's own
	// process are not.
	err = errors.Join(
		os.RemoveAll(filepath.Join(data, "pg_wal")),
		os.CopyFS(filepath.Join(data, "pg_wal"), os.DirFS(filepath.Join(source, "pg_wal"))),
		os.RemoveAll(filepath.Join(data, "pg_replslot")),
		os.Mkdir(filepath.Join(data, "pg_replslot"), 0o700),
		os.Remove(filepath.Join(data, "postmaster.pid")),
		os.WriteFile(filepath.Join(data, "backup_label"), []byte(label), 0o600),
		os.WriteFile(filepath.Join(data, "standby.signal"), nil, 0o600),
	)
	if err != nil {
		t.Fatal(err)
	}
	s := &standby{t: t, url: "postgresql:///postgres?host=" + url.QueryEscape(home) + "&port=5432&user=postgres&sslmode=disable"}
	s.run(filepath.Join(w.ask("SELECT setting FROM pg_config WHERE name = 'BINDIR'"), "postgres"), home, source, settings)
	eventually.True(t, "the standby to answer", func() bool {
		conn, err := pgx.Connect(t.Context(), s.url)
		if err == nil {
			_ = conn.Close(t.Context())
		}
		return err == nil
	})
	return s
}

// run starts the server as the owner of the primary's data, until the test ends.
func (s *standby) run(program, home, source string, settings []string) {
	s.t.Helper()
	info, err := os.Stat(source)
	if err != nil {
		s.t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	data := filepath.Join(home, "data")
	err = filepath.WalkDir(home, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = os.Chmod(path, 0o700)
		}
		if err == nil && int(owner.Uid) != os.Getuid() {
			err = os.Lchown(path, int(owner.Uid), int(owner.Gid))
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	arguments := []string{"-D", data}
	for _, setting := range settings {
		arguments = append(arguments, "-c", setting)
	}
	cmd := exec.Command(program, arguments...)
	cmd.Dir, cmd.Env = home, []string{}
	log, err := os.Create(filepath.Join(home, "log"))
	if err != nil {
		s.t.Fatal(err)
	}
	cmd.Stderr = log
	if int(owner.Uid) != os.Getuid() {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGQUIT)
		_ = cmd.Wait()
		_ = log.Close()
		if text, err := os.ReadFile(log.Name()); err == nil && s.t.Failed() {
			s.t.Logf("the end of the standby's log:\n%s", text[max(0, len(text)-4<<10):])
		}
		_ = os.RemoveAll(home)
	})
}

// ask is whether a query gives true; a server that is busy starting says no.
func (s *standby) ask(query string) (yes bool) {
	p, err := pgxpool.New(s.t.Context(), s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	defer p.Close()
	_ = p.QueryRow(s.t.Context(), query).Scan(&yes)
	return yes
}

// awaitSlot waits until the standby has the slot in a form that outlives the
// primary.
func (s *standby) awaitSlot(w *world) {
	s.t.Helper()
	n := 100
	eventually.True(s.t, "the slot on the standby", func() bool {
		// The standby takes a slot when the primary's has moved on.
		n++
		w.execute(fmt.Sprintf(`CREATE TABLE moved%d ()`, n))
		return s.ask("SELECT count(*) = 1 FROM pg_replication_slots WHERE to_jsonb(pg_replication_slots) ->> 'synced' = 'true' AND NOT temporary")
	})
}

func (s *standby) awaitRow(id int) {
	s.t.Helper()
	eventually.True(s.t, "the row on the standby", func() bool {
		return s.ask(fmt.Sprintf(`SELECT count(*) = 1 FROM "User" WHERE id = %d`, id))
	})
}

func (s *standby) promote() {
	s.t.Helper()
	if !s.ask("SELECT pg_promote()") {
		s.t.Fatal("the standby was not promoted")
	}
	eventually.True(s.t, "the standby to be a primary", func() bool { return s.ask("SELECT NOT pg_is_in_recovery()") })
}

// eitherOf is a URL of two servers, for the one that is the primary.
func eitherOf(t *testing.T, first, second string) string {
	t.Helper()
	u, err := url.Parse(first)
	if err != nil {
		t.Fatal(err)
	}
	other, err := url.Parse(second)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("host", query.Get("host")+","+other.Query().Get("host"))
	query.Set("port", "5432,5432")
	query.Set("target_session_attrs", "read-write")
	u.RawQuery = query.Encode()
	return u.String()
}
