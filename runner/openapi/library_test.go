package openapi_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// shelf holds files by their URI, and notes what was asked for.
type shelf struct {
	files map[string]string
	mu    sync.Mutex
	asked []string
}

func (s *shelf) retrieve(base, reference string) (*source.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	uri, err := b.Parse(reference)
	if err != nil {
		return nil, err
	}
	s.asked = append(s.asked, uri.String())
	text, ok := s.files[uri.String()]
	if !ok {
		return nil, fmt.Errorf("%s: %w", uri, fs.ErrNotExist)
	}
	return &source.File{Name: uri.Path, URI: uri.String(), Text: text}, nil
}

// load opens one of the files, with what it refers to on the shelf.
func (s *shelf) load(t *testing.T, uri string) (*openapi.Document, source.Diagnostics) {
	t.Helper()
	d, found := openapi.Load(&source.File{Name: "api.yml", URI: uri, Text: s.files[uri]}, s.retrieve)
	if d == nil {
		t.Fatal(found)
	}
	return d, found
}

func split() *shelf {
	return &shelf{files: map[string]string{
		"file:///x/api.yml": `openapi: 3.1.0
security: [{key: []}]
paths:
  /pets: {$ref: 'paths/pets.yml'}
  /gone: {$ref: 'paths/gone.yml'}
  /broken:
    get: {operationId: broken, responses: {200: {$ref: 'broken.yml'}}, parameters: [{$ref: 'broken.yml#/a'}]}
components:
  parameters: {page: {name: page, in: query, schema: {type: integer}}}
  securitySchemes: {key: {$ref: 'common/security.yml#/key'}}
`,
		"file:///x/paths/pets.yml": `parameters: [{$ref: '../api.yml#/components/parameters/page'}]
get:
  operationId: listPets
  responses:
    200: {content: {application/json: {schema: {$ref: '../common/pets.yml#/Pets'}}}}
post: {operationId: addPet, requestBody: {$ref: '../common/./pets.yml#/Body'}}
`,
		"file:///x/common/pets.yml": `Pets: {type: array, items: {$ref: '#/Pet'}}
Pet: {type: object, properties: {name: {$ref: 'name.yml'}}}
Body: {required: true, content: {application/json: {schema: {$ref: 'pets.yml#/Pet'}}}}
`,
		"file:///x/common/name.yml":     "type: string\n",
		"file:///x/common/security.yml": "key: {type: apiKey, in: header, name: X-Key}\n",
		"file:///x/broken.yml":          "a: b: c",
	}}
}

// TestOtherFiles follows references through four files (S-027, S-057), and reads each
// file once, when something leads there.
func TestOtherFiles(t *testing.T) {
	t.Parallel()
	s := split()
	d, found := s.load(t, "file:///x/api.yml")
	want := []string{
		`api.yml:5:17: warning[arazzo/unresolved-reference]: the reference "paths/gone.yml" leads to a file that cannot be read: file:///x/paths/gone.yml: file does not exist`,
	}
	if diff := cmp.Diff(want, lines(found)); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"file:///x/paths/pets.yml", "file:///x/paths/gone.yml"}, s.asked); diff != "" {
		t.Errorf("files asked for by Load (-want +got):\n%s", diff)
	}
	op, found := d.Operation("listPets")
	shown := []string{"GET /pets (listPets)", "query page form+explode[integer]", "200 application/json[array]", "security key/apiKey//header/X-Key"}
	if diff := cmp.Diff(shown, show(op)); diff != "" || len(found) > 0 {
		t.Errorf("listPets: %v (-want +got):\n%s", found, diff)
	}
	if at := op.Position.String(); at != "/x/paths/pets.yml:2:1" {
		t.Errorf("it stands at %s", at)
	}
	name, _ := op.Responses[0].Content[0].Schema.At([]string{"0", "name"})
	if got := types(name); got != "[string]" {
		t.Errorf("a name is %s", got)
	}
	op, found = d.OperationAt("/paths/~1pets/post")
	if diff := cmp.Diff([]string{"POST /pets (addPet)", "query page form+explode[integer]", "body* application/json[object]", shown[3]}, show(op)); diff != "" || len(found) > 0 {
		t.Errorf("addPet: %v (-want +got):\n%s", found, diff)
	}
	if once := slices.Compact(slices.Sorted(slices.Values(s.asked))); len(once) != 5 || len(s.asked) != 5 {
		t.Errorf("asked for %q", s.asked)
	}
}

// TestBrokenFile needs a file that is damaged: an error at the reference. In what
// only describes a response it is a warning.
func TestBrokenFile(t *testing.T) {
	t.Parallel()
	d, _ := split().load(t, "file:///x/api.yml")
	_, found := d.Operation("broken")
	const reason = "leads to a file that cannot be read: /x/broken.yml:1:5: a colon stands where no member can begin: inside a value, or in a line that is indented too deep"
	want := []string{
		`api.yml:7:92: error[arazzo/unresolved-reference]: the reference "broken.yml#/a" ` + reason,
		`api.yml:7:56: warning[arazzo/unresolved-reference]: the reference "broken.yml" ` + reason,
	}
	if diff := cmp.Diff(want, lines(found)); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
}

// TestSelf resolves references against $self (OpenAPI 3.2.0, appendix F): a file
// is found by the identity it gives itself, and a relative $self keeps its host.
func TestSelf(t *testing.T) {
	t.Parallel()
	const body = "paths: {/a: {get: {operationId: a, requestBody: {$ref: 'shared/foo#/components/requestBodies/Foo'}}}}\n"
	const shared = "openapi: 3.2.0\n$self: %s\ncomponents:\n  requestBodies:\n    Foo: {content: {application/json: {schema: {$ref: '../openapi#/x'}}}}\n"
	const schema = "x: {type: boolean}\n"
	tests := []struct {
		name, location string
		files          map[string]string
		info           []string
	}{
		{"an absolute $self", "https://elsewhere.example/api.yml", map[string]string{
			"https://elsewhere.example/api.yml":  "openapi: 3.2.0\n$self: https://example.com/api/openapi\n" + schema + body,
			"https://example.com/api/shared/foo": fmt.Sprintf(shared, "https://example.com/api/shared/foo"),
		}, nil},
		{"a relative $self", "https://staging.example.com/specs/api.yml", map[string]string{
			"https://staging.example.com/specs/api.yml":  "openapi: 3.2.0\n$self: /api/openapi\n" + schema + body,
			"https://staging.example.com/api/shared/foo": fmt.Sprintf(shared, "/api/shared/foo"),
		}, nil},
		{"S-024: files beside a local description", "file:///x/openapi", map[string]string{
			"file:///x/openapi":    "openapi: 3.2.0\n$self: https://example.com/api/openapi\n" + schema + body,
			"file:///x/shared/foo": fmt.Sprintf(shared, "https://example.com/api/shared/foo"),
		}, []string{`api.yml:4:56: info[arazzo/local-copy]: the reference "shared/foo#/components/requestBodies/Foo" was read from /x/shared/foo, ` +
			`beside this file; by its own URI it means https://example.com/api/shared/foo`}},
		{"and where none is beside it", "file:///x/openapi", map[string]string{
			"file:///x/openapi":                  "openapi: 3.2.0\n$self: https://example.com/api/openapi\n" + schema + body,
			"https://example.com/api/shared/foo": fmt.Sprintf(shared, "https://example.com/api/shared/foo"),
		}, nil},
		{"OpenAPI 3.1 has no $self", "https://example.com/api/openapi", map[string]string{
			"https://example.com/api/openapi":    "openapi: 3.1.0\n$self: https://elsewhere.example/\n" + schema + body,
			"https://example.com/api/shared/foo": strings.Replace(shared, "$self: %s\n", "", 1),
		}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := &shelf{files: test.files}
			d, _ := s.load(t, test.location)
			op, found := d.Operation("a")
			if diff := cmp.Diff(test.info, lines(found)); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"GET /a (a)", "body application/json[boolean]"}, show(op)); diff != "" {
				t.Errorf("asked for %q (-want +got):\n%s", s.asked, diff)
			}
		})
	}
}

// TestSchemaFiles follows references in files that are a JSON Schema with a URI
// of its own.
func TestSchemaFiles(t *testing.T) {
	t.Parallel()
	s := &shelf{files: map[string]string{
		"https://example.com/x/api.yml":      "openapi: 3.1.0\npaths: {/a: {get: {operationId: a, parameters: [{name: q, in: query, schema: {$ref: pet.json}}]}}}",
		"https://example.com/x/pet.json":     `{"$id": "https://example.com/schemas/pet.json", "$defs": {"x": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/x"}, "b": {"$ref": "b.json"}}}`,
		"https://example.com/schemas/b.json": `{"type": "integer"}`,
	}}
	d, _ := s.load(t, "https://example.com/x/api.yml")
	op, _ := d.Operation("a")
	for property, want := range map[string]string{"a": "[string]", "b": "[integer]"} {
		if found, _ := op.Parameters[0].Schema.Property(property); types(found) != want {
			t.Errorf("%s: got %s, asked for %q", property, types(found), s.asked)
		}
	}
}

// TestOneFileTwice is led to one file by two names, as redirects do: what came
// first counts.
func TestOneFileTwice(t *testing.T) {
	t.Parallel()
	d, found := openapi.Load(file("openapi: 3.1.0\npaths: {/a: {$ref: a.yml}, /b: {$ref: b.yml}}"), func(_, reference string) (*source.File, error) {
		return &source.File{Name: "c.yml", Text: "get: {summary: " + reference + "}"}, nil
	})
	for _, listing := range d.Operations() {
		if listing.Summary != "a.yml" {
			t.Errorf("%s: got %s with %v", listing.Path, listing.Summary, found)
		}
	}
}

// TestEndlessFiles meets descriptions that name files without end.
func TestEndlessFiles(t *testing.T) {
	t.Parallel()
	var paths strings.Builder
	for i := range 1100 {
		fmt.Fprintf(&paths, "  /%d: {$ref: '%d.yml'}\n", i, i)
	}
	asked := 0
	one := func(_, reference string) (*source.File, error) {
		asked++
		return &source.File{Name: reference, Text: "get: {}"}, nil
	}
	d, found := openapi.Load(file("openapi: 3.1.0\npaths:\n"+paths.String()), one)
	if len(d.Operations()) != 1000 || len(found) != 100 || asked != 1000 {
		t.Errorf("%d operations of %d files, %d diagnostics", len(d.Operations()), asked, len(found))
	}
	if want := `the reference "1099.yml" leads to a file that cannot be read: the description names more than 1000 files`; found[99].Message != want {
		t.Errorf("got %s", found[99].Message)
	}
	further := func(_, reference string) (*source.File, error) {
		return &source.File{Name: reference, Text: "$ref: x" + reference}, nil
	}
	_, found = openapi.Load(file("openapi: 3.1.0\npaths: {/a: {$ref: a.yml}}"), further)
	if len(found) != 1 || !strings.HasSuffix(found[0].Message, "goes in a circle") {
		t.Errorf("a chain without end: %v", found)
	}
	large := func(_, reference string) (*source.File, error) {
		return &source.File{Name: reference, Text: "\xff" + strings.Repeat(" ", source.MaxBytes-1)}, nil
	}
	_, found = openapi.Load(file("openapi: 3.1.0\npaths: {/a: {$ref: a.yml}, /b: {$ref: b.yml}}"), large)
	if want := "have more than 134217728 bytes together"; len(found) != 2 || !strings.HasSuffix(found[1].Message, want) {
		t.Errorf("too much text: %v", lines(found))
	}
	nothing := func(string, string) (*source.File, error) { return nil, nil }
	_, found = openapi.Load(file("openapi: 3.1.0\npaths: {/a: {$ref: a.yml}}"), nothing)
	if len(found) != 1 || !strings.HasSuffix(found[0].Message, "nothing was found") {
		t.Errorf("no file and no error: %v", found)
	}
	unnamed := func(string, string) (*source.File, error) { return nil, errors.New("no") }
	if _, found = openapi.Load(&source.File{Text: "openapi: 3.1.0\npaths: {/a: {$ref: ''}, /b: {$ref: '%zz'}}"}, unnamed); len(found) != 2 {
		t.Errorf("references that are none: %v", found)
	}
}

// TestSharedDocument asks one document from many goroutines.
func TestSharedDocument(t *testing.T) {
	t.Parallel()
	s := split()
	d, _ := s.load(t, "file:///x/api.yml")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			op, _ := d.Operation("listPets")
			if name, _ := op.Responses[0].Content[0].Schema.Items().Property("name"); types(name) != "[string]" {
				t.Errorf("a name is %s", types(name))
			}
		})
	}
	group.Wait()
	if len(s.asked) != 5 {
		t.Errorf("asked for %q", s.asked)
	}
}
