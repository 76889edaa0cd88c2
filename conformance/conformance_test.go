package conformance_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/conformance/sqlsource"
)

// What the flags say, and whether a case was judged.
var (
	flags        conformance.Flags
	postgresFrom postgresFlags
	asked        conformance.Options
	judged       bool
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run runs the tests when the flags make sense, and ends what they started.
func run(m *testing.M) int {
	flags.Add(flag.CommandLine)
	postgresFrom.add(flag.CommandLine)
	flag.Parse()
	err := readFlags(flag.Args(), &flags, postgresFrom, &asked)
	if err == nil {
		err = judgeAlone()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		return 2
	}
	code := m.Run()
	if err := shared.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "conformance: stopping the reference:", err)
		code = 1
	}
	if code == 0 && flags.Target.Named() && !judged {
		fmt.Fprintln(os.Stderr, "conformance: a target was named and no case was run: see --run and --skip")
		code = 1
	}
	return code
}

// judgeAlone keeps to the judging where a target or cases are named: the other tests
// are of the suite itself.
func judgeAlone() error {
	if !flags.Target.Named() && len(asked.Run) == 0 && len(asked.Skip) == 0 || flag.Lookup("test.run").Value.String() != "" {
		return nil
	}
	return flag.Set("test.run", "^TestConformance$")
}

// readFlags refuses what would judge something else than what was asked for.
func readFlags(rest []string, f *conformance.Flags, p postgresFlags, o *conformance.Options) (err error) {
	if len(rest) > 0 {
		return fmt.Errorf("%q is no flag: each begins with a hyphen, as in --pulse URL", rest[0])
	}
	if err := p.check(*f); err != nil {
		return err
	}
	*o, err = f.Options()
	return err
}

// TestConformance judges the target: the one that is named, or the reference.
func TestConformance(t *testing.T) {
	o := asked
	o.Commit = commitOf(t.Context(), ".")
	if !flags.Target.Named() {
		reference := shared.start(t)
		o.Target, o.Controller, o.Bundled = reference.Target(), reference, true
		o.DatabaseVersion, o.Logged = "PostgreSQL "+reference.DatabaseVersion(), reference.Logged
	}
	stop, err := sqlsource.Serve(t.Context(), &o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	// A signal ends the judging, not the process: what was made is deleted first.
	ctx, end := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM)
	defer end()
	r, err := conformance.Judge(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := writeKnown(r); err != nil {
		t.Error(err)
	}
	tell(t, r)
}

// tell makes a test of each case, and fails where the run did.
func tell(t *testing.T, r *report.Report) {
	t.Helper()
	for _, c := range r.Smoke {
		if !c.OK {
			t.Errorf("%s: no\nfound: %s\nnext: %s", c.Name, c.Found, c.Next)
		}
	}
	for _, c := range r.Cases {
		t.Run(c.ID, func(t *testing.T) {
			judged = judged || c.Verdict == report.Pass || c.Verdict == report.Fail
			switch {
			case c.Verdict == report.Unsupported || c.Verdict == report.Skipped:
				t.Skip(c.Reason)
			case c.Known != "":
				t.Logf("%s, and known to fail: %s", c.Verdict, c.Known)
			case c.Verdict != report.Pass:
				t.Errorf("%s: %s\n%s\n%srepeat: %s", c.Verdict, c.Reason, c.Text, logged(c), conformance.WithGo(c.Repeat))
			}
		})
	}
	for _, problem := range r.Problems {
		t.Error(problem)
	}
	for _, note := range r.Notes {
		t.Log(note)
		if !flags.Target.Named() && strings.HasPrefix(note, "not all that the run made is deleted") {
			t.Error("the reference can delete it all")
		}
	}
	if r.Suite.Commit != "" {
		t.Logf("judged by the suite at %s", r.Suite.Commit)
	}
	t.Logf("%s\nrepeat: %s", r.Headline(), conformance.WithGo(r.Repeat))
	if r.Status != report.Conforms && r.Status != report.Passes && !t.Failed() {
		t.Errorf("the run came to the status %s", r.Status)
	}
}

// logged is what the reference logged while the case ran.
func logged(c report.Case) string {
	if len(c.Logged) == 0 {
		return ""
	}
	return "logged meanwhile:\n" + strings.Join(c.Logged, "\n") + "\n"
}

func writeKnown(r *report.Report) error {
	if flags.WriteKnown == "" {
		return nil
	}
	file, err := os.OpenFile(flags.WriteKnown, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	return errors.Join(conformance.WriteKnown(file, r), file.Close())
}
