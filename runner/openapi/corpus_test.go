package openapi_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/internal/published"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// tally counts what a corpus came to.
type tally struct {
	Files, Swagger, Operations int
	// Built are the operations that a request can be made of.
	Built int
	// Ambiguous are the operations whose operationId another one has too.
	Ambiguous int
	// Typed are the parameters and bodies of responses whose type is known, of
	// Schemas in all.
	Typed, Schemas int
	// Found counts diagnostics by severity and code.
	Found map[string]int
}

// TestPublishedCorpus loads every description of the corpus, and builds every
// operation by its pointer and by its id. The counts are exact: a change of them
// is a change of what is read. No file has an error. The duplicate ids are all
// in github-organizations-openapi.yml, and the invalid parts are security
// schemes that are used and not defined.
func TestPublishedCorpus(t *testing.T) {
	t.Parallel()
	got := tally{Found: map[string]int{}}
	published.Descriptions(t, func(name, text string) { got.read(&source.File{Name: name, Text: text}) })
	want := tally{
		Files: 113, Swagger: 20, Operations: 2395, Built: 2395, Ambiguous: 18, Typed: 11547, Schemas: 11686,
		Found: map[string]int{
			"info arazzo/duplicate-operation-id": 9,
			"warning arazzo/invalid-openapi":     605,
			"error arazzo/ambiguous-operation":   18,
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

func (n *tally) read(f *source.File) {
	n.Files++
	d, found := openapi.Load(f, nil)
	n.count(found)
	if d == nil {
		return
	}
	if d.Version == "2.0" {
		n.Swagger++
	}
	for _, listing := range d.Operations() {
		n.Operations++
		op, found := d.OperationAt(listing.Pointer)
		n.count(found)
		if op != nil {
			n.Built++
			n.describe(op)
		}
		if again, found := d.Operation(listing.ID); listing.ID != "" && again == nil {
			n.Ambiguous++
			n.count(found)
		}
	}
}

func (n *tally) count(found source.Diagnostics) {
	for _, d := range found {
		n.Found[string(d.Severity)+" "+d.Code]++
	}
}

// describe asks the schemas of an operation what they know.
func (n *tally) describe(op *openapi.Operation) {
	var schemas []*openapi.Schema
	for _, p := range op.Parameters {
		schemas = append(schemas, p.Schema)
	}
	for _, r := range op.Responses {
		for _, m := range r.Content {
			schemas = append(schemas, m.Schema)
		}
	}
	for _, s := range schemas {
		n.Schemas++
		if len(s.Types()) > 0 {
			n.Typed++
		}
		s.At([]string{"data", "0", "id"})
		s.Enum()
	}
}
