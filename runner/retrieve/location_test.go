package retrieve_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

func TestResolve(t *testing.T) {
	t.Parallel()
	const disk, web = "file:///home/me/flows/w.yml", "https://api.example.com/v2/flows/w.yml?page=1"
	tests := []struct{ name, base, reference, want, wantErr string }{
		{"S-025 a file beside", disk, "x.yml", "file:///home/me/flows/x.yml", ""},
		{"S-025 a file above", disk, "../specs/./x.yml", "file:///home/me/specs/x.yml", ""},
		{"above the root", disk, "../../../../../x.yml", "file:///x.yml", ""},
		{"an absolute path", disk, "/specs/x.yml", "file:///specs/x.yml", ""},
		{"a space as it is", disk, "a b.yml", "file:///home/me/flows/a%20b.yml", ""},
		{"a space escaped", disk, "a%20b.yml", "file:///home/me/flows/a%20b.yml", ""},
		{"letters beyond ASCII", disk, "größe.yml", "file:///home/me/flows/gr%C3%B6%C3%9Fe.yml", ""},
		{"the same, escaped", disk, "gr%c3%b6%C3%9Fe.yml", "file:///home/me/flows/gr%C3%B6%C3%9Fe.yml", ""},
		{"a percent sign that begins no escape", disk, "100%.yml", "file:///home/me/flows/100%25.yml", ""},
		{"two of them", disk, "%%a.yml%2", "file:///home/me/flows/%25%25a.yml%252", ""},
		{"a number sign begins a fragment", disk, "a#b.yml", "file:///home/me/flows/a", ""},
		{"an escaped number sign is a letter", disk, "a%23b.yml", "file:///home/me/flows/a%23b.yml", ""},
		{"a question mark begins a query", disk, "x.yml?v=2", "file:///home/me/flows/x.yml?v=2", ""},
		{"an escaped question mark is a letter", disk, "x%3Fv.yml", "file:///home/me/flows/x%3Fv.yml", ""},
		{"backslashes", disk, `..\specs\x.yml`, "file:///home/me/specs/x.yml", ""},
		{"a drive", disk, `C:\specs\x.yml`, "file:///C:/specs/x.yml", ""},
		{"a file URL", web, "file:///specs/x.yml", "file:///specs/x.yml", ""},
		{"a file URL with one slash", disk, "file:/specs/x.yml", "file:///specs/x.yml", ""},
		{"a file URL that names this machine", disk, "file://localhost/specs/x.yml", "file:///specs/x.yml", ""},
		{"the network share of a machine", disk, "//server/x.yml", "file://server/x.yml", ""},
		{"on the web", web, "../specs/x.yml", "https://api.example.com/v2/specs/x.yml", ""},
		{"at the server's root", web, "/specs/x.yml", "https://api.example.com/specs/x.yml", ""},
		{"another host", web, "//cdn.example.com/x.yml", "https://cdn.example.com/x.yml", ""},
		{"a query of its own", web, "?page=2", "https://api.example.com/v2/flows/w.yml?page=2", ""},
		{"the document itself", web, "", "https://api.example.com/v2/flows/w.yml?page=1", ""},
		{"one way to write a URL", disk, "HTTPS://API.example.com:443/a/../b/x.yml#/paths", "https://api.example.com/b/x.yml", ""},
		{"a host alone", disk, "http://example.com:80", "http://example.com/", ""},
		{"credentials stay with their host", "https://me:pw@example.com/w.yml", "x.yml", "https://me:pw@example.com/x.yml", ""},
		{"a urn", disk, "urn:example:flow", "urn:example:flow", ""},
		{"relative to a urn", "urn:example:flow", "x.yml", "", `"x.yml" is relative, and there is nothing it could be relative to`},
		{"relative to nothing", "", "x.yml", "", `"x.yml" is relative, and there is nothing it could be relative to`},
		{"a line break", disk, "a\nb.yml", "", `"a\nb.yml" cannot be read as a URI`},
		{"a port that is none", disk, "https://me:pw@example.com:x/", "", `"https://***@example.com:x/" cannot be read as a URI`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := retrieve.Resolve(test.base, test.reference)
			wantError(t, err, test.wantErr)
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("the error is %q\nwant         %q", got, want)
	}
}

// TestPathsAreTakenAsTheyAre: a path that a user types has no special characters,
// the same text in a document is a URI reference.
func TestPathsAreTakenAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b.yml", "a%20b.yml", "a#b.yml", "a?b.yml", `a\b.yml`, "größe.yml", "http:x.yml", "\xff.yml"} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := retrieve.New(retrieve.Options{NoCache: true}).Get(t.Context(), path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if back, ok := retrieve.Path(file.URI); !ok || back != path || file.Text != name || file.Name != path {
			t.Errorf("%s was read as %+v, and leads to %q", path, file, back)
		}
	}
}

func TestPath(t *testing.T) {
	t.Parallel()
	tests := []struct {
		uri, want string
		ok        bool
	}{
		{"file:///home/me/a%20b.yml", "/home/me/a b.yml", true},
		{"file:///C:/specs/x.yml", "C:/specs/x.yml", true},
		{"file://server/x.yml", "", false},
		{"file:///x.yml?v=1", "", false},
		{"https://example.com/x.yml", "", false},
		{"urn:example:x", "", false},
		{"file:", "", false},
		{"%", "", false},
	}
	for _, test := range tests {
		if got, ok := retrieve.Path(test.uri); filepath.ToSlash(got) != test.want || ok != test.ok {
			t.Errorf("%s leads to %q, %v; want %q, %v", test.uri, got, ok, test.want, test.ok)
		}
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, from, uri, want string }{
		{"beside a relative document", "docs/w.yml", retrieve.URI("docs/x.yml"), filepath.FromSlash("docs/x.yml")},
		{"above a relative document", "w.yml", retrieve.URI("../x.yml"), filepath.FromSlash("../x.yml")},
		{"beside an absolute document", filepath.Join(here, "w.yml"), retrieve.URI("x.yml"), filepath.Join(here, "x.yml")},
		{"from a URL", "https://example.com/w.yml", retrieve.URI("x.yml"), filepath.Join(here, "x.yml")},
		{"a path with an escape sequence", "w.yml", "file:///a%1B[2J.yml", "file:///a%1B[2J.yml"},
		{"on the web", "w.yml", "https://me:pw@example.com/x.yml?a=1&apiToken=secret#k", "https://***@example.com/x.yml?a=1&apiToken=***#k"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := retrieve.Name(&source.File{Name: test.from}, test.uri); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// FuzzResolve: whatever is resolved is absolute, has no fragment, and stays what
// it is when it is resolved again; a file's path leads back to its URI.
func FuzzResolve(f *testing.F) {
	for _, base := range []string{"file:///home/me/w.yml", "https://example.com/a/w.yml", "urn:x:y", ""} {
		for _, reference := range []string{"../a b.yml#f", `C:\x%.yml`, "%%2", "//h/x", "?q", "größe.yml", "HTTP://H:80"} {
			f.Add(base, reference)
		}
	}
	f.Fuzz(func(t *testing.T, base, reference string) {
		uri, err := retrieve.Resolve(base, reference)
		if err != nil {
			return
		}
		if strings.Contains(uri, "#") || !strings.Contains(uri, ":") {
			t.Errorf("%q with %q is %q", base, reference, uri)
		}
		again, err := retrieve.Resolve("", uri)
		if diff := cmp.Diff(uri, again); err != nil || diff != "" {
			t.Errorf("%q with %q is not stable: %v\n%s", base, reference, err, diff)
		}
		if path, ok := retrieve.Path(uri); ok && filepath.IsAbs(path) && filepath.Clean(path) == path && !strings.Contains(uri, "?") {
			if back := retrieve.URI(path); back != uri {
				t.Errorf("%q leads to %q, which is %q", uri, path, back)
			}
		}
	})
}
