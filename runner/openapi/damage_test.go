package openapi_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// TestDamage has one kind of damage in each row. In a part that no step uses it
// stops nothing: Load and the operation "used" say at most a warning. Where the
// operation "hurt" needs the part, it is an error there.
func TestDamage(t *testing.T) {
	t.Parallel()
	const used = "\n  /used: {get: {operationId: used}}"
	tests := []struct {
		name, text string
		load, hurt []string
		built      bool
	}{
		{
			name: "a path that stands twice",
			text: "paths:\n  /a: {get: {operationId: hurt}}\n  /a: {get: {operationId: second}}" + used,
			load: []string{`api.yml:4:3: warning[arazzo/invalid-openapi]: "/a" stands here again, and is not read: the first, in line 3, counts`}, built: true,
		},
		{
			name: "a method that stands twice",
			text: "paths:\n  /a:\n    get: {operationId: hurt}\n    get: {operationId: second}" + used,
			load: []string{`api.yml:5:5: warning[arazzo/invalid-openapi]: "get" stands here again, and is not read: the first, in line 4, counts`}, built: true,
		},
		{
			name: "a reference of a response that leads nowhere",
			text: "paths:\n  /a: {get: {operationId: hurt, responses: {200: {$ref: '#/no'}, 201: {headers: {X: {$ref: '#/no'}}}}}}" + used,
			hurt: []string{
				`api.yml:3:57: warning[arazzo/unresolved-reference]: the reference "#/no" leads nowhere: there is no "/no" in api.yml`,
				`api.yml:3:92: warning[arazzo/unresolved-reference]: the reference "#/no" leads nowhere: there is no "/no" in api.yml`,
			}, built: true,
		},
		{
			name: "a reference of a schema that leads nowhere",
			text: "paths:\n  /a: {get: {operationId: hurt, parameters: [{name: a, in: query, schema: {$ref: nowhere}}]}}" + used, built: true,
		},
		{
			name: "a reference of the body that leads nowhere",
			text: "paths:\n  /a: {put: {operationId: hurt, requestBody: {$ref: '#/no'}}}" + used,
			hurt: []string{`api.yml:3:53: error[arazzo/unresolved-reference]: the reference "#/no" leads nowhere: there is no "/no" in api.yml`},
		},
		{
			name: "a reference that is no text",
			text: "paths:\n  /a: {put: {operationId: hurt, requestBody: {$ref: [a]}}}" + used,
			hurt: []string{`api.yml:3:53: error[arazzo/unresolved-reference]: the reference "" is not a text`},
		},
		{
			name: "the wrong type of what a request is made of",
			text: "paths:\n  /a: {put: {operationId: hurt, requestBody: 7, parameters: {}}}" + used,
			hurt: []string{
				`api.yml:3:61: error[arazzo/invalid-openapi]: parameters is not a list`,
				`api.yml:3:46: error[arazzo/invalid-openapi]: the request body has no content`,
			},
		},
		{
			name: "the wrong type of what describes the operation",
			text: "paths:\n  /a: {get: {operationId: hurt, summary: {}, tags: 1, responses: {200: 7, x: [], 201: {headers: 1, content: 2}}}}" + used, built: true,
		},
		{
			name: "an operationId that is no text",
			text: "paths:\n  /a: {get: {operationId: [hurt]}}\n  /b: {get: {operationId: hurt}}" + used,
			load: []string{`api.yml:3:27: warning[arazzo/invalid-openapi]: the operationId of GET /a is not a text`}, built: true,
		},
		{
			name: "scalars that JSON does not have",
			text: "info: {version: .inf, x: !!binary aGk=}\npaths:\n  /a: {get: {operationId: hurt, deprecated: yes, parameters: [{name: .nan, in: query, required: 1, explode: 'no', schema: {default: .inf}}]}}" + used, built: true,
		},
		{
			name: "an email that is a list",
			text: "info: {contact: {email: [email protected]}}\npaths:\n  /a: {get: {operationId: hurt}}" + used, built: true,
		},
		{
			name: "components of another kind",
			text: "components: [7]\npaths:\n  /a: {get: {operationId: hurt, parameters: [{$ref: '#/components/parameters/a'}]}}" + used,
			hurt: []string{`api.yml:4:53: error[arazzo/unresolved-reference]: the reference "#/components/parameters/a" leads nowhere: there is no "/components/parameters" in api.yml`},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d, found := openapi.Load(file("openapi: 3.1.0\n"+test.text), nil)
			if diff := cmp.Diff(test.load, lines(found)); diff != "" {
				t.Errorf("loaded (-want +got):\n%s", diff)
			}
			op, found := d.Operation("hurt")
			if diff := cmp.Diff(test.hurt, lines(found)); diff != "" || (op != nil) != test.built {
				t.Errorf("the damaged operation: built is %t (-want +got):\n%s", op != nil, diff)
			}
			if op, found := d.Operation("used"); op == nil || len(found) > 0 {
				t.Errorf("the operation beside it: %v", found)
			}
		})
	}
}

// TestPathsThatAreNone has paths with what no path can have: a request would go
// without it, or have it twice.
func TestPathsThatAreNone(t *testing.T) {
	t.Parallel()
	d := load(t, "openapi: 3.1.0\npaths:\n  /a?b=c:\n    get: {operationId: query}\n  /a#b:\n    get: {operationId: fragment}\n")
	for id, want := range map[string]string{
		"query":    `api.yml:4:5: error[arazzo/invalid-openapi]: the path "/a?b=c" has a query or a fragment in it`,
		"fragment": `api.yml:6:5: error[arazzo/invalid-openapi]: the path "/a#b" has a query or a fragment in it`,
	} {
		if op, found := d.Operation(id); op != nil || !slices.Equal(lines(found), []string{want}) {
			t.Errorf("%s: %v", id, lines(found))
		}
	}
}

func TestOperationDamaged(t *testing.T) {
	t.Parallel()
	const tail = "\n    put: {operationId: fine}\n"
	tests := []struct {
		name, operation string
		built           bool
		want            []string
	}{
		{
			name: "parameters that no request can be made of",
			operation: `parameters: [{in: query}, {name: a, in: body}, {name: b, in: path, style: form}, {$ref: 'x.yml#/a'},
        {$ref: '#/nothing'}, {$ref: '#nothing'}, 7]`,
			want: []string{
				`api.yml:5:20: error[arazzo/invalid-openapi]: a parameter of the operation has no name`,
				`api.yml:5:33: error[arazzo/invalid-openapi]: the parameter "a" stands in "body"`,
				`api.yml:5:81: error[arazzo/invalid-openapi]: the path parameter "b" has the style "form"`,
				`api.yml:5:95: error[arazzo/unresolved-reference]: the reference "x.yml#/a" leads to another file, and only this one is read`,
				`api.yml:6:16: error[arazzo/unresolved-reference]: the reference "#/nothing" leads nowhere: there is no "/nothing" in api.yml`,
				`api.yml:6:37: error[arazzo/unresolved-reference]: the reference "#nothing" is not a JSON Pointer`,
				`api.yml:6:50: error[arazzo/invalid-openapi]: a parameter of the operation has no name`,
			},
		},
		{
			name:      "parameters of another kind",
			operation: `parameters: {}`,
			want:      []string{`api.yml:5:19: error[arazzo/invalid-openapi]: parameters is not a list`},
		},
		{
			name:      "a request body without content",
			operation: `requestBody: {required: true}`,
			want:      []string{`api.yml:5:20: error[arazzo/invalid-openapi]: the request body has no content`},
		},
		{
			name:      "a request body that is its own reference",
			operation: `requestBody: {$ref: '#/paths/~1a/get/requestBody'}`,
			want: []string{
				`api.yml:5:27: error[arazzo/unresolved-reference]: the reference "#/paths/~1a/get/requestBody" goes in a circle`,
			},
		},
		{
			name:      "what only describes responses, security and servers",
			built:     true,
			operation: `{responses: {200: {$ref: other.yml}}, security: [{who: []}], servers: [{description: none}]}`,
			want: []string{
				`api.yml:5:32: warning[arazzo/unresolved-reference]: the reference "other.yml" leads to another file, and only this one is read`,
				`api.yml:5:78: warning[arazzo/invalid-openapi]: a server has no url`,
				`api.yml:5:57: warning[arazzo/invalid-openapi]: the security scheme "who" is not defined`,
			},
		},
		{
			name:      "the same of another kind",
			built:     true,
			operation: `{responses: [], security: {}, servers: {}}`,
			want: []string{
				`api.yml:5:19: warning[arazzo/invalid-openapi]: responses is not a mapping`,
				`api.yml:5:46: warning[arazzo/invalid-openapi]: servers is not a list`,
				`api.yml:5:33: warning[arazzo/invalid-openapi]: security is not a list`,
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := load(t, "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      "+test.operation+tail)
			op, diagnostics := d.OperationAt("/paths/~1a/get")
			if (op != nil) != test.built {
				t.Errorf("built is %t, want %t", op != nil, test.built)
			}
			if diff := cmp.Diff(test.want, lines(diagnostics)); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if op, diagnostics := d.Operation("fine"); op == nil || len(diagnostics) != 0 {
				t.Errorf("the operation beside it: %v", diagnostics)
			}
		})
	}
}
