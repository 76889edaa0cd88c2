package workflows_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/workflows"
)

const resume = "prisma-pulse-named-stream-resume-workflow.yml"

// TestPublished compares our copy with the published workflow: equal but for
// the words and the place of its source.
func TestPublished(t *testing.T) {
	t.Parallel()
	published := decode(t, shared(t, "seeds", resume)).(map[string]any)
	ours := decode(t, embedded(t, resume)).(map[string]any)
	from, to := sourceURL(published), sourceURL(ours)
	if want := "../specs/prisma-pulse-openapi.yml"; to != want {
		t.Errorf("the source is %q, want %q", to, want)
	}
	if filepath.Base(from) != filepath.Base(to) {
		t.Errorf("the source was %q and is %q: another file", from, to)
	}
	for _, document := range []map[string]any{published, ours} {
		delete(document["sourceDescriptions"].([]any)[0].(map[string]any), "url")
		dropWords(document)
	}
	if diff := cmp.Diff(published, ours); diff != "" {
		t.Errorf("the workflow differs (-published +ours):\n%s", diff)
	}
}

// TestSchema validates every document against the published JSON Schema of
// Arazzo 1.0.
func TestSchema(t *testing.T) {
	t.Parallel()
	compiler := jsonschema.NewCompiler()
	const id = "schema-1.0.json"
	text := shared(t, "corpus", "arazzo-schemas", "schema-1.0-2025-10-15.json")
	if err := compiler.AddResource(id, decode(t, text)); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(id)
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(workflows.FS, "*.yml")
	if err != nil || len(names) < 2 {
		t.Fatalf("found the documents %v, error %v; want two at least", names, err)
	}
	for _, name := range names {
		if err := schema.Validate(decode(t, embedded(t, name))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSources holds that every source is a file of this repository.
func TestSources(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(workflows.FS, "*.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		document := decode(t, embedded(t, name)).(map[string]any)
		for _, s := range document["sourceDescriptions"].([]any) {
			url := s.(map[string]any)["url"].(string)
			if _, err := os.Stat(filepath.FromSlash(url)); err != nil {
				t.Errorf("%s: the source %s: %v", name, url, err)
			}
		}
	}
}

func sourceURL(document map[string]any) string {
	return document["sourceDescriptions"].([]any)[0].(map[string]any)["url"].(string)
}

// embedded reads one of our documents.
func embedded(t *testing.T, name string) []byte {
	t.Helper()
	text, err := workflows.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// shared reads a file of the folder that may lie beside the checkout.
func shared(t *testing.T, elements ...string) []byte {
	t.Helper()
	path := filepath.Join(append([]string{"..", "..", "shared"}, elements...)...)
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skipf("%s is not beside this checkout", path)
	} else if err != nil {
		t.Fatal(err)
	}
	return text
}

// decode reads YAML or JSON.
func decode(t *testing.T, text []byte) any {
	t.Helper()
	var document any
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	return document
}

// dropWords takes out the descriptions, summaries and titles: members of these
// names that hold text.
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
