package arazzo_test

import "testing"

func TestReadStep(t *testing.T) {
	t.Parallel()
	runReadTests(t, []readTest{
		{"S-011: a misspelt field", workflow("  - {stepId: s, operationId: o, succesCriteria: []}\n"), []string{
			`7:33 error[arazzo/unknown-field]: the step has no field "succesCriteria"`,
		}},
		{"S-050: steps of one name", workflow("  - {stepId: s, operationId: o}\n  - {stepId: s, operationId: o}\n  - {stepId: S, operationId: o}\n"), []string{
			`8:14 error[arazzo/duplicate-name]: there are two steps named "s"`,
		}},
		{"S-050: no name", workflow("  - {operationId: o}\n  - {stepId: '', operationId: o}\n  - {stepId: ~, operationId: o}\n"), []string{
			`7:5 error[arazzo/missing-field]: the step has no "stepId"`,
			`8:14 error[arazzo/wrong-value]: stepId is empty`,
			`9:14 error[arazzo/wrong-type]: stepId is null`,
		}},
		{"S-050: a name that no expression can hold", workflow("  - {stepId: find pet, operationId: o}\n"), []string{
			`7:14 warning[arazzo/unconventional-id]: the step is named "find pet", which no expression can refer to`,
		}},
		{"no step", workflow("  - s\n  - ~\n"), []string{`7:5 error[arazzo/wrong-type]: the step is a string`, `8:5 error[arazzo/wrong-type]: the step is null`}},
		{"S-051: nothing to call", workflow("  - {stepId: s, parameters: [{name: a, value: 1}]}\n"), []string{`7:5 error[arazzo/step-target]: the step "s" names 0 things to call`}},
		{"S-051: two things to call", workflow("  - {stepId: s, operationId: o, workflowId: w}\n  - {stepId: t, operationId: o, operationPath: p}\n"), []string{
			`7:5 error[arazzo/step-target]: the step "s" names 2 things to call`,
			`8:5 error[arazzo/step-target]: the step "t" names 2 things to call`,
		}},
		{"S-051: an empty thing to call", workflow("  - {stepId: s, operationId: ''}\n  - {stepId: t, operationPath: 1}\n"), []string{
			`7:30 error[arazzo/wrong-value]: operationId is empty`,
			`8:32 error[arazzo/wrong-type]: operationPath is a number`,
		}},
		{"S-061: no criteria", workflow("  - {stepId: s, operationId: o, successCriteria: []}\n"), []string{`7:50 error[arazzo/empty-list]: successCriteria is empty`}},
		{"S-064: outputs that are a list", workflow("  - {stepId: s, operationId: o, outputs: []}\n"), []string{`7:42 error[arazzo/wrong-type]: outputs is an array`}},
		{"S-213: a body for a workflow", workflow("  - {stepId: s, workflowId: v, requestBody: {payload: 1}}\n"), []string{
			`7:45 warning[arazzo/no-effect]: requestBody has no effect here: a workflow is given parameters only`,
		}},
	})
}

// TestReadRequestBody holds sections 4.6.13 and 4.6.14.
func TestReadRequestBody(t *testing.T) {
	t.Parallel()
	body := func(text string) string { return "  - {stepId: s, operationId: o, requestBody: " + text + "}\n" }
	runReadTests(t, []readTest{
		{"a text", workflow(body("a")), []string{`7:46 error[arazzo/wrong-type]: the request body is a string`}},
		{"wrong fields", workflow(body("{contenttype: a, contentType: '', payload: ~}")), []string{
			`7:47 error[arazzo/unknown-field]: the request body has no field "contenttype"`,
			`7:76 error[arazzo/wrong-value]: contentType is empty`,
		}},
		{"S-207: an expression for a contentType", workflow(body("{contentType: $inputs.type}")), []string{
			`7:60 error[arazzo/wrong-value]: contentType is no place for an expression`,
		}},
		{"S-207: an expression in a contentType", workflow(body("{contentType: 'text/{$inputs.type}'}")), []string{
			`7:60 error[arazzo/wrong-value]: contentType is no place for an expression`,
		}},
		{"S-097: replacements", workflow(body("{payload: {}, replacements: [{target: /a}, {value: 1}, {target: '', value: ~}, {target: 1, value: {a: 1}}, 1]}")), []string{
			`7:75 error[arazzo/missing-field]: the replacement has no "value"`,
			`7:89 error[arazzo/missing-field]: the replacement has no "target"`,
			`7:134 error[arazzo/wrong-type]: target is a number`,
			`7:153 error[arazzo/wrong-type]: the replacement is a number`,
		}},
		{"S-221: a replacement twice", workflow(body("{payload: {}, replacements: [{target: /a, value: {b: 1, c: 2}}, {value: {c: 2, b: 1}, target: /a}]}")), []string{
			`7:110 error[arazzo/duplicate-entry]: replacements has this entry twice`,
		}},
		{"S-098: targets of every type", workflow11(body("{replacements: [{target: $.a, value: 1, targetSelectorType: jsonpath}, {target: /a, value: 1, targetSelectorType: {type: xpath, version: xpath-31}}]}")), nil},
		{"S-098: targets of no type", workflow11(body("{replacements: [{target: '', value: 1, targetSelectorType: jsonpath}, {target: /a, value: 1, targetSelectorType: simple}, {target: /a, value: 1, targetSelectorType: 1}]}")), []string{
			`7:71 error[arazzo/wrong-value]: target is empty`,
			`7:159 error[arazzo/wrong-value]: targetSelectorType is "simple"`,
			`7:211 error[arazzo/wrong-type]: targetSelectorType is a number`,
		}},
		{"S-098: a type before 1.1", workflow(body("{replacements: [{target: $.a, value: 1, targetSelectorType: jsonpath}]}")), []string{
			`7:86 error[arazzo/unknown-field]: the replacement has the field "targetSelectorType", which came with Arazzo 1.1`,
		}},
	})
}

// TestReadAsynchronous holds what came with 1.1 for steps.
func TestReadAsynchronous(t *testing.T) {
	t.Parallel()
	runReadTests(t, []readTest{
		{"everything right", workflow11("  - {stepId: s, channelPath: c, action: send, timeout: 0}\n  - {stepId: r, operationId: o, action: receive, correlationId: {a: 1}, dependsOn: [s]}\n"), nil},
		{"everything before 1.1", workflow("  - {stepId: s, channelPath: c, action: [], timeout: x, correlationId: ~, dependsOn: 1}\n"), []string{
			`7:17 error[arazzo/unknown-field]: the step has the field "channelPath", which came with Arazzo 1.1`,
			`7:33 error[arazzo/unknown-field]: the step has the field "action", which came with Arazzo 1.1`,
			`7:45 error[arazzo/unknown-field]: the step has the field "timeout", which came with Arazzo 1.1`,
			`7:57 error[arazzo/unknown-field]: the step has the field "correlationId", which came with Arazzo 1.1`,
			`7:75 error[arazzo/unknown-field]: the step has the field "dependsOn", which came with Arazzo 1.1`,
		}},
		{"S-065, S-226: timeouts", workflow11("  - {stepId: s, operationId: o, timeout: -1}\n  - {stepId: t, operationId: o, timeout: 1.5}\n  - {stepId: u, operationId: o, timeout: '1'}\n  - {stepId: v, operationId: o, timeout: 1e3}\n  - {stepId: w, operationId: o, timeout: 99999999999999999999}\n"), []string{
			`7:42 error[arazzo/wrong-value]: timeout is -1`,
			`8:42 error[arazzo/wrong-value]: timeout is 1.5`,
			`9:42 error[arazzo/wrong-type]: timeout is a string`,
			`10:42 error[arazzo/wrong-value]: timeout is 1e3`,
		}},
		{"S-066: dependencies", workflow11("  - {stepId: s, operationId: o, dependsOn: []}\n  - {stepId: t, operationId: o, dependsOn: [s, s, $steps.s, $workflows.w.steps.s, $workflows.w.steps.s.t, $sourceDescriptions.n.w.steps.s, $sourceDescriptions.n.w, 1, '']}\n"), []string{
			`7:44 error[arazzo/empty-list]: dependsOn is empty`,
			`8:48 error[arazzo/duplicate-name]: there are two entries of dependsOn named "s"`,
			`8:51 error[arazzo/wrong-reference]: dependsOn names "$steps.s"`,
			`8:83 error[arazzo/wrong-reference]: dependsOn names "$workflows.w.steps.s.t"`,
			`8:140 error[arazzo/wrong-reference]: dependsOn names "$sourceDescriptions.n.w"`,
			`8:165 error[arazzo/wrong-type]: an entry of dependsOn is a number`,
			`8:168 error[arazzo/wrong-reference]: dependsOn names ""`,
		}},
		{"S-070: a channel and another target", workflow11("  - {stepId: s, channelPath: c, operationPath: o}\n"), []string{`7:5 error[arazzo/step-target]: the step "s" names 2 things to call`}},
		{"S-071: a channel without action", workflow11("  - {stepId: s, channelPath: c}\n"), []string{`7:5 error[arazzo/missing-field]: the step has a channelPath and no "action"`}},
		{"S-071: unknown actions", workflow11("  - {stepId: s, channelPath: c, action: publish}\n  - {stepId: t, channelPath: c, action: ~}\n"), []string{
			`7:41 error[arazzo/wrong-value]: action is "publish"`,
			`8:41 error[arazzo/wrong-type]: action is null`,
		}},
		{"S-071: actions where no message flows", workflow11("  - {stepId: s, workflowId: v, action: send}\n  - {stepId: t, operationPath: p, action: receive, correlationId: a}\n"), []string{
			`7:40 error[arazzo/misplaced-field]: action cannot stand here: it is for a step with channelPath, or the operationId of an AsyncAPI operation`,
			`8:43 error[arazzo/misplaced-field]: action cannot stand here: it is for a step with channelPath, or the operationId of an AsyncAPI operation`,
			`8:67 error[arazzo/misplaced-field]: correlationId cannot stand here: it is for a step with channelPath, or the operationId of an AsyncAPI operation`,
		}},
		{"S-072: correlation ids", workflow11("  - {stepId: s, operationId: o, action: send, correlationId: a}\n  - {stepId: t, operationId: o, correlationId: a}\n  - {stepId: u, operationId: o, action: receive, correlationId: ~}\n"), []string{
			`7:62 error[arazzo/misplaced-field]: correlationId cannot stand here: it is for a step with action: receive`,
			`8:5 error[arazzo/missing-field]: the step has a correlationId and no "action"`,
			`9:65 error[arazzo/wrong-type]: correlationId is null`,
		}},
	})
}
