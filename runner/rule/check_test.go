package rule_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/rule"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

var update = flag.Bool("update", false, "write what the tests saw into testdata")

// TestCheck checks the documents of testdata/check. Each archive has one or more
// documents, of which the first is the entry, and all that is found in them. The
// descriptions that they draw on are those of docs/rules.md.
func TestCheck(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/check/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files := readPage(t).sources
			for _, f := range archive.Files {
				files[f.Name] = string(f.Data)
			}
			l := newLibrary(t, files)
			d, before := l.load(archive.Files[0].Name)
			linked, found := l.checked(d)
			got := rendered(append(before, linked...), found)
			if *update {
				rewrite(t, name, archive, got)
				return
			}
			if diff := cmp.Diff(files["found"], got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// rendered is what rule.Check says, after the places and codes of the errors that
// were there before it.
func rendered(before, found source.Diagnostics) string {
	var b strings.Builder
	for _, d := range before {
		if d.Severity == source.Error {
			fmt.Fprintf(&b, "%s %s\n", d.Position, d.Code)
		}
	}
	for _, d := range found {
		b.WriteString(d.Render())
	}
	return b.String()
}

// rewrite gives an archive what was found, as its last file.
func rewrite(t *testing.T, name string, archive *txtar.Archive, found string) {
	t.Helper()
	files := archive.Files
	if files[len(files)-1].Name != "found" {
		files = append(files, txtar.File{Name: "found"})
	}
	files[len(files)-1].Data = []byte(found)
	archive.Files = files
	if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestSelectedWorkflows checks one workflow of a document: what others may use is
// not said to be unused. What it asks of another one is not there without that.
func TestSelectedWorkflows(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/check/unused.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files := readPage(t).sources
	files["w.yml"] = string(archive.Files[0].Data)
	d, _ := newLibrary(t, files).load("w.yml")
	w, ok := link.New(d).Workflow(d.Entry, "all-of-them")
	found := rule.Check([]*link.Workflow{w})
	if diff := cmp.Diff([]string{"arazzo/forward-reference"}, codesOf(found)); !ok || diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, rendered(nil, found))
	}
}

// TestBundledWorkflows holds that the rules have nothing against the documents
// that users copy first.
func TestBundledWorkflows(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for _, pattern := range []string{"../../workflows/*.yml", "../../specs/*.yml"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) < 2 {
			t.Fatalf("%s: %d files (%v)", pattern, len(names), err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[strings.TrimPrefix(filepath.ToSlash(name), "../../")] = string(text)
		}
	}
	l := newLibrary(t, files)
	for name := range files {
		if strings.HasPrefix(name, "workflows/") {
			if before, found := l.validate(name); before.Failed() || len(found) > 0 {
				t.Errorf("%s: %v %s", name, before, rendered(nil, found))
			}
		}
	}
}
