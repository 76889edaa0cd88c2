package link_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// elsewhere are the codes that no page shows, with the test that does.
var elsewhere = map[string]string{
	"arazzo/document-too-large": "TestLimits: a page would have thousands of lines",
}

var codePattern = regexp.MustCompile(`"(arazzo/[a-z0-9-]+)"`)

// TestCodes holds that every code of this package is found on a page.
func TestCodes(t *testing.T) {
	t.Parallel()
	shown := ""
	for _, path := range pages(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, found, _ := strings.Cut(string(text), "-- found --")
		shown += found
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]bool{}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		for _, m := range codePattern.FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(shown, "["+m[1]+"]") {
				missing[m[1]] = true
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(elsewhere)), slices.Sorted(maps.Keys(missing))); diff != "" {
		t.Errorf("the codes that no page shows (-want +got):\n%s", diff)
	}
}
