package rule_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/rule"
)

// written is a document of many workflows, whose steps use one another's outputs
// and branch.
func written(workflows, steps int) string {
	var b strings.Builder
	b.WriteString("arazzo: 1.0.1\ninfo: {title: Many, version: 1.0.0}\nsourceDescriptions: [{name: pets, url: pets.yml, type: openapi}]\nworkflows:\n")
	for w := range workflows {
		fmt.Fprintf(&b, "- workflowId: w%d\n  steps:\n  - {stepId: s0, operationId: listPets, outputs: {id: $response.body#/0/id}}\n", w)
		for s := 1; s < steps; s++ {
			fmt.Fprintf(&b, `  - stepId: s%d
    operationId: getPet
    parameters: [{name: id, in: path, value: $steps.s%d.outputs.id}]
    successCriteria: [{condition: $statusCode == 200}]
    onSuccess:
    - {name: again, type: goto, stepId: s%d, criteria: [{condition: $response.body#/more == true}]}
    - {name: done, type: end, criteria: [{condition: $response.body#/more == null}]}
    outputs: {id: $response.body#/id}
`, s, s-1, s/2)
		}
	}
	return b.String()
}

// BenchmarkLink is the yardstick: what stands before the rules in any run.
func BenchmarkLink(b *testing.B) {
	d, _ := newLibrary(b, map[string]string{"w.yml": written(10, 10), "pets.yml": readPage(b).sources["pets.yml"]}).load("w.yml")
	for b.Loop() {
		link.New(d).Entry()
	}
}

func BenchmarkCheck(b *testing.B) {
	d, _ := newLibrary(b, map[string]string{"w.yml": written(10, 10), "pets.yml": readPage(b).sources["pets.yml"]}).load("w.yml")
	workflows := link.New(d).Entry()
	for b.Loop() {
		_ = rule.Check(workflows)
	}
}
