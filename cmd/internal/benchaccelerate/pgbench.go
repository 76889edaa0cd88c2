package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// What pgbench says at its end.
var (
	saysRate    = regexp.MustCompile(`tps = ([0-9.]+)`)
	saysLatency = regexp.MustCompile(`latency average = ([0-9.]+) ms`)
)

// pgbench asks the database itself. It knows the mean of its latencies only, which
// stands for the middle one.
func (b *bench) pgbench(ctx context.Context, of contender) (outcome, error) {
	program, err := exec.LookPath("pgbench")
	if err != nil {
		return outcome{}, fmt.Errorf("%w: install Postgres' client programs (Debian: apt-get install postgresql-contrib)", err)
	}
	script := filepath.Join(b.folder, "script.sql")
	if err := os.WriteFile(script, []byte(of.pgbench), 0o600); err != nil {
		return outcome{}, err
	}
	seconds := max(1, int(b.sizes.lasts.Seconds()))
	out, err := exec.CommandContext(ctx, program, "-n", "-M", "prepared", "-c", strconv.Itoa(b.sizes.connections), "-j", "1",
		"-T", strconv.Itoa(seconds), "-f", script, b.url).CombinedOutput()
	if err != nil {
		return outcome{}, fmt.Errorf("pgbench: %w\n%s", err, out)
	}
	rate, latency := saysRate.FindSubmatch(out), saysLatency.FindSubmatch(out)
	if rate == nil || latency == nil {
		return outcome{}, fmt.Errorf("pgbench said something else:\n%s", out)
	}
	var o outcome
	if o.perSecond, err = strconv.ParseFloat(string(rate[1]), 64); err != nil {
		return outcome{}, err
	}
	o.p50, err = strconv.ParseFloat(string(latency[1]), 64)
	return o, err
}
