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
	named    conformance.Target
	database databaseFlags
	judged   int
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run runs the tests when the flags make sense, and ends what they started.
func run(m *testing.M) int {
	named.Flags(flag.CommandLine)
	database.flags(flag.CommandLine)
	flag.Parse()
	if err := checkFlags(flag.Args(), named, database); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		return 2
	}
	code := m.Run()
	if err := bundled.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "conformance: stopping the reference:", err)
		code = 1
	}
	if code == 0 && named.Named() && judged == 0 {
		fmt.Fprintln(os.Stderr, "conformance: a target was named and no case was run: see -run and -skip")
		code = 1
	}
	return code
}

// checkFlags refuses what would judge something else than what was asked for.
func checkFlags(rest []string, target conformance.Target, d databaseFlags) error {
	if len(rest) > 0 {
		return fmt.Errorf("%q is no flag: each begins with a hyphen, as in -pulse URL", rest[0])
	}
	if !target.Named() {
		return d.check()
	}
	if d != defaultDatabase {
		return errors.New("a target is named, so nothing is booted: leave out -postgres, -postgres-image and -database-url")
	}
	return target.Check()
}

// TestConformance judges the target: the one that is named, or the reference.
func TestConformance(t *testing.T) {
	target := named
	if !named.Named() {
		target = bundled.target(t)
	}
	r, err := conformance.Judge(t.Context(), conformance.Options{Target: target})
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
				t.Errorf("%s: %s", c.Verdict, c.Reason)
			}
		})
	}
	if judged == 0 {
		t.Errorf("none of the %d cases gave a verdict: see -run and -skip", len(r.Cases))
	}
}
