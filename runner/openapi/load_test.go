package openapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// file is a document as a test hands it over.
func file(text string) *source.File { return &source.File{Name: "api.yml", Text: text} }

// lines renders diagnostics without the document's own lines.
func lines(diagnostics source.Diagnostics) []string {
	var list []string
	for _, d := range diagnostics {
		list = append(list, d.Error())
	}
	return list
}

func TestLoad(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text  string
		ids         []string
		diagnostics []string
	}{
		{
			name: "operations in document order",
			text: "openapi: 3.1.0\npaths:\n  /b: {put: {operationId: two}, get: {operationId: one}}\n  /a: {trace: {operationId: three}}\n",
			ids:  []string{"two", "one", "three"},
		},
		{
			name: "the patch number may be missing",
			text: "openapi: 3.0\npaths: {/a: {get: {operationId: one}}}",
			ids:  []string{"one"},
		},
		{
			name: "nothing but components is legal in 3.1",
			text: "openapi: 3.1.1\ncomponents: {}",
		},
		{
			name: "extensions are no paths and no methods",
			text: "openapi: 3.1.0\npaths:\n  x-a: 1\n  /a: {x-get: {operationId: no}, parameters: [], get: {operationId: one}}",
			ids:  []string{"one"},
		},
		{
			name: "a path item behind a reference",
			text: "openapi: 3.1.0\npaths:\n  /a: {$ref: '#/components/pathItems/A%20b', put: {operationId: two}}\n" +
				"components: {pathItems: {A b: {get: {operationId: one}, put: {operationId: hidden}}}}",
			ids: []string{"two", "one"},
		},
		{
			name: "aliases and merge keys",
			text: "openapi: 3.1.0\nx-base: &base\n  get: &get {operationId: one}\npaths:\n  /a: *base\n  /b: {<<: *base, put: {operationId: two}}\n  /c: {<<: [*base]}\n",
			ids:  []string{"one", "two", "one", "one"},
			diagnostics: []string{
				`api.yml:3:27: info[arazzo/duplicate-operation-id]: the operationId "one" of GET /b belongs to GET /a already (api.yml:3)`,
				`api.yml:3:27: info[arazzo/duplicate-operation-id]: the operationId "one" of GET /c belongs to GET /a already (api.yml:3)`,
			},
		},
		{
			name: "what stands twice counts once, and the nearer counts",
			text: "openapi: 3.1.0\nx-base: &base {get: {operationId: far}}\npaths:\n  /a: {<<: *base, get: {operationId: near}}\n  /a: {put: {operationId: again}}\n",
			ids:  []string{"near"},
			diagnostics: []string{
				`api.yml:5:3: warning[arazzo/invalid-openapi]: "/a" stands here again, and is not read: the first, in line 4, counts`,
			},
		},
		{
			name: "an alias for a key",
			text: "openapi: 3.1.0\nx-method: &method get\nx-id: &id operationId\npaths: {/a: {*method : {*id : one}}}",
			ids:  []string{"one"},
		},
		{
			name: "damage beside the operations says nothing",
			text: "openapi: 3.1.0\ninfo: {contact: {email: [email protected]}}\nservers: 7\ncomponents: oh\npaths: {/a: {get: {operationId: one}}}",
			ids:  []string{"one"},
		},
		{
			name: "damage among the paths is a warning",
			text: "openapi: 3.1.0\npaths:\n  /a: 1\n  /b:\n  /c: {get: x}\n  /d: {$ref: other.yml}\n  /e: {$ref: '#/paths/~1nowhere'}\n  /f: {$ref: '#/paths/~1f'}\n  /g: {get: {operationId: one}}\n",
			ids:  []string{"one"},
			diagnostics: []string{
				`api.yml:3:3: warning[arazzo/invalid-openapi]: the path "/a" does not hold a mapping; its operations are not known`,
				`api.yml:4:3: warning[arazzo/invalid-openapi]: the path "/b" does not hold a mapping; its operations are not known`,
				`api.yml:5:8: warning[arazzo/invalid-openapi]: GET /c does not hold a mapping; it cannot be called`,
				`api.yml:6:14: warning[arazzo/unresolved-reference]: the reference "other.yml" leads to another file, and only this one is read`,
				`api.yml:7:14: warning[arazzo/unresolved-reference]: the reference "#/paths/~1nowhere" leads nowhere: there is no "/paths//nowhere" in api.yml`,
				`api.yml:8:14: warning[arazzo/unresolved-reference]: the reference "#/paths/~1f" goes in a circle`,
			},
		},
		{
			name:        "paths of another kind",
			text:        "openapi: 3.1.0\npaths: []",
			diagnostics: []string{`api.yml:2:8: warning[arazzo/invalid-openapi]: paths is not a mapping, so no operation is known`},
		},
		{
			name: "two operations of one id",
			text: "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      operationId: one\n    put:\n      operationId: one\n",
			ids:  []string{"one", "one"},
			diagnostics: []string{
				`api.yml:7:20: info[arazzo/duplicate-operation-id]: the operationId "one" of PUT /a belongs to GET /a already (api.yml:4)`,
			},
		},
		{
			name: "JSON, with the escapes that YAML does not know",
			text: "{\n\t\"openapi\": \"3.0.3\",\n\t\"paths\": {\"\\/a\": {\"get\": {\"operationId\": \"\\ud83d\\ude00\"}}, \"/é\": 1}\n}",
			ids:  []string{"😀"},
			diagnostics: []string{
				`api.yml:3:61: warning[arazzo/invalid-openapi]: the path "/é" does not hold a mapping; its operations are not known`,
			},
		},
		{
			name: "YAML that starts with a brace",
			text: "{openapi: 3.1.0, paths: {/a: {get: {operationId: one}}}}",
			ids:  []string{"one"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d, diagnostics := openapi.Load(file(test.text), nil)
			if d == nil {
				t.Fatalf("no document: %v", diagnostics)
			}
			if diff := cmp.Diff(test.ids, d.OperationIDs()); diff != "" {
				t.Errorf("operationIds (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.diagnostics, lines(diagnostics)); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	const isOpenAPI = `
  expected: an OpenAPI description: a mapping that starts with "openapi: 3.1.0" or another version
  next: correct the source description's url or type, or give the right file with --source NAME=PATH
`
	const version = `
  expected: openapi: 3.0.x, 3.1.x or 3.2.x, or swagger: "2.0"
  next: convert the description to OpenAPI 3.1 and give that file with --source NAME=PATH
`
	tests := []struct{ name, text, want string }{
		{"an empty file", "", "api.yml: error[arazzo/empty-document]: the document is empty\n  expected: a YAML or JSON object\n"},
		{"a text", "hello", "api.yml:1:1: error[arazzo/not-openapi]: the source is not a mapping\n    1 | hello\n      | ^" + isOpenAPI},
		{"a mapping of something", "a: 1", "api.yml:1:1: error[arazzo/not-openapi]: the source has no openapi field\n    1 | a: 1\n      | ^" + isOpenAPI},
		{
			"an Arazzo document", "arazzo: 1.0.1",
			"api.yml:1:9: error[arazzo/not-openapi]: the source is an Arazzo document, version \"1.0.1\"\n    1 | arazzo: 1.0.1\n      |         ^" + isOpenAPI,
		},
		{
			"Swagger 1.2", `swagger: "1.2"`,
			"api.yml:1:10: error[arazzo/unsupported-openapi]: the source is written in Swagger \"1.2\", which cannot be read\n" +
				"    1 | swagger: \"1.2\"\n      |          ^" + version,
		},
		{
			"OpenAPI 4", `{"openapi": "4.0.0"}`,
			"api.yml:1:13: error[arazzo/unsupported-openapi]: the source is written in OpenAPI \"4.0.0\", which cannot be read\n" +
				"    1 | {\"openapi\": \"4.0.0\"}\n      |             ^" + version,
		},
		{
			"broken YAML", "openapi: 3.1.0\npaths:\n  - a: b: c\n",
			"api.yml:3:9: error[arazzo/yaml-syntax]: a colon stands where no member can begin: inside a value, or in a line that is indented too deep\n" +
				"    3 |   - a: b: c\n      |         ^\n  expected: a value without a colon and space, or a key aligned with its siblings\n" +
				"  next: put the value in quotes, or correct the indentation\n",
		},
		{
			"not even text", "a: \xff",
			"api.yml:1:4: error[arazzo/not-utf8]: the byte 0xFF begins no character of UTF-8\n    1 | a: \ufffd\n      |    ^\n  expected: UTF-8\n  next: save the document as UTF-8\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d, diagnostics := openapi.Load(file(test.text), nil)
			if d != nil || len(diagnostics) != 1 {
				t.Fatalf("got document %v with %v, want one error", d, diagnostics)
			}
			if diff := cmp.Diff(test.want, diagnostics[0].Render()); diff != "" {
				t.Errorf("diagnostic (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLoadBounded hands over small texts that repeat themselves without end.
func TestLoadBounded(t *testing.T) {
	t.Parallel()
	wide := "openapi: 3.1.0\nx: &wide\n" + repeat("  k%d: 1\n")
	tests := []struct{ name, text, want string }{
		{"too long", strings.Repeat("#", source.MaxBytes+1), "arazzo/document-too-large"},
		{"one large path item at many paths", wide + "paths:\n" + repeat("  /%d: *wide\n"), "arazzo/invalid-openapi"},
		{"one large operation at many paths", wide + "paths:\n" + repeat("  /%d: {get: *wide}\n"), "arazzo/invalid-openapi"},
		{"references through one large mapping", wide + "paths:\n" + repeat("  /%d: {$ref: '#/x/k3499'}\n"), "arazzo/invalid-openapi"},
		{"lists within lists without end", "{\"openapi\": " + strings.Repeat("[", 20_000), "arazzo/yaml-syntax"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d, diagnostics := openapi.Load(file(test.text), nil)
			if d != nil || !diagnostics.Failed() {
				t.Fatalf("got document %v with %d diagnostics, want an error", d, len(diagnostics))
			}
			if got := diagnostics[slices.IndexFunc(diagnostics, isError)].Code; got != test.want {
				t.Errorf("got code %s, want %s", got, test.want)
			}
		})
	}
}

// TestOperationBounded builds operations that are too much.
func TestOperationBounded(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, operation, want string }{
		{
			"too many parameters", "parameters:\n" + repeat("      - {name: p%d, in: query}\n"),
			"the operation has too many parameters",
		},
		{
			"many schemes among many", "security:\n" + repeat("      - {s%d: []}\n") + "components:\n  securitySchemes:\n" + repeat("    s%d: {}\n"),
			"references and aliases repeat too much of the document",
		},
	}
	for _, test := range tests {
		d := load(t, "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      "+test.operation)
		op, diagnostics := d.OperationAt("/paths/~1a/get")
		if op != nil || len(diagnostics) != 1 || diagnostics[0].Message != test.want {
			t.Errorf("%s: got operation %v with %v, want %s", test.name, op, diagnostics, test.want)
		}
	}
}

// repeat numbers a line 3,500 times.
func repeat(line string) string {
	var b strings.Builder
	for i := range 3500 {
		fmt.Fprintf(&b, line, i)
	}
	return b.String()
}

func isError(d *source.Diagnostic) bool { return d.Severity == source.Error }

func FuzzLoad(f *testing.F) {
	f.Add("openapi: 3.1.0\npaths:\n  /a/{b}:\n    $ref: '#/components/pathItems/x'\n    parameters: [{name: b, in: path}]\n    get: {operationId: one, security: [{k: []}]}")
	f.Add("openapi: 3.0.0\nx: &x {get: {operationId: a, servers: [{url: '{a}', variables: {a: {default: b}}}]}}\npaths: {/a: {<<: [*x]}}")
	f.Add(`{"openapi": "3.1.0", "paths": {"/a": {"get": {"operationId": "\ud83d", "requestBody": {"$ref": "#/paths/~1a/get/requestBody"}}}}}`)
	f.Add("openapi: 3.1.0\npaths: &p\n  /a: *p\n")
	f.Add("openapi: 3.2.0\n$self: https://example.com/x\npaths: {/a: {$ref: 'b.yml', additionalOperations: {COPY: {$ref: '#/x'}}}}")
	f.Add(petsOf2)
	f.Add(petsOf32)
	f.Fuzz(func(t *testing.T, text string) {
		// The text is also the file that it refers to.
		again := func(_, reference string) (*source.File, error) { return &source.File{Name: reference, Text: text}, nil }
		d, diagnostics := openapi.Load(file(text), again)
		if (d == nil) != diagnostics.Failed() {
			t.Fatalf("document %v with diagnostics %v", d, diagnostics)
		}
		if d == nil {
			return
		}
		for _, listing := range d.Operations() {
			op, diagnostics := d.OperationAt(listing.Pointer)
			if (op == nil) != diagnostics.Failed() {
				t.Fatalf("%s: operation %v with diagnostics %v", listing.Pointer, op, diagnostics)
			}
			show(op)
			if listing.ID == "" {
				continue // nothing asks for it by its id
			}
			if _, diagnostics = d.Operation(listing.ID); diagnostics.Failed() != (op == nil) && len(diagnostics) == 0 {
				t.Fatalf("%s: no operation and no word of it", listing.ID)
			}
		}
	})
}
