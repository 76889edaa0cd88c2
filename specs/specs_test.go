package specs_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/specs"
)

var descriptions = map[string]string{specs.PulseFile: specs.Pulse, specs.AccelerateFile: specs.Accelerate}

// TestContract compares each description with the published one: equal but for
// the words and the damaged email address.
func TestContract(t *testing.T) {
	t.Parallel()
	for name, ours := range descriptions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join("..", "..", "shared", "seeds", name)
			published, err := os.ReadFile(path)
			if os.IsNotExist(err) {
				t.Skipf("the published description %s is not beside this checkout", path)
			} else if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(contract(t, published), contract(t, []byte(ours))); diff != "" {
				t.Errorf("the contract differs (-published +ours):\n%s", diff)
			}
		})
	}
}

// TestEmail holds the one line that differs from the published files.
func TestEmail(t *testing.T) {
	t.Parallel()
	for name, text := range descriptions {
		var document struct {
			Info struct{ Contact struct{ Email any } }
		}
		if err := yaml.Unmarshal([]byte(text), &document); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := document.Info.Contact.Email; got != "support@prisma.io" {
			t.Errorf("%s: email is %#v, want a text with an address", name, got)
		}
	}
}

// contract is a document without the words that may differ.
func contract(t *testing.T, text []byte) any {
	t.Helper()
	var document map[string]any
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	delete(document["info"].(map[string]any)["contact"].(map[string]any), "email")
	dropWords(document)
	return document
}

// dropWords takes out descriptions, summaries and titles: members of these names
// that hold text. Properties of these names would hold a schema.
func dropWords(value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, child := range v {
			_, isText := child.(string)
			if isText && (key == "description" || key == "summary" || key == "title") {
				delete(v, key)
				continue
			}
			dropWords(child)
		}
	case []any:
		for _, child := range v {
			dropWords(child)
		}
	}
}
