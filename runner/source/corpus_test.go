package source_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// corpus is where the specification's own documents lie, beside the checkout.
var corpus = filepath.Join("..", "..", "..", "shared", "corpus")

// TestCorpusRoundTrip writes every document of the corpus as JSON, that as YAML,
// and that as JSON again: the values stay the same, and their order.
func TestCorpusRoundTrip(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("the specification's documents are not beside the checkout, so they were not written: %v", err)
	}
	files, err := filepath.Glob(filepath.Join(corpus, "arazzo-*", "*", "*.yaml"))
	if err != nil || len(files) < 70 {
		t.Fatalf("found %d documents, want 70 or more (%v)", len(files), err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		roundTrip(t, parse(t, string(text)))
	}
}

// roundTrip writes a value in both languages and reads it back.
func roundTrip(t *testing.T, v *source.Value) {
	t.Helper()
	for _, write := range []func(*source.Value) string{(*source.Value).JSON, (*source.Value).YAML, (*source.Value).JSON} {
		written := write(v)
		again, err := source.Parse(&source.File{Name: "written", Text: written})
		if err != nil {
			t.Fatalf("%s does not read back: %v", written, err)
		}
		if diff := cmp.Diff(outline(v), outline(again)); diff != "" {
			t.Fatalf("%s reads back otherwise (-want +got):\n%s", written, diff)
		}
		v = again
	}
}

// outline writes a value in a way of its own, with the order of its members and
// the kind of each scalar.
func outline(v *source.Value) string {
	var b strings.Builder
	for _, item := range v.Items {
		b.WriteString(outline(item) + "\n")
	}
	for _, m := range v.Members {
		fmt.Fprintf(&b, "%q: %s\n", m.Key, outline(m.Value))
	}
	if b.Len() == 0 {
		return fmt.Sprintf("%s %#v", v.Kind, v.Scalar)
	}
	return fmt.Sprintf("%s\n%send", v.Kind, b.String())
}
