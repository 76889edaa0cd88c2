package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
)

// recorded is the API of the cases with what it was asked for.
func recorded(t *testing.T) (url string, requests *[]string) {
	t.Helper()
	s := &shop{items: map[int]item{}}
	handler := s.handler()
	requests = &[]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*requests = append(*requests, r.Method+" "+r.URL.String())
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, requests
}

// TestTheSameRequests: a ratio means something only when both programs do the same.
func TestTheSameRequests(t *testing.T) {
	t.Parallel()
	url, yardstick := recorded(t)
	if err := limit([]string{url, "2"}); err != nil {
		t.Fatal(err)
	}
	if len(*yardstick) != 20 {
		t.Fatalf("the yardstick sent %d requests, want 20", len(*yardstick))
	}
	url, ours := recorded(t)
	folder := t.TempDir()
	if err := writeDocuments([]string{folder, url, ""}); err != nil {
		t.Fatal(err)
	}
	items := description{"items", "items.openapi.yaml"}
	twoRounds := flow(2, items)
	if err := os.WriteFile(filepath.Join(folder, "flow-20.arazzo.yaml"), []byte(twoRounds), 0o600); err != nil {
		t.Fatal(err)
	}
	runFlow(t, filepath.Join(folder, "flow-20.arazzo.yaml"))
	if diff := cmp.Diff(*yardstick, *ours); diff != "" {
		t.Errorf("the yardstick's requests and ours (-yardstick +ours):\n%s", diff)
	}
}

// TestLargeSource: the operations of the large description are those of the small
// one, and with a stranger's large file beside it the small one is called.
func TestLargeSource(t *testing.T) {
	t.Parallel()
	for _, big := range []string{"", ownBig} {
		url, requests := recorded(t)
		folder := t.TempDir()
		if err := writeDocuments([]string{folder, url, ""}); err != nil {
			t.Fatal(err)
		}
		if err := writeDocuments([]string{folder, url, big}); err != nil {
			t.Fatal(err)
		}
		runFlow(t, filepath.Join(folder, flowBig))
		if len(*requests) != 10 {
			t.Errorf("with the large source %q, %d requests were sent, want 10", big, len(*requests))
		}
	}
}

func runFlow(t *testing.T, location string) {
	t.Helper()
	plan, err := runner.Load(t.Context(), location, runner.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Diagnostics) > 0 {
		t.Errorf("the document is not clean: %v", plan.Diagnostics)
	}
	if result := plan.Run(t.Context()); result.Status != runner.Succeeded {
		t.Errorf("the run ended as %s", result.Status)
	}
}

func TestLimitFails(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	err := limit([]string{server.URL, "1"})
	if want := "GET " + server.URL + "/health was answered with 404 Not Found"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
