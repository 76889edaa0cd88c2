package describe_test

import (
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
)

// load is a description with the workflows of its entry document. Diagnostics are
// left to the packages that make them: what is broken has to be described too.
func load(t *testing.T, path string) (*description.Description, []*link.Workflow) {
	t.Helper()
	client := retrieve.New(retrieve.Options{Offline: true, NoCache: true})
	d, found := description.Load(t.Context(), path, description.Options{Client: client})
	if d == nil {
		t.Fatal(found)
	}
	return d, link.New(d).Entry()
}
