//go:build unix && !aix && !solaris

package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
)

const (
	// maxSocketPath is what sun_path holds on macOS, the least of all, without the
	// byte that ends it.
	maxSocketPath = 103
	socketName    = ".s.PGSQL.5432"
	// logTail is how much of the server's log an error shows, in bytes.
	logTail = 4 << 10
)

// initdbOptions make a cluster that is the same on every machine: bytes order
// text, and the socket's folder is the only guard.
var initdbOptions = []string{"--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"}

// settings is the server's configuration besides where its socket is.
//
// fsync and full_page_writes protect data against a crash of the machine, which
// takes this cluster anyway. synchronous_commit stays on: the walsender sends
// flushed log only, and without it each change waits 200 ms for the walwriter.
var settings = []string{
	"listen_addresses=",
	"port=5432",
	"wal_level=logical",
	// Slots and senders are per cluster, and tests share one between databases.
	"max_replication_slots=32",
	"max_wal_senders=32",
	"fsync=off",
	"full_page_writes=off",
	// The log may live in memory.
	"max_wal_size=256MB",
	// Shared memory as a file of the cluster's folder is removed with it.
	"dynamic_shared_memory_type=mmap",
}

// launch makes a cluster from the installation and runs it.
func (e environment) launch(ctx context.Context, from installation) (*Server, error) {
	as, err := serverAccount(from.mode)
	if err != nil {
		return nil, err
	}
	version, err := from.version(ctx, as)
	if err != nil {
		return nil, err
	}
	home, err := e.clusterFolder(as)
	if err != nil {
		return nil, err
	}
	description := fmt.Sprintf("%s: PostgreSQL %s from %s", from.mode, version, from.binDir)
	e.progress("postgres: " + description)
	running, err := e.boot(ctx, from, version, home, as)
	if err != nil {
		return nil, errors.Join(err, home.remove())
	}
	return &Server{
		url:         connectionURL(home.path),
		description: description,
		temporary:   true,
		ended:       running.ended,
		stop:        sync.OnceValue(func() error { return errors.Join(running.stop(), home.remove()) }),
	}, nil
}

// boot makes the cluster in home and returns when it accepts connections. After
// an error no process of it is left.
func (e environment) boot(ctx context.Context, from installation, version string, home *folder, as account) (*process, error) {
	data := filepath.Join(home.path, "data")
	if err := e.create(ctx, from, version, home, as); err != nil {
		return nil, err
	}
	command := []string{from.program("postgres"), "-D", data, "-c", "unix_socket_directories=" + home.path}
	for _, setting := range settings {
		command = append(command, "-c", setting)
	}
	running, err := run(home, as, command)
	if err != nil {
		return nil, err
	}
	if err := running.ready(ctx, connectionURL(home.path)); err != nil {
		// The log goes with the folder: read it first.
		return nil, errors.Join(withLog(err, home.path), running.stop())
	}
	return running, nil
}

// create fills home with a cluster: the template's, or a new one that becomes the
// template. A cache that cannot be read or written costs a second, nothing more.
func (e environment) create(ctx context.Context, from installation, version string, home *folder, as account) error {
	data := filepath.Join(home.path, "data")
	template := e.templateOf(from.binDir, version+" "+strings.Join(initdbOptions, " "))
	if template.unpack(data, as) == nil {
		return nil
	}
	if err := os.RemoveAll(data); err != nil {
		return fmt.Errorf("removing what a damaged template left: %w", err)
	}
	if err := from.initdb(ctx, data, home, as); err != nil {
		return err
	}
	if template.path != "" {
		_ = template.save(data)
	}
	return nil
}

// initdb makes a new cluster in the folder data.
func (i installation) initdb(ctx context.Context, data string, home *folder, as account) error {
	cmd := exec.CommandContext(ctx, i.program("initdb"), slices.Concat(initdbOptions, []string{"--pgdata=" + data})...)
	as.dress(cmd)
	cmd.ExtraFiles = []*os.File{home.lock}
	// initdb runs postgres; a cancelled start must not leave that behind. Its
	// output ends when the last of them did.
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = goneWithin
	output, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return fmt.Errorf("initdb from %s: %w; it said:\n%s", i.binDir, err, strings.TrimSpace(string(output)))
	}
	return nil
}

var versionNumber = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\d[^ ]*`)
})

// version asks the server for its version, as the account that is to run it: an
// account that may not is found out here.
func (i installation) version(ctx context.Context, as account) (string, error) {
	cmd := exec.CommandContext(ctx, i.program("postgres"), "--version")
	as.dress(cmd)
	output, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	number := versionNumber().FindString(string(output))
	if err == nil && number == "" {
		err = errors.New("the answer has no number")
	}
	if err != nil {
		return "", &UnavailableError{
			Mode:   i.mode,
			Reason: fmt.Sprintf("%s --version failed%s: %v, it said: %s", i.program("postgres"), as.phrase(), err, strings.TrimSpace(string(output))),
			Next:   []string{"PG_BINDIR=FOLDER of a server that runs", "--database-url URL"},
		}
	}
	return number, nil
}

// clusterFolder makes the cluster's folder in the first place that takes it.
func (e environment) clusterFolder(as account) (*folder, error) {
	for _, base := range e.temporary {
		sweep(base)
	}
	var refused []error
	for _, base := range e.temporary {
		// MkdirTemp adds up to ten digits.
		if len(filepath.Join(base, folderPrefix+"0123456789", socketName)) > maxSocketPath {
			refused = append(refused, fmt.Errorf("%s: too long for the path of a socket", base))
			continue
		}
		home, err := newFolder(base)
		if err == nil {
			if err = as.own(home.path); err == nil {
				return home, nil
			}
			err = errors.Join(err, home.remove())
		}
		refused = append(refused, err)
	}
	return nil, fmt.Errorf("no place for a cluster, set TMPDIR to a folder with room: %w", errors.Join(refused...))
}

// connectionURL is the URI of the cluster whose socket is in dir. It says all
// that PGPORT, PGUSER and their like could otherwise decide.
func connectionURL(dir string) string {
	host := strings.NewReplacer("+", "%20", "%2F", "/").Replace(url.QueryEscape(dir))
	return "postgresql:///postgres?host=" + host + "&port=5432&user=postgres&sslmode=disable"
}

// withLog adds the end of the server's log to an error.
func withLog(err error, home string) error {
	log, readErr := os.ReadFile(filepath.Join(home, "log"))
	if readErr != nil || len(log) == 0 {
		return err
	}
	return fmt.Errorf("%w; the end of its log:\n%s", err, strings.TrimSpace(string(log[max(0, len(log)-logTail):])))
}
