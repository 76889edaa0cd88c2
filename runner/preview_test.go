package runner_test

import (
	"testing"

	"github.com/arazzo-conformance/arazzo/runner"
)

// TestPlannedWorkflows inspects a plan: nothing is sent, and workflows that call one
// another come to an end.
func TestPlannedWorkflows(t *testing.T) {
	t.Parallel()
	document := later + `- workflowId: w
  steps:
  - {stepId: list, operationId: listThings, parameters: [{name: q, in: query, value: x}], outputs: {id: $response.body#/id}}
  - {stepId: get, operationId: getThing, parameters: [{name: id, in: path, value: $steps.list.outputs.id}], onSuccess: [{name: e, type: end, criteria: [{condition: $statusCode == 204}]}]}
  - {stepId: call, workflowId: w}
  - {stepId: again, workflowId: w}
`
	planned := load(t, document, "http://api.test", runner.Options{MaxSteps: 100}).Workflows()
	steps := planned[0].Steps
	if got := steps[0].Request; got == nil || got.URL != "http://api.test/things?q=x" {
		t.Errorf("the first request is %+v", got)
	}
	const unknown = `the path parameter "id" was not sent: $steps.list.outputs.id has no value: the step list has no outputs: it did not run, or got no answer`
	if got := steps[1].Unknown; got != unknown {
		t.Errorf("the second is not known because %q", got)
	}
	depth := 0
	for w := &planned[0]; w != nil && len(w.Steps) > 2; w = w.Steps[2].Workflow {
		depth++
	}
	if depth != 33 {
		t.Errorf("%d workflows are nested", depth)
	}
}
