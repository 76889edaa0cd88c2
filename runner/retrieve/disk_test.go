package retrieve_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

func TestGetFromDisk(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, text := range map[string]string{"w.yml": "a: 1", "large.yml": strings.Repeat("a", 1001)} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	client := retrieve.New(retrieve.Options{MaxBytes: 1000})
	entry, err := client.Get(t.Context(), filepath.Join(folder, "w.yml"))
	if err != nil {
		t.Fatal(err)
	}
	scope := client.Scope(entry)
	for name, want := range map[string]string{
		"w.yml":         "<nil>",
		"large.yml":     "too-large: it has more than 1000 bytes | ",
		".":             "unreadable: it is a folder | name a file in it",
		"missing.yml":   "not-found: no such file or directory | ",
		"w.yml/x.yml":   "unreadable: not a directory | ",
		"../%00.yml":    "unreadable: invalid argument | ",
		"x.yml?v=1":     "invalid: a file has no query | in the name of a file write ? as %3F",
		"mailto:me@x.y": `invalid: the scheme "mailto" does not say where a document is | name it by a path or an http(s) URL`,
		"file:x.yml":    "invalid: the URL names no file | ",
	} {
		uri, err := retrieve.Resolve(entry.URI, name)
		if err != nil {
			t.Fatal(err)
		}
		_, err = scope.Get(t.Context(), entry, uri)
		if diff := cmp.Diff(want, failure(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if errors.Is(err, fs.ErrNotExist) != (name == "missing.yml") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if runtime.GOOS != "windows" {
		_, err = scope.Get(t.Context(), entry, "file:///dev/null")
		wantError(t, err, "it is not a regular file")
	}
}

// TestReferences holds S-233 for what API descriptions refer to.
func TestReferences(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, name := range []string{"api.yml", "schema.yml", "more.yml"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	web := network{"https://example.com/api.yml": "a", "https://example.com/schema.yml": "b", "https://other.example/x.yml": "c"}
	allowed, err := retrieve.ParseHost("example.com")
	if err != nil {
		t.Fatal(err)
	}
	client := retrieve.New(retrieve.Options{NoCache: true, Transport: web, AllowHosts: []retrieve.Host{allowed}})
	disk := retrieve.URI(filepath.Join(folder, "api.yml"))
	const local = "a document from the web must not name a file of this machine"
	type step struct{ base, reference, want string }
	tests := []struct {
		name, from string
		steps      []step
	}{
		{"beside a file", disk, []step{{"", "schema.yml", ""}, {disk, "schema.yml#/a", ""}, {disk, "missing.yml", "no such file or directory"}}},
		{"beside a URL", "https://example.com/api.yml", []step{{"", "schema.yml", ""}, {"https://example.com/schema.yml", "api.yml", ""}}},
		{"a host of its own choice", "https://example.com/api.yml", []step{{"", "https://other.example/x.yml", "the entry document does not name the host other.example"}}},
		{"a file from the web", "https://example.com/api.yml", []step{{"", disk, local}}},
		{"a file from the web, by a base that it made up", "https://example.com/api.yml", []step{{disk, "schema.yml", local}}},
		{"a $self of a file", disk, []step{{retrieve.URI(filepath.Join(folder, "self.yml")), "schema.yml", ""}}},
		{"a file after the web, by a base that was made up", disk, []step{
			{"", "schema.yml", ""},
			{"", "https://example.com/schema.yml", ""},
			{retrieve.URI(filepath.Join(folder, "schema.yml")), "more.yml", ""},
			{retrieve.URI(filepath.Join(folder, "self.yml")), "more.yml", local},
			{"", "more.yml", ""},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			get := client.References(&source.File{Name: "api", URI: test.from})
			for _, s := range test.steps {
				_, err := get(s.base, s.reference)
				wantError(t, err, s.want)
			}
		})
	}
}
