package soak

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// settings make a server that keeps its word through a kill -9, and that decodes
// and gives up on peers soon enough for a test.
var settings = []string{
	"listen_addresses=",
	"port=5432",
	"wal_level=logical",
	"fsync=on",
	"full_page_writes=on",
	"synchronous_commit=on",
	"max_replication_slots=10",
	"max_wal_senders=10",
	"max_prepared_transactions=10",
	// The least there is: transactions of some hundred changes are already long.
	"logical_decoding_work_mem=64kB",
	// A peer that is gone without a word must be noticed within a round.
	"wal_sender_timeout=3s",
	// Checkpoints come within rounds, by time and by size.
	"checkpoint_timeout=30s",
	"max_wal_size=64MB",
	"dynamic_shared_memory_type=mmap",
}

// cluster is a Postgres of our own that can be killed and started again.
type cluster struct {
	binDir string
	owner  *syscall.Credential // nil when it is us
	dir    string

	command *exec.Cmd
	ended   chan struct{} // closed when the postmaster has ended
}

// newCluster makes a cluster in dir. The binaries, and the account they may run
// as, are those of the cluster that other tests share.
func newCluster(t *testing.T, dir string) *cluster {
	t.Helper()
	c := &cluster{dir: dir}
	conn := postgrestest.Connect(t, postgrestest.Cluster(t))
	var data string
	const query = `SELECT setting, current_setting('data_directory') FROM pg_config WHERE name = 'BINDIR'`
	if err := conn.QueryRow(t.Context(), query).Scan(&c.binDir, &data); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(data)
	if err != nil {
		t.Fatal(err)
	}
	if owner := info.Sys().(*syscall.Stat_t); int(owner.Uid) != os.Geteuid() {
		c.owner = &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	initdb := c.run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata="+c.data())
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	return c
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

// run is a program of the server's, as its account.
func (c *cluster) run(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.binDir, program), args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: c.owner}
	return cmd
}

// socket is where the server listens.
func (c *cluster) socket() net.Addr {
	return &net.UnixAddr{Net: "unix", Name: filepath.Join(c.dir, ".s.PGSQL.5432")}
}

// url is a database of the server, past the link that can be cut.
func (c *cluster) url(database string) string {
	return "postgresql:///" + database + "?user=postgres&sslmode=disable&host=" + url.QueryEscape(c.dir)
}

// start starts the server and returns when it has recovered and accepts
// connections.
func (c *cluster) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New("Postgres did not come up in time"))
	defer cancel()
	for {
		if err := c.launch(); err != nil {
			return err
		}
		err := c.ready(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
		// What was killed may not be gone yet and hold the memory that all shared.
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

func (c *cluster) launch() error {
	log, err := os.OpenFile(filepath.Join(c.dir, "postgres.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	args := []string{"-D", c.data(), "-c", "unix_socket_directories=" + c.dir}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	cmd := c.run("postgres", args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	c.command, c.ended = cmd, ended
	return leashed(c.dir, "postgres", cmd.Process.Pid)
}

// ready returns when the server accepts connections, or has ended.
func (c *cluster) ready(ctx context.Context) error {
	for {
		conn, err := pgx.Connect(ctx, c.url("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-c.ended:
			return fmt.Errorf("Postgres ended: %w", err)
		default:
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
}

// processes are the numbers of the server's processes but the postmaster, those
// whose command line has the given word.
func (c *cluster) processes(word string) ([]int, error) {
	var said bytes.Buffer
	list := exec.Command("ps", "-A", "-o", "pid=,ppid=,args=")
	list.Stdout, list.Stderr = &said, &said
	if err := list.Run(); err != nil {
		return nil, fmt.Errorf("ps: %w: %s", err, said.String())
	}
	parent := strconv.Itoa(c.command.Process.Pid)
	var found []int
	for line := range strings.Lines(said.String()) {
		fields := strings.Fields(line)
		if len(fields) > 1 && fields[1] == parent && strings.Contains(line, word) {
			pid, err := strconv.Atoi(fields[0])
			if err != nil {
				return nil, err
			}
			found = append(found, pid)
		}
	}
	return found, nil
}

// kill ends every process of the server with SIGKILL, as a machine that runs out
// of memory or a container that is removed does. The postmaster is halted first,
// or it would see the others die and begin anew.
func (c *cluster) kill() error {
	if err := c.command.Process.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	pids, err := c.processes("")
	for _, pid := range append(pids, c.command.Process.Pid) {
		// One that has ended by itself meanwhile is as good as killed.
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	<-c.ended
	return errors.Join(err, unleashed(c.dir, "postgres"))
}

// killOne ends one process at random, of those whose command line has the word.
// The postmaster then ends all the others and recovers, by itself.
func (c *cluster) killOne(ctx context.Context, word string, pick func(n int) int) error {
	witness, err := pgx.Connect(ctx, c.url("postgres"))
	if err != nil {
		return err
	}
	defer witness.Close(ctx)
	pids, err := c.processes(word)
	if err != nil || len(pids) == 0 {
		return err
	}
	_ = syscall.Kill(pids[pick(len(pids))], syscall.SIGKILL)
	// This connection is ended with all the others, soon; one of a process that had
	// ended by itself is not.
	_, _ = witness.Exec(ctx, "SELECT pg_sleep(3)")
	return c.ready(ctx)
}

// restart is a restart as an administrator does it; SIGINT is "fast", SIGQUIT
// "immediate".
func (c *cluster) restart(ctx context.Context, signal syscall.Signal) error {
	if err := c.command.Process.Signal(signal); err != nil {
		return err
	}
	select {
	case <-c.ended:
	case <-time.After(patience):
		return errors.New("Postgres does not end")
	}
	return c.start(ctx)
}
