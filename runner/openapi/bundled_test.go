package openapi_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// contracts are the operations of the two bundled descriptions.
var contracts = map[string][]string{
	"prisma-pulse-openapi.yml": {
		"createStream", "listStreams", "consumeStreamEvents", "deleteStream", "createSubscription", "getEvent", "getHealthStatus",
	},
	"prisma-accelerate-openapi.yml": {"executeQuery", "invalidateCacheByTags", "invalidateAllCache", "getHealthStatus"},
}

// everyOperation builds all that a description should hold, without a word of complaint.
func everyOperation(t *testing.T, filesystem fs.FS, name string) {
	t.Helper()
	text, err := fs.ReadFile(filesystem, name)
	if err != nil {
		t.Fatal(err)
	}
	d := load(t, string(text))
	if diff := cmp.Diff(contracts[name], d.OperationIDs()); diff != "" {
		t.Errorf("%s: operationIds (-want +got):\n%s", name, diff)
	}
	for _, id := range d.OperationIDs() {
		op, diagnostics := d.Operation(id)
		if op == nil || len(diagnostics) != 0 {
			t.Fatalf("%s: %s: %v", name, id, diagnostics)
		}
		if stream := id == "consumeStreamEvents" || id == "createSubscription"; op.EventStream() != stream {
			t.Errorf("%s: %s: event stream is %t", name, id, op.EventStream())
		}
		if open := id == "getHealthStatus"; (len(op.Security) == 0) != open {
			t.Errorf("%s: %s: security is %v", name, id, op.Security)
		}
	}
}

func TestBundledDescriptions(t *testing.T) {
	t.Parallel()
	for name := range contracts {
		everyOperation(t, os.DirFS(filepath.Join("..", "..", "specs")), name)
	}
}

// TestPublishedDescriptions loads the same as they were published, with the
// damaged line.
func TestPublishedDescriptions(t *testing.T) {
	t.Parallel()
	folder := filepath.Join("..", "..", "..", "shared", "seeds")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the published descriptions in %s are not beside this checkout", folder)
	}
	for name := range contracts {
		everyOperation(t, os.DirFS(folder), name)
	}
}
