//go:build unix && !aix && !solaris

package postgres

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// within bounds every wait of these tests: what they wait for takes a tenth of a
// second, and seconds on a machine under load.
const within = 30 * time.Second

// sharedCache is the cache of the tests that are not about caches: initdb is most
// of the time that tests take.
var sharedCache string

// TestMain lets a test run this binary again as an owner that can be killed.
func TestMain(m *testing.M) {
	if base := os.Getenv("ARAZZO_TEST_OWNER"); base != "" {
		os.Exit(ownUntilKilled(base))
	}
	// Without a folder the tests run without a cache.
	sharedCache, _ = os.MkdirTemp("", "pgcache")
	code := m.Run()
	_ = os.RemoveAll(sharedCache)
	os.Exit(code)
}

func TestParseMode(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		want       Mode
		wantError  string
	}{
		{name: "nothing asked for", text: "", want: Auto},
		{name: "auto", text: "auto", want: Auto},
		{name: "launcher", text: "launcher", want: Launcher},
		{name: "download", text: "download", want: Download},
		{
			name: "a mode of the conformance suite", text: "container",
			wantError: `unknown Postgres mode "container": want auto, launcher or download`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseMode(test.text)
			if got != test.want || errorText(err) != test.wantError {
				t.Errorf("got %q, %q, want %q, %q", got, errorText(err), test.want, test.wantError)
			}
		})
	}
}

func TestUnavailable(t *testing.T) {
	t.Parallel()
	wrong := t.TempDir()
	debian := func(program string) (string, error) {
		if program == "apt-get" {
			return "/usr/bin/apt-get", nil
		}
		return "", exec.ErrNotFound
	}
	nothing := func(string) (string, error) { return "", exec.ErrNotFound }
	for _, test := range []struct {
		name string
		on   environment
		mode Mode
		want string
	}{
		{
			name: "no server on a Debian", on: environment{lookPath: debian}, mode: Launcher,
			want: "Postgres mode launcher cannot be had: no installed PostgreSQL server was found (initdb and postgres in one folder); " +
				"next: apt-get install postgresql, or --postgres download, or --database-url URL, or PG_BINDIR=FOLDER",
		},
		{
			name: "no server, unknown packages", on: environment{lookPath: nothing}, mode: Launcher,
			want: "Postgres mode launcher cannot be had: no installed PostgreSQL server was found (initdb and postgres in one folder); " +
				"next: install PostgreSQL's server, or --postgres download, or --database-url URL, or PG_BINDIR=FOLDER",
		},
		{
			name: "PG_BINDIR is wrong", on: environment{lookPath: debian, binDir: wrong}, mode: Launcher,
			want: `Postgres mode launcher cannot be had: PG_BINDIR is "` + wrong + `", which does not hold the programs initdb and postgres; ` +
				"next: set PG_BINDIR to a folder that holds both, or unset it to search this machine",
		},
		{
			name: "PG_BINDIR is wrong and nothing was asked for", on: environment{lookPath: debian, binDir: wrong}, mode: Auto,
			want: `Postgres mode launcher cannot be had: PG_BINDIR is "` + wrong + `", which does not hold the programs initdb and postgres; ` +
				"next: set PG_BINDIR to a folder that holds both, or unset it to search this machine",
		},
		{
			name: "nowhere to download to", on: environment{lookPath: debian}, mode: Download,
			want: "Postgres mode download cannot be had: there is no cache folder to keep the binaries in (neither HOME nor XDG_CACHE_HOME is set); " +
				"next: apt-get install postgresql, or --database-url URL, or ARAZZO_POSTGRES_REPOSITORY=URL of a mirror",
		},
		{
			name: "neither of both", on: environment{lookPath: debian}, mode: Auto,
			want: "Postgres mode auto cannot be had: no installed server was found, and " +
				"there is no cache folder to keep the binaries in (neither HOME nor XDG_CACHE_HOME is set); " +
				"next: apt-get install postgresql, or --database-url URL, or ARAZZO_POSTGRES_REPOSITORY=URL of a mirror",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := test.on.start(t.Context(), Options{Mode: test.mode})
			if diff := cmp.Diff(test.want, errorText(err)); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if unavailable := (*UnavailableError)(nil); !errors.As(err, &unavailable) {
				t.Errorf("got a %T, want an *UnavailableError", err)
			}
		})
	}
}

func TestADatabaseThatIsGivenIsUsedAsItIs(t *testing.T) {
	t.Parallel()
	server, err := environment{}.start(t.Context(), Options{DatabaseURL: "postgres://me:secret@db/app", Mode: Launcher})
	if err != nil {
		t.Fatal(err)
	}
	got := []any{server.URL(), server.Temporary(), server.Describe(), server.Stop(), server.Stop()}
	want := []any{"postgres://me:secret@db/app", false, "the database that was given by its URL", nil, nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAClusterLivesUntilStop(t *testing.T) {
	t.Parallel()
	here := testEnvironment(t)
	var told []string
	server, err := here.start(t.Context(), Options{Mode: Launcher, Progress: func(line string) { told = append(told, line) }})
	if err != nil {
		t.Fatal(err)
	}
	got := query(t, server.URL(), `SELECT current_user || ' ' || usesuper FROM pg_user WHERE usename = current_user
		UNION ALL SELECT current_setting('wal_level') UNION ALL SELECT current_setting('max_replication_slots')
		UNION ALL SELECT current_setting('max_wal_senders') UNION ALL SELECT current_setting('synchronous_commit')
		UNION ALL SELECT current_setting('server_encoding')`)
	if diff := cmp.Diff([]string{"postgres true", "logical", "32", "32", "on", "UTF8"}, got); diff != "" {
		t.Errorf("the server's settings (-want +got):\n%s", diff)
	}
	if want := []string{"postgres: " + server.Describe()}; !slices.Equal(told, want) || !strings.HasPrefix(want[0], "postgres: launcher: PostgreSQL ") {
		t.Errorf("progress is %q, want %q", told, want)
	}
	if !server.Temporary() {
		t.Error("Temporary is false")
	}
	for range 2 {
		if err := server.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	nothingLeft(t, here)
}

func TestPsqlAcceptsTheURL(t *testing.T) {
	t.Parallel()
	psql, err := exec.LookPath("psql")
	if err != nil {
		t.Skip("psql is not installed")
	}
	cmd := exec.Command(psql, "-XAtc", "SELECT 'connected'", start(t, testEnvironment(t)).URL())
	// A user's own settings must not lead the URL astray.
	cmd.Env = append(os.Environ(), "PGPORT=1", "PGUSER=nobody-here", "PGDATABASE=none", "PGSSLMODE=require")
	output, err := cmd.CombinedOutput()
	if err != nil || string(output) != "connected\n" {
		t.Errorf("psql said %q (%v)", output, err)
	}
}

func TestConnectionURL(t *testing.T) {
	t.Parallel()
	const dir = "/tmp/a b+c&d=e%2F/é"
	got := connectionURL(dir)
	if want := "postgresql:///postgres?host=/tmp/a%20b%2Bc%26d%3De%252F/%C3%A9&port=5432&user=postgres&sslmode=disable"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	config, err := pgx.ParseConfig(got)
	if err != nil || config.Host != dir {
		t.Errorf("pgx reads the host %q (%v), want %q", config.Host, err, dir)
	}
}

func TestTwoClustersDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	here := testEnvironment(t)
	servers := make([]*Server, 2)
	var both sync.WaitGroup
	for i := range servers {
		both.Go(func() { servers[i] = start(t, here) })
	}
	both.Wait()
	if t.Failed() {
		return
	}
	query(t, servers[0].URL(), "CREATE DATABASE only_here")
	count := "SELECT count(*)::text FROM pg_database WHERE datname = 'only_here'"
	got := [][]string{query(t, servers[0].URL(), count), query(t, servers[1].URL(), count)}
	if diff := cmp.Diff([][]string{{"1"}, {"0"}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := servers[0].Stop(); err != nil {
		t.Fatal(err)
	}
	query(t, servers[1].URL(), "SELECT 'still there'")
}

func TestACancelledStartLeavesNothing(t *testing.T) {
	t.Parallel()
	reason := errors.New("the user pressed Ctrl-C")
	for name, appears := range map[string]string{
		"before anything":               "",
		"when the folder is there":      folderPrefix + "*",
		"when initdb begins":            folderPrefix + "*/data/PG_VERSION",
		"when initdb is in the middle":  folderPrefix + "*/data/base/1",
		"when the server begins":        folderPrefix + "*/log",
		"when the server has its files": folderPrefix + "*/data/postmaster.pid",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			here := testEnvironment(t)
			here.cache = ""
			ctx, cancel := context.WithCancelCause(t.Context())
			if appears == "" {
				cancel(reason)
			} else {
				go func() {
					eventually(t, "the file "+appears, func() bool { return found(t, here, appears) })
					cancel(reason)
				}()
			}
			server, err := here.start(ctx, Options{})
			if err == nil { // it was ready before the cancel came
				t.Error("the start succeeded; the event comes too late to test anything", server.Stop())
			} else if !errors.Is(err, reason) {
				t.Errorf("got %v, want %v", err, reason)
			}
			nothingLeft(t, here)
		})
	}
}

func TestAServerThatDoesNotStart(t *testing.T) {
	t.Parallel()
	const initdb = `for arg; do case $arg in --pgdata=*) mkdir "${arg#--pgdata=}";; esac; done`
	const version = `[ "$1" = --version ] && { echo "postgres (PostgreSQL) 99.1"; exit; }; `
	// Root's servers run as another account, and the error says so.
	asks := regexp.MustCompile(" when account [a-z_]+ asks")
	for _, test := range []struct {
		name, initdb, postgres, want string
	}{
		{
			name: "it ends", initdb: initdb, postgres: version + `echo "FATAL:  no more room" >&2; exit 7`,
			want: "postgres ended with status 7 before it accepted connections; the end of its log:\nFATAL:  no more room",
		},
		{
			name: "it ends without a word", initdb: initdb, postgres: version + `exit 8`,
			want: "postgres ended with status 8 before it accepted connections",
		},
		{
			name: "initdb fails", initdb: `echo "initdb: error: no more room"; exit 3`, postgres: version,
			want: "initdb from BINDIR: exit status 3; it said:\ninitdb: error: no more room",
		},
		{
			name: "it does not run at all", initdb: initdb, postgres: `echo "libpq.so.5: cannot open" >&2; exit 127`,
			want: "Postgres mode launcher cannot be had: BINDIR/postgres --version failed: exit status 127, it said: libpq.so.5: cannot open; " +
				"next: PG_BINDIR=FOLDER of a server that runs, or --database-url URL",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			here := environment{binDir: sharedFolder(t), temporary: []string{sharedFolder(t)}}
			writeProgram(t, filepath.Join(here.binDir, "initdb"), test.initdb)
			writeProgram(t, filepath.Join(here.binDir, "postgres"), test.postgres)
			_, err := here.start(t.Context(), Options{})
			got := asks.ReplaceAllString(strings.ReplaceAll(errorText(err), here.binDir, "BINDIR"), "")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			nothingLeft(t, here)
		})
	}
}

// testEnvironment is this machine with a place for clusters of the test's own. It
// skips the test where no server is installed.
func testEnvironment(t *testing.T) environment {
	t.Helper()
	here := systemEnvironment()
	if _, err := here.installed(); err != nil {
		t.Skip("this test needs a PostgreSQL server: ", err)
	}
	here.cache = sharedCache
	here.temporary = []string{sharedFolder(t)}
	return here
}

// withOwnCache is testEnvironment with a cache that nobody filled yet.
func withOwnCache(t *testing.T) environment {
	t.Helper()
	here := testEnvironment(t)
	here.cache = filepath.Join(sharedFolder(t), "cache")
	return here
}

// sharedFolder is a folder like /tmp, with a short path: the server's account may
// enter it and remove its own folders from it.
func sharedFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(temporaryFolders()[0], "pg")
	if err == nil {
		err = os.Chmod(dir, 0o777|os.ModeSticky)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func writeProgram(t *testing.T, path, script string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

func start(t *testing.T, here environment) *Server {
	t.Helper()
	server, err := here.start(t.Context(), Options{})
	if err != nil {
		t.Error(err)
		t.FailNow()
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// query returns the first column of what the server answers.
func query(t *testing.T, url, sql string) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, sql)
	if err != nil {
		t.Fatal(err)
	}
	values, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// eventually waits for what another process does.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-deadline.C:
			t.Errorf("waited %s for %s", within, what)
			return
		case <-tick.C:
		}
	}
}

func found(t *testing.T, here environment, pattern string) bool {
	t.Helper()
	matches, err := filepath.Glob(filepath.Join(here.temporary[0], pattern))
	if err != nil {
		t.Error(err)
	}
	return len(matches) > 0
}

// nothingLeft checks that no file and no process of a cluster is left.
func nothingLeft(t *testing.T, here environment) {
	t.Helper()
	if found(t, here, "*") {
		t.Errorf("%s is not empty", here.temporary[0])
	}
	if _, err := exec.LookPath("ps"); err != nil {
		t.Log("ps does not tell which processes there are: ", err)
		return
	}
	// The pause between two signals to Postgres is a process that nobody kills: it ends
	// within its tenth of a second, and bears the supervisor's name until it runs.
	eventually(t, "the end of all processes with "+here.temporary[0], func() bool {
		output, err := exec.Command("ps", "-A", "-o", "args").Output()
		return err == nil && !strings.Contains(string(output), here.temporary[0])
	})
}

func alive(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
