package mutant_test

import (
	"slices"
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance/mutant"
	"github.com/arazzo-conformance/arazzo/conformance/report"
)

// TestWhatIsLeftOpen holds that the suite does not say no to what the documents allow:
// behind a proxy that does in another way what they leave open, every core case passes.
// Under a condition only the reference is judged.
func TestWhatIsLeftOpen(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes as long as all core cases twice")
	}
	var trials []*trial
	for _, liberty := range mutant.Liberties() {
		for _, c := range casesByID(t) {
			if c.Level == report.Core && c.Condition == "" {
				trials = append(trials, &trial{mutant: liberty, c: c})
			}
		}
	}
	newLaboratory(t).run(t.Context(), slices.Values(trials), func(*trial) {})
	for _, tried := range trials {
		if tried.outcome.Verdict != report.Pass {
			t.Errorf("where %s, the case %s comes to %s: %s\n%s", tried.mutant.Name, tried.c.ID, tried.outcome.Verdict, tried.outcome.Reason, tried.outcome.Text)
		}
	}
}
