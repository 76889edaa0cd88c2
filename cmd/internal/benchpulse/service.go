package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/arazzo-conformance/arazzo/cmd/internal/cost"
)

const apiKey = "bench"

// service is our server as a process of its own, with a durable log.
type service struct {
	command *exec.Cmd
	started time.Time
	url     string
	said    bytes.Buffer
}

// startService starts the program and returns when it answers.
func startService(ctx context.Context, program, database, folder string) (*service, error) {
	s := &service{command: exec.CommandContext(ctx, program, "--database-url", database, "--data", folder,
		"--api-key", apiKey, "--pulse-addr", "127.0.0.1:0", "--accelerate-addr", "127.0.0.1:0")}
	s.command.Stderr = &s.said
	out, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.started = time.Now()
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if address, ok := strings.CutPrefix(lines.Text(), "Pulse "); ok {
			s.url = strings.TrimSpace(address)
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return s, nil
		}
	}
	return nil, fmt.Errorf("%s: %w; it said:\n%s", program, errors.Join(errors.New("it did not start"), s.command.Wait()), s.said.String())
}

// kill ends the process at once, and tells what it took until now.
func (s *service) kill() (cost.Process, error) {
	wall := time.Since(s.started)
	if err := s.command.Process.Kill(); err != nil {
		return cost.Process{}, err
	}
	_ = s.command.Wait() // it says that it was killed
	return cost.Of(s.command.ProcessState, wall), s.complaint()
}

// stop ends the process in order.
func (s *service) stop() error {
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	if err := s.command.Wait(); err != nil {
		return fmt.Errorf("the service: %w; it said:\n%s", err, s.said.String())
	}
	return s.complaint()
}

// complaint is an error where the process logged one: what it measured then is
// something else.
func (s *service) complaint() error {
	if said := s.said.String(); strings.Contains(said, "level=ERROR") {
		return fmt.Errorf("the service logged errors:\n%s", said)
	}
	return nil
}

// createStream makes a named stream of a table's changes.
func (s *service) createStream(ctx context.Context, name, model string) error {
	body := fmt.Sprintf(`{"name": %q, "model": %q}`, name, model)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/streams", strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+apiKey)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusCreated {
		err = fmt.Errorf("creating the stream %s: %s: %s", name, response.Status, answer)
	}
	return err
}

// events is where a named stream is read.
func (s *service) events(name string) string { return s.url + "/streams/" + name + "/events" }

// copyFolder copies a log that nobody has open.
func copyFolder(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return os.CopyFS(to, os.DirFS(filepath.Clean(from)))
}
