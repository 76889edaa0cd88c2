// Command bench measures arazzo run beside yardsticks: small hand-written programs
// that do the least that the same job needs. Each run is a whole process from its
// start to its end. Ours and the yardsticks take turns, so that what else happens on
// the machine happens to both, and a ratio is taken of each turn by itself.
//
//	bench [-big FILE] [-runs N] [-cases WORDS] ARAZZO
//
// It writes the documents of its cases into a temporary folder, and plays itself the
// API that they call and the yardsticks (bench api, limit, decode, each a process of
// its own). What arrives at the API is counted: a run that sends another number of
// requests than its case has, or that fails, ends the measurement with exit code 1.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
)

// roles are what the program does when it was started by itself.
var roles = map[string]func(args []string) error{
	"api":    serveAPI,
	"limit":  limit,
	"decode": decode,
	"write":  writeDocuments,
}

func main() {
	run := measure
	args := os.Args[1:]
	if len(args) > 0 && roles[args[0]] != nil {
		run, args = roles[args[0]], args[1:]
	}
	if err := run(args); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// measure runs every case and prints what it took.
func measure(args []string) (err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	big := flags.String("big", "", "a large OpenAPI `FILE` in JSON to take instead of a generated one, such as that of the npm package @octokit/openapi")
	runs := flags.Int("runs", 0, "how often each program runs; 0 for as often as the case says")
	only := flags.String("cases", "", "measure only cases whose name has this text")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("say which arazzo to measure: bench [flags] bin/arazzo")
	}
	b, err := newBench(flags.Arg(0), *big)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	for _, c := range b.cases() {
		if !strings.Contains(c.name, *only) {
			continue
		}
		if *runs > 0 {
			c.runs = *runs
		}
		if err := b.measure(c); err != nil {
			return err
		}
	}
	return nil
}
