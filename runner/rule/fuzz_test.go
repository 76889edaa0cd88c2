package rule_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// FuzzCheck checks whatever can be read as a document, also one with errors: it
// crashes on none, every diagnostic has a place in a file, and the same is said
// twice.
func FuzzCheck(f *testing.F) {
	archives, err := filepath.Glob("testdata/check/*.txtar")
	if err != nil || len(archives) == 0 {
		f.Fatalf("no archives: %v", err)
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(archive.Files[0].Data))
	}
	sources := readPage(f).sources
	f.Fuzz(func(t *testing.T, text string) {
		files := map[string]string{"w.yml": text, "pets.yml": sources["pets.yml"], "shop.yml": sources["shop.yml"]}
		l := newLibrary(t, files)
		d, _ := l.load("w.yml")
		if d == nil {
			return
		}
		_, first := l.checked(d)
		_, second := l.checked(d)
		if diff := cmp.Diff(rendered(nil, first), rendered(nil, second)); diff != "" {
			t.Errorf("it says another thing the second time:\n%s", diff)
		}
		for _, d := range first {
			if d.Position.File == nil || d.Position.Line == 0 || d.Severity == "" {
				t.Errorf("incomplete: %+v", d)
			}
		}
	})
}
