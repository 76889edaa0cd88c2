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
		{"a requirement that there is not", conformance.Options{Run: conformance.Patterns{"PULSE-HELTH-01"}}, "--run PULSE-HELTH-01 names no case: is PULSE-HEALTH-01 meant? arazzo conformance --list shows them all"},
		{"a group of requirements that there is not", conformance.Options{Skip: conformance.Patterns{"PULSE-HELTH"}}, "--skip PULSE-HELTH names no case: is PULSE-HEALTH meant? arazzo conformance --list shows them all"},
		{"the beginning of groups", conformance.Options{Run: conformance.Patterns{"ACCEL"}}, "--run ACCEL names no case: is ACCEL-* meant? arazzo conformance --list shows them all"},
		{"a requirement in small letters", conformance.Options{Run: conformance.Patterns{"pulse-create-05"}}, "--run pulse-create-05 names no case: is PULSE-CREATE-05 meant? arazzo conformance --list shows them all"},
		{"a case with a capital", conformance.Options{Run: conformance.Patterns{"Pulse-create/twice"}}, "--run Pulse-create/twice names no case: is pulse-create/twice meant? arazzo conformance --list shows them all"},
		{
			"a requirement that nobody sees",
			conformance.Options{Run: conformance.Patterns{"PULSE-LIST-07"}},
			"--run PULSE-LIST-07 names no case: the requirement PULSE-LIST-07 is never seen: Changes have to be lost for it, which each implementation prevents in a way of its own",
		},
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

// TestPatterns holds which cases a pattern names: those of a group, and of a
// requirement, too.
func TestPatterns(t *testing.T) {
	t.Parallel()
	const skipped = "pulse-health/without-key"
	for _, pattern := range []string{skipped, "pulse-health", "pulse-*", "*", "*/without-key", "pulse-health/*", "pulse-health/without-ke?", "PULSE-HEALTH-01", "PULSE-HEALTH", "PULSE-*", "*-HEALTH-0?"} {
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
