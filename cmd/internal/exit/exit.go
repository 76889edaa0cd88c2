package exit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime/pprof"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/arazzo-conformance/arazzo/reference/boot"
	"github.com/arazzo-conformance/arazzo/reference/capture"
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

// Usage is the error of a command line that cannot be meant.
type Usage struct{ Err error }

func (u Usage) Error() string { return u.Err.Error() }

// Unwrap gives the diagnostics of a file that a flag names.
func (u Usage) Unwrap() error { return u.Err }

// Late is the error of a program that did its work and could not say so: what
// was sent was sent, so its code is not that of bad input.
type Late struct{ Err error }

func (l Late) Error() string { return l.Err.Error() }

// Unwritten is the error of a program that only looks at documents, and could not
// say what it found: nothing was sent.
type Unwritten struct{ Err error }

func (u Unwritten) Error() string { return u.Err.Error() }

// Run executes a command line and returns the exit code. SIGINT, SIGTERM, SIGHUP and
// SIGQUIT end the command's context, so that nothing is left behind; a second one
// kills the program as usual. That nobody reads what it writes is an error of writing.
func Run(command *cobra.Command, args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	defer func() {
		if fault := recover(); fault != nil {
			fmt.Fprintf(stderr, "error[internal]: %v\n  next: this is a fault of ours; please report it with the command you ran\n", fault)
			code = Internal
		}
	}()
	// net/http logs what servers send unasked, as it came: it may hold a secret, and
	// is for nobody here. What the program has to say does not go through package log.
	log.SetOutput(io.Discard)
	ctx, stop := interruptible(stderr)
	defer stop()
	command.SetArgs(args)
	command.SetIn(stdin)
	command.SetOut(stdout)
	command.SetErr(stderr)
	command.SilenceErrors, command.SilenceUsage = true, true
	started := false
	command.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		err := refuseEmpty(c.Flags())
		started = err == nil
		return err
	}
	command.SetFlagErrorFunc(suggestFlag)
	err := command.ExecuteContext(ctx)
	if err != nil && !started {
		err = Usage{Err: suggestCommand(command, args, err)}
	}
	return report(err, stderr)
}

// refuseEmpty refuses flags that were given with nothing, as by a variable of the
// shell that is not set: taken as left out, they would mean something else, such as
// a demonstration database in place of one's own.
func refuseEmpty(flags *pflag.FlagSet) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		if err == nil && f.Value.Type() == "string" && f.Value.String() == "" {
			err = fmt.Errorf("--%s is empty: give it a value, or leave it out", f.Name)
		}
	})
	return err
}

// interruptible is a context that signals end. SIGQUIT first shows what every
// goroutine does, as without us.
func interruptible(stderr io.Writer) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	ending := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		ending = append(ending, syscall.SIGHUP)
	}
	came, broken := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(came, ending...)
	signal.Notify(broken, syscall.SIGPIPE) // the error of the write is enough
	context.AfterFunc(ctx, func() { signal.Stop(came) })
	go func() {
		select {
		case s := <-came:
			if s == syscall.SIGQUIT {
				_ = pprof.Lookup("goroutine").WriteTo(stderr, 2)
			}
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// report tells the user why the program ends, and returns the exit code.
func report(err error, stderr io.Writer) int {
	var said Code
	switch {
	case err == nil:
		return OK
	case errors.As(err, &said):
		return int(said)
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "interrupted")
		return Interrupted
	}
	if found := source.Of(err); found != nil {
		PrintErrors(stderr, found)
		return BadInput
	}
	text, code := describe(err)
	fmt.Fprint(stderr, text)
	return code
}

// describe writes an error that has no place in a file.
func describe(err error) (text string, code int) {
	var late Late
	var usage Usage
	var unwritten Unwritten
	var unavailable *postgres.UnavailableError
	var schema *boot.SchemaError
	var setup *capture.SetupError
	var connecting *pgconn.ConnectError
	switch {
	case errors.As(err, &unavailable):
		return fmt.Sprintf("error[postgres-unavailable]: %s\n  expected: a Postgres for --postgres %s\n  next: %s\n",
			unavailable.Reason, unavailable.Mode, strings.Join(unavailable.Next, ", or ")), BadInput
	case errors.As(err, &schema):
		return fmt.Sprintf("error[prisma-schema]: %v\n", err), BadInput
	case errors.As(err, &usage) && errors.As(err, &connecting):
		return fmt.Sprintf("error[database-unreachable]: %v\n  next: start that Postgres, or correct the database URL\n", capture.Connecting(connecting)), BadInput
	case errors.As(err, &usage):
		return fmt.Sprintf("error[usage]: %v\n  next: see --help\n", err), BadInput
	case errors.As(err, &late):
		return fmt.Sprintf("error[report-not-written]: %v\n  next: the run was made; have the report written somewhere else\n", err), Failed
	case errors.As(err, &unwritten):
		if errors.Is(unwritten.Err, syscall.EPIPE) {
			return "", BadInput // who reads it has seen enough, as head does
		}
		return fmt.Sprintf("error[report-not-written]: %v\n  next: have it written somewhere else\n", err), BadInput
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Sprintf("error[address-in-use]: %v\n  next: stop what listens there, or choose another address: port 0 picks a free one\n", err), BadInput
	case errors.As(err, &setup):
		return fmt.Sprintf("error[reference-failed]: %v\n  next: arazzo reference doctor, with the same --database-url, says all that is missing, and changes nothing\n", err), BadInput
	default:
		return fmt.Sprintf("error[reference-failed]: %v\n", err), BadInput
	}
}

// Print writes diagnostics for a person, the worst last, where the eye rests. A
// warning takes a line; verbose shows its place, and infos too.
func Print(w io.Writer, found source.Diagnostics, verbose bool) {
	for _, d := range found {
		switch {
		case d.Severity == source.Error:
		case verbose:
			fmt.Fprint(w, d.Render())
		case d.Severity == source.Warning:
			fmt.Fprintln(w, d.Error())
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
