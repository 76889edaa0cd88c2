package conformance_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/conformance/report"
)

var idForm = regexp.MustCompile(`^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$`)

// TestCasesAndRequirements holds cases and requirements against each other: each
// names the other, a core case needs nothing but core, and what can be seen from
// outside and is core has a case.
func TestCasesAndRequirements(t *testing.T) {
	t.Parallel()
	requirements := map[string]conformance.Requirement{}
	all, err := conformance.Requirements()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if _, twice := requirements[r.ID]; twice {
			t.Errorf("the requirement %s stands twice", r.ID)
		}
		requirements[r.ID] = r
	}
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	proven := map[string]bool{}
	ids := map[string]bool{}
	for _, c := range cases {
		if ids[c.ID] {
			t.Errorf("the case %s stands twice", c.ID)
		}
		ids[c.ID] = true
		checkCase(t, c, requirements)
		for _, r := range c.Requirements {
			proven[r] = true
		}
	}
	for _, r := range all {
		if r.Observe != conformance.Never && !proven[r.ID] {
			t.Errorf("no case proves %s: %s", r.ID, r.Statement)
		}
		if r.Observe == conformance.Never && proven[r.ID] {
			t.Errorf("%s is never to be seen, and has a case", r.ID)
		}
	}
}

// checkCase tells what the block of a case contradicts.
func checkCase(t *testing.T, c conformance.Case, requirements map[string]conformance.Requirement) {
	t.Helper()
	if !idForm.MatchString(c.ID) || c.Title == "" || strings.HasSuffix(c.Title, ".") {
		t.Errorf("%s: an id is FILE/WORKFLOW in small letters, and a title a summary without a full stop: %q", c.ID, c.Title)
	}
	if !c.IsWhere() {
		t.Errorf("%s: the id is not that of its file and workflow", c.ID)
	}
	if len(c.Requirements) == 0 {
		t.Errorf("%s: it proves no requirement", c.ID)
	}
	if (c.Level == report.Extended) != (len(c.Features) > 0) || c.Level != report.Core && c.Level != report.Extended {
		t.Errorf("%s: an extended case has features, a core case has none: %s %v", c.ID, c.Level, c.Features)
	}
	for _, f := range c.Features {
		if _, known := conformance.Features[f]; !known {
			t.Errorf("%s: there is no feature %s", c.ID, f)
		}
	}
	if c.Condition != "" && !slices.Contains(conformance.Conditions, c.Condition) {
		t.Errorf("%s: there is no condition %s", c.ID, c.Condition)
	}
	for _, id := range c.Requirements {
		r, known := requirements[id]
		if !known {
			t.Errorf("%s: there is no requirement %s", c.ID, id)
			continue
		}
		if r.Level == report.Extended && !slices.Contains(c.Features, r.Feature) {
			t.Errorf("%s: its requirement %s needs the feature %s", c.ID, id, r.Feature)
		}
		if r.Observe == conformance.Controlled && c.Condition == "" {
			t.Errorf("%s: its requirement %s is controlled, and the case has no condition", c.ID, id)
		}
	}
}
