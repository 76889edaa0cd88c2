package link_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// FuzzLink links whatever can be read as a document, also one with errors, beside
// fixed descriptions of APIs: it crashes on none, every diagnostic says what and
// where, and linking again says the same.
func FuzzLink(f *testing.F) {
	for _, path := range pages(f) {
		page, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(abbreviations.Replace(string(page.Files[0].Data)))
	}
	dir := unpack(f, nil)
	cache := &description.Cache{}
	client := retrieve.New(retrieve.Options{NoCache: true, Offline: true})
	f.Fuzz(func(t *testing.T, text string) {
		file := &source.File{Name: filepath.Join(dir, "w.yml"), Text: text}
		d, _ := description.Parse(t.Context(), file, description.Options{Client: client, Cache: cache})
		if d == nil {
			return
		}
		first, second := link.New(d), link.New(d)
		first.Entry()
		second.Entry()
		if diff := cmp.Diff(rendered(first.Diagnostics()), rendered(second.Diagnostics())); diff != "" {
			t.Errorf("it says another thing the second time:\n%s", diff)
		}
		for _, d := range first.Diagnostics() {
			if d.Position.File == nil || d.Position.Line == 0 || d.Severity == "" || d.Code == "" || d.Message == "" {
				t.Errorf("incomplete: %+v", d)
			}
		}
		if _, fixed := source.Fix(file, first.Diagnostics()); len(fixed) > len(first.Diagnostics()) {
			t.Errorf("%d edits of %d", len(fixed), len(first.Diagnostics()))
		}
	})
}
