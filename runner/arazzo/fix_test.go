package arazzo_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
)

// TestRenderedFixes holds what is said beside the message.
func TestRenderedFixes(t *testing.T) {
	t.Parallel()
	_, found := arazzo.Read(parse(t, workflow(
		"  - {stepId: s, operationId: o, succesCriteria: []}\n"+
			"  - {stepId: t, workflowId: v, onSuccess: [{$ref: '#/components/successActions/a'}]}\n"+
			"  - {stepId: u, operationId: o, timeout: 1, outputs: {a: ~}}\n")))
	var got strings.Builder
	for _, d := range found {
		got.WriteString(d.Render())
	}
	const want = `w.yml:7:33: error[arazzo/unknown-field]: the step has no field "succesCriteria"
    7 |   - {stepId: s, operationId: o, succesCriteria: []}
      |                                 ^
  expected: one of stepId, description, operationId, operationPath, workflowId, parameters, requestBody, successCriteria, onSuccess, onFailure, outputs, or an extension x-…
  next: did you mean successCriteria?
w.yml:8:51: error[arazzo/wrong-reference]: a component is named with $ref, which is for JSON Schemas
    8 |   - {stepId: t, workflowId: v, onSuccess: [{$ref: '#/components/successActions/a'}]}
      |                                                   ^
  expected: a reusable object
  next: write reference: $components.successActions.a
w.yml:9:33: error[arazzo/unknown-field]: the step has the field "timeout", which came with Arazzo 1.1
    9 |   - {stepId: u, operationId: o, timeout: 1, outputs: {a: ~}}
      |                                 ^
  expected: a field of Arazzo 1.0
  next: write arazzo: 1.1.0, or do without it
w.yml:9:58: error[arazzo/wrong-type]: the output a is null
    9 |   - {stepId: u, operationId: o, timeout: 1, outputs: {a: ~}}
      |                                                          ^
  expected: a runtime expression
  next: write an expression such as $response.body
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestFixes holds the next move where it depends on what was found.
func TestFixes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"a URI to be escaped", strings.Replace(head, "a.yml", "'a b/é%20?x={y}'", 1) + oneStep, []string{"write a%20b/%C3%A9%20?x=%7By%7D"}},
		{"a fragment", head11 + "$self: a.yml#b\n" + oneStep, []string{"write a.yml"}},
		{"a boolean for a text", workflow(step("successCriteria", "    - condition: true\n")), []string{"put it in quotes"}},
		{"a number for a text", workflow("  - {stepId: 1, operationId: o}\n"), []string{"put it in quotes"}},
		{"null for a text", workflow(step("successCriteria", "    - condition:\n")), []string{"write a string"}},
		{"an object for a list", workflow("  - {stepId: s, operationId: o, parameters: {}}\n"), []string{"write an array"}},
		{"a needless type", workflow(step("successCriteria", "    - {condition: $statusCode == 200, type: simple}\n")), []string{"remove type: a condition is simple without it"}},
		{"a type without context", workflow(step("successCriteria", "    - {condition: a, type: regex}\n")), []string{"add context: with a runtime expression such as $response.body"}},
		{"a misspelt value", workflow("  - {stepId: s, operationId: o, parameters: [{name: a, in: heder, value: 1}]}\n"), []string{"did you mean header?"}},
		{"an unknown value", workflow("  - {stepId: s, operationId: o, parameters: [{name: a, in: formData, value: 1}]}\n"), []string{"choose one of them"}},
		{"a value that came later", workflow("  - {stepId: s, operationId: o, parameters: [{name: a, in: querystring, value: 1}]}\n"), []string{sinceFix}},
		{"an output that came later", workflow("  - {stepId: s, operationId: o, outputs: {a: {}, b: 1}}\n"), []string{sinceFix, "write an expression such as $response.body"}},
		{"a selector that came later", workflow("  - {stepId: s, operationId: o, requestBody: {payload: {context: $inputs, selector: $.a, type: jsonpath}}}\n"), []string{sinceFix}},
		{"almost a selector", workflow11("  - {stepId: s, operationId: o, requestBody: {payload: {context: $inputs, selector: $.a}}}\n"), []string{"add what is missing, and remove what is not one of them"}},
		{"inputs that are named with reference", head + "workflows: [{workflowId: w, inputs: {reference: $components.inputs.p}, steps: [{stepId: s, operationId: o}]}]\n", []string{"write $ref: '#/components/inputs/p'"}},
		{"an expression for a contentType", workflow("  - {stepId: s, operationId: o, requestBody: {contentType: $inputs.t}}\n"), []string{"write the contentType itself"}},
		{"an unknown field", workflow("  - {stepId: s, operationId: o, zzzz: 1}\n"), []string{"remove it, or give it a name that begins with x-"}},
		{"a JSON reference instead of a step", workflow("  - {stepId: s, operationId: o, $ref: a}\n"), []string{"write the object here; $ref is for JSON Schemas alone"}},
		{"a JSON reference to nothing", workflow("  - {stepId: s, operationId: o, parameters: [{$ref: a.yml}]}\n"), []string{"write reference: $components.parameters.NAME"}},
		{"a misspelt component", workflow("  - {stepId: s, operationId: o, parameters: [{reference: $components.parameters.Page}]}\n") + "components: {parameters: {page: {name: a, value: 1}}}\n", []string{"did you mean page?"}},
		{"a component of another name", workflow("  - {stepId: s, operationId: o, parameters: [{reference: $components.parameters.limit}]}\n") + "components: {parameters: {page: {name: a, value: 1}}}\n", []string{"add it to the components, or name another"}},
		{"a misspelt override", workflow("  - {stepId: s, operationId: o, parameters: [{reference: $components.parameters.page, valu: 1}]}\n") + "components: {parameters: {page: {name: a, in: query, value: 1}}}\n", []string{"did you mean value?"}},
		{"a name too long to be compared", workflow("  - {stepId: s, operationId: o, parameters: [{reference: $components.parameters."+strings.Repeat("a", 101)+"}]}\n") + "components: {parameters: {" + strings.Repeat("a", 100) + ": {name: a, value: 1}}}\n", []string{"add it to the components, or name another"}},
		{"no name short enough to be compared", workflow("  - {stepId: s, operationId: o, parameters: [{reference: $components.parameters."+strings.Repeat("a", 100)+"}]}\n") + "components: {parameters: {" + strings.Repeat("a", 101) + ": {name: a, value: 1}}}\n", []string{"add it to the components, or name another"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, found := arazzo.Read(parse(t, test.text))
			var got []string
			for _, d := range found {
				got = append(got, d.Fix)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

const sinceFix = "write arazzo: 1.1.0, or do without it"

// TestHintsAreBounded holds that a document full of misspelt names is read in the
// time that it takes to read any: the first hundred are compared.
func TestHintsAreBounded(t *testing.T) {
	t.Parallel()
	_, found := arazzo.Read(parse(t, workflow("  - {stepId: s, operationId: o, parameters: ["+strings.Repeat("{nam: a}, ", 200)+"]}\n")))
	hints := 0
	for _, d := range found {
		if d.Fix == "did you mean name?" {
			hints++
		}
	}
	if hints < 20 || hints > 101 {
		t.Errorf("%d names were compared", hints)
	}
}
