package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/arazzo-conformance/arazzo/cmd/internal/exit"
	"github.com/arazzo-conformance/arazzo/cmd/internal/serve"
	"github.com/arazzo-conformance/arazzo/reference/boot"
	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/report"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
	"github.com/arazzo-conformance/arazzo/specs"
)

// runFlags are the flags of arazzo run, as they were typed.
type runFlags struct {
	loadingFlags
	connectingFlags
	contractFlags
	workflows, inputs, servers, serverVars, credentials, reports []string
	inputsFile, credentialsFile, files                           string
	reference, dryRun                                            bool
	database                                                     serve.Database
	read                                                         filesRead
	strict, noColor, showSecrets, quiet, verbose                 bool
	maxSteps, parallel                                           int
	timeout, stepTimeout, pollInterval                           time.Duration
}

func runCommand() *cobra.Command {
	f := &runFlags{}
	c := &cobra.Command{
		Use:   "run FILE",
		Short: "Run the workflows of an Arazzo document",
		Long: "Run the workflows of an Arazzo document, given as a path or an http(s) URL.\n\n" +
			"Exit codes: 0 all succeeded, 1 a workflow failed, 2 nothing was sent,\n" +
			"3 as 1, but the failing step got no HTTP answer (a timeout is 1), 4 our fault,\n" +
			"130 interrupted.",
		Args: oneDocument,
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args[0]) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringArrayVarP(&f.workflows, "workflow", "w", nil, "run only the workflow `ID`; repeatable")
	flags.StringArrayVarP(&f.inputs, "input", "i", nil, "an input as `NAME=VALUE`, or WORKFLOW.NAME=VALUE; repeatable")
	flags.StringVar(&f.inputsFile, "inputs", "", "inputs from a JSON or YAML `FILE`; - is standard input")
	f.loadingFlags.add(flags)
	flags.StringArrayVar(&f.servers, "server", nil, "where the API of a source really is, `NAME=URL`; repeatable")
	flags.StringArrayVar(&f.serverVars, "server-var", nil, "a variable of a declared server, `[SOURCE.]NAME=VALUE`; repeatable")
	flags.StringArrayVar(&f.credentials, "credential", nil, "a credential, `[SOURCE.]SCHEME[.MEMBER]=VALUE`, by its OpenAPI security scheme; repeatable")
	flags.StringVar(&f.credentialsFile, "credentials", "", "credentials from a JSON or YAML `FILE`, by the same names")
	f.connectingFlags.add(flags)
	flags.StringVar(&f.files, "files", "", "the `DIR` of the files that the document sends by x-file; none leads out of it")
	flags.BoolVar(&f.reference, "reference", false, "boot the bundled reference and run against it")
	f.database.Flags(flags)
	flags.BoolVar(&f.strict, "strict", false, "the specification's letter: accepted dialects become errors")
	flags.BoolVar(&f.dryRun, "dry-run", false, "show the requests that can be known, and send nothing")
	f.contractFlags.add(flags)
	flags.StringArrayVar(&f.reports, "report", nil, "`FORMAT[=PATH]`: text, json or junit; repeatable")
	flags.IntVar(&f.maxSteps, "max-steps", runner.DefaultMaxSteps, "the most attempts of steps in one run")
	flags.IntVar(&f.parallel, "parallel", 1, "how many workflows may run side by side, where none needs what another one does")
	flags.DurationVar(&f.pollInterval, "poll-interval", runner.DefaultPollInterval, "the pause before a step that goes to itself is visited again; 0s for none")
	flags.DurationVar(&f.timeout, "timeout", 0, "the longest the whole run may take, such as 5m")
	flags.DurationVar(&f.stepTimeout, "step-timeout", runner.DefaultStepTimeout, "the longest one attempt of a step without a timeout of its own may take; for a stream, until its headers")
	flags.BoolVar(&f.noColor, "no-color", false, "no colours, as with the environment variable NO_COLOR")
	flags.BoolVar(&f.showSecrets, "show-secrets", false, "show what is otherwise masked as ***")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "show only what failed")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "show requests and responses")
	return c
}

// check refuses limits that allow nothing, and flags that would mean nothing.
func (f *runFlags) check() error {
	switch {
	case f.maxSteps < 1:
		return fmt.Errorf("--max-steps is %d: at least 1 step has to be allowed", f.maxSteps)
	case f.parallel < 1:
		return fmt.Errorf("--parallel is %d: at least 1 workflow has to be allowed", f.parallel)
	case f.pollInterval < 0:
		return fmt.Errorf("--poll-interval is %s: it cannot be negative", f.pollInterval)
	case f.timeout < 0:
		return fmt.Errorf("--timeout is %s: it cannot be negative; leave it out for no limit", f.timeout)
	case f.stepTimeout <= 0:
		return fmt.Errorf("--step-timeout is %s: it has to be positive", f.stepTimeout)
	case f.dryRun && len(f.reports) > 0:
		return errors.New("--dry-run runs nothing that --report could report: leave out one of them")
	case f.quiet && f.verbose:
		return errors.New("-q and -v ask for less and for more: leave out one of them")
	case !f.reference && f.database.Given():
		return errors.New("--database-url and --postgres say which Postgres --reference takes: add --reference, or leave them out")
	default:
		return nil
	}
}

// run loads the document, runs it and writes the reports.
func (f *runFlags) run(c *cobra.Command, location string) error {
	if err := f.check(); err != nil {
		return exit.Usage{Err: err}
	}
	options, err := f.options(c.Context(), c.InOrStdin())
	if err != nil {
		return exit.Usage{Err: err}
	}
	reports, err := openReports(c.Context(), f.reports)
	if err == nil {
		err = f.spareFlags(reports)
	}
	if err != nil {
		return exit.Usage{Err: err}
	}
	text := f.text(c, reports)
	watching := watchers{text}
	for _, r := range reports {
		if r.text != nil {
			watching = append(watching, r.text)
		}
	}
	options.Observer = watching
	options.Retrieval.Opened = f.read.note
	options.Brief = !slices.ContainsFunc(reports, (*reportFlag).needsResult)
	result, err := f.execute(c, location, options, reports)
	if err != nil || f.dryRun && result == nil {
		discard(filesOf(reports))
		return err
	}
	return f.finish(c, reports, text, result)
}

// spareFlags refuses reports over the files that flags name; those of the document
// are known when it is loaded.
func (f *runFlags) spareFlags(reports []*reportFlag) error {
	for _, path := range slices.Concat([]string{f.inputsFile, f.credentialsFile}, f.connectingFlags.files()) {
		f.read.notePath(path)
	}
	err := f.read.spare(filesOf(reports))
	if err != nil {
		discard(filesOf(reports))
	}
	return err
}

// execute runs the document, against the bundled reference where that is asked
// for. A document that is at fault is a result too: reports are written of it.
func (f *runFlags) execute(c *cobra.Command, location string, o runner.Options, reports []*reportFlag) (result *runner.Result, err error) {
	ctx := c.Context()
	var reference *boot.Reference
	if f.reference {
		if reference, err = f.listen(c.ErrOrStderr()); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, reference.Stop(context.WithoutCancel(ctx))) }()
		o.APIs = bundled(reference)
		o.DefaultInputs = map[string]string{"apiKey": reference.APIKey}
	}
	plan, err := runner.Load(ctx, location, o)
	if err := f.read.spare(filesOf(reports)); err != nil {
		return nil, exit.Usage{Err: err}
	}
	if found := source.Of(err); found != nil {
		return f.refused(c, location, found), nil
	}
	if err != nil {
		return nil, err
	}
	if !f.quiet {
		exit.Print(c.ErrOrStderr(), plan.Diagnostics, f.verbose)
	}
	if f.dryRun {
		return nil, (&report.Text{W: c.OutOrStdout(), Color: !f.noColor && colorful(c.OutOrStdout())}).Plan(plan.Workflows())
	}
	if reference != nil { // only now: nothing is booted for a bad document
		if err := reference.Start(ctx); err != nil {
			return nil, err
		}
	}
	return plan.Run(ctx), nil
}

func (f *runFlags) refused(c *cobra.Command, location string, found source.Diagnostics) *runner.Result {
	exit.Print(c.ErrOrStderr(), found, f.verbose)
	return runner.Diagnosed(retrieve.Shown(location), found)
}

// listen takes addresses for the bundled reference of this one run.
func (f *runFlags) listen(stderr io.Writer) (*boot.Reference, error) {
	o := boot.Options{Ephemeral: true, Progress: func(line string) {
		if !f.quiet {
			fmt.Fprintln(stderr, "reference:", line)
		}
	}}
	if err := f.database.Apply(&o); err != nil {
		return nil, err
	}
	return boot.Listen(o)
}

// finish writes the reports and turns the result into the exit code.
func (f *runFlags) finish(c *cobra.Command, reports []*reportFlag, text *report.Text, result *runner.Result) error {
	var late error
	if result.Status != runner.Errored {
		late = text.Summary(result)
	}
	for _, r := range reports { // each, whatever became of the others
		late = errors.Join(late, r.write(c.OutOrStdout(), result))
	}
	if late != nil {
		return exit.Late{Err: late}
	}
	exit.PrintErrors(c.ErrOrStderr(), result.Notes())
	if outcome := result.Outcome(); outcome != runner.OutcomeSucceeded {
		return exit.Code(outcome)
	}
	return nil
}

// bundled binds the reference to every source that names one of its descriptions.
func bundled(r *boot.Reference) []runner.API {
	credential := "Bearer " + r.APIKey
	return []runner.API{
		{File: specs.PulseFile, Description: specs.Pulse, Server: r.PulseURL, Credential: credential},
		{File: specs.AccelerateFile, Description: specs.Accelerate, Server: r.AccelerateURL, Credential: credential},
	}
}
