package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/arazzo-conformance/arazzo/cmd/internal/cost"
)

// bench holds what the cases share: the programs, the database and a folder.
type bench struct {
	self, reference string
	folder          string
	cluster         *cluster
	sizes           sizes
	// out takes the tables.
	out io.Writer
}

// sizes are how much is measured.
type sizes struct {
	// runs is how often each program runs.
	runs int
	// small is the number of one-row transactions, large the numbers of rows of one
	// transaction.
	small int
	large []int
	// seconds is how long the cases with a rate last.
	seconds int
	// rates of the latency, in changes a second.
	rates []int
	// subscribers of the fan-out, at so many events a second.
	subscribers []int
	rate        int
	// slow is the number of consumers that read nothing, beside so many events;
	// slowFill are more than fit into the buffers between them and a server.
	slow, slowEvents, slowFill int
}

var (
	quick = sizes{
		runs: 3, small: 100_000, large: []int{100_000}, seconds: 2, rates: []int{100, 500, 1000},
		subscribers: []int{1, 100, 1000}, rate: 1000, slow: 999, slowEvents: 100_000, slowFill: 20_000,
	}
	full = sizes{
		runs: 5, small: 1_000_000, large: []int{1_000_000, 5_000_000}, seconds: 8, rates: []int{100, 500, 1000},
		subscribers: []int{1, 100, 1000}, rate: 1000, slow: 999, slowEvents: 1_000_000, slowFill: 20_000,
	}
)

// newBench starts the database. The caller closes it.
func newBench(ctx context.Context, reference, data string, of sizes) (b *bench, err error) {
	b = &bench{sizes: of, out: os.Stdout}
	if b.reference, err = filepath.Abs(reference); err != nil {
		return nil, err
	}
	if b.self, err = os.Executable(); err != nil {
		return nil, err
	}
	if b.folder, err = os.MkdirTemp(data, "arazzo-bench-"); err != nil {
		return nil, err
	}
	if b.cluster, err = startCluster(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(b.folder))
	}
	return b, nil
}

func (b *bench) close() error {
	return errors.Join(b.cluster.stop(), os.RemoveAll(b.folder))
}

func (b *bench) path(name string) string { return filepath.Join(b.folder, name) }

// describe says what the figures depend on.
func (b *bench) describe(ctx context.Context) error {
	settings, err := b.cluster.text(ctx, `SELECT version() || ', fsync ' || current_setting('fsync') || ', synchronous_commit ' || current_setting('synchronous_commit')`)
	if err != nil {
		return err
	}
	took, err := syncTime(b.folder)
	fmt.Fprintf(b.out, "%s\nThe event log is in %s, where a write of 4 KiB is on disk after %s (median of %d).\n", settings, b.folder, took, syncs)
	return err
}

const syncs = 100

// syncTime is the middle of what it takes to have 4 KiB on the disk.
func syncTime(folder string) (time.Duration, error) {
	file, err := os.CreateTemp(folder, "sync-")
	if err != nil {
		return 0, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	took := make([]time.Duration, syncs)
	for i := range took {
		started := time.Now()
		if _, err := file.Write(make([]byte, 4<<10)); err != nil {
			return 0, err
		}
		if err := file.Sync(); err != nil {
			return 0, err
		}
		took[i] = time.Since(started)
	}
	slices.Sort(took)
	return took[syncs/2].Round(time.Microsecond), nil
}

// child is a role of this program as a process of its own.
type child struct {
	command *exec.Cmd
	started time.Time
	out     bytes.Buffer
	// said are the lines of its standard error; it is closed with that.
	said chan string
}

func (b *bench) start(ctx context.Context, program string, args ...string) (*child, error) {
	c := &child{command: exec.CommandContext(ctx, program, args...), started: time.Now(), said: make(chan string, 100)}
	c.command.Stdout = &c.out
	lines, err := c.command.StderrPipe()
	if err != nil {
		return nil, err
	}
	go func() {
		defer close(c.said)
		for s := bufio.NewScanner(lines); s.Scan(); {
			c.said <- s.Text()
		}
	}()
	return c, c.command.Start()
}

// line is the next line that the process says.
func (c *child) line(ctx context.Context) (string, error) {
	select {
	case line, open := <-c.said:
		if !open {
			_, _, err := c.wait()
			return "", fmt.Errorf("%s ended: %w", c.command, err)
		}
		return line, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// saying waits until the process says that.
func (c *child) saying(ctx context.Context, what string) error {
	line, err := c.line(ctx)
	if err == nil && line != what {
		err = fmt.Errorf("%s said %q", c.command, line)
	}
	return err
}

// wait returns what the process took and what it says of what arrived, where it
// says something.
func (c *child) wait() (cost.Process, arrival, error) {
	var said strings.Builder
	for line := range c.said {
		fmt.Fprintln(&said, line)
	}
	err := c.command.Wait()
	wall := time.Since(c.started)
	if err != nil {
		return cost.Process{}, arrival{}, fmt.Errorf("%s: %w\n%s", c.command, err, said.String())
	}
	var arrived arrival
	if c.out.Len() > 0 {
		err = json.Unmarshal(c.out.Bytes(), &arrived)
	}
	return cost.Of(c.command.ProcessState, wall), arrived, err
}

// run runs a process to its end.
func (b *bench) run(ctx context.Context, program string, args ...string) (cost.Process, arrival, error) {
	c, err := b.start(ctx, program, args...)
	if err != nil {
		return cost.Process{}, arrival{}, err
	}
	return c.wait()
}
