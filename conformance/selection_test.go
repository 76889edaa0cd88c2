package conformance_test

import (
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/conformance/report"
)

// TestSelection holds which patterns are refused, before anything is sent.
func TestSelection(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		o    conformance.Options
		want string
	}{
		{"a group that there is not", conformance.Options{Run: conformance.Patterns{"pulse-helth"}}, "--run pulse-helth names no case: is pulse-health meant? arazzo conformance --list shows them all"},
		{"nothing like it", conformance.Options{Skip: conformance.Patterns{"?"}}, "--skip ? names no case; arazzo conformance --list shows them all"},
		{"a star goes up to the slash", conformance.Options{Skip: conformance.Patterns{"*without-key"}}, "--skip *without-key names no case; arazzo conformance --list shows them all"},
		{"a bracket", conformance.Options{Run: conformance.Patterns{"pulse-[health"}}, "--run pulse-[health is no pattern: a bracket is not closed; * stands for any letters up to a slash, ? for one"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := conformance.Judge(t.Context(), test.o)
			if err == nil || err.Error() != test.want {
				t.Errorf("it is refused with\n%v\nwant\n%s", err, test.want)
			}
		})
	}
}

// TestPatterns holds which cases a pattern names: those of a group, too.
func TestPatterns(t *testing.T) {
	t.Parallel()
	const skipped = "pulse-health/without-key"
	for _, pattern := range []string{skipped, "pulse-health", "pulse-*", "*", "*/without-key", "pulse-health/*", "pulse-health/without-ke?"} {
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			r, err := conformance.Judge(t.Context(), conformance.Options{Run: conformance.Patterns{skipped}, Skip: conformance.Patterns{pattern}})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range r.Cases {
				want := "not asked for: --run names others"
				if c.ID == skipped {
					want = "left out: --skip names it"
				}
				if c.Verdict != report.Skipped || c.Reason != want {
					t.Errorf("%s is %s, %s; want it skipped, %s", c.ID, c.Verdict, c.Reason, want)
				}
			}
		})
	}
}
