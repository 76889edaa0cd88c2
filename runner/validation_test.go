package runner_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/internal/published"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// corpus lies beside the checkout: the specification's own documents, and those
// that sixteen providers have published.
var corpus = filepath.Join("..", "..", "shared", "corpus")

// corpusDeadline is some hundred times what the corpus takes on a quiet machine of two
// cores, for the race detector and twenty others at work take ten times each: a
// validation that hangs ends here, a slow machine does not.
const corpusDeadline = 10 * time.Minute

// TestValidateCorpus judges what providers have published in one go. Whoever
// changes a rule looks at what it says of these documents before the counts of
// testdata/validate/corpus.txt are written anew; those that can be had without
// the validator are proven by a reader of our own (S-227, D1 to D19). No file is
// named as the specification recommends, and nothing is said of that (S-005).
func TestValidateCorpus(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("the corpus is long, which -short leaves out")
	}
	dir := t.TempDir()
	documents := published.Extract(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), corpusDeadline)
	defer cancel()
	results := runner.Validate(ctx, documents, runner.ValidateOptions{Retrieval: retrieve.Options{NoCache: true, Offline: true}})
	if ctx.Err() != nil {
		t.Fatalf("the documents took longer than %v", corpusDeadline)
	}
	found := distinct(results)
	compareGolden(t, "corpus.txt", tallies(found, len(documents)))
	comparePlaces(t, newCensus(t, documents), found, dir)
}

// distinct are the diagnostics of all documents, those of a shared source once.
func distinct(results []runner.Validation) source.Diagnostics {
	var all source.Diagnostics
	seen := map[string]bool{}
	for _, r := range results {
		for _, d := range r.Diagnostics {
			if line := d.Error(); !seen[line] {
				seen[line] = true
				all = append(all, d)
			}
		}
	}
	return all
}

// tallies count diagnostics by code, and the files that have them.
func tallies(found source.Diagnostics, documents int) string {
	counts, files := map[string]int{}, map[string]map[string]bool{}
	for _, d := range found {
		key := fmt.Sprintf("%-7s %s", d.Severity, d.Code)
		if files[key] == nil {
			files[key] = map[string]bool{}
		}
		counts[key]++
		files[key][d.Position.File.Name] = true
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d documents\n", documents)
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&b, "%4d in %3d files: %s\n", counts[key], len(files[key]), key)
	}
	return b.String()
}

// comparePlaces compares where each code of the census was found with where it
// has to be, line by line.
func comparePlaces(t *testing.T, c *census, found source.Diagnostics, dir string) {
	t.Helper()
	got := map[string][]string{}
	for _, d := range found {
		name, err := filepath.Rel(dir, d.Position.File.Name)
		if err != nil {
			t.Fatal(err)
		}
		got[d.Code] = append(got[d.Code], fmt.Sprintf("%s:%d", filepath.ToSlash(name), d.Position.Line))
	}
	for _, code := range censusCodes {
		want := c.places[code]
		slices.Sort(want)
		slices.Sort(got[code])
		if diff := cmp.Diff(want, got[code]); diff != "" {
			t.Errorf("%s: the census has %d, the validator %d (-census +validator):\n%s", code, len(want), len(got[code]), diff)
		}
	}
}

// compareGolden compares a text with the file of that name in testdata/validate,
// or writes it there under -update.
func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "validate", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
