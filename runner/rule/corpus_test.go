package rule_test

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

// corpus lies beside the checkout: published Arazzo documents of 16 providers and
// the descriptions that they name.
var corpus = filepath.Join("..", "..", "..", "shared", "corpus", "api-evangelist-16-providers.tar.zst")

// TestCorpus validates published documents. Whoever changes a rule looks at what
// it says of them before the counts of testdata/corpus.txt are written anew.
func TestCorpus(t *testing.T) {
	t.Parallel()
	files := unpack(t)
	l := newLibrary(t, files)
	places := map[string][]string{}
	documents := 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if path.Base(path.Dir(name)) != "arazzo" {
			continue
		}
		documents++
		before, found := l.validate(name)
		for _, d := range append(before, found...) {
			places[d.Code] = append(places[d.Code], d.Error())
		}
	}
	var got strings.Builder
	fmt.Fprintf(&got, "%d documents\n", documents)
	for _, code := range slices.Sorted(maps.Keys(places)) {
		fmt.Fprintf(&got, "%4d %s\n", len(places[code]), code)
		t.Log(strings.Join(places[code], "\n"))
	}
	golden := filepath.Join("testdata", "corpus.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// unpack reads the corpus into memory.
func unpack(t *testing.T) map[string]string {
	t.Helper()
	file, err := os.Open(corpus)
	if err != nil {
		t.Skipf("the corpus is not beside the checkout, so it was not validated: %v", err)
	}
	defer file.Close()
	decoder, err := zstd.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer decoder.Close()
	files := map[string]string{}
	archive := tar.NewReader(decoder)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		text, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		files[path.Clean(header.Name)] = string(text)
	}
}
