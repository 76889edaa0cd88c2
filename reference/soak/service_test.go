package soak

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const apiKey = "soak"

// program builds the reference once for the test binary.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "arazzo-soak-program-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "reference")
	build := exec.Command("go", append(buildFlags, "-o", path, "github.com/arazzo-conformance/arazzo/cmd/reference")...)
	if out, err := build.CombinedOutput(); err != nil {
		return "", errors.Join(fmt.Errorf("go build: %w\n%s", err, out), os.RemoveAll(dir))
	}
	built = dir
	return path, nil
})

// built is the folder of the program once it was needed.
var built string

func TestMain(m *testing.M) {
	if dir := os.Getenv(natsVariable); dir != "" {
		os.Exit(runNATS(dir))
	}
	code := m.Run()
	// Without a folder there is nothing to remove.
	_ = os.RemoveAll(built)
	os.Exit(code)
}

// service is the reference as its users run it: a process that is started,
// killed and started again.
type service struct {
	program, dir string
	args         []string
	// cable is its way to NATS, nil where it has the log to itself.
	cable *link

	command *exec.Cmd
	ended   chan struct{}
	// from is where in the log file the process began.
	from int64
	// address is where it answers, "" while it does not.
	address atomic.Value
}

// newService is a reference whose files are in dir and its event log, or what it
// has in place of one, in data.
func newService(t *testing.T, dir, databaseURL, data string) *service {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	s := &service{program: path, dir: dir}
	s.args = []string{
		"--database-url", databaseURL, "--data", data, "--api-key", apiKey,
		"--pulse-addr", "127.0.0.1:0", "--accelerate-addr", "127.0.0.1:0", "--ready-file", s.readyFile(),
	}
	s.address.Store("")
	return s
}

func (s *service) readyFile() string { return filepath.Join(s.dir, "ready.json") }

func (s *service) logFile() string { return filepath.Join(s.dir, "reference.log") }

// base is the URL of the API, "" while there is none.
func (s *service) base() string { return s.address.Load().(string) }

// start starts the program until it serves. One that gives up because its
// database is not there is started again, as whatever supervises it would.
func (s *service) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New("the reference does not start"))
	defer cancel()
	for {
		if err := s.launch(); err != nil {
			return err
		}
		for running := true; running; {
			if s.lookReady() {
				return nil
			}
			select {
			case <-s.ended:
				running = false
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-time.After(10 * time.Millisecond):
			}
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

func (s *service) launch() error {
	log, err := os.OpenFile(s.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	// One of an earlier run that was killed would say where nothing is any more.
	if err := os.Remove(s.readyFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	cmd := exec.Command(s.program, s.args...)
	cmd.Dir = "/"
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if s.from, err = log.Seek(0, io.SeekEnd); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	s.command, s.ended = cmd, ended
	return leashed(s.dir, "reference", cmd.Process.Pid)
}

func (s *service) lookReady() bool {
	text, err := os.ReadFile(s.readyFile())
	if err != nil {
		return false
	}
	var ready struct{ Pulse string }
	if json.Unmarshal(text, &ready) != nil {
		return false
	}
	s.address.Store(ready.Pulse)
	return true
}

// end ends the program with a signal and returns when it is gone.
func (s *service) end(signal syscall.Signal) error {
	s.address.Store("")
	// One that has ended by itself meanwhile is gone too.
	_ = s.command.Process.Signal(signal)
	select {
	case <-s.ended:
	case <-time.After(patience):
		return fmt.Errorf("the reference does not end after %s", signal)
	}
	return unleashed(s.dir, "reference")
}

// saidOfRaces is what the race detector said of the program, when it was built
// with it.
func (s *service) saidOfRaces() bool {
	text, err := os.ReadFile(s.logFile())
	return err == nil && bytes.Contains(text, []byte("DATA RACE"))
}

// client is for ordinary requests; streams have connections of their own.
var client = &http.Client{Timeout: 20 * time.Second}

// call sends a request and reads the answer, which must have the status.
func call(ctx context.Context, base, method, path string, body any, want int, answer any) error {
	if base == "" {
		return errNotThere
	}
	// A question has no body: where a proxy still passes one on when the answer is there
	// already, it gives the connection up.
	var sent io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, base+path, sent)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+apiKey)
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != want {
		return fmt.Errorf("%s %s: got %d %s, want %d", method, path, response.StatusCode, text, want)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}

var errNotThere = errors.New("the reference does not run")
