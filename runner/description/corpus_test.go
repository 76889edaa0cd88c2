package description_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/internal/published"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestPublishedDocuments loads what providers have published: every source that
// exists is read, and of the others each is told (D10).
func TestPublishedDocuments(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("the published documents take seconds to read")
	}
	documents := published.Extract(t, t.TempDir())
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
