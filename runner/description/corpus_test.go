package description_test

import (
	"archive/tar"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// corpus is where published documents lie, beside the checkout.
var corpus = filepath.Join("..", "..", "..", "shared", "corpus", "api-evangelist-16-providers.tar.zst")

// TestPublishedDocuments loads what providers have published: every source that
// exists is read, and of the others each is told (D10).
func TestPublishedDocuments(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("the published documents take seconds to read")
	}
	dir := t.TempDir()
	extract(t, dir)
	documents, err := filepath.Glob(filepath.Join(dir, "*", "arazzo", "*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	options := description.Options{Client: retrieve.New(retrieve.Options{NoCache: true, Offline: true}), Cache: &description.Cache{}}
	missing := map[string]int{}
	for _, path := range documents {
		d, found := description.Load(t.Context(), path, options)
		if d == nil {
			t.Errorf("%s was not read: %v", path, found)
			continue
		}
		for _, f := range found {
			switch {
			case f.Code == "arazzo/source-not-found":
				missing[filepath.Base(filepath.Dir(filepath.Dir(path)))]++
			case f.Severity == source.Error:
				t.Error(f.Render())
			}
		}
		for _, s := range d.Entry.Sources {
			if s.OpenAPI == nil && !found.Failed() {
				t.Errorf("%s: the source %s has no description", path, s.Name)
			}
		}
	}
	want := map[string]int{"mailchimp": 19, "github": 2, "prisma": 3}
	if diff := cmp.Diff(want, missing); diff != "" || len(documents) != 293 {
		t.Errorf("%d documents (-want +got):\n%s", len(documents), diff)
	}
}

// extract writes the published files into a folder.
func extract(t *testing.T, dir string) {
	t.Helper()
	packed, err := os.Open(corpus)
	if err != nil {
		t.Skipf("the published documents are not beside the checkout, so they were not read: %v", err)
	}
	defer packed.Close()
	plain, err := zstd.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	for archive := tar.NewReader(plain); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.Typeflag != tar.TypeReg || !filepath.IsLocal(header.Name) {
			continue
		}
		var text strings.Builder
		if _, err := io.Copy(&text, archive); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, filepath.FromSlash(header.Name)), text.String())
	}
}
