package published

import (
	"archive/tar"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// archive is where the published files lie, seen from the module's root.
var archive = filepath.Join("..", "shared", "corpus", "api-evangelist-16-providers.tar.zst")

// Each visits the published files, in the archive's order. The test is skipped where
// there is no archive.
func Each(tb testing.TB, visit func(name, text string)) {
	tb.Helper()
	packed, err := os.Open(filepath.Join(module(tb), archive))
	if errors.Is(err, fs.ErrNotExist) {
		tb.Skipf("the published documents are not beside the checkout, so they were not read: %v", err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer packed.Close()
	plain, err := zstd.NewReader(packed)
	if err != nil {
		tb.Fatal(err)
	}
	defer plain.Close()
	for files := tar.NewReader(plain); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			tb.Fatal(err)
		}
		if header.Typeflag != tar.TypeReg || !filepath.IsLocal(header.Name) {
			continue
		}
		text, err := io.ReadAll(files)
		if err != nil {
			tb.Fatal(err)
		}
		visit(header.Name, string(text))
	}
}

// Documents visits the Arazzo documents.
func Documents(tb testing.TB, visit func(name, text string)) {
	tb.Helper()
	Each(tb, func(name, text string) {
		if isDocument(name) {
			visit(name, text)
		}
	})
}

// Descriptions visits the OpenAPI files.
func Descriptions(tb testing.TB, visit func(name, text string)) {
	tb.Helper()
	Each(tb, func(name, text string) {
		if !isDocument(name) && strings.HasSuffix(name, ".yml") {
			visit(name, text)
		}
	})
}

func isDocument(name string) bool {
	return strings.Contains(name, "/arazzo/") && strings.HasSuffix(name, ".yml")
}

// Extract writes the published files into a folder, and lists the Arazzo documents.
func Extract(tb testing.TB, dir string) []string {
	tb.Helper()
	var documents []string
	Each(tb, func(name, text string) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			tb.Fatal(err)
		}
		if isDocument(name) {
			documents = append(documents, path)
		}
	})
	return documents
}

// module is the module's root: a test runs in the folder of its package.
func module(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			tb.Fatal("the test does not run within the module")
		}
		dir = filepath.Dir(dir)
	}
}
