package describe_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/describe"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// FuzzWrite holds that every document that can be read is described, however
// wrong it is, without a character that is no text, and twice the same.
func FuzzWrite(f *testing.F) {
	documents, err := filepath.Glob("testdata/*.arazzo.yml")
	if err != nil || len(documents) == 0 {
		f.Fatal(documents, err)
	}
	for _, path := range documents {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	text, err := os.ReadFile("testdata/pets.openapi.yml")
	if err != nil {
		f.Fatal(err)
	}
	pets, found := openapi.Load(&source.File{Name: "pets.openapi.yml", Text: string(text)}, nil)
	if found.Failed() {
		f.Fatal(found)
	}
	f.Fuzz(func(t *testing.T, text string) {
		page, ok := fuzzed(t, text, pets)
		if !ok {
			t.Skip()
		}
		harmless(t, page)
		if again, _ := fuzzed(t, text, pets); again != page {
			t.Errorf("two pages differ:\n%s\n%s", page, again)
		}
	})
}

// fuzzed is the page of a document of which every source named pets is one, and
// the others could not be read.
func fuzzed(t *testing.T, text string, pets *openapi.Document) (string, bool) {
	file := &source.File{Name: "w.yml", Text: text}
	root, err := source.Parse(file)
	if err != nil {
		return "", false
	}
	read, _ := arazzo.Read(root)
	if read == nil {
		return "", false
	}
	entry := &description.Document{Document: read, File: file, Root: root}
	for _, described := range read.SourceDescriptions {
		in := &description.Source{SourceDescription: described, Location: described.URL}
		switch described.Name {
		case "pets":
			in.OpenAPI = pets
		case "self":
			in.Arazzo = entry
		}
		entry.Sources = append(entry.Sources, in)
	}
	d := &description.Description{Entry: entry, Documents: []*description.Document{entry}}
	var b bytes.Buffer
	if err := describe.Write(&b, d, link.New(d).Entry(), describe.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String(), true
}
