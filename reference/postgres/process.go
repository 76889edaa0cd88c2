//go:build unix && !aix && !solaris

package postgres

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

//go:embed supervise.sh
var superviseScript []byte

const (
	// readyWithin bounds the wait for the first connection: 0.1 s when idle, 4 s
	// seen on a slow disk under load.
	readyWithin = time.Minute
	// askEvery is the pause between two tries to connect. Postgres tells nobody
	// when it is ready, and a refused try on a Unix socket costs microseconds.
	askEvery = 5 * time.Millisecond
	// goneWithin bounds an immediate shutdown: 30 to 60 ms when idle.
	goneWithin = 10 * time.Second
)

// process is a running server under its supervisor.
type process struct {
	supervisor *exec.Cmd
	leash      *os.File      // closing it ends the server; so does our death
	ended      chan struct{} // closed when the server ended
	status     string        // its exit status, once ended; "" when the supervisor ended before it
	gone       chan struct{} // closed when the supervisor ended too
}

// run starts a server's command line in a folder, as the account.
func run(in *folder, as account, command []string) (*process, error) {
	end, leash, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("starting postgres: %w", err)
	}
	defer end.Close()
	script := filepath.Join(in.path, "supervise.sh")
	if err := errors.Join(os.WriteFile(script, superviseScript, 0o600), as.own(script)); err != nil {
		return nil, errors.Join(fmt.Errorf("starting postgres: %w", err), leash.Close())
	}
	cmd := exec.Command("/bin/sh", append([]string{script, in.path}, command...)...)
	as.dress(cmd)
	cmd.ExtraFiles = []*os.File{in.lock, end}
	report, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting postgres: %w", err), leash.Close())
	}
	p := &process{supervisor: cmd, leash: leash, ended: make(chan struct{}), gone: make(chan struct{})}
	go p.wait(report)
	return p, nil
}

func (p *process) wait(report io.Reader) {
	// Read errors and exit codes say nothing that an empty status does not.
	status, _ := io.ReadAll(report)
	p.status = strings.TrimSpace(string(status))
	close(p.ended)
	_ = p.supervisor.Wait()
	close(p.gone)
}

// ready returns when the server accepts connections.
func (p *process) ready(ctx context.Context, url string) error {
	deadline, cancel := context.WithTimeoutCause(ctx, readyWithin,
		fmt.Errorf("postgres did not accept connections within %s", readyWithin))
	defer cancel()
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		conn, err := pgconn.Connect(deadline, url)
		if err == nil {
			return conn.Close(deadline)
		}
		select {
		case <-p.ended:
			return fmt.Errorf("postgres ended with status %s before it accepted connections", p.status)
		case <-deadline.Done():
			return context.Cause(deadline)
		case <-tick.C:
		}
	}
}

// stop ends the server and returns when it is gone.
func (p *process) stop() error {
	closeErr := p.leash.Close()
	overdue := time.NewTimer(goneWithin)
	defer overdue.Stop()
	select {
	case <-p.gone:
		if p.status != "" {
			return closeErr
		}
	case <-overdue.C:
	}
	// The supervisor was killed or is stuck. Postgres is in its process group, and
	// its own children end when they miss it.
	if err := syscall.Kill(-p.supervisor.Process.Pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("ending postgres: %w", err)
	}
	<-p.gone
	return closeErr
}
