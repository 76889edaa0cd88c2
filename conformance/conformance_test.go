package conformance_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/conformance/report"
)

// What the flags say, and how many cases were judged of the target that is named.
var (
	flags    conformance.Flags
	database databaseFlags
	judged   int
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run runs the tests when the flags make sense, and ends what they started.
func run(m *testing.M) int {
	flags.Add(flag.CommandLine)
	database.flags(flag.CommandLine)
	flag.Parse()
	if err := checkFlags(flag.Args(), flags, database); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		return 2
	}
	if err := judgeAlone(); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		return 2
	}
	code := m.Run()
	if err := bundled.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "conformance: stopping the reference:", err)
		code = 1
	}
	if code == 0 && flags.Target.Named() && judged == 0 {
		fmt.Fprintln(os.Stderr, "conformance: a target was named and no case was run: see --run and --skip")
		code = 1
	}
	return code
}

// judgeAlone keeps to the judging where a target or cases are named: the other tests
// are of the suite itself.
func judgeAlone() error {
	if !flags.Target.Named() && len(flags.Run) == 0 && len(flags.Skip) == 0 || flag.Lookup("test.run").Value.String() != "" {
		return nil
	}
	return flag.Set("test.run", "^TestConformance$")
}

// checkFlags refuses what would judge something else than what was asked for.
func checkFlags(rest []string, f conformance.Flags, d databaseFlags) error {
	if len(rest) > 0 {
		return fmt.Errorf("%q is no flag: each begins with a hyphen, as in --pulse URL", rest[0])
	}
	if f.Target.Named() && d != defaultDatabase {
		return errors.New("a target is named, so nothing is booted: leave out --postgres, --postgres-image and --database-url")
	}
	return errors.Join(f.Check(), d.check())
}

// TestConformance judges the target: the one that is named, or the reference.
func TestConformance(t *testing.T) {
	options := flags.Options()
	if !flags.Target.Named() {
		options.Target = bundled.target(t)
	}
	r, err := conformance.Judge(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Cases {
		t.Run(c.ID, func(t *testing.T) {
			switch c.Verdict {
			case report.Pass:
				judged++
			case report.Unsupported, report.Skipped:
				t.Skip(c.Reason)
			default:
				judged++
				t.Errorf("%s: %s\n%s", c.Verdict, c.Reason, c.Text)
			}
		})
	}
	if judged == 0 {
		t.Errorf("none of the %d cases gave a verdict: see --run and --skip", len(r.Cases))
	}
}
