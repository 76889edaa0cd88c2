// Command benchaccelerate measures the Accelerate side of the reference beside
// yardsticks: hand-written net/http handlers that do the least that the same answer
// needs, pgbench, and PostGraphile where it can be had.
//
//	benchaccelerate [-runs N] [-seconds N] [-cases WORDS] [-postgraphile] REFERENCE
//
// It starts a private Postgres and runs each server as a process of its own, in turn
// (A B A B), under the same load: eight connections that each send the next question
// when the last is answered. A ratio is taken of each turn by itself. Each kind of
// answer is looked at before it is measured: a server that answers something else
// ends the measurement with exit code 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"
)

// yardstickRole is what the program does when it was started by itself.
const yardstickRole = "yardstick"

func main() {
	run := measure
	args := os.Args[1:]
	if len(args) > 0 && args[0] == yardstickRole {
		run, args = yardstick, args[1:]
	}
	if err := run(args); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "benchaccelerate:", err)
		os.Exit(1)
	}
}

// measure runs every case and prints what it took.
func measure(args []string) (err error) {
	of := sizes{parents: 10_000, children: 10, connections: 8}
	flags := flag.NewFlagSet("benchaccelerate", flag.ContinueOnError)
	flags.IntVar(&of.runs, "runs", 3, "how often each server runs")
	seconds := flags.Float64("seconds", 3, "how many seconds each server is asked")
	only := flags.String("cases", "", "measure only cases whose name has this text")
	peer := flags.Bool("postgraphile", false, "fetch PostGraphile with npm into a temporary folder, and measure it too")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 || of.runs < 1 {
		return errors.New("say which server to measure: benchaccelerate [flags] bin/reference")
	}
	of.lasts = time.Duration(*seconds * float64(time.Second))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b, err := newBench(ctx, flags.Arg(0), of)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if *peer {
		if b.peer, err = fetchPeer(ctx, b.folder, b.url); err != nil {
			return err
		}
	}
	return b.measure(ctx, *only)
}

// measure runs the cases whose name has a text.
func (b *bench) measure(ctx context.Context, only string) error {
	for _, c := range b.cases() {
		if !strings.Contains(c.name, only) {
			continue
		}
		if err := b.turns(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
