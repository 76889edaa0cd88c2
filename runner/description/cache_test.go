package description_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
)

// flow is an Arazzo document with those source urls, named s0, s1 and so on.
func flow(urls ...string) string {
	var b strings.Builder
	b.WriteString("arazzo: 1.0.1\nINFO\nsourceDescriptions:\n")
	for i, url := range urls {
		fmt.Fprintf(&b, "- {name: s%d, url: %q}\n", i, url)
	}
	b.WriteString("WORKFLOWS\n")
	return abbreviations.Replace(b.String())
}

// TestCacheShares: many documents, loaded at once, have one parsed description,
// and the web is asked for it once, or told once that it is not there.
func TestCacheShares(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	network := &web{texts: map[string]string{"https://example.com/api.yml": abbreviations.Replace("OPENAPI\n")}}
	client := retrieve.New(retrieve.Options{NoCache: true, Transport: network})
	var cache description.Cache
	var mutex sync.Mutex
	shared := map[*openapi.Document]int{}
	var group sync.WaitGroup
	for i := range 20 {
		path := filepath.Join(dir, fmt.Sprintf("w%d.yml", i))
		write(t, path, flow("https://example.com/api.yml", "https://example.com/api.yml#/paths", "https://example.com/gone.yml"))
		group.Go(func() {
			d, found := description.Load(t.Context(), path, description.Options{Client: client, Cache: &cache})
			if len(found) != 1 || found[0].Code != "arazzo/source-not-found" {
				t.Errorf("%s: %v", path, found)
			}
			mutex.Lock()
			defer mutex.Unlock()
			shared[d.Entry.Sources[0].OpenAPI]++
			shared[d.Entry.Sources[1].OpenAPI]++
		})
	}
	group.Wait()
	if len(shared) != 1 || len(network.asked) != 2 {
		t.Errorf("%d descriptions; asked %q", len(shared), network.asked)
	}
}

// TestCacheKeepsWhatIsPersonalApart: that one description may not reach a
// document, or was interrupted, says nothing of the next.
func TestCacheKeepsWhatIsPersonalApart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	api := abbreviations.Replace("OPENAPI\n")
	network := &web{texts: map[string]string{
		"https://example.com/flow.yml":  flow("https://other.example/api.yml", "moved.yml"),
		"https://other.example/api.yml": api, "https://example.com/moved.yml": "-> https://other.example/api.yml",
	}}
	write(t, filepath.Join(dir, "narrow.yml"), flow("https://example.com/flow.yml"))
	write(t, filepath.Join(dir, "wide.yml"), flow("https://example.com/flow.yml", "https://other.example/api.yml"))
	client := retrieve.New(retrieve.Options{NoCache: true, Transport: network})
	var cache description.Cache
	load := func(ctx context.Context, name string) []string {
		d, found := description.Load(ctx, filepath.Join(dir, name), description.Options{Client: client, Cache: &cache})
		var codes []string
		for _, f := range found {
			codes = append(codes, f.Code)
		}
		if d == nil {
			return codes
		}
		for _, document := range d.Documents {
			for _, s := range document.Sources {
				if s.OpenAPI == nil && s.Arazzo == nil {
					codes = append(codes, s.Name+" has nothing")
				}
			}
		}
		return codes
	}
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	refused := []string{"arazzo/forbidden-source", "arazzo/forbidden-source", "s0 has nothing", "s1 has nothing"}
	for _, test := range []struct {
		name string
		ctx  context.Context
		want []string
	}{
		{"wide.yml", interrupted, []string{"document-not-found"}},
		{"narrow.yml", t.Context(), refused},
		{"wide.yml", t.Context(), nil},
		{"narrow.yml", t.Context(), refused},
	} {
		if diff := cmp.Diff(test.want, load(test.ctx, test.name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestCacheIsBounded: what is dropped is read again.
func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	network := &web{texts: map[string]string{}}
	var urls []string
	for i := range 3 {
		url := fmt.Sprintf("https://example.com/%d.yml", i)
		urls = append(urls, url)
		network.texts[url] = `{"openapi": "3.1.0", "paths": {}, "x-filler": "` + strings.Repeat("a", 15<<20) + `"}`
	}
	write(t, filepath.Join(dir, "w.yml"), flow(urls...))
	client := retrieve.New(retrieve.Options{NoCache: true, Transport: network})
	var cache description.Cache
	for range 2 {
		_, found := description.Load(t.Context(), filepath.Join(dir, "w.yml"), description.Options{Client: client, Cache: &cache})
		if len(found) > 0 {
			t.Fatal(found)
		}
	}
	if len(network.asked) != 6 {
		t.Errorf("asked %q", network.asked)
	}
}

// TestTooManyDocuments: a description has an end, and what was read stays.
func TestTooManyDocuments(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var urls []string
	for i := range 120 {
		name := fmt.Sprintf("%d.yml", i)
		urls = append(urls, name)
		write(t, filepath.Join(dir, name), abbreviations.Replace("OPENAPI\n"))
	}
	write(t, filepath.Join(dir, "w.yml"), flow(urls...))
	client := retrieve.New(retrieve.Options{NoCache: true})
	d, found := description.Load(t.Context(), filepath.Join(dir, "w.yml"), description.Options{Client: client})
	if len(found) != 21 || d.Entry.Sources[98].OpenAPI == nil || d.Entry.Sources[99].OpenAPI != nil {
		t.Fatalf("%d diagnostics", len(found))
	}
	want := `the source "s99" was not read: the description has more than 100 documents`
	if found[0].Code != "arazzo/too-many-documents" || found[0].Message != want {
		t.Error(found[0])
	}
}

// TestInterrupted: what a call is told to leave is not waited for.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	dir := t.TempDir()
	write(t, filepath.Join(dir, "api.yml"), abbreviations.Replace("OPENAPI\n"))
	write(t, filepath.Join(dir, "w.yml"), flow("missing.yml", "api.yml"))
	client := retrieve.New(retrieve.Options{NoCache: true})
	d, found := description.Load(ctx, filepath.Join(dir, "w.yml"), description.Options{
		Client: client, Bundled: func(string) (string, bool) { cancel(); return "", false },
	})
	want := `the source "s1" cannot be read from ` + filepath.Join(dir, "api.yml") + ": the retrieval was interrupted"
	if len(found) != 2 || found[1].Message != want || d.Entry.Sources[1].OpenAPI != nil {
		t.Errorf("%v", found)
	}
}
