package runner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
)

// TestValidateDocuments judges the archives of testdata/validate. Each has
// documents, of which the first is the entry, and all that is found in them. API
// stands for the address of a server, which is never asked: what a document says
// makes nobody call an API (S-230).
func TestValidateDocuments(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/validate/*.txtar")
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
			server := serve(t, "")
			got := judgeArchive(t, archive, server.url)
			if asked := server.asked(); asked != "" {
				t.Errorf("the API was asked: %s", asked)
			}
			last := len(archive.Files) - 1
			if *update {
				archive.Files[last].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[last].Data), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// judgeArchive writes the documents into a folder, and returns the one-line forms
// of what is found.
func judgeArchive(t *testing.T, archive *txtar.Archive, api string) string {
	t.Helper()
	folder := t.TempDir()
	for _, f := range archive.Files {
		text := strings.ReplaceAll(string(f.Data), "API", api)
		if err := os.WriteFile(filepath.Join(folder, f.Name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	entry := filepath.Join(folder, archive.Files[0].Name)
	o := runner.ValidateOptions{Retrieval: retrieve.Options{NoCache: true, Offline: true}}
	var b strings.Builder
	for _, d := range runner.Validate(t.Context(), []string{entry}, o)[0].Diagnostics {
		b.WriteString(strings.ReplaceAll(d.Error(), folder+string(filepath.Separator), "") + "\n")
	}
	return b.String()
}
