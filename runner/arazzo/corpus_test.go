package arazzo_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/internal/published"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// corpus is where the specification's own documents lie, beside the checkout.
var corpus = filepath.Join("..", "..", "..", "shared", "corpus")

// TestSpecificationDocuments reads the documents of the specification's own
// repository: its schema tests, those that pin what the schemas fail to catch
// among them, and its examples.
func TestSpecificationDocuments(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern string
		valid   bool
		// count is how many there were when this was written.
		count int
	}{
		{"arazzo-schema-tests-1.0/pass/*.yaml", true, 3},
		{"arazzo-schema-tests-1.0/fail/*.yaml", false, 2},
		{"arazzo-schema-tests-1.1/pass/*.yaml", true, 35},
		{"arazzo-schema-tests-1.1/fail/*.yaml", false, 27},
		{"arazzo-examples/1.0.0/*arazzo.yaml", true, 6},
	}
	// What is said of the valid ones, all of it warnings.
	want := map[string][]string{
		"characterization-workflow-step-with-requestBody.arazzo.yaml": {"18:11 warning[arazzo/no-effect]: requestBody has no effect here: a workflow is given parameters only"},
	}
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("the specification's documents are not beside the checkout, so they were not read: %v", err)
	}
	for _, test := range tests {
		t.Run(test.pattern, func(t *testing.T) {
			t.Parallel()
			files, err := filepath.Glob(filepath.Join(corpus, filepath.FromSlash(test.pattern)))
			if err != nil || len(files) < test.count {
				t.Fatalf("found %d documents, want %d (%v)", len(files), test.count, err)
			}
			for _, name := range files {
				document, found := arazzo.Read(parse(t, readFile(t, name)))
				switch {
				case !test.valid && !found.Failed():
					t.Errorf("%s was not refused", name)
				case test.valid && len(document.Workflows) == 0:
					t.Errorf("%s has no workflows", name)
				case test.valid:
					if diff := cmp.Diff(want[filepath.Base(name)], lines(found)); diff != "" {
						t.Errorf("%s: (-want +got):\n%s", name, diff)
					}
				}
			}
		})
	}
}

// TestPublishedDocuments reads the Arazzo documents that sixteen providers have
// published: nothing is wrong with any of them by itself.
func TestPublishedDocuments(t *testing.T) {
	t.Parallel()
	count := 0
	published.Documents(t, func(name, text string) {
		root, err := source.Parse(&source.File{Name: name, Text: text})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		count++
		if _, found := arazzo.Read(root); len(found) > 0 {
			t.Errorf("%s: %q", name, lines(found))
		}
	})
	if count != 293 {
		t.Errorf("read %d documents, want 293", count)
	}
}
