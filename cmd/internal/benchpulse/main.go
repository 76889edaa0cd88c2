// Command benchpulse measures the Pulse side of the reference beside yardsticks:
// small hand-written programs that do the least that the same job needs.
//
//	benchpulse [-full] [-runs N] [-cases WORDS] [-data DIR] REFERENCE
//
// It starts a private Postgres and runs the server and the yardsticks as processes of
// their own, in turn (A B A B), so that what else happens on the machine happens to
// all; a ratio is taken of each turn by itself. What arrives is counted, and the order
// held: a run that loses or repeats an event ends the measurement with exit code 1.
//
// The private Postgres runs with fsync off (its disk is not what is measured) and
// synchronous_commit on; the server keeps its event log in DIR as it does for anybody,
// with every write on disk before it counts.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
)

// roles are what the program does when it was started by itself.
var roles = map[string]func(args []string) error{
	"receive":   receive,
	"read":      read,
	"loop":      loop,
	"subscribe": subscribe,
	"stall":     stall,
}

func main() {
	run := measure
	args := os.Args[1:]
	if len(args) > 0 && roles[args[0]] != nil {
		run, args = roles[args[0]], args[1:]
	}
	if err := run(args); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "benchpulse:", err)
		os.Exit(1)
	}
}

// measure runs every case and prints what it took.
func measure(args []string) (err error) {
	flags := flag.NewFlagSet("benchpulse", flag.ContinueOnError)
	all := flags.Bool("full", false, "measure the sizes that docs/performance.md has; otherwise a tenth of them")
	runs := flags.Int("runs", 0, "how often each program runs; 0 for 3, or 5 with -full")
	only := flags.String("cases", "", "measure only cases whose name has this text")
	data := flags.String("data", os.TempDir(), "the `DIR` where the event log has its folder")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("say which server to measure: benchpulse [flags] bin/reference")
	}
	of := quick
	if *all {
		of = full
	}
	if *runs > 0 {
		of.runs = *runs
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b, err := newBench(ctx, flags.Arg(0), *data, of)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	return b.measure(ctx, *only)
}

// measured is one case.
type measured struct {
	name string
	run  func(context.Context) error
}

func (b *bench) measure(ctx context.Context, only string) error {
	if err := b.describe(ctx); err != nil {
		return err
	}
	for _, c := range b.cases() {
		if !strings.Contains(c.name, only) {
			continue
		}
		if err := c.run(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) cases() []measured {
	var list []measured
	for _, of := range b.backlogs() {
		list = append(list, measured{"drain: " + of.name, func(ctx context.Context) error { return b.drain(ctx, of) }})
	}
	for _, rate := range b.sizes.rates {
		name := fmt.Sprintf("latency: %d changes/s", rate)
		list = append(list, measured{name, func(ctx context.Context) error { return b.latency(ctx, rate) }})
	}
	for _, n := range b.sizes.subscribers {
		name := fmt.Sprintf("fan-out: %d subscribers", n)
		list = append(list, measured{name, func(ctx context.Context) error { return b.fanOut(ctx, n) }})
	}
	return append(list, measured{"memory: slow consumers", b.slow})
}
