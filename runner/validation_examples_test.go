package runner_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestValidateExamples judges the specification's own examples with the
// descriptions that lie beside them. They have mistakes: each line of
// testdata/validate/examples.txt says why it is right.
func TestValidateExamples(t *testing.T) {
	t.Parallel()
	beside := runner.ValidateOptions{Sources: map[string]string{"BnplApi": filepath.Join(corpus, "arazzo-examples", "1.0.0", "bnpl-openapi.yaml")}}
	var found source.Diagnostics
	for pattern, o := range map[string]runner.ValidateOptions{"1.0.0/bnpl-arazzo.yaml": beside, "1.0.0/*.arazzo.yaml": {}, "1.1.0/pet-asyncapi.yaml": {}} {
		for _, r := range judgeSpecification(t, "arazzo-examples/"+pattern, o) {
			found = append(found, r.Diagnostics...)
		}
	}
	compareReasons(t, "examples.txt", found)
}

// TestValidateSchemaTests judges the specification's schema tests without their
// sources. What its schemas refuse is refused; what they let pass may still be
// wrong, as they look at one value at a time: each error among those has its
// reason in testdata/validate/schema-tests.txt (S-221 to S-227).
func TestValidateSchemaTests(t *testing.T) {
	t.Parallel()
	alone := runner.ValidateOptions{NoSources: true}
	for _, r := range judgeSpecification(t, "arazzo-schema-tests-1.*/fail/*.yaml", alone) {
		if !r.Diagnostics.Failed() {
			t.Errorf("%s was not refused", r.Document)
		}
	}
	var errors source.Diagnostics
	for _, r := range judgeSpecification(t, "arazzo-schema-tests-1.*/pass/*.yaml", alone) {
		for _, d := range r.Diagnostics {
			if d.Severity == source.Error {
				errors = append(errors, d)
			}
		}
	}
	compareReasons(t, "schema-tests.txt", errors)
}

// judgeSpecification validates the documents of the specification's repository
// that a pattern names.
func judgeSpecification(t *testing.T, pattern string, o runner.ValidateOptions) []runner.Validation {
	t.Helper()
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("the specification's documents are not beside the checkout, so they were not judged: %v", err)
	}
	documents, err := filepath.Glob(filepath.Join(corpus, filepath.FromSlash(pattern)))
	if err != nil || len(documents) == 0 {
		t.Fatalf("%s names no document (%v)", pattern, err)
	}
	o.Retrieval = retrieve.Options{NoCache: true, Offline: true}
	return runner.Validate(t.Context(), documents, o)
}

// noReason stands under a diagnostic that nobody has looked at yet.
const noReason = "?"

// compareReasons compares diagnostics with a file that has each of them, and
// under it why it is right. Under -update the known ones keep their reason.
func compareReasons(t *testing.T, name string, found source.Diagnostics) {
	t.Helper()
	reasons := readReasons(t, name)
	var lines []string
	for _, d := range found {
		lines = append(lines, strings.ReplaceAll(d.Error(), filepath.ToSlash(corpus)+"/", ""))
	}
	slices.Sort(lines)
	var b strings.Builder
	for _, line := range lines {
		reason := reasons[line]
		if reason == "" || reason == noReason {
			reason = noReason
			t.Errorf("there is no reason for %s", line)
		}
		fmt.Fprintf(&b, "%s\n\t%s\n", line, reason)
	}
	compareGolden(t, name, b.String())
}

func readReasons(t *testing.T, name string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "validate", name))
	if err != nil && !*update {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	lines := strings.Split(string(text), "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		reasons[lines[i]] = strings.TrimPrefix(lines[i+1], "\t")
	}
	return reasons
}
