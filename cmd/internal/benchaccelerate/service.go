package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/arazzo-conformance/arazzo/cmd/internal/cost"
)

const (
	apiKey = "bench"
	// poolSize is how many connections to the database each server has: as many as
	// there are questions at a time.
	poolSize = 8
)

// starter starts a server and returns when it answers.
type starter func(context.Context) (*service, error)

// service is a server as a process of its own.
type service struct {
	command *exec.Cmd
	started time.Time
	url     string
	said    bytes.Buffer
}

// startWithin is far longer than any of the servers takes.
const startWithin = time.Minute

// startService starts a program that says where it serves on a line of its own, after
// a word.
func startService(ctx context.Context, word string, command *exec.Cmd) (*service, error) {
	s := &service{command: command, started: time.Now()}
	command.Stderr = &s.said
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	late := time.AfterFunc(startWithin, func() { _ = command.Process.Kill() })
	defer late.Stop()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if address, ok := strings.CutPrefix(lines.Text(), word); ok && strings.Contains(address, "http://") {
			s.url = strings.TrimSpace(address)
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return s, ctx.Err()
		}
	}
	return nil, fmt.Errorf("%s: %w; it said:\n%s", command, errors.Join(errors.New("it did not start"), command.Wait()), s.said.String())
}

// ours starts the program that is measured.
func (b *bench) ours(ctx context.Context) (*service, error) {
	return startService(ctx, "Accelerate", exec.CommandContext(ctx, b.reference, "--database-url", b.url, "--schema", b.schema,
		"--no-persistence", "--api-key", apiKey, "--connection-limit", strconv.Itoa(poolSize),
		"--pulse-addr", "127.0.0.1:0", "--accelerate-addr", "127.0.0.1:0"))
}

// yardstick starts the hand-written server.
func (b *bench) yardstick(ctx context.Context) (*service, error) { return b.hand(ctx) }

func (b *bench) hand(ctx context.Context, flags ...string) (*service, error) {
	return startService(ctx, "", exec.CommandContext(ctx, b.self, append([]string{yardstickRole, "-database", b.url}, flags...)...))
}

// kill ends the process at once, and tells what it took until now.
func (s *service) kill() (cost.Process, error) {
	wall := time.Since(s.started)
	if err := s.command.Process.Kill(); err != nil {
		return cost.Process{}, err
	}
	_ = s.command.Wait() // it says that it was killed
	return cost.Of(s.command.ProcessState, wall), nil
}
