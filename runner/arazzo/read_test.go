package arazzo_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// head and head11 begin a document; what is added to them starts on line 4.
const (
	head   = "arazzo: 1.0.1\ninfo: {title: t, version: v}\nsourceDescriptions: [{name: api, url: a.yml}]\n"
	head11 = "arazzo: 1.1.0\ninfo: {title: t, version: v}\nsourceDescriptions: [{name: api, url: a.yml}]\n"
)

// workflow puts steps, each in flow style, into a workflow; they start on line 7.
func workflow(steps string) string {
	return head + "workflows:\n- workflowId: w\n  steps:\n" + steps
}

// read returns what Read says, a line for each diagnostic.
func read(t *testing.T, text string) []string {
	t.Helper()
	root, err := source.Parse(&source.File{Name: "w.yml", Text: text})
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	document, found := arazzo.Read(root)
	if document == nil && !found.Failed() {
		t.Error("there is neither a document nor an error")
	}
	var lines []string
	for _, d := range found {
		lines = append(lines, fmt.Sprintf("%d:%d %s[%s]: %s", d.Position.Line, d.Position.Column, d.Severity, d.Code, d.Message))
	}
	return lines
}

type readTest struct {
	name, text string
	want       []string
}

// TestRenderedFixes holds what is said beside the message.
func TestRenderedFixes(t *testing.T) {
	t.Parallel()
	root, err := source.Parse(&source.File{Name: "w.yml", Text: workflow(
		"  - {stepId: s, operationId: o, succesCriteria: []}\n" +
			"  - {stepId: t, operationId: o, parameters: [{$ref: a}], zzzz: 1}\n")})
	if err != nil {
		t.Fatal(err)
	}
	_, found := arazzo.Read(root)
	var got string
	for _, d := range found {
		got += d.Render()
	}
	const want = `w.yml:7:33: error[arazzo/unknown-field]: the step has no field "succesCriteria"
    7 |   - {stepId: s, operationId: o, succesCriteria: []}
      |                                 ^
  expected: one of stepId, description, operationId, operationPath, workflowId, parameters, requestBody, successCriteria, onSuccess, onFailure, outputs, or an extension x-…
  next: did you mean successCriteria?
w.yml:8:46: error[arazzo/missing-field]: the parameter has no "name"
    8 |   - {stepId: t, operationId: o, parameters: [{$ref: a}], zzzz: 1}
      |                                              ^
  expected: the field name
w.yml:8:46: error[arazzo/missing-field]: the parameter has no "value"
    8 |   - {stepId: t, operationId: o, parameters: [{$ref: a}], zzzz: 1}
      |                                              ^
  expected: the field value
w.yml:8:46: error[arazzo/missing-field]: the parameter has no "in"
    8 |   - {stepId: t, operationId: o, parameters: [{$ref: a}], zzzz: 1}
      |                                              ^
  expected: the field in
w.yml:8:47: error[arazzo/unknown-field]: the parameter has no field "$ref"
    8 |   - {stepId: t, operationId: o, parameters: [{$ref: a}], zzzz: 1}
      |                                               ^
  expected: one of name, in, value, or an extension x-…
  next: name a component with reference: $components.…; $ref is for schemas alone
w.yml:8:58: error[arazzo/unknown-field]: the step has no field "zzzz"
    8 |   - {stepId: t, operationId: o, parameters: [{$ref: a}], zzzz: 1}
      |                                                          ^
  expected: one of stepId, description, operationId, operationPath, workflowId, parameters, requestBody, successCriteria, onSuccess, onFailure, outputs, or an extension x-…
  next: remove it, or give it a name that begins with x-
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func runReadTests(t *testing.T, tests []readTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, read(t, test.text)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadDocument(t *testing.T) {
	t.Parallel()
	runReadTests(t, []readTest{
		{"nothing wrong", workflow("  - {stepId: s, operationId: o}\n"), nil},
		{"an extension anywhere", "x-a: 1\n" + workflow("  - {stepId: s, operationId: o, x-b: 2}\n"), nil},
		{"version 1.0.0", "arazzo: 1.0.0\n" + workflow("")[len("arazzo: 1.0.1\n"):] + "  - {stepId: s, operationId: o}\n", nil},
		{"a list", "[1]", []string{"1:1 error[arazzo/wrong-type]: the document is an array"}},
		{"an OpenAPI description", "openapi: 3.1.0", []string{"1:1 error[arazzo/not-arazzo]: the document has no arazzo field"}},
		{"everything missing", "arazzo: 1.0.1", []string{
			`1:1 error[arazzo/missing-field]: the document has no "info"`,
			`1:1 error[arazzo/missing-field]: the document has no "sourceDescriptions"`,
			`1:1 error[arazzo/missing-field]: the document has no "workflows"`,
		}},
		{"wrong types", "arazzo: 1.0.1\ninfo: []\nsourceDescriptions: {}\nworkflows: w\ncomponents: 1\n", []string{
			"2:7 error[arazzo/wrong-type]: the info is an array",
			"3:21 error[arazzo/wrong-type]: sourceDescriptions is an object",
			"4:12 error[arazzo/wrong-type]: workflows is a string",
			"5:13 error[arazzo/wrong-type]: the components is a number",
		}},
		{"empty lists", "arazzo: 1.0.1\ninfo: {title: t, version: v}\nsourceDescriptions: []\nworkflows: []\n", []string{
			"3:21 error[arazzo/empty-list]: sourceDescriptions is empty",
			"4:12 error[arazzo/empty-list]: workflows is empty",
		}},
		{"version 2", "arazzo: 2.0.0\n" + workflow("")[len("arazzo: 1.0.1\n"):] + "  - {stepId: s, operationId: o}\n", []string{
			`1:9 error[arazzo/unsupported-version]: the document follows Arazzo "2.0.0"`,
		}},
		{"version 1.2", "arazzo: 1.2.0\n" + workflow("")[len("arazzo: 1.0.1\n"):] + "  - {stepId: s, operationId: o}\n", []string{
			`1:9 error[arazzo/unsupported-version]: the document follows Arazzo "1.2.0"`,
		}},
		{"an empty version", "arazzo: ''\n" + workflow("")[len("arazzo: 1.0.1\n"):] + "  - {stepId: s, operationId: o}\n", []string{
			`1:9 error[arazzo/unsupported-version]: the document follows Arazzo ""`,
		}},
		{"a version that is a number", "arazzo: 1.0\n" + workflow("")[len("arazzo: 1.0.1\n"):] + "  - {stepId: s, operationId: o}\n", []string{
			"1:9 error[arazzo/wrong-type]: arazzo is a number",
		}},
		{"another case of a field", head + "Workflows: []\nworkflows: [{workflowId: w, steps: [{stepId: s, operationId: o}]}]\n", []string{
			`4:1 error[arazzo/unknown-field]: the document has no field "Workflows"`,
		}},
		{"info without its fields", "arazzo: 1.0.1\ninfo: {summary: 1}\nsourceDescriptions: [{name: api, url: a.yml}]\nworkflows: [{workflowId: w, steps: [{stepId: s, operationId: o}]}]\n", []string{
			`2:7 error[arazzo/missing-field]: the info has no "title"`,
			`2:7 error[arazzo/missing-field]: the info has no "version"`,
			`2:17 error[arazzo/wrong-type]: summary is a number`,
		}},
		{"sources that cannot be named", "arazzo: 1.0.1\ninfo: {title: t, version: v}\nsourceDescriptions: [{name: a.b, url: u}, {name: '', url: ''}, {name: c, url: u, type: wsdl}, {name: c, url: u, type: ''}, 1]\nworkflows: [{workflowId: w, steps: [{stepId: s, operationId: o}]}]\n", []string{
			`3:29 error[arazzo/wrong-name]: a source description is named "a.b"`,
			`3:50 error[arazzo/wrong-value]: name is empty`,
			`3:59 error[arazzo/wrong-value]: url is empty`,
			`3:88 error[arazzo/wrong-value]: type is "wsdl"`,
			`3:102 error[arazzo/duplicate-name]: there are two source descriptions named "c"`,
			`3:119 error[arazzo/wrong-value]: type is ""`,
			`3:124 error[arazzo/wrong-type]: the source description is a number`,
		}},
		{"workflows of one name", head + "workflows:\n- {workflowId: w, steps: [{stepId: s, operationId: o}]}\n- {workflowId: w, steps: [{stepId: s, operationId: o}]}\n", []string{
			`6:16 error[arazzo/duplicate-name]: there are two workflows named "w"`,
		}},
		{"workflow without anything", head + "workflows: [{}, {workflowId: '', steps: [], inputs: 1, dependsOn: w}]\n", []string{
			`4:13 error[arazzo/missing-field]: the workflow has no "workflowId"`,
			`4:13 error[arazzo/missing-field]: the workflow has no "steps"`,
			`4:30 error[arazzo/wrong-value]: workflowId is empty`,
			`4:41 error[arazzo/empty-list]: steps is empty`,
			`4:53 error[arazzo/wrong-type]: inputs is a number`,
			`4:67 error[arazzo/wrong-type]: dependsOn is a string`,
		}},
	})
}

func TestReadStep(t *testing.T) {
	t.Parallel()
	runReadTests(t, []readTest{
		{"a misspelt field", workflow("  - {stepId: s, operationId: o, succesCriteria: []}\n"), []string{
			`7:33 error[arazzo/unknown-field]: the step has no field "succesCriteria"`,
		}},
		{"a field of 1.1", workflow("  - {stepId: s, operationId: o, timeout: 5}\n"), []string{
			`7:33 error[arazzo/unknown-field]: the step has the field "timeout", which came with Arazzo 1.1`,
		}},
		{"nothing to call", workflow("  - {stepId: s}\n"), []string{`7:5 error[arazzo/step-target]: the step "s" names 0 things to call`}},
		{"two things to call", workflow("  - {stepId: s, operationId: o, workflowId: w}\n"), []string{`7:5 error[arazzo/step-target]: the step "s" names 2 things to call`}},
		{"an empty thing to call", workflow("  - {stepId: s, operationId: ''}\n"), []string{`7:30 error[arazzo/wrong-value]: operationId is empty`}},
		{"steps of one name", workflow("  - {stepId: s, operationId: o}\n  - {stepId: s, operationId: o}\n"), []string{
			`8:14 error[arazzo/duplicate-name]: there are two steps named "s"`,
		}},
		{"no name", workflow("  - {operationId: o}\n  - {stepId: '', operationId: o}\n  - {stepId: ~, operationId: o}\n"), []string{
			`7:5 error[arazzo/missing-field]: the step has no "stepId"`,
			`8:14 error[arazzo/wrong-value]: stepId is empty`,
			`9:14 error[arazzo/wrong-type]: stepId is null`,
		}},
		{"no step", workflow("  - s\n"), []string{`7:5 error[arazzo/wrong-type]: the step is a string`}},
		{"outputs", workflow("  - {stepId: s, operationId: o, outputs: {a b: $statusCode, c: 1, d: {context: $response.body, selector: $.a, type: jsonpath}}}\n"), []string{
			`7:43 error[arazzo/wrong-name]: an output is named "a b"`,
			`7:64 error[arazzo/wrong-type]: the output c is a number`,
			`7:70 error[arazzo/wrong-type]: the output d is an object`,
		}},
		{"outputs that are a list", workflow("  - {stepId: s, operationId: o, outputs: []}\n"), []string{`7:42 error[arazzo/wrong-type]: outputs is an array`}},
		{"request body", workflow("  - {stepId: s, operationId: o, requestBody: {contenttype: a, contentType: '', payload: ~, replacements: [{target: /a}, {value: 1, target: ''}]}}\n"), []string{
			`7:47 error[arazzo/unknown-field]: the request body has no field "contenttype"`,
			`7:76 error[arazzo/wrong-value]: contentType is empty`,
			`7:107 error[arazzo/missing-field]: the replacement has no "value"`,
			`7:140 error[arazzo/wrong-value]: target is empty`,
		}},
		{"a request body that is a text", workflow("  - {stepId: s, operationId: o, requestBody: a}\n"), []string{`7:46 error[arazzo/wrong-type]: the request body is a string`}},
	})
}

func TestReadParameters(t *testing.T) {
	t.Parallel()
	components := "components:\n  parameters:\n    p: {name: p, in: query, value: 1}\n    q: {reference: $components.parameters.p}\n    a b: {}\n"
	runReadTests(t, []readTest{
		{"one name in two places", workflow("  - {stepId: s, operationId: o, parameters: [{name: id, in: path, value: 1}, {name: id, in: query, value: 1}]}\n"), nil},
		{"one name twice", workflow("  - {stepId: s, operationId: o, parameters: [{name: id, in: query, value: 1}, {name: id, in: query, value: 2}]}\n"), []string{
			`7:86 error[arazzo/duplicate-name]: there are two parameters named "query id"`,
		}},
		{"names that differ in case", workflow("  - {stepId: s, operationId: o, parameters: [{name: id, in: query, value: 1}, {name: ID, in: query, value: 2}]}\n"), nil},
		{"headers that differ in case", workflow("  - {stepId: s, operationId: o, parameters: [{name: X-Id, in: header, value: 1}, {name: x-id, in: header, value: 2}]}\n"), []string{
			`7:89 error[arazzo/duplicate-name]: there are two parameters named "header x-id"`,
		}},
		{"missing fields", workflow("  - {stepId: s, operationId: o, parameters: [{in: query}, {name: '', in: '', value: ~}, 1]}\n"), []string{
			`7:46 error[arazzo/missing-field]: the parameter has no "name"`,
			`7:46 error[arazzo/missing-field]: the parameter has no "value"`,
			`7:66 error[arazzo/wrong-value]: name is empty`,
			`7:74 error[arazzo/wrong-value]: in is ""`,
			`7:89 error[arazzo/wrong-type]: the parameter is a number`,
			`7:89 error[arazzo/missing-field]: the parameter has no "in"`,
		}},
		{"no place in a step", workflow("  - {stepId: s, operationId: o, parameters: [{name: a, value: 1}]}\n"), []string{
			`7:46 error[arazzo/missing-field]: the parameter has no "in"`,
		}},
		{"no place where a workflow is called", workflow("  - {stepId: s, workflowId: w, parameters: [{name: a, value: 1}]}\n"), nil},
		{"no place in a workflow", head + "workflows:\n- workflowId: w\n  parameters: [{name: a, value: 1}]\n  steps: [{stepId: s, operationId: o}]\n", []string{
			`6:16 error[arazzo/missing-field]: the parameter has no "in"`,
		}},
		{"an unknown place", workflow("  - {stepId: s, operationId: o, parameters: [{name: a, in: body, value: 1}]}\n"), []string{
			`7:60 error[arazzo/wrong-value]: in is "body"`,
		}},
		{"a reusable one", workflow("  - {stepId: s, operationId: o, parameters: [{reference: $components.parameters.p, value: 0}]}\n" + components), []string{
			`12:5 error[arazzo/wrong-name]: a component is named "a b"`,
		}},
		{"references that lead nowhere", workflow("  - stepId: s\n    operationId: o\n    parameters:\n    - reference: $components.parameters.P\n    - reference: $components.successActions.p\n    - reference: 1\n    - reference: $components.parameters.q\n" + components[:len(components)-len("    a b: {}\n")]), []string{
			`10:18 error[arazzo/unknown-component]: components.parameters has no "P"`,
			`11:18 error[arazzo/wrong-reference]: the reference is "$components.successActions.p"`,
			`12:18 error[arazzo/wrong-reference]: the reference is ""`,
			`17:8 error[arazzo/missing-field]: the parameter has no "name"`,
			`17:8 error[arazzo/missing-field]: the parameter has no "value"`,
			`17:8 error[arazzo/missing-field]: the parameter has no "in"`,
			`17:9 error[arazzo/unknown-field]: the parameter has no field "reference"`,
		}},
		{"a JSON reference", workflow("  - {stepId: s, operationId: o, parameters: [{$ref: '#/components/parameters/p'}]}\n"), []string{
			`7:46 error[arazzo/missing-field]: the parameter has no "name"`,
			`7:46 error[arazzo/missing-field]: the parameter has no "value"`,
			`7:46 error[arazzo/missing-field]: the parameter has no "in"`,
			`7:47 error[arazzo/unknown-field]: the parameter has no field "$ref"`,
		}},
	})
}

func TestReadActions(t *testing.T) {
	t.Parallel()
	step := func(field, actions string) string {
		return workflow("  - stepId: s\n    operationId: o\n    " + field + ":\n" + actions)
	}
	runReadTests(t, []readTest{
		{"a goto, an end and a retry", step("onFailure", "    - {name: a, type: goto, stepId: s}\n    - {name: b, type: end}\n    - {name: c, type: retry, retryAfter: 0.5, retryLimit: 0}\n"), nil},
		{"a retry of a success", step("onSuccess", "    - {name: c, type: retry, retryAfter: 1}\n"), []string{
			`10:23 error[arazzo/wrong-value]: type is "retry"`,
			`10:30 error[arazzo/unknown-field]: the action has no field "retryAfter"`,
		}},
		{"no type and no name", step("onSuccess", "    - {}\n    - {name: '', type: ''}\n    - a\n"), []string{
			`10:7 error[arazzo/missing-field]: the action has no "name"`,
			`10:7 error[arazzo/missing-field]: the action has no "type"`,
			`11:14 error[arazzo/wrong-value]: name is empty`,
			`11:24 error[arazzo/wrong-value]: type is ""`,
			`12:7 error[arazzo/wrong-type]: the action is a string`,
		}},
		{"actions of one name", step("onSuccess", "    - {name: a, type: end}\n    - {name: a, type: end}\n"), []string{
			`11:14 error[arazzo/duplicate-name]: there are two actions named "a"`,
		}},
		{"targets", step("onFailure", "    - {name: a, type: goto}\n    - {name: b, type: goto, stepId: s, workflowId: w}\n    - {name: c, type: retry, stepId: s, workflowId: w}\n    - {name: d, type: goto, stepId: ''}\n"), []string{
			`10:7 error[arazzo/action-target]: the action "a" goes to 0 places`,
			`11:7 error[arazzo/action-target]: the action "b" goes to 2 places`,
			`12:7 error[arazzo/action-target]: the action "c" has both stepId and workflowId`,
			`13:37 error[arazzo/wrong-value]: stepId is empty`,
		}},
		{"fields without effect", step("onFailure", "    - {name: a, type: end, stepId: s, retryLimit: 1}\n    - {name: b, type: goto, stepId: s, retryAfter: 1}\n"), []string{
			`10:36 warning[arazzo/no-effect]: stepId has no effect here: the action ends the workflow`,
			`10:51 warning[arazzo/no-effect]: retryLimit has no effect here: it is for the type retry`,
			`11:52 warning[arazzo/no-effect]: retryAfter has no effect here: it is for the type retry`,
		}},
		{"numbers", step("onFailure", "    - {name: a, type: retry, retryAfter: -1, retryLimit: 1.5}\n    - {name: b, type: retry, retryAfter: '1', retryLimit: ~}\n"), []string{
			`10:42 error[arazzo/wrong-value]: retryAfter is -1`,
			`10:58 error[arazzo/wrong-value]: retryLimit is 1.5`,
			`11:42 error[arazzo/wrong-type]: retryAfter is a string`,
			`11:59 error[arazzo/wrong-type]: retryLimit is null`,
		}},
		{"a reusable one of the wrong kind", step("onFailure", "    - {reference: $components.successActions.a}\n") + "components: {successActions: {a: {name: a, type: end}}}\n", []string{
			`10:19 error[arazzo/wrong-reference]: the reference is "$components.successActions.a"`,
		}},
		{"a reusable one", step("onSuccess", "    - {reference: $components.successActions.a.b}\n") + "components: {successActions: {a.b: {name: a, type: end}}}\n", nil},
	})
}

func TestReadCriteria(t *testing.T) {
	t.Parallel()
	step := func(criteria string) string {
		return workflow("  - stepId: s\n    operationId: o\n    successCriteria:\n" + criteria)
	}
	runReadTests(t, []readTest{
		{"every type", step("    - condition: $statusCode == 200\n    - {context: $response.body, type: jsonpath, condition: $.a}\n    - {context: $response.body, type: {type: xpath, version: xpath-20}, condition: a}\n"), nil},
		{"none at all", workflow("  - {stepId: s, operationId: o, successCriteria: []}\n"), []string{`7:50 error[arazzo/empty-list]: successCriteria is empty`}},
		{"no condition", step("    - {}\n    - 1\n    - condition: true\n"), []string{
			`10:7 error[arazzo/missing-field]: the criterion has no "condition"`,
			`11:7 error[arazzo/wrong-type]: the criterion is a number`,
			`12:18 error[arazzo/wrong-type]: condition is a boolean`,
		}},
		{"no context", step("    - {type: regex, condition: a}\n"), []string{`10:7 error[arazzo/missing-field]: a criterion of type regex has no context`}},
		{"a context without use", step("    - {context: $response.body, condition: $statusCode == 200}\n"), []string{
			`10:17 warning[arazzo/no-effect]: context has no effect here: a condition of type simple has none`,
		}},
		{"unknown types", step("    - {context: $response.body, type: jmespath, condition: a}\n    - {context: $response.body, type: '', condition: a}\n    - {context: $response.body, type: {type: regex, version: '1'}, condition: a}\n    - {context: $response.body, type: {type: xpath}, condition: a}\n"), []string{
			`10:39 error[arazzo/wrong-value]: type is "jmespath"`,
			`11:39 error[arazzo/wrong-value]: type is ""`,
			`12:46 error[arazzo/wrong-value]: type is "regex"`,
			`13:39 error[arazzo/missing-field]: the expression type has no "version"`,
		}},
	})
}

// TestReadNewer holds that what came with 1.1 is refused by its name.
func TestReadNewer(t *testing.T) {
	t.Parallel()
	step := func(rest string) string {
		return head11 + "workflows:\n- workflowId: w\n  steps:\n  - {stepId: s, operationId: o, " + rest + "}\n"
	}
	refused := func(place, what string) []string {
		return []string{place + " error[unsupported]: this version of the runner does not execute " + what + " of Arazzo 1.1"}
	}
	runReadTests(t, []readTest{
		{"nothing of it", step("description: d"), nil},
		{"$self", head11 + "$self: https://a\nworkflows: [{workflowId: w, steps: [{stepId: s, operationId: o}]}]\n", refused("4:8", "$self")},
		{"timeout", step("timeout: 5"), refused("7:42", "timeout")},
		{"dependsOn", step("dependsOn: [a]"), refused("7:44", "dependsOn")},
		{"action", step("action: send"), refused("7:41", "action")},
		{"a querystring", step("parameters: [{name: q, in: querystring, value: a=b}]"), refused("7:60", "in: querystring")},
		{"a selector as an output", step("outputs: {a: {context: $response.body, selector: $.a, type: jsonpath}}"), refused("7:46", "a selector object")},
		{"a selector deep in a payload", step("requestBody: {payload: {a: [{context: $response.body, selector: $.a, type: jsonpath}]}}"), refused("7:61", "a selector object")},
		{"a selector as a parameter", step("parameters: [{name: q, in: query, value: {context: $inputs, selector: $.a, type: jsonpath, x-a: 1}}]"), refused("7:74", "a selector object")},
		{"data that only looks like a selector", step("requestBody: {payload: {context: a, selector: b, type: c, other: d}}"), nil},
		{"a JSON Pointer criterion", step("successCriteria: [{context: $response.body, condition: /a, type: {type: jsonpointer, version: rfc6901}}]"), refused("7:105", "type: jsonpointer")},
		{"parameters of an action", step("onSuccess: [{name: a, type: goto, workflowId: w, parameters: []}]"), refused("7:94", "parameters")},
		{"targetSelectorType", step("requestBody: {payload: {}, replacements: [{target: $.a, value: 1, targetSelectorType: jsonpath}]}"), refused("7:119", "targetSelectorType")},
		{"an AsyncAPI source", "arazzo: 1.1.0\ninfo: {title: t, version: v}\nsourceDescriptions: [{name: api, url: a.yml, type: asyncapi}]\nworkflows: [{workflowId: w, steps: [{stepId: s, operationId: o}]}]\n", refused("3:52", "type: asyncapi")},
	})
}
