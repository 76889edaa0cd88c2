package arazzo_test

import "testing"

// step puts a list into a field of a step; its entries start on line 10.
func step(field, list string) string {
	return "  - stepId: s\n    operationId: o\n    " + field + ":\n" + list
}

func TestReadActions(t *testing.T) {
	t.Parallel()
	runReadTests(t, []readTest{
		{"a goto, an end and a retry", workflow(step("onFailure", "    - {name: a, type: goto, stepId: s}\n    - {name: b, type: end}\n    - {name: c, type: retry, retryAfter: 0.5, retryLimit: 0}\n    - {name: d, type: retry, workflowId: v}\n")), nil},
		{"S-111: a retry of a success", workflow(step("onSuccess", "    - {name: c, type: retry, retryAfter: 1}\n")), []string{
			`10:23 error[arazzo/wrong-value]: type is "retry"`,
			`10:30 error[arazzo/unknown-field]: the success action has no field "retryAfter"`,
		}},
		{"S-111: no type and no name", workflow(step("onSuccess", "    - {}\n    - {name: '', type: ''}\n    - a\n    - {name: 1, type: 1}\n")), []string{
			`10:7 error[arazzo/missing-field]: the success action has no "name"`,
			`10:7 error[arazzo/missing-field]: the success action has no "type"`,
			`11:14 error[arazzo/wrong-value]: name is empty`,
			`11:24 error[arazzo/wrong-value]: type is ""`,
			`12:7 error[arazzo/wrong-type]: the success action is a string`,
			`13:14 error[arazzo/wrong-type]: name is a number`,
			`13:23 error[arazzo/wrong-type]: type is a number`,
		}},
		{"S-111: actions of one name", workflow(step("onSuccess", "    - {name: a, type: end}\n    - {name: A, type: end}\n    - {name: a, type: end}\n")), []string{
			`12:14 error[arazzo/duplicate-name]: there are two actions named "a"`,
		}},
		{"S-115: targets", workflow(step("onFailure", "    - {name: a, type: goto}\n    - {name: b, type: goto, stepId: s, workflowId: w}\n    - {name: c, type: retry, stepId: s, workflowId: w}\n    - {name: d, type: goto, stepId: ''}\n    - {name: e, type: goto, workflowId: ~}\n")), []string{
			`10:7 error[arazzo/action-target]: the failure action "a" goes nowhere`,
			`11:7 error[arazzo/action-target]: the failure action "b" has both stepId and workflowId`,
			`12:7 error[arazzo/action-target]: the failure action "c" has both stepId and workflowId`,
			`13:37 error[arazzo/wrong-value]: stepId is empty`,
			`14:41 error[arazzo/wrong-type]: workflowId is null`,
		}},
		{"S-130: fields without effect", workflow(step("onFailure", "    - {name: a, type: end, stepId: s, retryLimit: 1}\n    - {name: b, type: goto, stepId: s, retryAfter: 1}\n")), []string{
			`10:36 warning[arazzo/no-effect]: stepId has no effect here: the action ends the workflow`,
			`10:51 warning[arazzo/no-effect]: retryLimit has no effect here: it is for the type retry`,
			`11:52 warning[arazzo/no-effect]: retryAfter has no effect here: it is for the type retry`,
		}},
		{"S-122, S-124: numbers", workflow(step("onFailure", "    - {name: a, type: retry, retryAfter: -1, retryLimit: 1.5}\n    - {name: b, type: retry, retryAfter: '1', retryLimit: ~}\n    - {name: c, type: retry, retryAfter: -0.0, retryLimit: 1e2}\n    - {name: d, type: retry, retryAfter: 1e999}\n")), []string{
			`10:42 error[arazzo/wrong-value]: retryAfter is -1`,
			`10:58 error[arazzo/wrong-value]: retryLimit is 1.5`,
			`11:42 error[arazzo/wrong-type]: retryAfter is a string`,
			`11:59 error[arazzo/wrong-type]: retryLimit is null`,
			`12:60 error[arazzo/wrong-value]: retryLimit is 1e2`,
		}},
		{"S-222: an empty list of criteria", workflow(step("onSuccess", "    - {name: a, type: end, criteria: []}\n    onFailure: [{name: a, type: end, criteria: []}, {name: b, type: end, criteria: 1}]\n")), []string{
			`10:38 error[arazzo/empty-list]: criteria is empty`,
			`11:48 warning[arazzo/no-effect]: criteria has no effect here: an empty list asks for nothing`,
			`11:84 error[arazzo/wrong-type]: criteria is a number`,
		}},
	})
}

// TestReadActionParameters holds what an action gives to a workflow (S-119).
func TestReadActionParameters(t *testing.T) {
	t.Parallel()
	components := "components:\n  parameters:\n    p: {name: p, in: query, value: 1}\n    q: {name: q, value: 1}\n"
	runReadTests(t, []readTest{
		{"inputs", workflow11(step("onSuccess", "    - {name: a, type: goto, workflowId: v, parameters: [{name: a, value: 1}, {reference: $components.parameters.q}]}\n")) + components, nil},
		{"before 1.1", workflow(step("onSuccess", "    - {name: a, type: goto, workflowId: v, parameters: []}\n")), []string{
			`10:44 error[arazzo/unknown-field]: the success action has the field "parameters", which came with Arazzo 1.1`,
		}},
		{"without a workflow", workflow11(step("onFailure", "    - {name: a, type: retry, parameters: []}\n    - {name: b, type: goto, stepId: s, parameters: [{name: a, value: 1}]}\n")), []string{
			`10:42 error[arazzo/misplaced-field]: parameters cannot stand here: they are for the workflow that workflowId names`,
			`11:52 error[arazzo/misplaced-field]: parameters cannot stand here: they are for the workflow that workflowId names`,
		}},
		{"S-225: with a place", workflow11(step("onSuccess", "    - {name: a, type: goto, workflowId: v, parameters: [{name: a, in: query, value: 1}, {reference: $components.parameters.p}]}\n")) + components, []string{
			`10:71 error[arazzo/misplaced-field]: in cannot stand here: the parameters of an action are the inputs of a workflow`,
			`10:101 error[arazzo/misplaced-field]: in cannot stand here: the parameters of an action are the inputs of a workflow`,
		}},
		{"of one name", workflow11(step("onSuccess", "    - {name: a, type: goto, workflowId: v, parameters: [{name: q, value: 1}, {reference: $components.parameters.q}]}\n")) + components, []string{
			`10:90 error[arazzo/duplicate-name]: there are two parameters named "q"`,
		}},
	})
}
