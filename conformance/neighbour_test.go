package conformance

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/conformance/report"
)

// TestNeighbours holds that another run on the target is told, whether it began or ended
// meanwhile; and that rows of one that was killed before say nothing.
func TestNeighbours(t *testing.T) {
	t.Parallel()
	const note = "another run went on meanwhile (RUNS): two at a time on one target disturb each other, an invalidation of everything empties the caches of both; repeat this one alone"
	type rows = map[string]int
	a := func(number int) rows { return rows{"conformance_aaaaaaaasmoke": number} }
	both := rows{"conformance_aaaaaaaasmoke": 7, "conformance_bbbbbbbbsmoke": 0}
	many := rows{}
	for _, letter := range "cdefghi" {
		many[runPrefix+strings.Repeat(string(letter), 8)+smokeSuffix] = 1
	}
	for _, test := range []struct {
		name string
		// there are the rows before the first case, then, and ever after.
		there [3]rows
		want  string
	}{
		{"none", [3]rows{}, ""},
		{"one that was killed", [3]rows{a(7), a(7), a(7)}, ""},
		{"one that goes on", [3]rows{a(7), a(8), a(9)}, "conformance_aaaaaaaa"},
		{"one that begins", [3]rows{a(7), a(7), both}, "conformance_bbbbbbbb"},
		{"one that ends", [3]rows{a(7), a(7), nil}, "conformance_aaaaaaaa"},
		{"one that begins and ends", [3]rows{a(7), both, a(7)}, "conformance_bbbbbbbb"},
		{"two", [3]rows{both, a(8), a(8)}, "conformance_aaaaaaaa, conformance_bbbbbbbb"},
		{"what is no run", [3]rows{nil, {"conformance_smoke": 1, "somebody@example.com": 1, "": 1, "conformance_\x1b[31mxxxxxxxxxxxxsmoke": 1}, nil}, ""},
		{"one whose name is a command to the terminal", [3]rows{nil, {"conformance_\x1b[31mxxxsmoke": 1}, nil}, "conformance_\uFFFD[31mxxx"},
		{"many", [3]rows{nil, many, nil}, "conformance_cccccccc, conformance_dddddddd, conformance_eeeeeeee, conformance_ffffffff, conformance_gggggggg and 2 more"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			n := 0
			f := &fake{runs: func() rows { n++; return test.there[min(n, len(test.there))-1] }}
			_, r := asked(t, Options{Target: f.start(t)})
			var want []string
			if test.want != "" {
				want = []string{strings.Replace(note, "RUNS", test.want, 1)}
			}
			if diff := cmp.Diff(want, r.Notes); diff != "" || n < len(test.there) || r.Status != report.Passes {
				t.Errorf("%s, looked %d times (-want +got):\n%s", r.Status, n, diff)
			}
		})
	}
}
