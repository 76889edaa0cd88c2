package cmd_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// requirements are the ranges of S-numbers, ours for the requirements of the
// Arazzo Specification (docs/positions.md).
var requirements = [][2]int{
	{1, 11},
	{20, 28},
	{30, 34},
	{40, 47},
	{50, 69},
	{70, 76},
	{80, 88},
	{90, 101},
	{110, 131},
	{140, 146},
	{150, 175},
	{180, 207},
	{210, 227},
	{230, 233},
}

// untested are the requirements that no test can hold yet, or at all, with the
// reason.
var untested = map[string]string{
	"S-073": noMessages, "S-074": noMessages, "S-076": noMessages,
	"S-075": "a recommendation to authors: which criterion tells a right message from a wrong one is not known to a tool",
}

// What the runner validates and does not execute, it refuses by name before
// anything is sent.
const noMessages = "execution: steps that send or receive messages are refused as unsupported"

var requirement = regexp.MustCompile(`S-(\d{3})\b`)

// TestRequirementsHaveTests lists the requirements that no test names: a test
// says in its name or comment which of them it holds.
func TestRequirementsHaveTests(t *testing.T) {
	t.Parallel()
	named := map[string]bool{}
	for _, path := range testFiles(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, "requirements_test.go") {
			continue
		}
		for _, m := range requirement.FindAllString(string(text), -1) {
			named[m] = true
		}
	}
	for _, r := range requirements {
		for n := r[0]; n <= r[1]; n++ {
			id := fmt.Sprintf("S-%03d", n)
			reason, excused := untested[id]
			switch {
			case !named[id] && !excused:
				t.Errorf("no test names %s", id)
			case named[id] && excused:
				t.Errorf("%s has a test, and is excused: %s", id, reason)
			}
		}
	}
}

// testFiles are the Go tests of the runner and the command line, the pages and
// documents that they read, and the cases that judge runners.
func testFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, path := range allFiles(t) {
		if strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/testdata/") && !strings.Contains(path, "/fuzz/") ||
			strings.Contains(path, "/engine/cases/") {
			files = append(files, path)
		}
	}
	slices.Sort(files)
	return files
}
