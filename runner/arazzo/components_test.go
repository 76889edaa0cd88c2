package arazzo_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
)

// TestReadComponents holds that components are judged where they stand, once,
// used or not.
func TestReadComponents(t *testing.T) {
	t.Parallel()
	components := func(text string) string { return head + oneStep + "components: " + text + "\n" }
	runReadTests(t, []readTest{
		{"S-140: keys", components("{inputs: {a b: {}}, parameters: {'': {name: a, value: 1}}, successActions: {a/b: {name: a, type: end}}, failureActions: {a.B-_1: {name: a, type: end}}, x-a: 1}"), []string{
			`5:23 error[arazzo/wrong-name]: a component is named "a b"`,
			`5:46 error[arazzo/wrong-name]: a component is named ""`,
			`5:89 error[arazzo/wrong-name]: a component is named "a/b"`,
		}},
		{"S-140: wrong types", components("{inputs: {a: 1, b: true}, parameters: [], successActions: {a: 1}, failureActions: {a: ~}, schemas: {}}"), []string{
			`5:26 error[arazzo/wrong-type]: components.inputs.a is a number`,
			`5:51 error[arazzo/wrong-type]: parameters is an array`,
			`5:75 error[arazzo/wrong-type]: the success action is a number`,
			`5:99 error[arazzo/wrong-type]: the failure action is null`,
			`5:103 error[arazzo/unknown-field]: the components object has no field "schemas"`,
		}},
		{"components that nobody uses", components("{parameters: {a: {name: a, in: b}}, successActions: {a: {name: a, type: retry}}, failureActions: {a: {name: a, type: goto}}}"), []string{
			`5:30 error[arazzo/missing-field]: the parameter has no "value"`,
			`5:44 error[arazzo/wrong-value]: in is "b"`,
			`5:85 error[arazzo/wrong-value]: type is "retry"`,
			`5:114 error[arazzo/action-target]: the failure action "a" goes nowhere`,
		}},
		{"S-143: components that name another", components("{parameters: {a: {reference: $components.parameters.b}, b: {name: a, value: 1}}, successActions: {a: {$ref: '#/components/successActions/b'}}}"), []string{
			`5:30 error[arazzo/wrong-reference]: components.parameters.a names another component`,
			`5:114 error[arazzo/wrong-reference]: components.successActions.a names another component`,
		}},
	})
}

func TestReadReusable(t *testing.T) {
	t.Parallel()
	parameters := func(list string) string { return step("parameters", list) }
	components := "components:\n  parameters: {p: {name: p, in: query, value: 1}, q: {name: p, in: query, value: 2}, r.s: {name: r, value: 1}}\n" +
		"  successActions: {a.b: {name: a, type: end}, c: {name: a, type: end}}\n"
	runReadTests(t, []readTest{
		{"S-143: parameters", workflow(parameters("    - {reference: $components.parameters.p, value: 0}\n")) + components, nil},
		{"S-140: a key with dots", workflow(step("onSuccess", "    - reference: $components.successActions.a.b\n")) + components, nil},
		{"S-143: references that lead nowhere", workflow(parameters("    - reference: $components.parameters.P\n    - reference: $components.successActions.a.b\n    - reference: 1\n    - reference: $components.parameters.\n    - reference: p\n    - {}\n    onSuccess:\n    - reference: $components.successActions.p\n")) + components, []string{
			`10:18 error[arazzo/unknown-component]: components.parameters has no "P"`,
			`11:18 error[arazzo/wrong-reference]: the reference is "$components.successActions.a.b"`,
			`12:18 error[arazzo/wrong-type]: reference is a number`,
			`13:18 error[arazzo/wrong-reference]: the reference is "$components.parameters."`,
			`14:18 error[arazzo/wrong-reference]: the reference is "p"`,
			`15:7 error[arazzo/missing-field]: the parameter has no "name"`,
			`15:7 error[arazzo/missing-field]: the parameter has no "value"`,
			`15:7 error[arazzo/missing-field]: the parameter has no "in"`,
			`17:18 error[arazzo/unknown-component]: components.successActions has no "p"`,
		}},
		{"S-143: a damaged component is told once", workflow(step("onFailure", "    - reference: $components.failureActions.d\n    - reference: $components.failureActions.d\n")) + components + "  failureActions: {d: 1}\n", []string{
			`15:23 error[arazzo/wrong-type]: the failure action is a number`,
		}},
		{"S-143: fields that are ignored", workflow(step("onSuccess", "    - {reference: $components.successActions.c, value: 1, name: b, x-a: 1}\n    parameters: [{reference: $components.parameters.p, in: query}]\n")) + components, []string{
			`10:49 warning[arazzo/no-effect]: value has no effect here: it is for a parameter`,
			`10:59 warning[arazzo/unknown-field]: a reusable object has no field "name": it is ignored`,
			`10:68 warning[arazzo/unknown-field]: a reusable object has no field "x-a": it is ignored`,
			`11:56 warning[arazzo/unknown-field]: a reusable object has no field "in": it is ignored`,
		}},
		{"S-059, S-044: duplicates through components", workflow("  - stepId: s\n    operationId: o\n    parameters:\n    - reference: $components.parameters.p\n    - reference: $components.parameters.q\n    onSuccess:\n    - {name: a, type: end}\n    - reference: $components.successActions.c\n") + components, []string{
			`11:18 error[arazzo/duplicate-name]: there are two parameters named "query p"`,
			`14:18 error[arazzo/duplicate-name]: there are two actions named "a"`,
		}},
		{"S-082: a component without a place, for an operation", workflow(parameters("    - reference: $components.parameters.r.s\n")) + components, []string{
			`10:18 error[arazzo/missing-field]: the parameter has no "in"`,
		}},
		{"S-082: a component with a place, for a workflow", workflow("  - {stepId: s, workflowId: v, parameters: [{reference: $components.parameters.p}]}\n") + components, []string{
			`7:57 warning[arazzo/no-effect]: in has no effect here: the parameters of a workflow are its inputs`,
		}},
		{"S-145: JSON references", workflow("  - {stepId: s, operationId: o, parameters: [{$ref: '#/components/parameters/p'}, {$ref: 1, name: a}], onSuccess: [{$ref: '#/components/successActions/c'}]}\n") + components, []string{
			`7:53 error[arazzo/wrong-reference]: a component is named with $ref, which is for JSON Schemas`,
			`7:90 error[arazzo/wrong-reference]: a component is named with $ref, which is for JSON Schemas`,
			`7:123 error[arazzo/wrong-reference]: a component is named with $ref, which is for JSON Schemas`,
		}},
	})
}

// TestReusableModel holds what the model has where a component is used.
func TestReusableModel(t *testing.T) {
	t.Parallel()
	document, _ := arazzo.Read(parse(t, workflow("  - stepId: s\n    operationId: o\n    parameters:\n"+
		"    - {reference: $components.parameters.p, value: 0}\n    - {$ref: '#/components/parameters/p'}\n    - reference: $components.parameters.q\n"+
		"    onFailure: [{reference: $components.failureActions.f}]\n")+
		"components:\n  parameters: {p: {name: n, in: query, value: 1}}\n  failureActions: {f: {name: m, type: retry, retryLimit: 7}}\n"))
	s := document.Workflows[0].Steps[0]
	type used struct{ Name, Place, Reference, Use string }
	var got []used
	for _, p := range s.Parameters {
		got = append(got, used{p.Name, p.Position().String(), p.Reusable.Reference, p.Reusable.Position().String()})
	}
	for _, a := range s.OnFailure {
		got = append(got, used{a.Name + string(a.RetryLimit), a.Position().String(), a.Reusable.Reference, a.Reusable.Position().String()})
	}
	want := []used{
		{"n", "w.yml:15:19", "$components.parameters.p", "w.yml:10:7"},
		{"n", "w.yml:15:19", "$components.parameters.p", "w.yml:11:7"},
		{"", "w.yml:12:7", "$components.parameters.q", "w.yml:12:7"},
		{"m7", "w.yml:16:23", "$components.failureActions.f", "w.yml:13:17"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if value := s.Parameters[0].Value; value.Position.Line != 10 || s.Parameters[1].Value.Position.Line != 15 {
		t.Errorf("the value is the one at %v, want the reusable object's", value.Position)
	}
	if p, ok := document.Components.Parameter("p"); !ok || p.Reusable != nil {
		t.Errorf("the component itself is %v", p)
	}
	if _, ok := document.Components.FailureAction("f"); !ok {
		t.Error("components.failureActions has no f")
	}
	if _, ok := document.Components.SuccessAction("f"); ok {
		t.Error("components.successActions has an f")
	}
}
