package link_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

var update = flag.Bool("update", false, "write what TestLink saw into its pages")

// TestLink links the documents of testdata/link. Each page has one concern: the
// entry document first, then its other files, and last everything that is found in
// them: the places and codes of the errors that were there before, so that nothing
// is told twice, and what linking finds.
func TestLink(t *testing.T) {
	t.Parallel()
	for _, path := range pages(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			page, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			last := len(page.Files) - 1
			if page.Files[last].Name != "found" {
				t.Fatal("the last file has to be found")
			}
			dir := unpack(t, page.Files[:last])
			got := strings.ReplaceAll(found(t, filepath.Join(dir, page.Files[0].Name)), dir+"/", "")
			if *update {
				page.Files[last].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(page), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(page.Files[last].Data), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func pages(t testing.TB) []string {
	t.Helper()
	found, err := filepath.Glob("testdata/link/*.txtar")
	if err != nil || len(found) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	return found
}

// abbreviations are what the pages would all begin with.
var abbreviations = strings.NewReplacer(
	"ARAZZO 1.0\n", "arazzo: 1.0.1\ninfo: {title: Pages, version: 1.0.0}\n",
	"ARAZZO 1.1\n", "arazzo: 1.1.0\ninfo: {title: Pages, version: 1.0.0}\n",
	"OPENAPI\n", "openapi: 3.1.0\ninfo: {title: Things, version: 1.0.0}\n",
	"ASYNCAPI\n", "asyncapi: 3.0.0\ninfo: {title: Events, version: 1.0.0}\n",
)

// unpack writes the files of a page, and those of testdata/common that it does not
// have, into a folder.
func unpack(t testing.TB, files []txtar.File) string {
	t.Helper()
	// A source that is not found is looked for in the folders above: these are ours.
	dir := filepath.Join(t.TempDir(), "a", "b", "c")
	common, err := filepath.Glob("testdata/common/*.yml")
	if err != nil || len(common) == 0 {
		t.Fatalf("no common files: %v", err)
	}
	for _, path := range common {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, filepath.Base(path)), string(text))
	}
	for _, f := range files {
		write(t, filepath.Join(dir, f.Name), string(f.Data))
	}
	return dir
}

func write(t testing.TB, path, text string) {
	t.Helper()
	text = abbreviations.Replace(text)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// found is all that is found in a document, in the order in which it is shown.
func found(t testing.TB, path string) string {
	t.Helper()
	d, before := load(t, path)
	if d == nil {
		t.Fatal(before)
	}
	var b strings.Builder
	for _, d := range before {
		if d.Severity == source.Error {
			fmt.Fprintf(&b, "%s %s\n", d.Position, d.Code)
		}
	}
	linker := link.New(d)
	linker.Entry()
	all := linker.Diagnostics()
	all.Sort()
	return b.String() + rendered(all)
}

func load(t testing.TB, path string) (*description.Description, source.Diagnostics) {
	t.Helper()
	return description.Load(t.Context(), path, description.Options{Client: retrieve.New(retrieve.Options{NoCache: true, Offline: true})})
}

func rendered(found source.Diagnostics) string {
	var b strings.Builder
	for _, d := range found {
		fmt.Fprintln(&b, d)
		if d.Expected != "" {
			fmt.Fprintf(&b, "\texpected: %s\n", d.Expected)
		}
		if d.Fix != "" {
			fmt.Fprintf(&b, "\tnext: %s\n", d.Fix)
		}
		if d.Edit != (source.Edit{}) {
			fmt.Fprintf(&b, "\tedit: %d:%d %q becomes %q\n", d.Edit.At.Line, d.Edit.At.Column, d.Edit.Old, d.Edit.New)
		}
	}
	return b.String()
}
