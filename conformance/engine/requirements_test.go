package engine_test

import (
	"fmt"
	"testing"
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
