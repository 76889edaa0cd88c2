package runner_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestLoadFromTheWeb loads a document and, relative to it, its source from a
// server, which is the API too: its servers are relative to the description.
func TestLoadFromTheWeb(t *testing.T) {
	t.Parallel()
	api, err := os.ReadFile("testdata/api.yml")
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		switch r.URL.Path {
		case "/docs/workflow.yml":
			fmt.Fprint(w, strings.Replace(steps(oneStep), "api.yml", "../specs/api.yml", 1))
		case "/specs/api.yml":
			fmt.Fprint(w, strings.Replace(string(api), "http://api.invalid/", "../v1/", 1))
		}
	}))
	defer server.Close()
	plan, err := runner.Load(t.Context(), server.URL+"/docs/workflow.yml", runner.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantTold(t, plan.Run(t.Context()), "succeeded, exit 0")
	if diff := cmp.Diff([]string{"/docs/workflow.yml", "/specs/api.yml", "/v1/things"}, asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLoadFromTheWebFails(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/broken.yml" {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		http.NotFound(w, r)
	}))
	defer server.Close()
	for path, want := range map[string]string{
		"/missing.yml": "the document cannot be read: the server answered 404 Not Found",
		"/broken.yml":  "the document cannot be read: the server answered 502 Bad Gateway",
	} {
		_, err := runner.Load(t.Context(), server.URL+path, runner.Options{})
		if found := source.Of(err); len(found) != 1 || found[0].Message != want {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestBoundAPI binds a source by its file's name to an API that the caller
// brings along, with its description, server, credential and inputs.
func TestBoundAPI(t *testing.T) {
	t.Parallel()
	description, err := os.ReadFile("testdata/api.yml")
	if err != nil {
		t.Fatal(err)
	}
	server := serve(t, "200\n")
	document := strings.NewReplacer("api.yml", "../elsewhere/bundled.yml", "listThings", "bearer", "properties: {", "properties: {apiKey: {type: string}, ").
		Replace(steps("  - {stepId: s, operationId: listThings, parameters: [{name: k, in: query, value: $inputs.apiKey}]}\n"))
	plan, err := runner.Parse(t.Context(), &source.File{Name: t.TempDir() + "/w.yml", Text: document}, runner.Options{
		APIs:          []runner.API{{File: "bundled.yml", Description: string(description), Server: server.url + "/base/", Credential: "Bearer k3y-value"}},
		DefaultInputs: map[string]string{"apiKey": "k3y-value"},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := plan.Run(t.Context())
	wantTold(t, r, "succeeded, exit 0")
	want := "GET /base/bearer?k=k3y-value\nAccept: */*\nAuthorization: Bearer k3y-value\n---\n"
	if diff := cmp.Diff(want, server.asked()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if url := r.Workflows[0].Steps[0].Attempts[0].Request.URL; url != server.url+"/base/bearer?k=***" {
		t.Errorf("the URL is shown as %s", url)
	}
}

// TestLoadInterrupted ends the context of a load while the document comes.
func TestLoadInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	url := handle(t, func(w http.ResponseWriter, r *http.Request, over <-chan struct{}) {
		cancel()
		wait(w, r, over)
	})
	for _, name := range []string{"while it comes", "before"} {
		plan, err := runner.Load(ctx, url+"/workflow.yml", runner.Options{Retrieval: retrieve.Options{NoCache: true}})
		if plan != nil || !errors.Is(err, context.Canceled) || source.Of(err) != nil {
			t.Errorf("%s: got %v and the error %v", name, plan, err)
		}
	}
}
