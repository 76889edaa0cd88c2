package openapi_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

const toys = `openapi: 3.2.0
paths:
  /a.b/{id}:
    $ref: '#/components/pathItems/first'
    put: {operationId: pets/put it}
    additionalOperations: {COPY: {operationId: pets.copy, summary: ' Copies '}}
  /twice: {$ref: '#/components/pathItems/shared'}
  /again: {$ref: '#/components/pathItems/shared'}
  /other: {$ref: 'other.yml#/item'}
  /a%20b: {get: {operationId: escaped}}
  /é: {get: {}}
  /sub:
    post:
      operationId: subscribe
      callbacks: {onEvent: {'{$request.body#/url}': {post: {operationId: called}}}}
components:
  pathItems:
    first: {$ref: '#/components/pathItems/pet'}
    pet: {get: {operationId: pets.get}}
    shared: {get: {operationId: shared}}
    alone: {get: {operationId: alone}}
  callbacks: {known: {'{$url}': {post: {}}}}
webhooks:
  news: {post: {operationId: news}}
`

func toysDocument(t *testing.T) *openapi.Document {
	t.Helper()
	d, found := openapi.Load(file(toys), func(string, string) (*source.File, error) {
		return &source.File{Name: "other.yml", Text: "item: {get: {operationId: other}}"}, nil
	})
	if len(found) != 1 || found[0].Code != "arazzo/duplicate-operation-id" {
		t.Fatal(found)
	}
	return d
}

// TestOperationIDs has ids with dots, slashes and spaces (S-054).
func TestOperationIDs(t *testing.T) {
	t.Parallel()
	d := toysDocument(t)
	want := []string{"pets/put it", "pets.copy", "pets.get", "shared", "shared", "other", "escaped", "subscribe"}
	if diff := cmp.Diff(want, d.OperationIDs()); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	for _, id := range []string{"pets/put it", "pets.copy", "pets.get", "other"} {
		if op, found := d.Operation(id); op == nil || op.ID != id || len(found) > 0 {
			t.Errorf("%s: %v", id, found)
		}
	}
	for _, id := range []string{"news", "called", "alone", "Pets.get"} {
		if op, found := d.Operation(id); op != nil || len(found) > 0 {
			t.Errorf("%s: %v %v", id, show(op), found)
		}
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	var got []string
	d := toysDocument(t)
	for _, l := range d.Operations() {
		if op, _ := d.OperationAt(l.Pointer); op == nil || op.Method != l.Method || op.Path != l.Path || op.ID != l.ID {
			t.Errorf("%s leads to %v", l.Pointer, show(op))
		}
		got = append(got, l.Method+" "+l.Path+" "+l.ID+" "+l.Position.String()+" "+l.Summary)
	}
	want := []string{
		"PUT /a.b/{id} pets/put it api.yml:5:5 ",
		"COPY /a.b/{id} pets.copy api.yml:6:28 Copies",
		"GET /a.b/{id} pets.get api.yml:19:11 ",
		"GET /twice shared api.yml:20:14 ",
		"GET /again shared api.yml:20:14 ",
		"GET /other other other.yml:1:8 ",
		"GET /a%20b escaped api.yml:10:12 ",
		"GET /é  api.yml:11:8 ",
		"POST /sub subscribe api.yml:13:5 ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
}

// TestPointers spells pointers in every way (S-055).
func TestPointers(t *testing.T) {
	t.Parallel()
	const shared = `api.yml:20:14: error[arazzo/ambiguous-operation]: 2 paths lead to /components/pathItems/shared/get: GET /twice (api.yml:20), GET /again (api.yml:20)`
	tests := []struct{ pointer, want, found string }{
		{"/paths/~1a.b~1{id}/get", "GET /a.b/{id}", ""},
		{"/paths/~1a.b~1%7Bid%7D/get", "GET /a.b/{id}", ""},
		{"/paths/~1a.b~1%7bid%7d/put", "PUT /a.b/{id}", ""},
		{"/paths/%2Fa.b%2F{id}/put", "PUT /a.b/{id}", ""},
		{"/paths/%7E1a.b%7e1{id}/put", "PUT /a.b/{id}", ""},
		{"/paths/~1a.b~1{id}/additionalOperations/COPY", "COPY /a.b/{id}", ""},
		{"/paths/~1a.b~1{id}/additionalOperations/copy", "", ""},
		{"/paths/~1a.b~1{id}/COPY", "", ""},
		{"/components/pathItems/first/get", "GET /a.b/{id}", ""},
		{"/components/pathItems/pet/get", "GET /a.b/{id}", ""},
		{"/components/pathItems/pet/put", "", ""},
		{"/paths/~1twice/get", "GET /twice", ""},
		{"/components/pathItems/shared/get", "", shared},
		{"/paths/~1other/get", "GET /other", ""},
		{"/paths/~1a%20b/get", "GET /a%20b", ""},
		{"/paths/~1a%2520b/get", "GET /a%20b", ""},
		{"/paths/~1%C3%A9/get", "GET /é", ""},
		{"/paths/~1é/get", "GET /é", ""},
		{"/paths/~1é", "", ""},
		{"/paths/~1nowhere/get", "", ""},
		{"paths", "", ""},
		{"", "", ""},
		{"/", "", ""},
		{"//", "", ""},
		{"///", "", ""},
		{"/components/pathItems/alone/get", "", `api.yml:21:12: error[arazzo/uncallable-operation]: what stands at /components/pathItems/alone/get has no path: no path refers to this path item`},
		{"/webhooks/news/post", "", `api.yml:24:9: error[arazzo/uncallable-operation]: what stands at /webhooks/news/post is a webhook: the API calls it, not its client`},
		{
			"/paths/~1sub/post/callbacks/onEvent/{$request.body%23~1url}/post", "",
			`api.yml:15:53: error[arazzo/uncallable-operation]: what stands at /paths/~1sub/post/callbacks/onEvent/{$request.body%23~1url}/post is a callback: the API calls it, not its client`,
		},
		{"/components/callbacks/known/{$url}/post", "", `api.yml:22:33: error[arazzo/uncallable-operation]: what stands at /components/callbacks/known/{$url}/post is a callback: the API calls it, not its client`},
	}
	d := toysDocument(t)
	for _, test := range tests {
		op, found := d.OperationAt(test.pointer)
		got := ""
		if op != nil {
			got = op.Method + " " + op.Path
		}
		var want []string
		if test.found != "" {
			want = []string{test.found}
		}
		if diff := cmp.Diff(want, lines(found)); diff != "" || got != test.want {
			t.Errorf("%s: got %q, want %q; diagnostics (-want +got):\n%s", test.pointer, got, test.want, diff)
		}
	}
}
