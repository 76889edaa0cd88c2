package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/arazzo-conformance/arazzo/cmd/internal/exit"
	"github.com/arazzo-conformance/arazzo/conformance"
	reference "github.com/arazzo-conformance/arazzo/conformance/bundled"
	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/conformance/sqlsource"
	"github.com/arazzo-conformance/arazzo/reference/postgres"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// conformanceFlags are the flags of arazzo conformance, as they were typed.
type conformanceFlags struct {
	conformance.Flags
	reports           []string
	postgres, fixture string
	list, verbose     bool
}

func conformanceCommand() *cobra.Command {
	f := &conformanceFlags{}
	c := &cobra.Command{
		Use:   "conformance",
		Short: "Judge an implementation of the Pulse and Accelerate APIs",
		Long: "Judge an implementation of the Prisma Pulse and Prisma Accelerate APIs, over HTTP\n" +
			"alone; without a target the bundled reference, on a Postgres of its own.\n\n" +
			"  arazzo conformance --pulse URL --accelerate URL --api-key KEY\n\n" +
			"Smoke checks come first: whether the right product is asked, with the right key,\n" +
			"tables and database. Its tables are those of fixture.sql, see --fixture.\n\n" +
			"Exit codes: 0 it conforms, or fails only what is known; 1 a case failed, or one\n" +
			"that is known to fail passed; 2 nothing was judged: bad flags, a wrong product,\n" +
			"key or database, no case chosen; 3 the target gave no answer; 4 our fault;\n" +
			"130 interrupted.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	shared := flag.NewFlagSet("", flag.ContinueOnError)
	f.Add(shared)
	flags.AddGoFlagSet(shared)
	flags.StringVar(&f.postgres, "postgres", "", "how the bundled reference gets a Postgres: auto, launcher or download")
	flags.StringArrayVar(&f.reports, "report", nil, "`FORMAT[=PATH]`: text, json, junit, markdown or badge; repeatable")
	flags.BoolVar(&f.list, "list", false, "list the cases and the requirements, and judge nothing")
	flags.StringVar(&f.fixture, "fixture", "", "write fixture.sql and fixture.prisma, which a server is made ready with, into `DIR`, and judge nothing")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "show the exchanges of what failed")
	return c
}

// judgments are the reports that are written when the run is over.
var judgments = map[string]func(io.Writer, *report.Report) error{
	"text":     func(w io.Writer, r *report.Report) error { return report.Text{W: w}.All(r) },
	"json":     report.JSON,
	"junit":    report.JUnit,
	"markdown": report.Markdown,
	"badge":    report.Badge,
	// The draft of the known failures is one that a flag of its own asks for.
	draft: conformance.WriteKnown,
}

const draft = "known"

// run judges, and writes the reports.
func (f *conformanceFlags) run(c *cobra.Command) error {
	// The files that flags name may be pipes, into which nobody writes.
	o, err := source.Await(c.Context(), f.options)
	if err != nil {
		return exit.Usage{Err: err}
	}
	switch {
	case f.list:
		return unwritten(conformance.List(c.OutOrStdout(), o))
	case f.fixture != "":
		return f.writeFixture(c.OutOrStdout())
	}
	reports, err := f.open(c.Context())
	if err != nil {
		return exit.Usage{Err: err}
	}
	text := f.text(c, reports)
	o.Checked, o.Observe = text.Smoke, text.Case
	judged, err := f.judge(c, o)
	if err != nil {
		discard(reports)
		return err
	}
	return finishJudging(c, text, judged, reports)
}

// options are those of the suite, and what is wrong with those of the command.
func (f *conformanceFlags) options() (conformance.Options, error) {
	o, err := f.Options()
	if err != nil {
		return o, err
	}
	if _, err := postgres.ParseMode(f.postgres); err != nil {
		return o, err
	}
	switch {
	case f.postgres != "" && f.Target.Named():
		return o, errors.New("a target is named, so nothing is booted: leave out --postgres")
	case f.postgres != "" && f.DatabaseURL != "":
		return o, errors.New("--database-url names a Postgres that is there already: leave out --postgres")
	case f.postgres != "":
		o.Also = []string{"--postgres", f.postgres}
	}
	o.Bundled = !f.Target.Named()
	if version != unreleased {
		o.Version = version
	}
	return o, nil
}

// writeFixture writes the files of the fixture, and says where they are.
func (f *conformanceFlags) writeFixture(w io.Writer) error {
	files, err := conformance.WriteFixture(f.fixture)
	if err != nil {
		return exit.Usage{Err: fmt.Errorf("--fixture: %w", err)}
	}
	_, err = fmt.Fprintln(w, strings.Join(files, "\n"))
	return unwritten(err)
}

// unwritten is the error of not having said what was found.
func unwritten(err error) error {
	if err != nil {
		return exit.Unwritten{Err: err}
	}
	return nil
}

// open opens the reports, and the draft of the known failures.
func (f *conformanceFlags) open(ctx context.Context) ([]*reportFile, error) {
	files, err := openReportFiles(ctx, f.reports, []string{"text", "json", "junit", "markdown", "badge"})
	if err != nil {
		return nil, err
	}
	read := filesRead{}
	for _, path := range f.Files() {
		read.notePath(path)
	}
	if err := read.spare(files); err != nil {
		discard(files)
		return nil, err
	}
	if f.WriteKnown == "" {
		return files, nil
	}
	file := &reportFile{format: draft, path: f.WriteKnown}
	if err := file.await(ctx); err != nil {
		discard(files)
		return nil, fmt.Errorf("--write-known: %w", err)
	}
	return append(files, file), nil
}

// text is the report that a person watches: on standard output, unless another report
// goes there.
func (f *conformanceFlags) text(c *cobra.Command, reports []*reportFile) report.Text {
	w := c.OutOrStdout()
	for _, r := range reports {
		if r.file == nil && r.format != "text" {
			w = c.ErrOrStderr()
		}
	}
	return report.Text{W: w, Verbose: f.verbose}
}

// judge judges the target, or boots the reference and judges that.
func (f *conformanceFlags) judge(c *cobra.Command, o conformance.Options) (judged *report.Report, err error) {
	ctx := c.Context()
	stop, err := sqlsource.Serve(ctx, &o)
	if err != nil && ctx.Err() == nil {
		err = exit.Usage{Err: err}
	}
	if o.Bundled {
		stop, err = f.boot(ctx, &o, c.ErrOrStderr())
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop(context.WithoutCancel(ctx))) }()
	judged, err = conformance.Judge(ctx, o)
	if err != nil && ctx.Err() == nil {
		err = exit.Usage{Err: err}
	}
	return judged, err
}

// boot boots the bundled reference.
func (f *conformanceFlags) boot(ctx context.Context, o *conformance.Options, stderr io.Writer) (stop func(context.Context) error, err error) {
	mode, err := postgres.ParseMode(f.postgres)
	if err != nil {
		return nil, exit.Usage{Err: err}
	}
	booted, err := reference.Start(ctx, reference.Options{Postgres: mode, DatabaseURL: o.DatabaseURL, Progress: func(line string) {
		fmt.Fprintln(stderr, "reference:", line)
	}})
	if err != nil {
		return nil, err
	}
	o.Target, o.Controller, o.DatabaseVersion = booted.Target(), booted, "PostgreSQL "+booted.DatabaseVersion()
	o.Logged = booted.Logged
	return booted.Stop, nil
}

// finishJudging writes the reports and turns what the run came to into the exit code.
func finishJudging(c *cobra.Command, text report.Text, judged *report.Report, reports []*reportFile) error {
	late := text.Summary(judged)
	for _, r := range reports { // each, whatever became of the others
		if r.format == draft && (judged.Status == report.Refused || judged.Status == report.Empty) {
			discard([]*reportFile{r})
			continue
		}
		if r.file == nil && r.format == "text" { // it was written while the run lasted
			continue
		}
		var b bytes.Buffer
		err := judgments[r.format](&b, judged)
		late = errors.Join(late, err, r.put(c.OutOrStdout(), b.Bytes()))
	}
	switch {
	case c.Context().Err() != nil:
		return errors.Join(late, context.Canceled)
	case late != nil:
		return exit.Late{Err: late}
	}
	if code := judgedCode(judged); code != exit.OK {
		return exit.Code(code)
	}
	return nil
}

// judgedCode is the exit code of what a run came to.
func judgedCode(r *report.Report) int {
	switch r.Status {
	case report.Conforms, report.Passes:
		return exit.OK
	case report.Fails:
		return exit.Failed
	case report.Refused:
		if slices.ContainsFunc(r.Smoke, func(c report.Check) bool { return c.Unreachable }) {
			return exit.Unreachable
		}
		return exit.BadInput
	case report.Empty:
		return exit.BadInput
	default:
		return exit.Internal
	}
}
