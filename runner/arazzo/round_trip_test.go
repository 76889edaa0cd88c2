package arazzo_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestRoundTrip writes documents of every object in both forms, and reads them
// again: nothing is lost, fields and extensions that nobody knows neither (S-004,
// S-218).
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/full-*.yml")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		document, want := reread(t, string(text)+"x-huge: 123456789012345678901234567890.10\nx-on: [on, 2024-05-29, '1:30', 0o10]\nunknown: {200: null}\n")
		for form, written := range map[string]string{"YAML": document.YAML(), "JSON": document.JSON()} {
			again, got := reread(t, written)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s in %s (-want +got):\n%s", name, form, diff)
			}
			if again.YAML() != document.YAML() {
				t.Errorf("%s in %s is written otherwise the second time", name, form)
			}
		}
	}
	if got := (arazzo.Object{}).YAML() + (arazzo.Object{}).JSON(); got != "" {
		t.Errorf("an object that was not read is %q", got)
	}
}

// reread reads a document, and its values.
func reread(t *testing.T, text string) (*arazzo.Document, any) {
	t.Helper()
	root, err := source.Parse(&source.File{Name: "w.yml", Text: text})
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	document, _ := arazzo.Read(root)
	return document, root.Data()
}
