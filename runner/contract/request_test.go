package contract_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/contract"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

const requests = `openapi: 3.0.3
paths:
  /{id}:
    post:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
        - {name: X-Trace, in: header, required: true, schema: {type: string, maxLength: 3}}
        - {name: ids, in: query, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: tags, in: query, schema: {type: array, items: {type: string, maxLength: 3}}}
        - {name: piped, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: filter, in: query, style: deepObject, schema: {type: object, required: [a], properties: {a: {type: integer}}}}
        - {name: json, in: query, content: {application/json: {schema: {type: object, properties: {n: {type: integer}}}}}}
        - {name: flag, in: cookie, schema: {type: boolean}}
        - {name: any, in: query}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              required: [id, name]
              properties:
                id: {readOnly: true, type: string}
                name: {type: string}
                list: {type: array, items: {$ref: '#/components/schemas/Item'}}
          application/x-www-form-urlencoded:
            schema: {type: object, required: [n], properties: {n: {type: integer}, l: {type: array, items: {type: integer}}, s: {type: string}}}
          multipart/form-data:
            schema: {type: object, required: [file], properties: {file: {type: string, format: binary}, n: {type: integer}}}
          text/plain: {schema: {type: string, maxLength: 3}}
          application/xml: {schema: {type: object}}
      responses: {}
components:
  schemas:
    Item: {type: object, required: [id], properties: {id: {readOnly: true}}, additionalProperties: false}
`

// body is a request with a body, and all that else is required.
func body(contentType string, value any, more ...contract.Value) contract.Sent {
	return contract.Sent{
		Parameters: append([]contract.Value{
			{In: "path", Name: "id", Value: json.Number("7")}, {In: "header", Name: "x-trace", Value: "abc"},
		}, more...),
		HasBody: true, ContentType: contentType, Body: value,
	}
}

// with is a request with parameters, and all that else is required.
func with(more ...contract.Value) contract.Sent {
	return body("text/plain", "abc", more...)
}

func query(name string, value any) contract.Value {
	return contract.Value{In: "query", Name: name, Value: value}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	one, two := json.Number("1"), json.Number("2")
	op := operation(t, requests)
	var b strings.Builder
	for _, test := range []struct {
		name string
		sent contract.Sent
	}{
		{"as declared", with()},
		{"nothing of what is required", contract.Sent{}},
		{"a text in the place of a number", contract.Sent{
			Parameters: []contract.Value{{In: "path", Name: "id", Value: "7"}, {In: "header", Name: "X-Trace", Value: one}},
			HasBody:    true, ContentType: "text/plain", Body: "abc",
		}},
		{"wrong values", contract.Sent{
			Parameters: []contract.Value{{In: "path", Name: "id", Value: "0"}, {In: "header", Name: "X-Trace", Value: "long"}},
			HasBody:    true, ContentType: "text/plain", Body: "long",
		}},
		{"lists", with(query("ids", []any{one, two}), query("tags", []any{"a", one}), query("piped", "1|2"))},
		{"lists as texts", with(query("ids", "1,2"), query("tags", "a"), query("piped", one))},
		{"wrong lists", with(query("ids", "1,b"), query("tags", []any{"abcd"}), query("piped", "1,2"))},
		{"one item that looks like a list", with(query("tags", "a,b,c"))},
		{"objects", with(query("filter", map[string]any{"a": "1"}), query("json", map[string]any{"n": one}))},
		{"wrong objects", with(query("filter", map[string]any{"b": "1"}), query("json", map[string]any{"n": "1"}))},
		{"others", with(query("any", "x"), query("undeclared", one), contract.Value{In: "cookie", Name: "flag", Value: "true"})},
		{"a wrong cookie", with(contract.Value{In: "cookie", Name: "flag", Value: "maybe"})},
		{"a body without what is only read", body("application/json", map[string]any{"name": "a", "list": []any{map[string]any{}}})},
		{"a wrong body", body("application/json; charset=utf-8", map[string]any{"name": one, "list": []any{map[string]any{"a": one}}})},
		{"a body of a type that is not declared", body("image/png", "a")},
		{"a form", body("application/x-www-form-urlencoded", map[string]any{"n": "1", "l": []any{"1", two}, "s": one})},
		{"a form as text", body("application/x-www-form-urlencoded", "n=1&l=1&l=2&s=1")},
		{"a wrong form", body("application/x-www-form-urlencoded", map[string]any{"n": "a", "l": "b"})},
		{"a wrong form as text", body("application/x-www-form-urlencoded", "l=a&l=2")},
		{"what is no form", body("application/x-www-form-urlencoded", "%zz")},
		{"parts", body("multipart/form-data", map[string]any{"file": "bytes", "n": "1"})},
		{"wrong parts", body("multipart/form-data", map[string]any{"n": "a"})},
		{"parts as text", body("multipart/form-data; boundary=x", "--x--")},
		{"XML", body("application/xml", "<a/>")},
	} {
		writeCase(&b, test.name, contract.New(nil).Request(op, test.sent))
	}
	golden(t, filepath.Join("testdata", "requests.txt"), b.String())
}

// TestParametersWithinOthers finds cookies in a header Cookie, and parameters of the
// query in a query that is given as a whole.
func TestParametersWithinOthers(t *testing.T) {
	t.Parallel()
	op := operation(t, `openapi: 3.2.0
paths:
  /:
    get:
      parameters:
        - {name: sid, in: cookie, required: true, schema: {type: integer}}
        - {name: n, in: query, required: true, schema: {type: integer}}
        - {name: Trace, in: header, explode: true, schema: {type: object, properties: {a: {type: integer}}}}
      responses: {}
`)
	whole := func(value any) contract.Value { return contract.Value{In: "querystring", Name: "q", Value: value} }
	cookie := func(text string) contract.Value { return contract.Value{In: "header", Name: "cookie", Value: text} }
	var b strings.Builder
	for _, test := range []struct {
		name string
		sent []contract.Value
	}{
		{"as declared", []contract.Value{cookie("a=b; sid=1"), whole("a=b&n=%31")}},
		{"an object", []contract.Value{cookie("sid=1"), whole(map[string]any{"n": "1"})}},
		{"wrong values", []contract.Value{cookie("sid=a; b"), whole("n=b")}},
		{"not within", []contract.Value{cookie("xsid=1"), whole("m=1")}},
		{"what is no form", []contract.Value{cookie(""), whole("%zz")}},
		{"an exploded object as text", []contract.Value{cookie("sid=1"), whole("n=1"), {In: "header", Name: "trace", Value: "a=1,b=2"}}},
		{"a wrong one", []contract.Value{cookie("sid=1"), whole("n=1"), {In: "header", Name: "trace", Value: "a=x"}}},
	} {
		writeCase(&b, test.name, contract.New(nil).Request(op, contract.Sent{Parameters: test.sent}))
	}
	golden(t, filepath.Join("testdata", "within.txt"), b.String())
}

func TestRequestsOfOpenAPI20(t *testing.T) {
	t.Parallel()
	form := operation(t, `swagger: "2.0"
paths:
  /{id}:
    post:
      consumes: [multipart/form-data, application/x-www-form-urlencoded]
      parameters:
        - {name: id, in: path, required: true, type: integer}
        - {name: ids, in: query, type: array, collectionFormat: ssv, items: {type: integer}}
        - {name: n, in: formData, required: true, type: integer, maximum: 9}
        - {name: f, in: formData, required: true, type: file}
        - {name: l, in: formData, type: array, collectionFormat: multi, items: {type: integer}}
      responses: {}
`)
	whole := operation(t, `swagger: "2.0"
consumes: [application/json]
paths:
  /:
    post:
      parameters:
        - {name: pet, in: body, schema: {type: object, required: [id, name], properties: {id: {readOnly: true}}}}
      responses: {}
`)
	one := json.Number("1")
	id := contract.Value{In: "path", Name: "id", Value: one}
	var b strings.Builder
	for _, test := range []struct {
		name string
		op   *openapi.Operation
		sent contract.Sent
	}{
		{"a form", form, contract.Sent{
			Parameters: []contract.Value{id, query("ids", "1 2")}, HasBody: true, ContentType: "multipart/form-data",
			Body: map[string]any{"n": "1", "f": "bytes", "l": []any{"1"}},
		}},
		{"a wrong form", form, contract.Sent{
			Parameters: []contract.Value{id, query("ids", "1,2")}, HasBody: true, ContentType: "multipart/form-data",
			Body: map[string]any{"n": "10", "l": []any{"a"}},
		}},
		{"no form", form, contract.Sent{Parameters: []contract.Value{id}}},
		{"a body", whole, contract.Sent{HasBody: true, ContentType: "application/json", Body: map[string]any{"name": one}}},
		{"a wrong body", whole, contract.Sent{HasBody: true, ContentType: "application/json", Body: map[string]any{"id": one}}},
		{"no body, which is not required", whole, contract.Sent{}},
	} {
		writeCase(&b, test.name, contract.New(nil).Request(test.op, test.sent))
	}
	golden(t, filepath.Join("testdata", "requests20.txt"), b.String())
}

func TestNoBodyIsDeclared(t *testing.T) {
	t.Parallel()
	op := operation(t, "openapi: 3.1.0\npaths:\n  /:\n    get: {}\n")
	if got := show(contract.New(nil).Request(op, body("application/json", "a"))); got != "" {
		t.Errorf("what is not declared is allowed, got %s", got)
	}
}
