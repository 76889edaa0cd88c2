package openapi_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

const petsOf2 = `swagger: "2.0"
host: api.example.com
basePath: /v1
schemes: [wss, https, http]
consumes: [application/json, application/xml]
produces: [application/json]
security: [{key: [], basic: []}]
securityDefinitions:
  key: {type: apiKey, in: header, name: X-Key}
  basic: {type: basic}
  token: {type: oauth2, flow: implicit, scopes: {}}
parameters:
  page: {name: page, in: query, type: integer}
definitions:
  Pet: {type: object, properties: {name: {type: string}}}
paths:
  /pets/{id}:
    parameters:
      - {name: id, in: path, type: string, required: true}
      - {name: body, in: body, schema: {type: string}}
    get:
      operationId: list
      produces: []
      schemes: [http]
      security: [{token: [read]}]
      parameters:
        - $ref: '#/parameters/page'
        - {name: a, in: query, type: array, items: {type: string}}
        - {name: b, in: query, type: array, collectionFormat: multi}
        - {name: c, in: query, type: array, collectionFormat: ssv}
        - {name: d, in: query, type: array, collectionFormat: tsv}
        - {name: e, in: query, type: array, collectionFormat: pipes}
        - {name: f, in: header, type: array, collectionFormat: pipes}
        - {name: g, in: header, type: array}
        - {name: h, in: query, type: string, collectionFormat: whatever}
      responses:
        200: {description: all, schema: {$ref: '#/definitions/Pet'}, headers: {X-Count: {type: integer}}}
        204: {description: none}
    put:
      operationId: put
      parameters:
        - {name: pet, in: body, required: true, schema: {$ref: '#/definitions/Pet'}}
      responses: {200: {description: file, schema: {type: file}}}
    post:
      operationId: upload
      consumes: [application/json, multipart/form-data]
      parameters:
        - {name: picture, in: formData, type: file, required: true}
        - {name: tags, in: formData, type: array, collectionFormat: multi}
    trace: {operationId: trace}
  /form:
    post:
      operationId: form
      parameters: [{name: a, in: formData, type: integer}]
  /file:
    post:
      operationId: file
      consumes: []
      parameters: [{name: a, in: formData, type: file}]
`

// TestSwagger reads OpenAPI 2.0 (S-033, D18): each operation as the one that
// later versions would describe.
func TestSwagger(t *testing.T) {
	t.Parallel()
	const security = "security key/apiKey//header/X-Key basic/http/basic//"
	servers := []string{"server https://api.example.com/v1", "server http://api.example.com/v1"}
	want := map[string][]string{
		"list": {
			"GET /pets/{id} (list)",
			"path id* simple[string]",
			"query page form[integer]",
			"query a form[array]",
			"query b form+explode[array]",
			"query c spaceDelimited[array]",
			"query d tabDelimited[array]",
			"query e pipeDelimited[array]",
			"header f pipeDelimited[array]",
			"header g simple[array]",
			"query h form[string]",
			"body application/json[string] application/xml[string]",
			"200 */*[object] X-Count[integer]",
			"204",
			"server http://api.example.com/v1",
			"security token/oauth2///",
		},
		"put": {
			"PUT /pets/{id} (put)", "path id* simple[string]",
			"body* application/json[object] application/xml[object]",
			"200 application/json[]", servers[0], servers[1], security,
		},
		"form": {
			"POST /form (form)", "body application/x-www-form-urlencoded",
			"field formData a form[integer] csv file=false", servers[0], servers[1], security,
		},
		"file": {
			"POST /file (file)", "body multipart/form-data",
			"field formData a form[] csv file=true", servers[0], servers[1], security,
		},
		"trace": nil,
	}
	d := load(t, petsOf2)
	if d.Version != "2.0" {
		t.Errorf("the version is %q", d.Version)
	}
	for id, want := range want {
		op, found := d.Operation(id)
		if diff := cmp.Diff(want, show(op)); diff != "" || len(found) > 0 {
			t.Errorf("%s: %v (-want +got):\n%s", id, found, diff)
		}
	}
}

// TestSwaggerFormBesideBody has both, of which one can be sent.
func TestSwaggerFormBesideBody(t *testing.T) {
	t.Parallel()
	op, found := load(t, petsOf2).Operation("upload")
	want := []string{`api.yml:48:11: warning[arazzo/invalid-openapi]: the operation has formData beside a body, which is taken`}
	if diff := cmp.Diff(want, lines(found)); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	if op == nil || len(op.RequestBody.Fields) > 0 {
		t.Errorf("the operation is %v", show(op))
	}
}

func TestSwaggerServers(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, fields, want string }{
		{"neither host nor base path", "", ""},
		{"without a host it is relative to the document", "basePath: /v1", "server /v1"},
		{"a base path without its slash", "basePath: v1", "server /v1"},
		{"without schemes it is the document's", "host: example.com:8080", "server //example.com:8080"},
		{"WebSocket alone", "host: example.com\nschemes: [ws]", "server ws://example.com"},
		{"the whole", "host: example.com\nschemes: [http]\nbasePath: /", "server http://example.com/"},
	}
	for _, test := range tests {
		op, _ := load(t, "swagger: '2.0'\n"+test.fields+"\npaths: {/a: {get: {operationId: a}}}").Operation("a")
		var want []string
		if test.want != "" {
			want = []string{test.want}
		}
		if diff := cmp.Diff(want, show(op)[1:], cmp.Transformer("", func(s []string) []string { return append([]string{}, s...) })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestSwaggerRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, parameter, want string }{
		{"a place of another version", "{name: a, in: cookie, type: string}", `the parameter "a" stands in "cookie"`},
		{"many in a header", "{name: a, in: header, type: array, collectionFormat: multi}", `the header parameter "a" has the collectionFormat "multi"`},
		{"an unknown format", "{name: a, in: query, type: array, collectionFormat: json}", `the query parameter "a" has the collectionFormat "json"`},
	}
	for _, test := range tests {
		op, found := load(t, "swagger: '2.0'\npaths: {/a: {get: {operationId: a, parameters: ["+test.parameter+"]}}}").Operation("a")
		if op != nil || len(found) != 1 || found[0].Message != test.want {
			t.Errorf("%s: got %v with %v", test.name, show(op), found)
		}
	}
}

// TestEncodeCollections writes what collectionFormat asks for.
func TestEncodeCollections(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, style, want string }{
		{"query", "tabDelimited", "color=blue%09black%09brown"},
		{"path", "spaceDelimited", "blue%20black%20brown"},
		{"path", "tabDelimited", "blue%09black%09brown"},
		{"path", "pipeDelimited", "blue%7Cblack%7Cbrown"},
		{"header", "spaceDelimited", "blue black brown"},
		{"header", "tabDelimited", "blue\tblack\tbrown"},
		{"header", "pipeDelimited", "blue|black|brown"},
		{"formData", "form", "color=blue,black,brown"},
		{"formData", "form*", "color=blue&color=black&color=brown"},
	}
	for _, test := range tests {
		got, present, err := parameter(test.in, test.style).Encode(colors)
		if err != nil || !present || got != test.want {
			t.Errorf("%s in %s: got %q, present %t, error %v; want %q", test.style, test.in, got, present, err, test.want)
		}
	}
	field := openapi.FormField{Parameter: openapi.DefaultParameter("a b", "formData")}
	if got, _, err := field.Encode("c&d=e"); err != nil || got != "a%20b=c%26d%3De" {
		t.Errorf("a field: got %q, error %v", got, err)
	}
}
