package contract_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/contract"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

const answers = `openapi: 3.1.0
paths:
  /:
    get:
      responses:
        '200':
          headers:
            X-Count: {required: true, schema: {type: integer, maximum: 9}}
            X-List: {schema: {type: array, items: {type: integer}, maxItems: 2}}
            X-Pairs: {schema: {type: object, properties: {a: {type: integer}}}}
            X-Exploded: {explode: true, schema: {type: object, properties: {a: {type: integer}}}}
            X-Json: {content: {application/json: {schema: {type: object, required: [a]}}}}
            X-Flag: {schema: {type: boolean}}
            X-Either: {schema: {type: [integer, string], pattern: '^[0-9]+$'}}
            X-Untyped: {schema: {enum: [a, b]}}
            Content-Type: {required: true, schema: {type: integer}}
          content:
            application/json: {schema: {type: object}}
            application/problem+json; version=1: {schema: {type: object, required: [title]}}
            text/*: {schema: {type: integer}}
            text/csv: {schema: {type: array}}
            application/xml: {schema: {type: object}}
            application/octet-stream: {schema: {type: string, format: binary}}
            application/x-www-form-urlencoded: {schema: {type: object}}
        '201': {description: Nothing}
        '204': {content: {application/json: {}}}
        4XX: {content: {application/json: {schema: {type: object, required: [error]}}}}
        '410': {$ref: '#/components/responses/None'}
        '502': {content: {json: {schema: {type: object}}}}
`

// answer is the JSON body of a response to the operation above.
func answer(t *testing.T, status int, contentType, body string, header ...string) contract.Response {
	t.Helper()
	r := contract.Response{Status: status, ContentType: contentType, Header: http.Header{"X-Count": {"1"}}, Empty: body == ""}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	if body != "" {
		r.Body = decode(t, body)
	}
	return r
}

func TestResponses(t *testing.T) {
	t.Parallel()
	op := operation(t, answers)
	var b strings.Builder
	for _, test := range []struct {
		name string
		r    contract.Response
	}{
		{"as declared", answer(t, 200, "application/json", `{}`)},
		{"parameters that nobody declared", answer(t, 200, "Application/JSON; charset=utf-8", `{}`)},
		{"a status without a declaration", answer(t, 500, "application/json", `{}`)},
		{"a range", answer(t, 404, "application/json", `{}`)},
		{"no body where one is declared", answer(t, 200, "", "")},
		{"a body where none is declared", answer(t, 201, "text/plain", `"a"`)},
		{"no body where none is declared", answer(t, 201, "", "")},
		{"no body of 204, which has none", answer(t, 204, "", "")},
		{"another media type", answer(t, 200, "image/png", `"a"`)},
		{"no media type", answer(t, 200, "", `"a"`)},
		{"a declared parameter", answer(t, 200, "application/problem+json; version=1; a=b", `{}`)},
		{"a declared parameter that differs", answer(t, 200, "application/problem+json; version=2", `{}`)},
		{"a range of media types", answer(t, 200, "text/plain", `"a"`)},
		{"a text that is a number", answer(t, 200, "text/plain", `"7"`)},
		{"the nearest declaration, of which nothing is defined", answer(t, 200, "text/csv", `"a,b"`)},
		{"XML", answer(t, 200, "application/xml", `"<a/>"`)},
		{"a form", answer(t, 200, "application/x-www-form-urlencoded", `"a=b"`)},
		{"bytes", answer(t, 200, "application/octet-stream", `"a"`)},
		{"a reference that does not hold", answer(t, 410, "application/json", `{}`)},
		{"a declaration that is no media type", answer(t, 502, "application/json", `[]`)},
		{"null", answer(t, 200, "application/json", `null`)},
		{"what is no JSON", contract.Response{
			Status: 200, ContentType: "application/json", Header: http.Header{"X-Count": {"1"}}, Body: "{", Malformed: "it ends too early",
		}},
		{"no required header", contract.Response{Status: 200, ContentType: "application/json", Body: map[string]any{}}},
		{"headers", answer(t, 200, "application/json", `{}`, "X-List", "1,2", "X-Pairs", "a,1", "X-Exploded", "a=1,b=2", "X-Json", `{"a":1}`,
			"X-Flag", "true", "X-Either", "77", "X-Untyped", "a", "X-Other", "a")},
		{"wrong headers", answer(t, 200, "application/json", `{}`, "X-List", "1,x", "X-Pairs", "a,x", "X-Exploded", "a=x", "X-Json", `{}`,
			"X-Flag", "yes", "X-Either", "a", "X-Untyped", "c")},
		{"wrong forms of headers", answer(t, 200, "application/json", `{}`, "X-List", "1", "X-List", "2, 3", "X-Pairs", "a", "X-Exploded", "a", "X-Json", `{`)},
		{"a number too large in a header", answer(t, 200, "application/json", `{}`, "X-List", "1", "X-Count", "2")},
	} {
		writeCase(&b, test.name, contract.New(nil).Response(op, test.r))
	}
	golden(t, filepath.Join("testdata", "responses.txt"), b.String())
}

// writeCase writes what a case came to; nothing where all is as declared.
func writeCase(b *strings.Builder, name string, r contract.Report) {
	fmt.Fprintln(b, name)
	for line := range strings.Lines(show(r)) {
		fmt.Fprintf(b, "    %s", line)
	}
}

// TestOtherVersions judges what only some versions have.
func TestOtherVersions(t *testing.T) {
	t.Parallel()
	swagger := operation(t, `swagger: "2.0"
produces: [application/json]
paths:
  /:
    head:
      responses:
        '200':
          schema: {type: object}
          headers:
            X-Pipes: {type: array, collectionFormat: pipes, items: {type: integer}}
            X-Old: {type: integer, exclusiveMinimum: true, minimum: 1}
        default: {description: none}
`)
	nothing := operation(t, "openapi: 3.1.0\npaths:\n  /:\n    get: {}\n")
	var b strings.Builder
	for _, test := range []struct {
		name string
		op   *openapi.Operation
		r    contract.Response
	}{
		{"2.0: headers", swagger, answer(t, 200, "application/json", `{}`, "X-Pipes", "1|2", "X-Old", "2")},
		{"2.0: wrong headers", swagger, answer(t, 200, "application/json", `[]`, "X-Pipes", "1|a", "X-Old", "1")},
		{"2.0: HEAD has no body", swagger, answer(t, 200, "application/json", "")},
		{"2.0: any other status", swagger, answer(t, 500, "application/json", "")},
		{"2.0: a response without a schema has no body", swagger, answer(t, 500, "application/json", `{}`)},
		{"3.1: no responses are declared", nothing, answer(t, 200, "text/plain", `"a"`)},
	} {
		writeCase(&b, test.name, contract.New(nil).Response(test.op, test.r))
	}
	golden(t, filepath.Join("testdata", "versions.txt"), b.String())
}

const stream = `openapi: 3.2.0
paths:
  /:
    get:
      responses:
        '200':
          content:
            %s
`

// event is an event as the engine sees it.
func event(data any) any { return map[string]any{"id": "1", "event": "change", "data": data} }

func TestStreams(t *testing.T) {
	t.Parallel()
	number := json.Number("1")
	var b strings.Builder
	for _, test := range []struct {
		declared, received string
		body               []any
	}{
		{"text/event-stream: {schema: {type: object, required: [a]}}", "text/event-stream", []any{event(map[string]any{"a": number}), event(map[string]any{}), event("text")}},
		{"text/event-stream: {schema: {type: string}}", "text/event-stream", []any{event(number)}},
		{"text/event-stream: {schema: {type: array, items: {type: integer}}}", "text/event-stream;charset=utf-8", []any{event(number), event("a")}},
		{"text/event-stream: {itemSchema: {type: integer}}", "text/event-stream", []any{event(number), event("a")}},
		{"text/event-stream: {itemSchema: {properties: {data: {type: string, maxLength: 3}, event: {const: change}}}}", "text/event-stream", []any{event(number), event(map[string]any{"a": number})}},
		{"application/x-ndjson: {itemSchema: {type: integer}}", "application/x-ndjson", []any{event(number), event("a")}},
		{"'*/*': {schema: {type: integer}}", "application/jsonl", []any{event("a")}},
		{"application/json: {schema: {type: integer}}", "application/jsonl", []any{event("a")}},
		{"text/event-stream: {}", "text/event-stream", []any{event("a")}},
		{"text/event-stream: {schema: {type: object}}", "text/event-stream", []any{}},
		{"text/event-stream: {schema: {type: object}}", "text/event-stream", slices.Repeat([]any{event("a")}, 100)},
	} {
		op := operation(t, fmt.Sprintf(stream, test.declared))
		writeCase(&b, test.received+" "+test.declared, contract.New(nil).Response(op, contract.Response{
			Status: 200, ContentType: test.received, Header: http.Header{}, Body: test.body,
		}))
	}
	golden(t, filepath.Join("testdata", "streams.txt"), b.String())
}
