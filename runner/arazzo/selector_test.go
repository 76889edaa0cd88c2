package arazzo_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
)

func TestReadSelectors(t *testing.T) {
	t.Parallel()
	output := func(text string) string { return "  - {stepId: s, operationId: o, outputs: {a: " + text + "}}\n" }
	payload := func(text string) string {
		return "  - {stepId: s, operationId: o, requestBody: {payload: " + text + "}}\n"
	}
	almost := func(place string) []string {
		return []string{place + " warning[arazzo/almost-selector]: the object looks like a Selector Object and is sent as it stands"}
	}
	runReadTests(t, []readTest{
		{"S-219: an output", workflow11(output("{context: $response.body, selector: $.a, type: jsonpath, x-a: 1}")), nil},
		{"S-219: an output before 1.1", workflow(output("{context: $response.body, selector: $.a, type: jsonpath}")), []string{`7:46 error[arazzo/wrong-type]: the output a is an object`}},
		{"S-219: an output without its fields", workflow11(output("{expression: $response.body, selector: 1}")), []string{
			`7:46 error[arazzo/missing-field]: the selector object has no "context"`,
			`7:46 error[arazzo/missing-field]: the selector object has no "type"`,
			`7:47 error[arazzo/unknown-field]: the selector object has no field "expression"`,
			`7:85 error[arazzo/wrong-type]: selector is a number`,
		}},
		{"S-219: an output without a selector", workflow11(output("{context: $response.body, type: jsonpath}")), []string{`7:46 error[arazzo/missing-field]: the selector object has no "selector"`}},
		{"S-064: an output that is a number", workflow11(output("1")), []string{`7:46 error[arazzo/wrong-type]: the output a is a number`}},
		{"S-172: types", workflow11(output("{context: '', selector: '', type: jsonpointer}") + "  - {stepId: t, operationId: o, outputs: {a: {context: $response.body, selector: '', type: xpath}, b: {context: $response.body, selector: /a, type: {type: jsonpointer, version: rfc6901}}, c: {context: $response.body, selector: /a, type: simple}}}\n"), []string{
			`7:56 error[arazzo/wrong-value]: context is empty`,
			`8:82 error[arazzo/wrong-value]: selector is empty`,
			`8:238 error[arazzo/wrong-value]: type is "simple"`,
		}},
		{"S-091: deep in a payload", workflow11(payload("{a: [{context: $response.body, selector: $.a, type: css}]}")), []string{`7:108 error[arazzo/wrong-value]: type is "css"`}},
		{"S-091: deep in a payload before 1.1", workflow(payload("{a: [{context: web, selector: .a, type: css}]}")), nil},
		{"S-091: in a replacement and a parameter", workflow11("  - {stepId: s, operationId: o, requestBody: {replacements: [{target: /a, value: {context: 1, selector: a, type: xpath}}]}, parameters: [{name: a, in: query, value: {context: 1, selector: a, type: xpath}}]}\n"), []string{
			`7:92 error[arazzo/wrong-type]: context is a number`,
			`7:176 error[arazzo/wrong-type]: context is a number`,
		}},
		{"S-144: in a value that overrides a component's", workflow11("  - {stepId: s, operationId: o, parameters: [{reference: $components.parameters.p, value: {context: 1, selector: a, type: xpath}}]}\n") + "components: {parameters: {p: {name: p, in: query, value: 1}}}\n", []string{
			`7:101 error[arazzo/wrong-type]: context is a number`,
		}},
		{"data with the same fields and another", workflow11(payload("{context: a, selector: b, type: c, other: d}")), nil},
		{"a misspelt context", workflow11(payload("{contxt: $response.body, selector: $.a, type: jsonpath}")), almost("7:56")},
		{"a field too many", workflow11(payload("{context: $response.body, selector: $.a, type: {type: xpath, version: xpath-10}, default: 1}")), almost("7:56")},
		{"no type", workflow11(payload("[{context: $response.body, selector: $.a}]")), almost("7:57")},
		{"a selector object before 1.1", workflow(payload("{context: $response.body, selector: $.a, type: jsonpath}")), almost("7:56")},
	})
}

// TestSelectors holds that a document tells which of its values select something.
func TestSelectors(t *testing.T) {
	t.Parallel()
	const payload = "  - stepId: s\n    operationId: o\n    requestBody:\n      payload:\n" +
		"      - {context: $response.body, selector: $.a, type: jsonpath}\n" +
		"      - a: {b: {context: $inputs, selector: '', type: {type: xpath, version: xpath-10}, x-a: 1}}\n" +
		"      - {context: a, selector: b, type: c, d: e}\n"
	tests := []struct {
		name, text string
		want       []string
	}{
		{"1.1", workflow11(payload), []string{"11:9 $response.body $.a jsonpath ", "12:16 $inputs  xpath xpath-10"}},
		{"1.0", workflow(payload), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			document, _ := arazzo.Read(parse(t, test.text))
			value := document.Workflows[0].Steps[0].RequestBody.Payload
			var got []string
			for _, s := range document.Selectors(value) {
				got = append(got, s.Position().String()[len("w.yml:"):]+" "+s.Context+" "+s.Selector+" "+s.Type.Name+" "+s.Type.Version)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if _, ok := document.Selector(value.Items[0]); ok != (test.want != nil) {
				t.Errorf("Selector says %v", ok)
			}
			if _, ok := document.Selector(nil); ok {
				t.Error("nothing is no Selector Object")
			}
			for _, other := range value.Items[1:] {
				if _, ok := document.Selector(other); ok {
					t.Errorf("%v is no Selector Object", other.Data())
				}
			}
		})
	}
}
