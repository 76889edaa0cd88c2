package openapi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

const petsOf32 = `openapi: 3.2.0
servers: [{url: https://api.example.com, name: production}]
paths:
  /pets:
    query:
      operationId: search
      parameters:
        - {in: querystring, name: where, required: true, content: {application/x-www-form-urlencoded: {schema: {type: object}}}}
        - {in: cookie, name: session, style: cookie, schema: {type: string}}
        - {in: cookie, name: old, allowReserved: true}
        - {in: path, name: id, allowReserved: true}
        - {in: header, name: X, allowReserved: true}
      requestBody: {content: {application/json: {$ref: '#/components/mediaTypes/Pet'}}}
      responses:
        200: {content: {application/json-seq: {itemSchema: {type: object}}}}
    additionalOperations:
      COPY: {operationId: copy}
      copy: {operationId: small}
      POST: {operationId: post}
      A B: {operationId: blank}
components:
  mediaTypes: {Pet: {schema: {type: array}}}
`

func TestVersion32(t *testing.T) {
	t.Parallel()
	d, found := openapi.Load(file(petsOf32), nil)
	warned := []string{
		`api.yml:19:7: warning[arazzo/invalid-openapi]: POST does not belong into additionalOperations; it cannot be called`,
		`api.yml:20:7: warning[arazzo/invalid-openapi]: "A B" is no HTTP method; it cannot be called`,
	}
	if diff := cmp.Diff(warned, lines(found)); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	want := map[string][]string{
		"search": {
			"QUERY /pets (search)",
			"querystring where* application/x-www-form-urlencoded[object]",
			"cookie session cookie+explode[string]",
			"cookie old form+explode+reserved",
			"path id* simple+reserved",
			"header X simple",
			"body application/json[array]",
			"200 application/json-seq of[object]",
			"server https://api.example.com production",
		},
		"copy":  {"COPY /pets (copy)", "server https://api.example.com production"},
		"small": {"copy /pets (small)", "server https://api.example.com production"},
		"post":  nil,
	}
	for id, want := range want {
		op, found := d.Operation(id)
		if diff := cmp.Diff(want, show(op)); diff != "" || len(found) > 0 {
			t.Errorf("%s: %v (-want +got):\n%s", id, found, diff)
		}
	}
	if op, _ := d.Operation("search"); !op.EventStream() {
		t.Error("a sequence with an itemSchema does not count as a stream")
	}
}

// TestOlderVersions reads the same as OpenAPI 3.1, which has none of it.
func TestOlderVersions(t *testing.T) {
	t.Parallel()
	d := load(t, strings.Replace(petsOf32, "3.2.0", "3.1.0", 1))
	if got := d.OperationIDs(); got != nil {
		t.Errorf("the operations are %v, want none", got)
	}
	d = load(t, strings.NewReplacer("3.2.0", "3.1.0", "query:", "get:").Replace(petsOf32))
	_, found := d.Operation("search")
	want := []string{
		`api.yml:8:11: error[arazzo/invalid-openapi]: the parameter "where" stands in "querystring"`,
		`api.yml:9:46: error[arazzo/invalid-openapi]: the cookie parameter "session" has the style "cookie"`,
	}
	if diff := cmp.Diff(want, lines(found)); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
}

// TestWholeQueryBesideParts declares what one request cannot have together.
func TestWholeQueryBesideParts(t *testing.T) {
	t.Parallel()
	d := load(t, `openapi: 3.2.0
paths:
  /a:
    parameters: [{in: query, name: b}]
    get:
      operationId: a
      parameters: [{in: querystring, name: q, content: {text/plain: {}}}, {in: querystring, name: r}]
`)
	_, found := d.Operation("a")
	want := []string{
		`api.yml:7:75: error[arazzo/invalid-openapi]: the querystring parameter "r" has no content`,
		`api.yml:4:18: warning[arazzo/invalid-openapi]: the query parameter "b" stands beside the whole query, "q"`,
	}
	if diff := cmp.Diff(want, lines(found)); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
}

// TestEncodeWholeQuery writes querystring parameters (S-085).
func TestEncodeWholeQuery(t *testing.T) {
	t.Parallel()
	const form = "application/x-www-form-urlencoded"
	tests := []struct {
		name, contentType string
		value             any
		want, err         string
	}{
		{"a form that is written", form, "a=1&b=x+y%20z", "a=1&b=x+y%20z", ""},
		{"what a query cannot hold", form, "a=b c#d[%]é", "a=b%20c%23d%5B%25%5D%C3%A9", ""},
		{"nothing", form, "", "", ""},
		{"null", form, nil, "", ""},
		{"an object as a form", form, rgb, "", `querystring parameter "q": found object; expected the whole query as one text, such as a=1&b=2`},
		{"JSON text", "application/json", `{"a":[1]}`, "%7B%22a%22%3A%5B1%5D%7D", ""},
		{"a value as JSON", "application/json", []any{true}, "%5Btrue%5D", ""},
		{"text that is no JSON", "application/json", "a=1", "", `querystring parameter "q": the text is not application/json: invalid character 'a' looking for beginning of value`},
		{"another text", "application/jsonpath", "$.a[1:1]", "%24.a%5B1%3A1%5D", ""},
	}
	for _, test := range tests {
		p := openapi.Parameter{Name: "q", In: "querystring", ContentType: test.contentType}
		got, present, err := p.Encode(test.value)
		message := ""
		if err != nil {
			message = err.Error()
		}
		if got != test.want || message != test.err || present != (test.want != "") {
			t.Errorf("%s: got %q, present %t, error %q", test.name, got, present, message)
		}
	}
	if got, _, _ := openapi.DefaultParameter("q", "querystring").Encode("a=b&c"); got != "a=b&c" {
		t.Errorf("one that is not declared: got %q", got)
	}
}

// TestEncode32 writes the styles that 3.2 adds or widens.
func TestEncode32(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		parameter openapi.Parameter
		value     any
		want, err string
	}{
		{"a cookie as it is", openapi.Parameter{In: "cookie", Style: "cookie"}, "Hello%2C world!", "p=Hello%2C world!", ""},
		{"an exploded object of cookies", openapi.Parameter{In: "cookie", Style: "cookie", Explode: true}, map[string]any{"a": "1 ", "b": 42}, "a=1 ; b=42", ""},
		{"a list in one cookie", openapi.Parameter{In: "cookie", Style: "cookie"}, colors, "p=blue,black,brown", ""},
		{"what ends a cookie", openapi.Parameter{In: "cookie", Style: "cookie"}, "a;b", "", `cookie parameter "p": a cookie cannot carry the character 0x3B, at byte 1 of the value; escape it as the API asks for`},
		{"a line end in a cookie", openapi.Parameter{In: "cookie", Style: "cookie"}, "a\r\nb", "", `cookie parameter "p": a cookie cannot carry the character 0x0D, at byte 1 of the value; escape it as the API asks for`},
		{"reserved characters in a path", openapi.Parameter{In: "path", Style: "simple", AllowReserved: true}, "a:@!$&'()*+,;=/?#[]%20%", "a:@!$&'()*+,;=%2F%3F%23%5B%5D%20%25", ""},
		{"an escaped way up, of which a path is made", openapi.Parameter{In: "path", Style: "simple", AllowReserved: true}, "%2e%2E", "%2e%2E", ""},
		{"reserved characters in a cookie", openapi.Parameter{In: "cookie", Style: "form", AllowReserved: true}, "a=/b;c,d", "p=a=/b%3Bc%2Cd", ""},
	}
	for _, test := range tests {
		test.parameter.Name = "p"
		got, _, err := test.parameter.Encode(test.value)
		message := ""
		if err != nil {
			message = err.Error()
		}
		if got != test.want || message != test.err {
			t.Errorf("%s: got %q, error %q", test.name, got, message)
		}
	}
}
