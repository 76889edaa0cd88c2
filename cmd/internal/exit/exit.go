package exit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/arazzo-conformance/arazzo/reference/postgres"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// The exit codes.
const (
	OK          = 0
	Failed      = 1
	BadInput    = 2
	Unreachable = 3
	Internal    = 4
	Interrupted = 130
)

// Code ends a program with a code when everything was said already.
type Code int

func (c Code) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// Run executes a command line and returns the exit code. SIGINT and SIGTERM end
// the command's context; a second one kills the program as usual.
func Run(command *cobra.Command, args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	defer func() {
		if fault := recover(); fault != nil {
			fmt.Fprintf(stderr, "error[internal]: %v\n  next: this is a fault of ours; please report it with the command you ran\n", fault)
			code = Internal
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	command.SetArgs(args)
	command.SetIn(stdin)
	command.SetOut(stdout)
	command.SetErr(stderr)
	command.SilenceErrors, command.SilenceUsage = true, true
	return report(command.ExecuteContext(ctx), stderr)
}

func report(err error, stderr io.Writer) int {
	var said Code
	var unavailable *postgres.UnavailableError
	switch {
	case err == nil:
		return OK
	case errors.As(err, &said):
		return int(said)
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "interrupted")
		return Interrupted
	case errors.As(err, &unavailable):
		fmt.Fprintf(stderr, "error[postgres-unavailable]: %s\n  expected: a Postgres for --postgres %s\n", unavailable.Reason, unavailable.Mode)
		fmt.Fprintf(stderr, "  next: %s\n", strings.Join(unavailable.Next, ", or "))
		return BadInput
	}
	if found := source.Of(err); found != nil {
		PrintErrors(stderr, found)
		return BadInput
	}
	fmt.Fprintf(stderr, "error[usage]: %v\n  next: see --help\n", err)
	return BadInput
}

// Print writes diagnostics for a person, the worst last, where the eye rests.
// Warnings and infos take a line each; verbose shows their places too.
func Print(w io.Writer, found source.Diagnostics, verbose bool) {
	for _, severity := range []source.Severity{source.Info, source.Warning} {
		for _, d := range found {
			switch {
			case d.Severity != severity:
			case verbose:
				fmt.Fprint(w, d.Render())
			default:
				fmt.Fprintln(w, d.Error())
			}
		}
	}
	PrintErrors(w, found)
}

// PrintErrors writes the errors among diagnostics, each with its place.
func PrintErrors(w io.Writer, found source.Diagnostics) {
	for _, d := range found {
		if d.Severity == source.Error {
			fmt.Fprint(w, d.Render())
		}
	}
}
