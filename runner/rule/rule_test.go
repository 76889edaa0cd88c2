package rule_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/rule"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// codePattern matches codes, and the kinds of departure that package link makes
// codes of.
var codePattern = regexp.MustCompile(`"(arazzo/[a-z0-9-]+)"|Kind = "([a-z0-9]+-[a-z0-9-]+)"`)

// TestEveryCodeIsARule compares the table with the codes that the sources of the
// runner hold, both ways.
func TestEveryCodeIsARule(t *testing.T) {
	t.Parallel()
	var used []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || path == filepath.Join("..", "rule", "rule.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range codePattern.FindAllStringSubmatch(string(text), -1) {
			if m[1] == "" {
				m[1] = "arazzo/" + m[2]
			}
			used = append(used, m[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(used)
	var listed []string
	for _, r := range rule.Rules {
		listed = append(listed, r.Code)
		if r.Severity == "" || r.Basis == "" || r.Summary == "" {
			t.Errorf("the rule %s is not complete", r.Code)
		}
	}
	if diff := cmp.Diff(slices.Compact(used), listed); diff != "" {
		t.Errorf("the codes of the sources and the table of rules, which is sorted by code, differ (-sources +table):\n%s", diff)
	}
}

// TestStrict holds that dialects become errors, and nothing else (D1 to D9).
func TestStrict(t *testing.T) {
	t.Parallel()
	found := source.Diagnostics{
		{Code: "arazzo/bare-expression", Severity: source.Warning},
		{Code: "arazzo/whole-object", Severity: source.Info},
		{Code: "arazzo/polling-without-delay", Severity: source.Warning},
		{Code: "arazzo/no-effect", Severity: source.Warning},
		{Code: "arazzo/open-branch", Severity: source.Info},
		{Code: "omitted-parameter", Severity: source.Warning},
	}
	rule.Strict(found)
	var severities []source.Severity
	for _, d := range found {
		severities = append(severities, d.Severity)
	}
	want := []source.Severity{source.Error, source.Error, source.Warning, source.Warning, source.Info, source.Warning}
	if diff := cmp.Diff(want, severities); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
