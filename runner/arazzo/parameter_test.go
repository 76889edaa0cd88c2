package arazzo_test

import "testing"

func TestReadParameters(t *testing.T) {
	t.Parallel()
	parameters := func(list string) string { return "  - {stepId: s, operationId: o, parameters: [" + list + "]}\n" }
	runReadTests(t, []readTest{
		{"S-083: one name in two places", workflow(parameters("{name: id, in: path, value: 1}, {name: id, in: query, value: 1}")), nil},
		{"S-059: one name twice", workflow(parameters("{name: id, in: query, value: 1}, {name: id, in: query, value: 2}")), []string{
			`7:86 error[arazzo/duplicate-name]: there are two parameters named "query id"`,
		}},
		{"S-080: names that differ in case", workflow(parameters("{name: id, in: query, value: 1}, {name: ID, in: query, value: 2}")), nil},
		{"S-083: headers that differ in case", workflow(parameters("{name: X-Id, in: header, value: 1}, {name: x-id, in: header, value: 2}")), []string{
			`7:89 error[arazzo/duplicate-name]: there are two parameters named "header x-id"`,
		}},
		{"S-080: missing fields", workflow(parameters("{in: query}, {in: query}, {name: '', in: '', value: ~}, 1")), []string{
			`7:46 error[arazzo/missing-field]: the parameter has no "name"`,
			`7:46 error[arazzo/missing-field]: the parameter has no "value"`,
			`7:59 error[arazzo/missing-field]: the parameter has no "name"`,
			`7:59 error[arazzo/missing-field]: the parameter has no "value"`,
			`7:79 error[arazzo/wrong-value]: name is empty`,
			`7:87 error[arazzo/wrong-value]: in is ""`,
			`7:102 error[arazzo/wrong-type]: the parameter is a number`,
		}},
		{"S-220: values of every type", workflow11(parameters("{name: a, in: query, value: ~}, {name: b, in: query, value: {a: 1}}, {name: c, in: query, value: [1]}, {name: d, in: query, value: 1}")), nil},
		{"S-207: a name that is an expression", workflow(parameters("{name: $inputs.a, in: query, value: 1}, {name: 'a[{$url}]', in: query, value: 1}")), []string{
			`7:53 error[arazzo/wrong-value]: name is no place for an expression`,
			`7:93 error[arazzo/wrong-value]: name is no place for an expression`,
		}},
		{"S-207: names that begin like one", workflow(parameters("{name: $filter, in: query, value: 1}, {name: $url, in: query, value: 1}, {name: '{$top}', in: query, value: 1}")), nil},
		{"S-082: no place in a step", workflow(parameters("{name: a, value: 1}")), []string{
			`7:46 error[arazzo/missing-field]: the parameter has no "in"`,
		}},
		{"S-082: no place where a workflow is called", workflow("  - {stepId: s, workflowId: w, parameters: [{name: a, value: 1}]}\n"), nil},
		{"S-082: a place where a workflow is called", workflow("  - {stepId: s, workflowId: w, parameters: [{name: a, in: query, value: 1}]}\n"), []string{
			`7:59 warning[arazzo/no-effect]: in has no effect here: the parameters of a workflow are its inputs`,
		}},
		{"S-081: an unknown place", workflow(parameters("{name: a, in: Query, value: 1}, {name: b, in: 1, value: 1}")), []string{
			`7:60 error[arazzo/wrong-value]: in is "Query"`,
			`7:92 error[arazzo/wrong-type]: in is a number`,
		}},
		{"S-007: in the body", workflow(parameters("{name: a, in: body, value: 1}")), []string{
			`7:60 error[arazzo/wrong-value]: in is "body", which only Arazzo 1.0.0 had`,
		}},
		{"S-007: in the body by 1.0.0", "arazzo: 1.0.0" + workflow(parameters("{name: a, in: body, value: 1}"))[len("arazzo: 1.0.1"):], []string{
			`7:60 warning[arazzo/body-parameter]: in is body, which Arazzo 1.0.1 took away`,
		}},
		{"S-224: in a channel", workflow11(parameters("{name: a, in: channel, value: 1}")), []string{
			`7:60 warning[arazzo/channel-parameter]: in is channel, which the schema of Arazzo 1.1 allows and its text does not`,
		}},
		{"S-224: in a channel before 1.1", workflow(parameters("{name: a, in: channel, value: 1}")), []string{
			`7:60 error[arazzo/wrong-value]: in is "channel"`,
		}},
	})
}

// TestReadQueryStrings holds that a whole query string is the whole query (S-085).
func TestReadQueryStrings(t *testing.T) {
	t.Parallel()
	steps := func(inherited, list string) string {
		return head11 + "workflows:\n- workflowId: w\n  parameters: [" + inherited + "]\n  steps:\n  - {stepId: s, operationId: o, parameters: [" + list + "]}\n  - {stepId: t, workflowId: v}\n"
	}
	const query, whole, other = "{name: a, in: query, value: 1}", "{name: q, in: querystring, value: a=1}", "{name: r, in: querystring, value: a=1}"
	told := func(place string) []string {
		return []string{place + " error[arazzo/querystring-beside-query]: a querystring is the whole query, and there is another parameter in it"}
	}
	runReadTests(t, []readTest{
		{"alone", steps("", whole), nil},
		{"beside a header", steps("", whole+", {name: a, in: header, value: 1}"), nil},
		{"before 1.1", workflow("  - {stepId: s, operationId: o, parameters: [" + whole + "]}\n"), []string{
			`7:60 error[arazzo/wrong-value]: in is "querystring", which came with Arazzo 1.1`,
		}},
		{"after a query", steps("", query+", "+whole), told("8:92")},
		{"before a query", steps("", whole+", "+query), told("8:100")},
		{"two of them", steps("", whole+", "+other), told("8:100")},
		{"a query of the workflow", steps(query, whole), told("8:60")},
		{"a query beside one of the workflow", steps(whole, query), told("8:60")},
		{"one of the workflow that is overridden", steps(whole, whole), nil},
		{"both of the workflow", steps(whole+", "+query, ""), told("6:70")},
	})
}
