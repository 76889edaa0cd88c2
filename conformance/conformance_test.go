package conformance_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance"
)

// What the flags say, and how many cases gave a verdict.
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
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	target := named
	if !named.Named() {
		target = bundled.target(t)
	}
	before := judged
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			verdict, err := c.Run(t.Context(), target)
			if err != nil {
				t.Fatal(err)
			}
			judged++
			if !verdict.Passed() {
				t.Errorf("the target does not pass:\n%s", verdict.Report)
			}
		})
	}
	if judged == before {
		t.Errorf("none of the %d cases gave a verdict: see -run and -skip", len(cases))
	}
}
