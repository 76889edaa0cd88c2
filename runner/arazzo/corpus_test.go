package arazzo_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// corpus is where the specification's own documents lie, beside the checkout.
var corpus = filepath.Join("..", "..", "..", "shared", "corpus")

// TestSpecificationDocuments reads the documents of the specification's own
// repository: its schema tests and its examples. The valid ones are read, or
// refused by the name of what is not executed; the invalid ones are refused.
func TestSpecificationDocuments(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, pattern string
		valid         bool
		// count is how many there were when this was written.
		count int
	}{
		{"1.0 pass", "arazzo-schema-tests-1.0/pass/*.yaml", true, 3},
		{"1.0 fail", "arazzo-schema-tests-1.0/fail/*.yaml", false, 2},
		{"1.1 pass", "arazzo-schema-tests-1.1/pass/*.yaml", true, 35},
		{"1.1 fail", "arazzo-schema-tests-1.1/fail/*.yaml", false, 27},
		{"examples", "arazzo-examples/1.0.0/*arazzo.yaml", true, 6},
	}
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("the specification's documents are not beside the checkout, so they were not read: %v", err)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			files, err := filepath.Glob(filepath.Join(corpus, filepath.FromSlash(test.pattern)))
			if err != nil || len(files) < test.count {
				t.Fatalf("found %d documents, want %d (%v)", len(files), test.count, err)
			}
			for _, name := range files {
				judge(t, name, test.valid)
			}
		})
	}
}

func judge(t *testing.T, name string, valid bool) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	root, err := source.Parse(&source.File{Name: filepath.Base(name), Text: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	document, found := arazzo.Read(root)
	if !valid {
		if !found.Failed() {
			t.Errorf("%s was not refused", name)
		}
		return
	}
	for _, d := range found {
		if d.Code != "unsupported" {
			t.Error(d.Render())
		}
	}
	if strings.Contains(string(text), "arazzo: 1.0") && found.Failed() {
		t.Errorf("%s is of version 1.0 and was refused", name)
	}
	if len(document.Workflows) == 0 {
		t.Errorf("%s has no workflows", name)
	}
}
