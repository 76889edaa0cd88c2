package conformance_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/conformance/report"
)

// TestDeclaration holds what a features file may say.
func TestDeclaration(t *testing.T) {
	t.Parallel()
	const whole = "implementation: {name: mine, version: 1.2.3, url: https://example.com, contact: me}\nfeatures: [old-rows, filters, old-rows]\n"
	d, err := conformance.ReadDeclaration(strings.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"filters", "old-rows"}, d.Features); diff != "" || d.Implementation.Name != "mine" || d.Implementation.Version != "1.2.3" {
		t.Errorf("it is read as %+v", d)
	}
	const form = "it is not as a features file is, implementation: {name, version, url, contact} and features: [...]: "
	for _, test := range []struct{ name, text, want string }{
		{"no features are none", "implementation: {name: mine}", ""},
		{"an unknown feature", "implementation: {name: mine}\nfeatures: [filter]", "there is no feature filter: is filters meant?"},
		{"an unknown member", "implementation: {name: mine}\nfeature: [filters]", form + "yaml: unmarshal errors:\n  line 2: field feature not found"},
		{"a member of another name within", "implementation: {name: mine, nam: x}", form + "yaml: unmarshal errors:\n  line 1: field nam not found"},
		{"features of another form", "implementation: {name: mine}\nfeatures: {filters: true}", form + "yaml: unmarshal errors:\n  line 2: cannot unmarshal !!map into []string"},
		{"two documents", "implementation: {name: mine}\n---\nfeatures: []\n", "it has more than one YAML document; expected one"},
		{"nothing", "", "implementation.name is missing: reports are headed by it"},
		{"no YAML", "\tx", form + "yaml: found character that cannot start any token"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := conformance.ReadDeclaration(strings.NewReader(test.text))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("it is refused with\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// TestUndeclared holds that a case of a feature is unsupported where the feature is not
// declared, and asked of where nothing is.
func TestUndeclared(t *testing.T) {
	t.Parallel()
	d := &conformance.Declaration{Features: []string{"values"}}
	nothing := conformance.Options{Declaration: d, Skip: conformance.Patterns{"*"}}
	r, err := conformance.Judge(t.Context(), nothing)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != report.Empty || len(r.Smoke) > 0 {
		t.Errorf("where nothing is run the status is %s after %d questions", r.Status, len(r.Smoke))
	}
	r, err = conformance.Judge(t.Context(), conformance.Options{Declaration: d, Run: conformance.Patterns{"pulse-filter"}, Skip: coreCases(t)})
	if err != nil {
		t.Fatal(err)
	}
	unsupported := 0
	for _, c := range r.Cases {
		if c.Verdict == report.Unsupported {
			unsupported++
			want := "the feature " + c.Features[0] + " is not declared: " + conformance.Features[c.Features[0]]
			if c.Reason != want {
				t.Errorf("%s is unsupported: %s; want %s", c.ID, c.Reason, want)
			}
		}
	}
	if unsupported == 0 {
		t.Error("no case is unsupported")
	}
	if _, err := conformance.Judge(t.Context(), conformance.Options{
		Target:      conformance.Target{AccelerateURL: "http://127.0.0.1:1", APIKey: "k"},
		Declaration: &conformance.Declaration{Features: []string{"environments"}},
	}); err == nil || !strings.Contains(err.Error(), "add --other-api-key KEY") {
		t.Errorf("environments without a second key: %v", err)
	}
}

// coreCases name the cases of no feature.
func coreCases(t *testing.T) conformance.Patterns {
	t.Helper()
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	var ids conformance.Patterns
	for _, c := range cases {
		if len(c.Features) == 0 {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// TestProfiles holds that each case is of the profile of the API whose requirements it
// proves, and that only those stand in a report.
func TestProfiles(t *testing.T) {
	t.Parallel()
	all := 0
	for _, test := range []struct {
		profile conformance.Profile
		prefix  string
	}{{conformance.AllProfile, ""}, {conformance.PulseProfile, "PULSE-"}, {conformance.AccelerateProfile, "ACCEL-"}} {
		r, err := conformance.Judge(t.Context(), conformance.Options{Profile: test.profile, Skip: conformance.Patterns{"*"}})
		if err != nil {
			t.Fatal(err)
		}
		if test.prefix == "" {
			all = len(r.Cases)
		} else {
			all -= len(r.Cases)
		}
		for _, c := range r.Cases {
			for _, id := range c.Requirements {
				if !strings.HasPrefix(id, test.prefix) {
					t.Errorf("the profile %s has %s, which proves %s", test.profile, c.ID, id)
				}
			}
		}
	}
	if all != 0 {
		t.Errorf("%d cases are of no profile but all: let each prove requirements of one API", all)
	}
}
