//go:build unix && !aix && !solaris

package postgres

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// ownUntilKilled is the owner that a test kills: it starts a cluster in base,
// prints its folder and waits for the end of its standard input.
func ownUntilKilled(base string) int {
	here := systemEnvironment()
	here.temporary, here.cache = []string{base}, os.Getenv("ARAZZO_TEST_CACHE")
	server, err := here.start(context.Background(), Options{Mode: Launcher})
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		return 1
	}
	home, _ := filepath.Glob(filepath.Join(base, folderPrefix+"*"))
	_, _ = os.Stdout.WriteString(strings.Join(home, " ") + "\n" + server.URL() + "\n")
	_, _ = os.Stdin.Read(make([]byte, 1))
	_ = server.Stop()
	return 1
}

// owner is a process with a cluster, the cluster's folder and URL, and its server.
type owner struct {
	process   *exec.Cmd
	home, url string
	server    int
}

func startOwner(t *testing.T, here environment) owner {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ARAZZO_TEST_OWNER="+here.temporary[0], "ARAZZO_TEST_CACHE="+here.cache)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stdin.Close() })
	lines := bufio.NewScanner(stdout)
	o := owner{process: cmd}
	for _, field := range []*string{&o.home, &o.url} {
		if !lines.Scan() {
			t.Fatal("the owner ended: ", cmd.Wait())
		}
		*field = lines.Text()
	}
	o.server = serverPID(t, o.home)
	return o
}

func serverPID(t *testing.T, home string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(home, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.SplitN(string(text), "\n", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// supervisor is the process that watches a server: the leader of its group.
func supervisor(t *testing.T, server int) int {
	t.Helper()
	pid, err := syscall.Getpgid(server)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func kill(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

func TestAnOwnerThatIsKilledTakesItsClusterAlong(t *testing.T) {
	t.Parallel()
	here := testEnvironment(t)
	owned := startOwner(t, here)
	watching := supervisor(t, owned.server)
	query(t, owned.url, "SELECT 'there'")
	kill(t, owned.process.Process.Pid)
	_ = owned.process.Wait()
	eventually(t, "the server's end", func() bool { return !alive(owned.server) })
	eventually(t, "the folder's end", func() bool { return !found(t, here, "*") })
	eventually(t, "the supervisor's end", func() bool { return !alive(watching) })
}

func TestTheNextStartSweepsWhatAKilledSupervisorLeft(t *testing.T) {
	t.Parallel()
	here := testEnvironment(t)
	owned := startOwner(t, here)
	kill(t, supervisor(t, owned.server))
	query(t, owned.url, "SELECT 'there as long as its owner is'")
	sweep(here.temporary[0])
	query(t, owned.url, "SELECT 'a sweep leaves it alone'")

	kill(t, owned.process.Process.Pid)
	_ = owned.process.Wait()
	eventually(t, "the server's end", func() bool { return !alive(owned.server) })
	if !found(t, here, filepath.Base(owned.home)) {
		t.Fatal("the folder is gone already; nothing is left to sweep")
	}
	eventually(t, "a start that sweeps", func() bool {
		if err := start(t, here).Stop(); err != nil {
			t.Error(err)
		}
		return !found(t, here, filepath.Base(owned.home))
	})
	nothingLeft(t, here)
}

func TestASweepWaitsForTheLastProcessOfADeadOwner(t *testing.T) {
	t.Parallel()
	here := testEnvironment(t)
	owned := startOwner(t, here)
	group := -supervisor(t, owned.server)
	if err := syscall.Kill(group, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	kill(t, owned.process.Process.Pid)
	_ = owned.process.Wait()
	sweep(here.temporary[0])
	if !found(t, here, filepath.Base(owned.home)+"/data/PG_VERSION") {
		t.Error("the sweep took the folder from a server that is still there")
	}
	if err := syscall.Kill(group, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the folder's end", func() bool { return !found(t, here, "*") })
}

func TestAServerThatDoesNotListenYetEndsWithItsOwner(t *testing.T) {
	t.Parallel()
	here := testEnvironment(t)
	real, err := here.installed()
	if err != nil {
		t.Fatal(err)
	}
	// Before it is Postgres the command ignores SIGQUIT as Postgres does at first.
	slow := sharedFolder(t)
	begun := filepath.Join(here.temporary[0], "begun")
	writeProgram(t, filepath.Join(slow, "initdb"), "exec "+real.program("initdb")+` "$@"`)
	writeProgram(t, filepath.Join(slow, "postgres"),
		`[ "$1" = --version ] || { : >`+begun+`; sleep 0.3; }; exec `+real.program("postgres")+` "$@"`)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ARAZZO_TEST_OWNER="+here.temporary[0], "PG_BINDIR="+slow)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the server's begin", func() bool { return found(t, here, "begun") })
	kill(t, cmd.Process.Pid)
	_ = cmd.Wait()
	eventually(t, "the folder's end", func() bool { return !found(t, here, folderPrefix+"*") })
}

func TestStopEndsAServerWhoseSupervisorWasKilled(t *testing.T) {
	t.Parallel()
	here := testEnvironment(t)
	server := start(t, here)
	homes, err := filepath.Glob(filepath.Join(here.temporary[0], folderPrefix+"*"))
	if err != nil || len(homes) != 1 {
		t.Fatal(homes, err)
	}
	pid := serverPID(t, homes[0])
	kill(t, supervisor(t, pid))
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the server's end", func() bool { return !alive(pid) })
	nothingLeft(t, here)
}

func TestASignalToTheSupervisorChangesNothing(t *testing.T) {
	t.Parallel()
	here := testEnvironment(t)
	owned := startOwner(t, here)
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		if err := syscall.Kill(supervisor(t, owned.server), signal); err != nil {
			t.Fatal(err)
		}
	}
	query(t, owned.url, "SELECT 'there'")
	kill(t, owned.process.Process.Pid)
	_ = owned.process.Wait()
	eventually(t, "the folder's end", func() bool { return !found(t, here, "*") })
}

// TestSweep has the process to itself: a program that another test starts holds, from
// its fork until its exec, every lock that is closed here meanwhile.
func TestSweep(t *testing.T) {
	base := t.TempDir()
	abandoned, err := newFolder(base)
	if err != nil {
		t.Fatal(err)
	}
	living, err := newFolder(base)
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{
		abandoned.path + "/data":                      "",
		base + "/another-1/" + lockName:               "",
		base + "/" + folderPrefix + "unlocked/" + "f": "",
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	elsewhere := filepath.Join(base, "another-1", lockName)
	trap := filepath.Join(base, folderPrefix+"trap")
	if err := os.Mkdir(trap, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, filepath.Join(trap, lockName)); err != nil {
		t.Fatal(err)
	}
	if err := abandoned.lock.Close(); err != nil {
		t.Fatal(err)
	}
	sweep(base)
	for path, want := range map[string]bool{
		abandoned.path: false, living.path: true, elsewhere: true, trap: true, base + "/" + folderPrefix + "unlocked": true,
	} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", path, err == nil, want)
		}
	}
	if err := living.remove(); err != nil {
		t.Error(err)
	}
}
