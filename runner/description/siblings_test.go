package description_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestSiblings reads the ids of operations in what lies beside a source (D11).
func TestSiblings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"own.yml":            "openapi: 3.1.0\npaths: {/a: {get: {operationId: own}}}\n",
		"block.yml":          "# a description\nopenapi: 3.1.0\npaths:\n  /a:\n    get:\n      operationId: plain # said\n    put:\n      operationId: \"with space\"\n    post: {operationId: 'flow', x: 1}\n    patch: {x: 1, operationId: last}\n",
		"json.json":          `{"swagger":"2.0","paths":{"/a":{"get":{"operationId":"compact"},"put":{"operationId": "plain"}}}}`,
		"_original/old.yaml": "openapi: 3.0.0\r\npaths:\r\n  /a:\r\n    get:\r\n      operationId: crlf\r\n",
		"openapi/more.yml":   "openapi: 3.0.0\npaths: {/a: {get: {operationId: below}}}\n",
		"other/more.yml":     "openapi: 3.0.0\npaths: {/a: {get: {operationId: elsewhere}}}\n",
		"flow.yml":           "arazzo: 1.0.1\nworkflows: [{steps: [{operationId: step}]}]\n",
		"notes.txt":          "openapi: 3.0.0\noperationId: note\n",
		"not.yml":            "openapi: 3.0.0\npaths:\n  # x-operationId: no\n  operationIds: no\n  a-operationId : no\n",
	} {
		write(t, filepath.Join(dir, name), text)
	}
	own := filepath.Join(dir, "own.yml")
	s := &description.Source{File: &source.File{Name: own, URI: retrieve.URI(own)}}
	got := map[string]string{}
	for id, files := range s.Siblings() {
		got[id] = strings.ReplaceAll(strings.Join(files, " "), dir+"/", "")
	}
	want := map[string]string{
		"plain": "block.yml json.json", "with space": "block.yml", "flow": "block.yml", "last": "block.yml",
		"compact": "json.json", "crlf": "_original/old.yaml", "below": "openapi/more.yml",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestSiblingsOfNothing: what is not on disk has none.
func TestSiblingsOfNothing(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]*source.File{
		"not read": nil, "from the web": {URI: "https://a.example/api.yml"}, "bundled": {Name: "api.yml (bundled)"},
		"in no folder": {URI: retrieve.URI(filepath.Join(t.TempDir(), "none", "api.yml"))},
	} {
		if found := (&description.Source{File: file}).Siblings(); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
}
