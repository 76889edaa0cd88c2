package rule_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/rule"
)

// typed are the archives about types: a document and the description it draws on.
func typed(t testing.TB) []map[string]string {
	t.Helper()
	names, err := filepath.Glob("testdata/check/type-*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	var all []map[string]string
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		for _, f := range archive.Files {
			files[f.Name] = string(f.Data)
		}
		all = append(all, files)
	}
	return all
}

// FuzzTypes checks documents against descriptions, both of any kind: it crashes on
// none, and the same is said twice.
func FuzzTypes(f *testing.F) {
	for _, files := range typed(f) {
		f.Add(files["w.yml"], files["store.yml"])
	}
	f.Fuzz(func(t *testing.T, document, api string) {
		l := newLibrary(t, map[string]string{"w.yml": document, "store.yml": api})
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

// BenchmarkTypes checks documents in which every value meets a schema.
func BenchmarkTypes(b *testing.B) {
	var workflows [][]*link.Workflow
	for _, files := range typed(b) {
		d, _ := newLibrary(b, files).load("w.yml")
		workflows = append(workflows, link.New(d).Entry())
	}
	for b.Loop() {
		for _, w := range workflows {
			_ = rule.Check(w)
		}
	}
}

// BenchmarkTypesLink is the yardstick for it.
func BenchmarkTypesLink(b *testing.B) {
	all := typed(b)
	for b.Loop() {
		for _, files := range all {
			d, _ := newLibrary(b, files).load("w.yml")
			link.New(d).Entry()
		}
	}
}

// TestLongNumbers judges numbers of a million digits by their text.
func TestLongNumbers(t *testing.T) {
	t.Parallel()
	digits := strings.Repeat("7", 1_000_000)
	for name, row := range map[string]struct{ number, want string }{
		"a whole one":                {digits, ""},
		"one that is whole by value": {digits + ".000", ""},
		"a fraction":                 {digits + ".5", "arazzo/type-mismatch"},
		"a small fraction":           {"0." + digits, "arazzo/type-mismatch"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := readPage(t)
			p.sources["w.yml"] = p.complete("steps: [{stepId: list, operationId: listPets, parameters: [{name: limit, in: query, value: " + row.number + "}]}]\n")
			_, found := newLibrary(t, p.sources).validate("w.yml")
			if got := strings.Join(codesOf(found), " "); got != row.want {
				t.Errorf("found %q, want %q", got, row.want)
			}
		})
	}
}
