package runner_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// head begins the documents of TestRefused; what is added starts on line 4.
const head = "arazzo: 1.0.1\ninfo: {title: t, version: v}\nsourceDescriptions: [{name: api, url: api.yml}]\n"

// steps is a document with these steps, which begin on line 8. Its inputs are
// name, o and apiKey.
func steps(text string) string {
	return head + "workflows:\n- workflowId: w\n" +
		"  inputs: {type: object, properties: {name: {type: string}, o: {type: object}}}\n  steps:\n" + text
}

// refused is one document that must be refused before anything is sent.
type refused struct {
	name, document string
	options        runner.Options
	want           []string
}

// TestRefused loads documents that are known to be wrong before anything is sent,
// and sees that nothing is.
func TestRefused(t *testing.T) {
	t.Parallel()
	for group, tests := range map[string][]refused{
		"operations": refusedOperations, "expressions": refusedExpressions, "conditions": refusedConditions,
		"requests": refusedRequests, "unsupported": refusedUnsupported, "inputs": refusedInputs, "options": refusedOptions,
		"streams": refusedStreams,
	} {
		for _, test := range tests {
			t.Run(group+"/"+test.name, func(t *testing.T) {
				t.Parallel()
				if diff := cmp.Diff(test.want, refusal(t, test)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

// refusal loads the document and returns its errors.
func refusal(t *testing.T, test refused) []string {
	t.Helper()
	folder := t.TempDir()
	write(t, folder, map[string]string{"workflow.yml": test.document})
	server := serve(t, "")
	o := test.options
	if o.Servers == nil {
		o.Servers = map[string]string{"api": server.url}
	}
	plan, err := runner.Load(t.Context(), filepath.Join(folder, "workflow.yml"), o)
	if err == nil {
		t.Fatalf("it was not refused: %v", plan.Diagnostics)
	}
	if asked := server.asked(); asked != "" {
		t.Errorf("the server was asked: %s", asked)
	}
	var lines []string
	for _, d := range source.Of(err) {
		if d.Severity == source.Error {
			message := strings.ReplaceAll(d.Message, folder, "FOLDER")
			lines = append(lines, fmt.Sprintf("%d:%d [%s] %s", d.Position.Line, d.Position.Column, d.Code, message))
		}
	}
	return lines
}

var refusedOperations = []refused{
	{"S-052: an unknown operationId", steps("  - {stepId: s, operationId: listThing}\n"), runner.Options{}, []string{
		`8:30 [arazzo/unknown-operation] no operation has the id "listThing"`,
	}},
	{"an unknown source", steps("  - {stepId: s, operationId: $sourceDescriptions.apo.listThings}\n"), runner.Options{}, []string{
		`8:30 [arazzo/unknown-source] the document has no source "apo"`,
	}},
	{"an unknown id of a source", steps("  - {stepId: s, operationId: $sourceDescriptions.api.nope}\n"), runner.Options{}, []string{
		`8:30 [arazzo/unknown-operation] no operation has the id "nope"`,
	}},
	{"a path to nothing", steps("  - {stepId: s, operationPath: '{$sourceDescriptions.api.url}#/paths/~1nope/get'}\n"), runner.Options{}, []string{
		`8:32 [arazzo/unknown-operation] there is no operation at /paths/~1nope/get`,
	}},
	{"a path without pointer", steps("  - {stepId: s, operationPath: '{$sourceDescriptions.api.url}'}\n"), runner.Options{}, []string{
		`8:32 [arazzo/path-syntax] "{$sourceDescriptions.api.url}" has no JSON Pointer`,
	}},
	{"a path of no source", steps("  - {stepId: s, operationPath: 'other.yml#/paths/~1things/get'}\n"), runner.Options{}, []string{
		`8:32 [arazzo/unknown-source] "other.yml#/paths/~1things/get" names no source of the document`,
	}},
	{"a path that names a source without an expression", steps("  - {stepId: s, operationPath: 'api#/paths/~1things/get'}\n"), runner.Options{}, []string{
		`8:32 [arazzo/unknown-source] "api#/paths/~1things/get" names no source of the document`,
	}},
	{
		"S-053: an id in several sources",
		"arazzo: 1.0.1\ninfo: {title: t, version: v}\nsourceDescriptions: [{name: api, url: api.yml}, {name: two, url: api.yml}]\n" +
			"workflows: [{workflowId: w, steps: [{stepId: s, operationId: listThings}]}]\n",
		runner.Options{},
		[]string{`4:62 [arazzo/ambiguous-operation] 2 sources have an operation "listThings"`},
	},
	{
		"sources that are not there or no descriptions",
		"arazzo: 1.0.1\ninfo: {title: t, version: v}\nsourceDescriptions: [{name: api, url: nope.yml}, {name: two, url: workflow.yml, type: openapi}, {name: three, url: api.yml, type: arazzo}]\n" +
			"workflows: [{workflowId: w, steps: [{stepId: s, operationId: listThings}]}]\n",
		runner.Options{},
		[]string{
			`3:39 [arazzo/source-not-found] the source "api" cannot be read from FOLDER/nope.yml: no such file or directory`,
			`3:87 [arazzo/source-type-mismatch] the source "two" is said to be an OpenAPI document; FOLDER/workflow.yml is an Arazzo document`,
			`3:131 [arazzo/source-type-mismatch] the source "three" is said to be an Arazzo document; FOLDER/api.yml is an OpenAPI document`,
		},
	},
	{"a goto to nowhere", steps("  - {stepId: s, operationId: listThings, onSuccess: [{name: a, type: goto, stepId: t}]}\n"), runner.Options{}, []string{
		`8:84 [arazzo/goto-unknown-step] the action "a" names the step "t", which the workflow "w" does not have`,
	}},
}

var refusedExpressions = []refused{
	{"inputs, steps, outputs and workflows that are not there", steps("  - stepId: s\n    operationId: createThing\n    requestBody:\n      payload:\n" +
		"      - $inputs.nam\n      - $steps.t.outputs.a\n      - $steps.s.outputs.b\n      - $workflows.v.outputs.a\n      - $workflows.w.inputs.a\n" +
		"      - $workflows.w.outputs.a\n      - $sourceDescriptions.b.url\n      - $sourceDescriptions.api.urls\n      - $inputs[0]\n    outputs: {a: $statusCode}\n"), runner.Options{}, []string{
		`12:9 [arazzo/unknown-input] the workflow "w" has no input "nam"`,
		`13:9 [arazzo/unknown-step] the workflow "w" has no step "t"`,
		`14:9 [arazzo/unknown-output] the step "s" has no output "b"`,
		`15:9 [arazzo/unknown-workflow] the document has no workflow "v"`,
		`16:9 [arazzo/unknown-input] the workflow "w" has no input "a"`,
		"17:9 [arazzo/forward-reference] $workflows.w.outputs.a has no value here: it is of this very workflow, which has not ended",
		`17:9 [arazzo/unknown-output] the workflow "w" has no output "a"`,
		`18:9 [arazzo/unknown-source] the document has no source "b"`,
		`19:9 [arazzo/unknown-field] the source "api" has no field "urls"`,
		`20:16 [arazzo/expression-syntax] "[0]" does not belong to the expression "$inputs"`,
	}},
	{"expressions that do not parse", steps("  - stepId: s\n    operationId: createThing\n    requestBody:\n      payload:\n" +
		"      - 'a {$inputs.name'\n      - 'a {$input.name}'\n      - a $steps.s b\n      - $response\n"), runner.Options{}, []string{
		`12:12 [arazzo/expression-syntax] the brace of "{$inputs.name" is not closed`,
		`13:13 [arazzo/expression-syntax] an expression begins with one of $inputs, $outputs, $steps, $workflows, $request, $response, $message, $statusCode, $url, $method, $self, $sourceDescriptions, $components`,
		`14:19 [arazzo/expression-syntax] $steps.s is followed by .outputs.NAME`,
		`15:18 [arazzo/expression-syntax] $response is followed by .header.NAME or .body`,
	}},
	{"outputs that are no expressions", steps("  - stepId: s\n    operationId: listThings\n" +
		"    outputs: {a: $response.query.a, b: plain, c: '$statusCode}', d: '{$statusCode} {$url}', e: ''}\n"), runner.Options{}, []string{
		`10:27 [arazzo/expression-syntax] $response is followed by .header.NAME or .body`,
		`10:40 [arazzo/expression-syntax] an expression begins with one of $inputs, $outputs, $steps, $workflows, $request, $response, $message, $statusCode, $url, $method, $self, $sourceDescriptions, $components`,
		`10:62 [arazzo/expression-syntax] "}" does not belong to the expression "$statusCode"`,
		`10:82 [arazzo/expression-syntax] "{$statusCode} {$url}" is not one expression in braces`,
		`10:97 [arazzo/expression-syntax] an expression begins with one of $inputs, $outputs, $steps, $workflows, $request, $response, $message, $statusCode, $url, $method, $self, $sourceDescriptions, $components`,
	}},
	{"responses before there are any", steps("  - {stepId: s, operationId: createThing, requestBody: {payload: [$statusCode, $response.body#/a, $url, '{$request.header.a}']}}\n"), runner.Options{}, []string{
		`8:67 [arazzo/no-response-here] $statusCode has no value while the request is built`,
		`8:80 [arazzo/no-response-here] $response.body#/a has no value while the request is built`,
		`8:99 [arazzo/no-response-here] $url has no value while the request is built`,
		`8:107 [arazzo/no-response-here] $request.header.a has no value while the request is built`,
	}},
	{"responses of no step in the outputs of a workflow", head + "workflows: [{workflowId: w, steps: [{stepId: s, operationId: listThings}], outputs: {a: $statusCode, b: $response.body}}]\n", runner.Options{}, []string{
		`4:89 [arazzo/no-response-here] $statusCode has no value in the outputs of a workflow`,
		`4:105 [arazzo/no-response-here] $response.body has no value in the outputs of a workflow`,
	}},
	{"outputs of the workflow in a step", head + "workflows: [{workflowId: w, steps: [{stepId: s, operationId: listThings, successCriteria: [{condition: $outputs.a == null}]}], outputs: {a: $inputs}}]\n", runner.Options{}, []string{
		`4:104 [arazzo/no-outputs-here] $outputs.a has no value before the workflow ends`,
	}},
}

var refusedConditions = []refused{
	{"conditions that do not parse", steps("  - stepId: s\n    operationId: listThings\n    successCriteria:\n    - condition: $statusCode = 200\n" +
		"    - {context: $response.body, type: jsonpath, condition: '$.a[?(@.b = 1)]'}\n    - {context: $response.body, type: regex, condition: '('}\n" +
		"    - {context: response.body, type: regex, condition: a}\n    - condition: $inputs.nope == 1\n    - {context: $inputs.nope, type: jsonpath, condition: '$[?@ == $inputs.no]'}\n" +
		"    - condition: $response.body#/a != '{$inputs.name}'\n    onSuccess: [{name: a, type: end, criteria: [{condition: ''}]}]\n"), runner.Options{}, []string{
		`11:30 [arazzo/condition-syntax] "= 200" is not expected here`,
		`12:71 [arazzo/condition-syntax] expected '==' to compare, or match() and search() for a regular expression, found '='`,
		`13:58 [arazzo/condition-syntax] missing closing )`,
		`14:17 [arazzo/expression-syntax] an expression begins with one of $inputs, $outputs, $steps, $workflows, $request, $response, $message, $statusCode, $url, $method, $self, $sourceDescriptions, $components`,
		`15:18 [arazzo/unknown-input] the workflow "w" has no input "nope"`,
		`16:17 [arazzo/unknown-input] the workflow "w" has no input "nope"`,
		`16:67 [arazzo/unknown-input] the workflow "w" has no input "no"`,
		`17:39 [arazzo/condition-syntax] '{$inputs.name}' is a string: the expression in it is not evaluated`,
		`18:61 [arazzo/wrong-value] condition is empty`,
	}},
}

var refusedRequests = []refused{
	{"S-087: required parameters that are not given", steps("  - {stepId: s, operationId: putThing}\n"), runner.Options{}, []string{
		`8:5 [arazzo/missing-parameter] the step "s" does not give the path parameter "id"`,
		`8:5 [arazzo/missing-parameter] the step "s" does not give the query parameter "version"`,
	}},
	{"a parameter that the path does not have", steps("  - {stepId: s, operationId: listThings, parameters: [{name: id, in: path, value: 1}]}\n"), runner.Options{}, []string{
		`8:62 [arazzo/unknown-parameter] the path /things has no parameter "id"`,
	}},
	{"names that HTTP cannot carry", steps("  - {stepId: s, operationId: listThings, parameters: [{name: a b, in: header, value: 1}, {name: 'c;d', in: cookie, value: 1}, {name: content-length, in: header, value: 1}]}\n"), runner.Options{}, []string{
		`8:62 [arazzo/wrong-name] "a b" cannot be the name of a header`,
		`8:97 [arazzo/wrong-name] "c;d" cannot be the name of a cookie`,
		`8:134 [arazzo/framing-header] the header content-length is set by HTTP itself`,
	}},
	{"no body where one is required", steps("  - {stepId: s, operationId: createThing}\n"), runner.Options{}, []string{
		`8:5 [arazzo/missing-body] the step "s" sends no request body`,
	}},
	{"a media type that is none", steps("  - {stepId: s, operationId: createThing, requestBody: {contentType: 'a b', payload: 1}}\n"), runner.Options{}, []string{
		`8:70 [arazzo/wrong-value] "a b" is not a media type`,
	}},
	{"bodies that this version cannot write", steps("  - {stepId: s, operationId: createThing, requestBody: {contentType: application/xml, payload: {a: 1}}}\n" +
		"  - {stepId: t, operationId: createThing, requestBody: {contentType: text/csv, payload: [a]}}\n" +
		"  - {stepId: u, operationId: createThing, requestBody: {contentType: text/xml, replacements: [{target: //a, value: b}]}}\n"), runner.Options{}, []string{
		`8:96 [unsupported] this version of the runner cannot write object of type application/xml`,
		`9:89 [unsupported] this version of the runner cannot write array of type text/csv`,
		`10:56 [unsupported] this version of the runner cannot write object of type text/xml`,
		`10:104 [arazzo/wrong-value] XPath leads into XML, and there is no payload`,
	}},
	{"S-095: files without a folder, out of it, and in a place for none", steps("  - {stepId: s, operationId: createThing, requestBody: {contentType: multipart/form-data, payload: {a: {x-file: b}, c: [{x-file: $inputs.name}, {x-base64: '!'}], d: {x-file: ../e}, f: {x-file: g, h: i}}}}\n" +
		"  - {stepId: t, operationId: createThing, requestBody: {contentType: application/x-www-form-urlencoded, payload: {a: {x-file: b}}}}\n"), runner.Options{}, []string{
		`8:113 [missing-files] the step "s" sends a file, and no folder was given to read files from`,
		`8:130 [missing-files] the step "s" sends a file, and no folder was given to read files from`,
		`8:145 [arazzo/wrong-value] x-base64 is no base64: illegal base64 data at input byte 0`,
		`8:166 [arazzo/wrong-value] x-file "../e" leads out of the folder of --files; expected a path within it, such as images/a.png`,
		`8:185 [arazzo/wrong-value] the member "h" does not belong to a file; expected x-file, x-base64, x-filename, x-content-type`,
		`9:118 [arazzo/wrong-value] a form in one text cannot carry a file`,
	}},
	{"files that are not there", steps("  - {stepId: s, operationId: createThing, requestBody: {contentType: image/png, payload: {x-file: nope.png}}}\n" +
		"  - {stepId: t, operationId: createThing, requestBody: {contentType: image/png, payload: {x-file: testdata}}}\n"), runner.Options{Files: "."}, []string{
		`8:99 [unreadable-file] the file "nope.png" cannot be read from .: no such file or directory`,
		`9:99 [unreadable-file] the file "testdata" cannot be read from .: it is no regular file`,
	}},
	{"constant bodies that their media type cannot carry", steps("  - {stepId: s, operationId: createThing, requestBody: {contentType: application/xml, payload: <a><b></a>}}\n" +
		"  - {stepId: t, operationId: createThing, requestBody: {contentType: text/plain; charset=iso-8859-1, payload: €}}\n" +
		"  - {stepId: u, operationId: createThing, requestBody: {contentType: multipart/form-data, payload: a}}\n" +
		"  - {stepId: v, operationId: createThing, requestBody: {payload: {a: 1}, replacements: [{target: /b/c, value: 2}]}}\n" +
		"  - {stepId: x, operationId: createThing, requestBody: {contentType: application/json; charset=utf-16, payload: $inputs.name}}\n"), runner.Options{}, []string{
		`8:96 [arazzo/wrong-value] the body cannot be written as application/xml: the payload is not XML after its expressions are put in: XML syntax error on line 1: element <b> closed by </a>`,
		`9:111 [arazzo/wrong-value] the body cannot be written as text/plain; charset=iso-8859-1: the character '€' cannot be written in iso-8859-1`,
		`10:100 [arazzo/wrong-value] the body cannot be written as multipart/form-data: the payload is a text, and the content type multipart/form-data does not say by which boundary it is divided; expected multipart/form-data; boundary=…, or an object of parts`,
		`11:98 [arazzo/wrong-value] the body cannot be written as application/json: the replacement of /b/c: there is no "b" in {"a":1}, and nothing is made up on the way`,
		`12:70 [arazzo/wrong-value] a body cannot be written as application/json; charset=utf-16: JSON is UTF-8, and the content type asks for utf-16`,
	}},
	{"a text that is not JSON", steps("  - {stepId: s, operationId: createThing, requestBody: {payload: hello}}\n"), runner.Options{}, []string{
		`8:66 [arazzo/wrong-value] the payload is a text, and not JSON: invalid character 'h' looking for beginning of value`,
	}},
	{"credentials that were not given", steps("  - {stepId: s, operationId: both}\n  - {stepId: t, operationId: either}\n  - {stepId: u, operationId: either}\n  - {stepId: v, operationId: client}\n"), runner.Options{}, []string{
		`8:5 [missing-credential] GET /both needs a credential that was not given`,
		`9:5 [missing-credential] GET /either needs a credential that was not given`,
		`11:5 [missing-credential] GET /client needs a credential that was not given`,
	}},
	{"one of two credentials", steps("  - {stepId: s, operationId: both}\n"), runner.Options{Credentials: map[string]string{"headerKey": "k", "queryKey": ""}}, []string{
		`8:5 [missing-credential] GET /both needs a credential that was not given`,
	}},
	{"a retry that is no retry", steps("  - {stepId: s, operationId: listThings, onFailure: [{name: a, type: retry, retryAfter: 86401}, {name: b, type: retry, retryLimit: 99999999999999999999}, {name: c, type: retry, retryAfter: 1e999}]}\n"), runner.Options{}, []string{
		`8:89 [arazzo/wrong-value] retryAfter is 86401`,
		`8:132 [arazzo/wrong-value] retryLimit is 99999999999999999999`,
		`8:190 [arazzo/wrong-value] retryAfter is 1e999`,
	}},
}

var refusedUnsupported = []refused{
	{"what the specification has and this version does not execute", head + `components: {parameters: {p: {name: a, in: query, value: 1}}}
workflows:
- workflowId: w
  dependsOn: [v]
  steps:
  - {stepId: s, workflowId: v, parameters: [{name: a, value: 1}]}
  - {stepId: t, operationId: createThing, requestBody: {payload: {}, replacements: [{target: /a, value: 1}]}}
  - stepId: u
    operationId: listThings
    successCriteria:
    - {context: $response.body, type: xpath, condition: //a}
    - {context: $response.body, type: {type: jsonpath, version: draft-goessner-dispatch-jsonpath-00}, condition: $.a}
    onSuccess: [{name: a, type: goto, workflowId: v}]
    onFailure: [{name: b, type: retry, stepId: s}, {name: c, type: retry, workflowId: v}]
- {workflowId: v, steps: [{stepId: s, operationId: listThings}]}
`, runner.Options{}, []string{
		`9:52 [arazzo/unknown-input] the workflow "v" has no input "a"`,
	}},
	{"expressions of the specification that this version does not evaluate", steps("  - {stepId: s, operationId: createThing, requestBody: {payload: [$self, $message.payload#/a, $components.parameters.p]}}\n"), runner.Options{}, []string{
		`8:67 [arazzo/later-version] the expression $self came with Arazzo 1.1`,
		`8:74 [arazzo/no-response-here] $message.payload#/a has no value while the request is built`,
		`8:95 [arazzo/no-value-here] $components.parameters.p is a component, and no value`,
	}},
}

func withInputs(inputs string) string {
	return head + "workflows:\n- workflowId: w\n  inputs: " + inputs + "\n  steps: [{stepId: s, operationId: listThings}]\n"
}

var refusedInputs = []refused{
	{"a required input that is not given", withInputs("{type: object, required: [a], properties: {a: {type: string}}}"), runner.Options{}, []string{
		`6:54 [missing-input] the workflow "w" requires the input "a"`,
	}},
	{"an input that nobody declares", withInputs("{type: object, properties: {abc: {type: string}}}"), runner.Options{Inputs: map[string]any{"abd": 1, "w.abe": 1, "v.abc": 1}}, []string{
		`5:1 [unknown-input] no workflow that runs declares the input "abd"`,
		`5:1 [unknown-input] no workflow that runs declares the input "v.abc"`,
		`5:1 [unknown-input] no workflow that runs declares the input "w.abe"`,
	}},
	{"a text that is not of the type", withInputs("{type: object, properties: {n: {type: integer}, l: {type: [array, boolean]}}}"), runner.Options{Inputs: map[string]any{"n": runner.Text("five"), "l": runner.Text("5")}}, []string{
		`6:39 [wrong-input] the input "n" is wrong: "five" is not of the type integer`,
		`6:59 [wrong-input] the input "l" is wrong: "5" is not of the type array or boolean`,
	}},
	{"a value that the schema does not allow", withInputs("{type: object, properties: {n: {type: integer, maximum: 5}, o: {type: object, properties: {k: {enum: [a]}}}}}"), runner.Options{Inputs: map[string]any{"n": 6, "o": map[string]any{"k": "b"}}}, []string{
		`6:39 [wrong-input] the input "n" is wrong: maximum: got 6, want 5`,
		`6:71 [wrong-input] the input "o.k" is wrong: value must be 'a'`,
	}},
	{"a fraction for an integer", withInputs("{type: object, properties: {n: {type: integer}}}"), runner.Options{Inputs: map[string]any{"n": runner.Text("1.5")}}, []string{
		`6:39 [wrong-input] the input "n" is wrong: got number, want integer`,
	}},
	{"a default that the schema does not allow", withInputs("{type: object, properties: {n: {type: integer, default: x}}}"), runner.Options{}, []string{
		`6:67 [arazzo/type-mismatch] the input "n" takes an integer, and "x" is a string`,
	}},
	{"secrets are not repeated", withInputs("{type: object, properties: {password: {type: integer}, pin: {type: string, pattern: '^[0-9]*$', format: password}}}"), runner.Options{Inputs: map[string]any{"password": runner.Text("hunter\"2"), "pin": "abc"}}, []string{
		`6:39 [wrong-input] the input "password" is wrong: its value, which is secret, does not fit`,
	}},
	{"short secrets neither", withInputs("{type: object, properties: {pin: {type: string, pattern: '^[0-9]*$', format: password}}}"), runner.Options{Inputs: map[string]any{"pin": "abc"}}, []string{
		`6:39 [wrong-input] the input "pin" is wrong: its value, which is secret, does not fit`,
	}},
	{"a number that no fraction can be made of", withInputs("{type: object, properties: {n: {maximum: 5}}}"), runner.Options{Inputs: map[string]any{"n": runner.Text("1e999999999")}}, []string{
		`6:11 [wrong-input] the inputs of the workflow "w" are wrong: the number 1e999999999 is too large, or too close to zero, to be compared`,
	}},
	{"such a number in the schema", withInputs("{type: object, properties: {n: {maximum: 1e-99999999999}}}"), runner.Options{Inputs: map[string]any{"n": 1}}, []string{
		`6:11 [arazzo/inputs-schema] the inputs of the workflow "w" are not a valid schema: the number 1e-99999999999 is too large, or too close to zero, to be compared`,
	}},
	{"a schema that is none", withInputs("{type: objekt}"), runner.Options{}, []string{
		`6:18 [arazzo/inputs-schema] the inputs of the workflow "w" are not a valid schema: ` +
			`got string, want array; value must be one of 'array', 'boolean', 'integer', 'null', 'number', 'object', 'string'`,
	}},
	{"a schema outside of the document", withInputs("{$ref: 'other.json#/a'}"), runner.Options{}, []string{
		`6:18 [arazzo/inputs-schema] the inputs of the workflow "w" are not a valid schema: "other.json#/a" leads to no schema of the document`,
	}},
	{"a schema that leads back to itself many times", withInputs("{$ref: '#/components/inputs/a'}") +
		"components: {inputs: {a: {required: [n], properties: {n: {}}, allOf: [{$ref: '#/components/inputs/a'}, {$ref: '#/components/inputs/a'}]}}}\n", runner.Options{}, []string{
		`6:11 [wrong-input] the inputs of the workflow "w" are wrong: both /$ref/allOf/0/$ref and /$ref resolve to "arazzo:///document#/components/inputs/a" causing reference cycle`,
		`6:11 [wrong-input] the inputs of the workflow "w" are wrong: both /$ref/allOf/1/$ref and /$ref resolve to "arazzo:///document#/components/inputs/a" causing reference cycle`,
		`8:55 [missing-input] the workflow "w" requires the input "n"`,
	}},
}

var refusedOptions = []refused{
	{"an unknown workflow", steps("  - {stepId: s, operationId: listThings}\n"), runner.Options{Workflows: []string{"v"}}, []string{
		`5:1 [unknown-workflow] the document has no workflow "v"`,
	}},
	{"unknown sources", steps("  - {stepId: s, operationId: listThings}\n"), runner.Options{Sources: map[string]string{"apo": "a"}, Servers: map[string]string{"apu": "b"}}, []string{
		`3:21 [unknown-source] --server names the source "apu", which the document does not have`,
		`3:21 [unknown-source] --source names the source "apo", which the document does not have`,
	}},
	{"a source that is elsewhere and not there", steps("  - {stepId: s, operationId: listThings}\n"), runner.Options{Sources: map[string]string{"api": "/nowhere/a.yml"}}, []string{
		`3:39 [arazzo/source-not-found] the source "api" cannot be read from /nowhere/a.yml: no such file or directory`,
	}},
	{"a server that is no URL", steps("  - {stepId: s, operationId: listThings}\n"), runner.Options{Servers: map[string]string{"api": "localhost:8080"}}, []string{
		`3:29 [wrong-server] --server api=localhost:8080 is no http or https URL`,
	}},
	{"a server with a query", steps("  - {stepId: s, operationId: listThings}\n"), runner.Options{Servers: map[string]string{"api": "http://localhost/?a=b"}}, []string{
		`8:5 [no-server] it is not known where the API of "api" is: its server "http://localhost/?a=b" has a query or a fragment`,
	}},
	{"a password of a server that is refused is not shown", steps("  - {stepId: s, operationId: listThings}\n"), runner.Options{Servers: map[string]string{"api": "http://u:hunter22@localhost/?a=b"}}, []string{
		`8:5 [no-server] it is not known where the API of "api" is: its server "http://u:***@localhost/?a=b" has a query or a fragment`,
	}},
	{"a password of what is no server is not shown", steps("  - {stepId: s, operationId: listThings}\n"), runner.Options{Servers: map[string]string{"api": "ftp://u:hunter22@localhost"}}, []string{
		`3:29 [wrong-server] --server api=ftp://u:***@localhost is no http or https URL`,
	}},
	{"a server that cannot be parsed", steps("  - {stepId: s, operationId: listThings}\n"), runner.Options{Servers: map[string]string{"api": "http://a b/"}}, []string{
		`3:29 [wrong-server] --server api=http://a b/ is no http or https URL`,
	}},
	{"a misspelt expression", steps("  - {stepId: s, operationId: listThings, parameters: [{name: q, in: query, value: $input.q}]}\n"), runner.Options{}, []string{
		`8:83 [arazzo/no-expression] "$input.q" is no runtime expression`,
	}},
	{"a server for a bound API", steps("  - {stepId: s, operationId: listThings}\n"), runner.Options{
		APIs: []runner.API{{File: "api.yml", Server: "http://reference.test"}}, Servers: map[string]string{"api": "http://other.test"},
	}, []string{
		`3:29 [contradicting-server] the API of "api" is given twice: as http://other.test, and with --reference`,
	}},
}

var refusedStreams = []refused{
	{"x-sse that says what cannot be", steps("  - {stepId: s, operationId: streamThings, x-sse: {events: 0, within: -1, idle: 1.5, linger: '5', until: 5, background: 1, reconnect: 0, forever: true}}\n" +
		"  - {stepId: t, operationId: streamThings, x-sse: 5}\n  - {stepId: u, operationId: streamThings, x-sse: {events: 1, until: $response.body == 200}}\n" +
		"  - {stepId: v, operationId: streamThings, x-sse: {until: $inputs.nope == 1, within: 99999999999999999}}\n"), runner.Options{}, []string{
		`8:60 [arazzo/wrong-x-sse] events is no whole number from 1 to 100000`,
		`8:71 [arazzo/wrong-x-sse] within is no whole number from 1 to 86400000`,
		`8:81 [arazzo/wrong-x-sse] idle is no whole number from 1 to 86400000`,
		`8:94 [arazzo/wrong-x-sse] linger is no whole number from 1 to 86400000`,
		`8:106 [arazzo/wrong-x-sse] until is not a text`,
		`8:121 [arazzo/wrong-x-sse] background is neither true nor false`,
		`8:135 [arazzo/wrong-x-sse] reconnect is no whole number from 1 to 1000`,
		`8:138 [arazzo/wrong-x-sse] x-sse has no member "forever"`,
		`9:51 [arazzo/wrong-x-sse] x-sse is no object`,
		`10:51 [arazzo/wrong-x-sse] x-sse has both events and until, and each says when to stop`,
		`11:59 [arazzo/unknown-input] the workflow "w" has no input "nope"`,
		`11:59 [arazzo/wrong-x-sse] until does not look at $response.body, which is the events so far`,
		`11:86 [arazzo/wrong-x-sse] within is no whole number from 1 to 86400000`,
	}},
}

// TestRefusedDocument loads what is no document.
func TestRefusedDocument(t *testing.T) {
	t.Parallel()
	_, err := runner.Load(context.Background(), filepath.Join(t.TempDir(), "nope.yml"), runner.Options{})
	found := source.Of(err)
	if len(found) != 1 || found[0].Code != "document-not-found" || found[0].Message != "the document cannot be read: no such file or directory" {
		t.Errorf("got %v", err)
	}
	_, err = runner.Parse(context.Background(), &source.File{Name: "a.yml", Text: "a: ["}, runner.Options{})
	if found := source.Of(err); len(found) != 1 || found[0].Code != "arazzo/yaml-syntax" {
		t.Errorf("got %v", err)
	}
}
