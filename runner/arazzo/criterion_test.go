package arazzo_test

import "testing"

func TestReadCriteria(t *testing.T) {
	t.Parallel()
	criteria := func(list string) string { return step("successCriteria", list) }
	runReadTests(t, []readTest{
		{"S-151: every type", workflow(criteria("    - condition: $statusCode == 200\n    - {context: $response.body, type: jsonpath, condition: $.a}\n    - {context: $response.body, type: regex, condition: a}\n    - {context: $response.body, type: xpath, condition: a}\n")), nil},
		{"S-150: no condition", workflow(criteria("    - {}\n    - 1\n    - condition: true\n    - condition: ''\n")), []string{
			`10:7 error[arazzo/missing-field]: the criterion has no "condition"`,
			`11:7 error[arazzo/wrong-type]: the criterion is a number`,
			`12:18 error[arazzo/wrong-type]: condition is a boolean`,
			`13:18 error[arazzo/wrong-value]: condition is empty`,
		}},
		{"S-152: no context", workflow(criteria("    - {type: regex, condition: a}\n    - {type: simple, condition: $statusCode == 200}\n    - {type: regex, context: '', condition: a}\n    - {type: 1, condition: a}\n")), []string{
			`10:7 error[arazzo/missing-field]: the criterion has a type and no context`,
			`11:7 error[arazzo/missing-field]: the criterion has a type and no context`,
			`12:30 error[arazzo/wrong-value]: context is empty`,
			`13:7 error[arazzo/missing-field]: the criterion has a type and no context`,
			`13:14 error[arazzo/wrong-type]: type is a number`,
		}},
		{"S-152, S-153: a context without use", workflow(criteria("    - {context: $response.body, condition: $statusCode == 200}\n    - {context: $response.body, type: simple, condition: $statusCode == 200}\n")), []string{
			`10:17 warning[arazzo/no-effect]: context has no effect here: a condition of type simple has none`,
			`11:17 warning[arazzo/no-effect]: context has no effect here: a condition of type simple has none`,
		}},
		{"S-151: unknown types", workflow(criteria("    - {context: $response.body, type: jmespath, condition: a}\n    - {context: $response.body, type: '', condition: a}\n    - {context: $response.body, type: jsonpointer, condition: a}\n")), []string{
			`10:39 error[arazzo/wrong-value]: type is "jmespath"`,
			`11:39 error[arazzo/wrong-value]: type is ""`,
			`12:39 error[arazzo/wrong-value]: type is "jsonpointer"`,
		}},
		{"S-221: a criterion twice", workflow(criteria("    - condition: $statusCode == 200\n    - condition: $statusCode == 201\n    - condition: $statusCode == 200\n")), []string{
			`12:7 error[arazzo/duplicate-entry]: successCriteria has this entry twice`,
		}},
		{"S-221: a criterion twice among many", workflow(criteria(
			"    - condition: $statusCode == 1\n    - condition: $statusCode == 2\n    - condition: $statusCode == 3\n    - condition: $statusCode == 4\n    - condition: $statusCode == 5\n" +
				"    - condition: $statusCode == 6\n    - condition: $statusCode == 7\n    - condition: $statusCode == 8\n    - condition: $statusCode == 2\n    - condition: $statusCode == 9\n")), []string{
			`18:7 error[arazzo/duplicate-entry]: successCriteria has this entry twice`,
		}},
	})
}

// TestReadExpressionTypes holds which versions of which language there are (S-172).
func TestReadExpressionTypes(t *testing.T) {
	t.Parallel()
	typed := func(list ...string) string {
		text := ""
		for _, t := range list {
			text += "    - {context: $response.body, condition: '" + t + "', type: " + t + "}\n"
		}
		return step("successCriteria", text)
	}
	all := typed("{type: jsonpath, version: draft-goessner-dispatch-jsonpath-00}", "{type: xpath, version: xpath-30}", "{type: xpath, version: xpath-20}", "{type: xpath, version: xpath-10, x-a: 1}")
	newer := typed("{type: jsonpath, version: rfc9535}", "{type: xpath, version: xpath-31}")
	runReadTests(t, []readTest{
		{"all of 1.0", workflow(all), nil},
		{"all of 1.1", workflow11(all), nil},
		{"those that came with 1.1", workflow11(newer), nil},
		{"those that came with 1.1 before it", workflow(newer), []string{
			`10:114 error[arazzo/wrong-value]: version is "rfc9535", which came with Arazzo 1.1`,
			`11:109 error[arazzo/wrong-value]: version is "xpath-31", which came with Arazzo 1.1`,
		}},
		{"versions of another language", workflow11(typed("{type: jsonpath, version: xpath-10}", "{type: xpath, version: rfc9535}")), []string{
			`10:115 error[arazzo/wrong-value]: version is "xpath-10"`,
			`11:108 error[arazzo/wrong-value]: version is "rfc9535"`,
		}},
		{"nothing in it", workflow(typed("{}")), []string{
			`10:56 error[arazzo/missing-field]: the expression type object has no "type"`,
			`10:56 error[arazzo/missing-field]: the expression type object has no "version"`,
		}},
		{"languages that have no versions", workflow11(typed("{type: regex, version: 1}", "{type: jsonpointer, version: rfc6901}")), []string{
			`10:86 error[arazzo/wrong-value]: type is "regex"`,
			`10:102 error[arazzo/wrong-type]: version is a number`,
			`11:98 error[arazzo/wrong-value]: type is "jsonpointer"`,
		}},
		{"the version beside the type", workflow(step("successCriteria", "    - {context: $response.body, condition: a, type: xpath, version: xpath-10}\n")), []string{
			`10:60 error[arazzo/unknown-field]: the criterion has no field "version"`,
		}},
	})
}
