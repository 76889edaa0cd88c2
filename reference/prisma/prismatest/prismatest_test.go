package prismatest

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is derived of the text alone is what a database has that was made of it.
func TestEverythingIsAsInADatabase(t *testing.T) {
	t.Parallel()
	want, _ := Database(t, Everything)
	got := Schema(t, Everything)
	userOID := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".OID" },
		cmp.Comparer(func(a, b uint32) bool { return a == b || a >= firstOID && b >= firstOID }))
	if diff := cmp.Diff(want, got, userOID); diff != "" {
		t.Errorf("schema (-database +text):\n%s", diff)
	}
}

func TestRelationsAndKeysOfEverything(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/everything.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), Describe(Schema(t, Everything))); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
}
