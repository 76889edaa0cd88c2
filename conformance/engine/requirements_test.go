package engine_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance/engine"
)

// sections are the requirements that the cases prove.
var sections = [][2]int{
	{40, 47}, {50, 69}, {80, 88}, {90, 101}, {110, 131}, {150, 175}, {180, 207}, {210, 227}, {230, 233},
}

// unproven are those that no case can prove, because nothing of them shows in
// requests, verdict or outputs.
var unproven = map[string]string{
	"S-231": "TLS is recommended, and cases are served without it: a warning is not judged",
}

// TestEveryRequirementHasACase lists the requirements without a case, and the
// numbers that are none.
func TestEveryRequirementHasACase(t *testing.T) {
	t.Parallel()
	proven := map[string]bool{}
	for _, c := range load(t) {
		for _, row := range c.Rows {
			proven[row] = true
		}
	}
	for _, s := range sections {
		for n := s[0]; n <= s[1]; n++ {
			row := fmt.Sprintf("S-%03d", n)
			reason, excused := unproven[row]
			switch {
			case proven[row] && excused:
				t.Errorf("%s has a case, and is excused: %s", row, reason)
			case !proven[row] && !excused:
				t.Errorf("no case proves %s", row)
			}
		}
	}
}

// TestEveryDialectHasACase lists the dialects of published documents, from D5 on,
// that no case holds.
func TestEveryDialectHasACase(t *testing.T) {
	t.Parallel()
	held := map[string]bool{}
	for _, c := range load(t) {
		held[c.Dialect] = true
	}
	for n := 5; n <= 19; n++ {
		if name := fmt.Sprintf("D%d", n); !held[name] {
			t.Errorf("no case holds %s", name)
		}
	}
}

var rangeOfRows = regexp.MustCompile(`S-(\d{3})(?: to S-(\d{3}))?`)

// TestPositionsAreWrittenDown lists the positions that cases hold and that
// docs/positions.md does not tell.
func TestPositionsAreWrittenDown(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/positions.md")
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]bool{}
	for _, m := range rangeOfRows.FindAllStringSubmatch(string(text), -1) {
		from, _ := strconv.Atoi(m[1])
		to, _ := strconv.Atoi(m[2])
		for n := from; n <= max(from, to); n++ {
			written[fmt.Sprintf("S-%03d", n)] = true
		}
	}
	for _, c := range load(t) {
		if c.Level == engine.Position && !slices.ContainsFunc(c.Rows, func(row string) bool { return written[row] }) {
			t.Errorf("%s: docs/positions.md has none of %v: %s", c.Name, c.Rows, c.Pick)
		}
	}
}
