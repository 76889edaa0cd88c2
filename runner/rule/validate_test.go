package rule_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/rule"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// library are files in a folder of their own. Documents of it share what they
// draw on.
type library struct {
	t       testing.TB
	folder  string
	options description.Options
}

func newLibrary(t testing.TB, files map[string]string) *library {
	t.Helper()
	l := &library{t: t, folder: t.TempDir(), options: description.Options{
		Client: retrieve.New(retrieve.Options{Offline: true, NoCache: true}), Cache: &description.Cache{},
	}}
	for name, text := range files {
		path := filepath.Join(l.folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// validate is what arazzo validate finds in a document of the library: when it is
// loaded and linked, and then by the rules of this package.
func (l *library) validate(entry string) (before, found source.Diagnostics) {
	d, before := l.load(entry)
	if d == nil {
		return before, nil
	}
	linked, found := l.checked(d)
	return append(before, linked...), found
}

// checked links a description, which may have errors, and checks all of it.
func (l *library) checked(d *description.Description) (linked, found source.Diagnostics) {
	linker := link.New(d)
	workflows := linker.Entry()
	return l.here(linker.Diagnostics()), l.here(rule.Check(workflows))
}

// load reads a document and what it draws on.
func (l *library) load(entry string) (*description.Description, source.Diagnostics) {
	d, found := description.Load(l.t.Context(), filepath.Join(l.folder, entry), l.options)
	return d, l.here(found)
}

// here are the diagnostics with the names that the files have in the library.
func (l *library) here(found source.Diagnostics) source.Diagnostics {
	var list source.Diagnostics
	name := strings.NewReplacer(l.folder+string(filepath.Separator), "")
	for _, d := range found {
		x := *d
		x.Message, x.Expected, x.Fix = name.Replace(d.Message), name.Replace(d.Expected), name.Replace(d.Fix)
		if file := d.Position.File; file != nil {
			x.Position.File = &source.File{Name: name.Replace(file.Name), Text: file.Text}
		}
		list = append(list, &x)
	}
	return list
}
