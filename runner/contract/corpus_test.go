package contract_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/contract"
	"github.com/arazzo-conformance/arazzo/runner/internal/published"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestPublishedCorpus compiles every schema of every operation of the corpus. What
// cannot be judged stands, with its reason, in a file.
func TestPublishedCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("the corpus takes minutes under the race detector, to which it has nothing to say")
	}
	t.Parallel()
	operations, compiled := 0, 0
	reasons := map[string]int{}
	published.Descriptions(t, func(name, text string) {
		f := &source.File{Name: name, Text: text}
		d, _ := openapi.Load(f, nil)
		if d == nil {
			return
		}
		c := contract.New(nil)
		told := map[source.Diagnostic]bool{}
		for _, listing := range d.Operations() {
			op, _ := d.OperationAt(listing.Pointer)
			if op == nil {
				continue
			}
			operations++
			for _, note := range c.Prepare(op) {
				if !told[*note] {
					told[*note] = true
					reasons[f.Name+": "+kindOf(note)]++
				}
			}
		}
		compiled += c.Compiled()
	})
	var b strings.Builder
	fmt.Fprintf(&b, "%d operations, %d schemas\n", operations, compiled)
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		fmt.Fprintf(&b, "%d x %s\n", reasons[reason], reason)
	}
	golden(t, filepath.Join("testdata", "corpus.txt"), b.String())
}

// kindOf leaves the names out of the most common reason.
func kindOf(note *source.Diagnostic) string {
	if strings.HasPrefix(note.Message, "the reference ") && strings.Contains(note.Message, " leads nowhere: ") &&
		strings.HasSuffix(note.Message, ": this is not checked, and all around it is") {
		return "a reference that leads nowhere is not checked"
	}
	return note.Message
}

var update = flag.Bool("update", false, "write the golden files")

// golden holds a text against a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s", name, got)
	}
}
