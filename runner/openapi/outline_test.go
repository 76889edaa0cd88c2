package openapi_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
	"github.com/arazzo-conformance/arazzo/specs"
)

// damagedJSON has what is only found when parts are looked into: keys that stand
// twice, references without an end and damage of many kinds.
const damagedJSON = `{
  "openapi": "3.1.0",
  "paths": {
    "/a": {
      "$ref": "#/components/pathItems/a",
      "get": {"operationId": "one", "operationId": "two", "responses": {"200": {"$ref": "#/components/responses/none"}}},
      "get": {"operationId": "three"}
    },
    "/b": {"post": {"operationId": "one", "requestBody": {"content": {"text/plain": {"schema": {"$ref": "#/components/schemas/loop"}}}}}},
    "/c": ["no", {"path": "item"}],
    "/d": {"get": {"operationId": 7, "parameters": [{"name": "x", "in": "nowhere"}, {"$ref": "#/paths/~1b/post/requestBody/content/text~1plain"}]}}
  },
  "components": {
    "pathItems": {"a": {"put": {"operationId": "four", "security": [{"key": []}], "servers": [{"url": ["x"]}]}}},
    "schemas": {"loop": {"allOf": [{"$ref": "#/components/schemas/loop"}, {"type": ["string", "null"], "enum": ["a", {"b": [null, 1.50]}]}]}}
  }
}`

// everything tells all that a description says when every part of it is asked for.
func everything(text string) []string {
	again := func(_, reference string) (*source.File, error) { return &source.File{Name: reference, Text: text}, nil }
	d, found := openapi.Load(&source.File{Name: "api.openapi", Text: text}, again)
	list := lines(found)
	if d == nil {
		return list
	}
	for _, l := range d.Operations() {
		list = append(list, fmt.Sprint(l.ID, " ", l.Method, l.Path, " ", l.Summary, " ", l.Position))
		op, found := d.OperationAt(l.Pointer)
		list = append(list, lines(found)...)
		list = append(list, show(op)...)
		if op == nil {
			continue
		}
		for _, r := range op.Responses {
			list = append(list, r.Position.String())
			for _, m := range r.Content {
				list = append(list, fmt.Sprint(m.Schema.Members()))
			}
		}
	}
	return list
}

// TestLongJSON holds that a description of which the parts are read when they are
// asked for says the same, at the same places, as one that was read at once: behind
// a comment the same text is no JSON, and goes to the YAML library.
func TestLongJSON(t *testing.T) {
	t.Parallel()
	pulse, accelerate := asJSON(t, specs.Pulse), asJSON(t, specs.Accelerate)
	for name, text := range map[string]string{
		"2.0": asJSON(t, petsOf2), "3.2": asJSON(t, petsOf32), "damaged": damagedJSON, "pulse": pulse, "accelerate": accelerate,
	} {
		long := strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", 300))
		if diff := cmp.Diff(everything(long+"\n# no JSON"), everything(long)); diff != "" {
			t.Errorf("%s (-at once +by parts):\n%s", name, diff)
		}
	}
}

func asJSON(t *testing.T, text string) string {
	t.Helper()
	v, err := source.Parse(file(text))
	if err != nil {
		t.Fatal(err)
	}
	return v.JSON()
}

// TestLongJSONIsShared: goroutines that come to the same parts make them once.
func TestLongJSONIsShared(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(asJSON(t, specs.Pulse), "\n", "\n"+strings.Repeat(" ", 300))
	d, found := openapi.Load(&source.File{Name: "api.json", Text: text}, nil)
	if d == nil {
		t.Fatal(found)
	}
	var all sync.WaitGroup
	shown := make([][]string, 8)
	for i := range shown {
		all.Go(func() {
			for _, id := range d.OperationIDs() {
				op, _ := d.Operation(id)
				shown[i] = append(shown[i], show(op)...)
			}
		})
	}
	all.Wait()
	for _, other := range shown[1:] {
		if diff := cmp.Diff(shown[0], other); diff != "" {
			t.Errorf("(-one +another):\n%s", diff)
		}
	}
}

// TestLongJSONDamaged: damage far below is found when the description is loaded,
// not when somebody comes there.
func TestLongJSONDamaged(t *testing.T) {
	t.Parallel()
	text := `{"openapi": "3.1.0", "components": {"schemas": {"a": {"properties": {"b": {"enum": [1,` + strings.Repeat("\n", 5000) + ` ]}}}}}}`
	d, found := openapi.Load(&source.File{Name: "api.json", Text: text}, nil)
	want := []string{"api.json:5001:2: error[arazzo/json-syntax]: found ']'"}
	if got := lines(found); d != nil || len(got) != 1 || !strings.HasPrefix(got[0], want[0]) {
		t.Errorf("got %v, want %v", got, want)
	}
}
