package link_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/arazzo-conformance/arazzo/runner/link"
)

// TestParameters lists what each step sends: its own parameters, then those of the
// workflow that it does not override, where they have a place (S-046, S-082).
func TestParameters(t *testing.T) {
	t.Parallel()
	const text = `ARAZZO 1.0
sourceDescriptions: [{name: pets, url: pets.yml, type: openapi}]
workflows:
- workflowId: w
  inputs: {properties: {a: {}, b: {}}}
  parameters: [{name: id, in: path, value: 1}, {name: Trace, in: header, value: 1}, {name: a, value: 1}, {name: b, value: 1}]
  steps:
  - {stepId: with-a-path, operationId: changePet, parameters: [{name: TRACE, in: header, value: 2}]}
  - {stepId: without-one, operationId: listPets, parameters: [{name: limit, in: query, value: 2}]}
  - {stepId: calls, workflowId: w, parameters: [{name: a, in: query, value: 2}]}
`
	d, _ := load(t, filepath.Join(unpack(t, []txtar.File{{Name: "w.yml", Data: []byte(text)}}), "w.yml"))
	var got []string
	for _, s := range link.New(d).Entry()[0].Steps {
		for _, p := range s.Parameters {
			line := fmt.Sprintf("%s: %s %s = %v", s.StepID, p.In, p.Name, p.Value.Source().Data())
			if s.Operation != nil {
				line += fmt.Sprintf(", declared %t, %s", p.Declared != nil, p.Wire().Style)
			}
			got = append(got, line)
		}
	}
	want := []string{
		"with-a-path: header TRACE = 2, declared true, simple",
		"with-a-path: path id = 1, declared true, simple",
		"without-one: query limit = 2, declared true, form",
		"without-one: header Trace = 1, declared false, simple",
		"calls: query a = 2",
		"calls:  b = 1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
