package arazzo_test

import (
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
)

func TestFindByID(t *testing.T) {
	t.Parallel()
	document, _ := arazzo.Read(parse(t, workflow("  - {stepId: s, operationId: o}\n  - {stepId: t, operationId: o}\n")))
	w, ok := document.Workflow("w")
	if !ok || w.WorkflowID != "w" {
		t.Fatalf("the workflow w is %v", w)
	}
	if s, ok := w.Step("t"); !ok || s.StepID != "t" {
		t.Errorf("the step t is %v", s)
	}
	if _, ok := w.Step("u"); ok {
		t.Error("there is a step u")
	}
	if _, ok := document.Workflow("v"); ok {
		t.Error("there is a workflow v")
	}
}

func TestReadWorkflow(t *testing.T) {
	t.Parallel()
	runReadTests(t, []readTest{
		{"S-040: workflows of one name", head + "workflows:\n- {workflowId: w, steps: [{stepId: s, operationId: o}]}\n- {workflowId: w, steps: [{stepId: s, operationId: o}]}\n- {workflowId: W, steps: [{stepId: s, operationId: o}]}\n", []string{
			`6:16 error[arazzo/duplicate-name]: there are two workflows named "w"`,
		}},
		{"S-040: a name that no expression can hold", head + "workflows: [{workflowId: a.b, steps: [{stepId: s, operationId: o}]}]\n", []string{
			`4:26 warning[arazzo/unconventional-id]: the workflow is named "a.b", which no expression can refer to`,
		}},
		{"S-043: nothing in it", head + "workflows: [{}, {workflowId: '', steps: [], inputs: 1, dependsOn: w}, w]\n", []string{
			`4:13 error[arazzo/missing-field]: the workflow has no "workflowId"`,
			`4:13 error[arazzo/missing-field]: the workflow has no "steps"`,
			`4:30 error[arazzo/wrong-value]: workflowId is empty`,
			`4:41 error[arazzo/empty-list]: steps is empty`,
			`4:53 error[arazzo/wrong-type]: inputs is a number`,
			`4:67 error[arazzo/wrong-type]: dependsOn is a string`,
			`4:71 error[arazzo/wrong-type]: the workflow is a string`,
		}},
		{"S-041: inputs that may be anything", head + "workflows: [{workflowId: w, inputs: true, steps: [{stepId: s, operationId: o}]}]\n", nil},
		{"S-145: inputs that are named with reference", head + "workflows: [{workflowId: w, inputs: {reference: $components.inputs.p}, steps: [{stepId: s, operationId: o}]}]\n", []string{
			`4:49 error[arazzo/wrong-reference]: inputs are named with reference, which a JSON Schema does not have`,
		}},
		{"S-145: inputs with a keyword of their own", head + "workflows: [{workflowId: w, inputs: {reference: the manual}, steps: [{stepId: s, operationId: o}]}]\n", nil},
		{"S-042: dependencies", head + "workflows:\n- workflowId: w\n  dependsOn: [a, $sourceDescriptions.b.c.d, A, a, $workflows.a, '', 1, $sourceDescriptions.b]\n  steps: [{stepId: s, operationId: o}]\n", []string{
			`6:48 error[arazzo/duplicate-name]: there are two entries of dependsOn named "a"`,
			`6:51 error[arazzo/wrong-reference]: dependsOn names "$workflows.a"`,
			`6:65 error[arazzo/wrong-reference]: dependsOn names ""`,
			`6:69 error[arazzo/wrong-type]: an entry of dependsOn is a number`,
			`6:72 error[arazzo/wrong-reference]: dependsOn names "$sourceDescriptions.b"`,
		}},
		{"S-042: no dependencies", head + "workflows: [{workflowId: w, dependsOn: [], steps: [{stepId: s, operationId: o}]}]\n", nil},
		{"S-044: actions of one name", head + "workflows:\n- workflowId: w\n  successActions: [{name: a, type: end}, {name: a, type: end}]\n  failureActions: [{name: a, type: end}, {name: a, type: end}]\n  steps: [{stepId: s, operationId: o}]\n", []string{
			`6:49 error[arazzo/duplicate-name]: there are two actions named "a"`,
			`7:49 error[arazzo/duplicate-name]: there are two actions named "a"`,
		}},
		{"S-045: outputs", head + "workflows:\n- workflowId: w\n  outputs: {a.B-_1: $inputs.a, a b: $inputs.a, '': $inputs.a, c: 1, d: {}, e: ~}\n  steps: [{stepId: s, operationId: o}]\n", []string{
			`6:32 error[arazzo/wrong-name]: an output is named "a b"`,
			`6:48 error[arazzo/wrong-name]: an output is named ""`,
			`6:66 error[arazzo/wrong-type]: the output c is a number`,
			`6:72 error[arazzo/wrong-type]: the output d is an object`,
			`6:79 error[arazzo/wrong-type]: the output e is null`,
		}},
		{"S-046: parameters of one name", head + "workflows:\n- workflowId: w\n  parameters: [{name: a, in: query, value: 1}, {name: a, in: query, value: 2}]\n  steps: [{stepId: s, operationId: o}]\n", []string{
			`6:55 error[arazzo/duplicate-name]: there are two parameters named "query a"`,
		}},
		{"S-046: a parameter for a workflow that no step calls", head + "workflows:\n- workflowId: w\n  parameters: [{name: a, value: 1}]\n  steps: [{stepId: s, operationId: o}]\n", []string{
			`6:16 error[arazzo/missing-field]: the parameter has no "in"`,
		}},
		{"S-046: a parameter for a workflow that a step calls", head + "workflows:\n- workflowId: w\n  parameters: [{name: a, value: 1}]\n  steps: [{stepId: s, operationId: o}, {stepId: t, workflowId: v}]\n", nil},
	})
}
