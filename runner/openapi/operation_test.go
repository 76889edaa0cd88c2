package openapi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// places compares positions by their text, and schemas not at all: they have
// tests of their own.
var places = cmp.Options{
	cmp.Comparer(func(a, b source.Position) bool { return a.String() == b.String() }),
	cmp.Comparer(func(a, b *openapi.Schema) bool { return true }),
}

func at(line, column int) source.Position {
	return source.Position{File: &source.File{Name: "api.yml"}, Line: line, Column: column}
}

func load(t *testing.T, text string) *openapi.Document {
	t.Helper()
	d, diagnostics := openapi.Load(file(text), nil)
	if len(diagnostics) != 0 {
		t.Fatal(diagnostics[0].Render())
	}
	return d
}

const pets = `openapi: 3.1.0
servers:
  - url: https://{region}.example.com/v1
    variables: {region: {default: eu, enum: [eu, us]}}
security:
  - key: []
  - basic: []
    token: [read]
  - {}
paths:
  /pets/{id}:
    servers: [{url: /pets}]
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: fields, in: query, explode: false}
      - {name: X-Trace, in: header, required: true}
    get:
      operationId: getPet
      parameters:
        - $ref: '#/components/parameters/trace'
        - {name: Authorization, in: header, required: true}
        - {name: filter, in: query, style: deepObject, allowReserved: true}
        - {name: where, in: query, style: deepObject, content: {application/json: {}}}
        - {name: fields, in: cookie}
      responses:
        200: {$ref: '#/components/responses/Pet'}
        4XX: {description: oh}
        default: {content: {application/problem+json: {}}}
    put:
      operationId: putPet
      servers: [{url: 'https://write.example.com'}]
      security: []
      requestBody: {$ref: '#/components/requestBodies/Pet'}
      responses:
        '204': {description: done}
components:
  parameters:
    trace: {name: x-trace, in: header}
  requestBodies:
    Pet:
      required: true
      content: {application/xml: {}, application/json: {}}
  responses:
    Pet: {content: {application/json: {}, text/plain: {}}, headers: {X-Count: {required: true}, ETag: {content: {text/plain: {}}}, content-type: {}}}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    basic: {$ref: '#/components/securitySchemes/http'}
    http: {type: http, scheme: basic}
    token: {type: oauth2, flows: {}}
`

func TestOperation(t *testing.T) {
	t.Parallel()
	id := &openapi.Parameter{Name: "id", In: "path", Required: true, Style: "simple", Position: at(14, 9)}
	fields := &openapi.Parameter{Name: "fields", In: "query", Style: "form", Position: at(15, 9)}
	tests := []struct {
		id   string
		want *openapi.Operation
	}{
		{"getPet", &openapi.Operation{
			ID: "getPet", Method: "GET", Path: "/pets/{id}", Position: at(17, 5),
			Parameters: []*openapi.Parameter{
				id, fields,
				{Name: "x-trace", In: "header", Style: "simple", Position: at(38, 12)},
				{Name: "filter", In: "query", Style: "deepObject", AllowReserved: true, Position: at(22, 11)},
				{Name: "where", In: "query", Style: "form", Explode: true, ContentType: "application/json", Position: at(23, 11)},
				{Name: "fields", In: "cookie", Style: "form", Explode: true, Position: at(24, 11)},
			},
			Responses: []*openapi.Response{
				{
					Status: "200", MediaTypes: []string{"application/json", "text/plain"},
					Content: []*openapi.MediaType{
						{Name: "application/json", Position: at(44, 21)}, {Name: "text/plain", Position: at(44, 43)},
					},
					Headers: []*openapi.Header{
						{Name: "X-Count", Required: true, Delimiter: ",", Position: at(44, 70)},
						{Name: "ETag", Delimiter: ",", ContentType: "text/plain", Position: at(44, 97)},
					},
					Position: at(26, 9),
				},
				{Status: "4XX", Position: at(27, 9)},
				{
					Status: "default", MediaTypes: []string{"application/problem+json"},
					Content:  []*openapi.MediaType{{Name: "application/problem+json", Position: at(28, 29)}},
					Position: at(28, 9),
				},
			},
			ResponsesAt: at(26, 9),
			Servers:     []*openapi.Server{{URL: "/pets", Position: at(12, 21)}},
			Security: []*openapi.SecurityRequirement{
				{Schemes: []*openapi.SecurityScheme{{ID: "key", Type: "apiKey", In: "header", Name: "X-Key", Position: at(6, 5)}}},
				{Schemes: []*openapi.SecurityScheme{
					{ID: "basic", Type: "http", Scheme: "basic", Position: at(7, 5)},
					{ID: "token", Type: "oauth2", Position: at(8, 5)},
				}, Scopes: map[string][]string{"token": {"read"}}},
				{},
			},
		}},
		{"putPet", &openapi.Operation{
			ID: "putPet", Method: "PUT", Path: "/pets/{id}", Position: at(29, 5),
			Parameters: []*openapi.Parameter{
				id, fields,
				{Name: "X-Trace", In: "header", Required: true, Style: "simple", Position: at(16, 9)},
			},
			RequestBody: &openapi.RequestBody{
				Required: true, MediaTypes: []string{"application/xml", "application/json"},
				Content: []*openapi.MediaType{
					{Name: "application/xml", Position: at(42, 17)}, {Name: "application/json", Position: at(42, 38)},
				},
				Position: at(41, 7),
			},
			Responses:   []*openapi.Response{{Status: "204", Position: at(35, 9)}},
			ResponsesAt: at(35, 9),
			Servers:     []*openapi.Server{{URL: "https://write.example.com", Position: at(31, 23)}},
		}},
		{"postPet", nil},
		{"", nil},
	}
	d := load(t, pets)
	for _, test := range tests {
		got, diagnostics := d.Operation(test.id)
		if len(diagnostics) != 0 {
			t.Errorf("%s: %s", test.id, diagnostics[0].Render())
		}
		if diff := cmp.Diff(test.want, got, places); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.id, diff)
		}
	}
}

func TestOperationAt(t *testing.T) {
	t.Parallel()
	d := load(t, strings.Replace(pets, "paths:", "paths:\n  /100%/~: {head: {operationId: percent}}", 1))
	tests := []struct{ pointer, want string }{
		{"/paths/~1100%~1~0/head", "percent"},
		{"/paths/~1pets~1{id}/get", "getPet"},
		{"/paths/~1pets~1%7Bid%7D/put", "putPet"},
		{"/paths/%2Fpets~1{id}/get", "getPet"},
		{"/paths/~1pets~1{id}/GET", ""},
		{"/paths/~1pets~1{id}/patch", ""},
		{"/paths/~1pets~1{id}", ""},
		{"/components/parameters/trace", ""},
		{"/paths/~1100%25~1~0/head", "percent"},
		{"paths", ""},
		{"", ""},
	}
	for _, test := range tests {
		op, diagnostics := d.OperationAt(test.pointer)
		got := ""
		if op != nil {
			got = op.ID
		}
		if got != test.want || len(diagnostics) != 0 {
			t.Errorf("%s: got %q with %v, want %q", test.pointer, got, diagnostics, test.want)
		}
	}
}

// TestOperationBehindReference merges three levels: the operation's parameter
// wins over the path item's, and that over the one of the item it refers to.
func TestOperationBehindReference(t *testing.T) {
	t.Parallel()
	d := load(t, `openapi: 3.1.0
paths:
  /a:
    $ref: '#/components/pathItems/A'
    parameters: [{name: b, in: query}, {name: c, in: query}]
components:
  pathItems:
    A:
      servers: [{url: /far}]
      parameters: [{name: a, in: query}, {name: b, in: query}, {name: c, in: query}]
      get:
        operationId: one
        parameters: [{name: c, in: query}]
`)
	op, diagnostics := d.Operation("one")
	if op == nil {
		t.Fatal(diagnostics)
	}
	var got []string
	for _, p := range op.Parameters {
		got = append(got, p.Name+" "+p.Position.String())
	}
	want := []string{"a api.yml:10:20", "b api.yml:5:18", "c api.yml:13:22"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
	if len(op.Servers) != 1 || op.Servers[0].URL != "/far" {
		t.Errorf("servers are %v, want the path item's", op.Servers)
	}
}

func TestOperationAmbiguous(t *testing.T) {
	t.Parallel()
	d, _ := openapi.Load(file("openapi: 3.1.0\npaths:\n  /a/{b}:\n    get: {operationId: one}\n    put: {operationId: one}\n"), nil)
	op, diagnostics := d.Operation("one")
	if op != nil || len(diagnostics) != 1 {
		t.Fatalf("got %v with %v, want one error", op, diagnostics)
	}
	want := `api.yml:5:5: error[arazzo/ambiguous-operation]: 2 operations have the operationId "one": GET /a/{b} (api.yml:4), PUT /a/{b} (api.yml:5)
    5 |     put: {operationId: one}
      |     ^
  expected: an operationId that is unique in its document
  next: let the step name its operation with operationPath and '#/paths/~1a~1{b}/get'
`
	if diff := cmp.Diff(want, diagnostics[0].Render()); diff != "" {
		t.Errorf("diagnostic (-want +got):\n%s", diff)
	}
}

func TestResponsesMerged(t *testing.T) {
	t.Parallel()
	d := load(t, `openapi: 3.1.0
x-errors: &errors {401: {}, 500: {}}
paths: {/a: {get: {operationId: one, responses: {<<: *errors, 200: {}, x-note: 1}}}}
`)
	op, _ := d.Operation("one")
	var got []string
	for _, r := range op.Responses {
		got = append(got, r.Status)
	}
	if diff := cmp.Diff([]string{"200", "401", "500"}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

func TestEventStream(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, responses string
		want            bool
	}{
		{"server-sent events", "{200: {content: {text/event-stream: {}}}}", true},
		{"with a parameter and in capitals", "{2XX: {content: {Text/Event-Stream;charset=utf-8: {}}}}", true},
		{"beside JSON", "{201: {content: {application/json: {}, application/x-ndjson: {}}}}", true},
		{"only for errors", "{default: {content: {text/event-stream: {}}}, 400: {content: {text/event-stream: {}}}}", false},
		{"JSON", "{200: {content: {application/json: {}}}}", false},
		{"nothing declared", "{}", false},
	}
	for _, test := range tests {
		d := load(t, "openapi: 3.1.0\npaths: {/a: {get: {operationId: a, responses: "+test.responses+"}}}")
		op, _ := d.Operation("a")
		if got := op.EventStream(); got != test.want {
			t.Errorf("%s: got %t, want %t", test.name, got, test.want)
		}
	}
}
