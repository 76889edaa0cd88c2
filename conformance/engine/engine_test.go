package engine_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance/engine"
)

// TestCases puts this module's runner through every case in process, and sees that
// each expectation is one that the judge can refuse.
func TestCases(t *testing.T) {
	t.Parallel()
	for _, c := range load(t) {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			seen, complaints := try(t, c, engine.InProcess{})
			if reason, ok := behind[c.Name]; ok {
				if len(complaints) == 0 {
					t.Errorf("it passes: take it from the list of what is behind: %s", reason)
				}
				return
			}
			if len(complaints) > 0 {
				t.Errorf("%s\n%s\nthe runner said:\n%s", c.Title, strings.Join(complaints, "\n"), seen.Report.Detail)
				return
			}
			t.Logf("%s\n%s", c.Title, seen.Report.Detail) // go test -v shows why each was refused
			for _, m := range mutants(seen) {
				if complaints := m.expected.Judge(seen.Requests, seen.Report); len(complaints) == 0 {
					t.Errorf("nobody would notice %s", m.what)
				}
			}
		})
	}
}

// behind are the cases that the runner does not pass yet, each with what it waits for.
var behind = map[string]string{}

var all = flag.Bool("all", false, "TestCommandLine takes every case")

// TestCommandLine puts the built program through some cases of each section: the
// first that succeeds, the first that fails, and the first that is refused. -all
// takes every case.
func TestCommandLine(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "arazzo")
	build := exec.Command("go", "build", "-o", program, "../../cmd/arazzo")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cases := load(t)
	if !*all {
		cases = sample(cases)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			arazzo := engine.Arazzo(program)
			arazzo.Env = []string{"HOME=" + t.TempDir()}
			if seen, complaints := try(t, c, arazzo); len(complaints) > 0 {
				t.Errorf("%s\n%s\nthe program said:\n%s", c.Title, strings.Join(complaints, "\n"), seen.Report.Detail)
			}
		})
	}
}

func sample(cases []*engine.Case) []*engine.Case {
	taken := map[string]bool{}
	return slices.DeleteFunc(cases, func(c *engine.Case) bool {
		kind := c.Section() + " " + string(c.Verdict)
		drop := taken[kind] || behind[c.Name] != ""
		taken[kind] = taken[kind] || !drop
		return drop
	})
}

func load(t *testing.T) []*engine.Case {
	t.Helper()
	cases, err := engine.Load()
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// try runs a case and judges it, with the addresses that its servers had.
func try(t *testing.T, c *engine.Case, r engine.Runner) (*engine.Observation, []string) {
	t.Helper()
	seen, err := engine.Run(t.Context(), c, r)
	if err != nil {
		t.Fatal(err)
	}
	return seen, seen.Case.Judge(seen.Requests, seen.Report)
}

// TestMostCasesAreUnhappy counts the cases: those that end well must not outnumber
// those that end otherwise, and no two have one title.
func TestMostCasesAreUnhappy(t *testing.T) {
	t.Parallel()
	happy, titles, counts := 0, map[string]string{}, map[string]map[engine.Verdict]int{}
	cases := load(t)
	for _, c := range cases {
		if other, ok := titles[c.Title]; ok {
			t.Errorf("%s and %s have one title", other, c.Name)
		}
		titles[c.Title] = c.Name
		if counts[c.Section()] == nil {
			counts[c.Section()] = map[engine.Verdict]int{}
		}
		counts[c.Section()][c.Verdict]++
		if c.Verdict == engine.Succeeded {
			happy++
		}
	}
	for section, of := range counts {
		t.Logf("%-14s %3d succeeded %3d failed %3d refused", section, of[engine.Succeeded], of[engine.Failed], of[engine.Refused])
	}
	t.Logf("%d cases, %d of them end well", len(cases), happy)
	if happy*2 >= len(cases) {
		t.Errorf("%d of %d cases end well: the unhappy ones have to outnumber them", happy, len(cases))
	}
}

// TestSourcesAreUsed finds files of the folder sources that no case names.
func TestSourcesAreUsed(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, c := range load(t) {
		for _, given := range c.Sources {
			used[given] = true
		}
	}
	entries, err := os.ReadDir("sources")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !used[e.Name()] {
			t.Errorf("no case uses sources/%s", e.Name())
		}
	}
}
