package openapi_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// components are schemas that the tests refer to.
const components = `
components:
  schemas:
    Text: {type: string, format: date, description: A date, default: 2020-01-01, enum: [2020-01-01, "1"]}
    Closed: {type: object, additionalProperties: false, required: [a], properties: {a: {type: integer}}}
    Closed2: {type: object, additionalProperties: false, properties: {b: {type: boolean}, a: {type: string}}}
    Open: {type: object, properties: {a: {type: integer}}}
    Loop: {$ref: '#/components/schemas/Loop'}
    Forever: {oneOf: [{$ref: '#/components/schemas/Forever'}, {$ref: '#/components/schemas/Forever'}]}
    All: {allOf: [{$ref: '#/components/schemas/All'}, {type: string}]}
    Tree: {type: object, properties: {name: {type: string}, children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
    Both: {oneOf: [{properties: {a: {$ref: '#/components/schemas/Both'}, n: {type: string}}}, {properties: {a: {$ref: '#/components/schemas/Both'}, n: {type: integer}}}]}
    Animal: {type: object, properties: {kind: {type: string}}}
    Alias: {$ref: '#/components/schemas/Animal'}
    Cat: {allOf: [{$ref: '#/components/schemas/Animal'}, {properties: {claws: {type: boolean}}}]}
    Based: {$id: 'https://example.com/based', type: object, properties: {a: {$ref: '#/components/schemas/Text'}}}
`

// schema is the schema of a query parameter.
func schema(t *testing.T, version, text string) *openapi.Schema {
	t.Helper()
	text = "openapi: " + version + "\npaths: {/a: {get: {operationId: a, parameters: [{name: q, in: query, schema: " + text + "}]}}}" + components
	op, found := load(t, text).Operation("a")
	if op == nil {
		t.Fatal(found)
	}
	return op.Parameters[0].Schema
}

func TestSchemaTypes(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, version, schema, want string }{
		{"one type", "3.0.3", "{type: integer}", "integer"},
		{"nullable", "3.0.3", "{type: string, nullable: true}", "null string"},
		{"nullable beside a reference, which the letter ignores", "3.0.3", "{$ref: '#/components/schemas/Text', nullable: true}", "null string"},
		{"what stands beside a reference is ignored", "3.0.3", "{$ref: '#/components/schemas/Text', type: integer}", "string"},
		{"since 3.1 it holds as well", "3.1.0", "{$ref: '#/components/schemas/Open', type: [object, string]}", "object"},
		{"a list of types", "3.1.0", "{type: [integer, 'null']}", "integer null"},
		{"a whole number is a number", "3.1.0", "{type: [integer, number]}", "number"},
		{"null without quotes is no type", "3.1.0", "{type: [string, null]}", ""},
		{"an unknown type", "3.1.0", "{type: text}", ""},
		{"no type", "3.1.0", "{properties: {a: {}}}", ""},
		{"everything", "3.1.0", "true", ""},
		{"nothing", "3.1.0", "false", ""},
		{"damage", "3.1.0", "[1]", ""},
		{"allOf", "3.1.0", "{allOf: [{type: [string, integer]}, {type: [integer, array]}]}", "integer"},
		{"allOf of number and integer", "3.1.0", "{allOf: [{type: number}, {type: integer}]}", "integer"},
		{"allOf that contradicts itself", "3.1.0", "{allOf: [{type: string}, {type: integer}]}", ""},
		{"oneOf and its outside", "3.1.0", "{type: [string, object], oneOf: [{type: string}, {type: integer}]}", "string"},
		{"anyOf with an open end", "3.1.0", "{anyOf: [{type: string}, {}]}", ""},
		{"both", "3.1.0", "{oneOf: [{type: string}, {type: integer}], anyOf: [{type: integer}, {type: 'null'}]}", "integer"},
		{"an enum alone", "3.1.0", "{enum: [a, 1, null, yes, 1.5]}", "null number string"},
		{"an enum narrows", "3.1.0", "{type: [string, integer], enum: [1, 2]}", "integer"},
		{"an enum that contradicts the type", "3.1.0", "{type: string, enum: [1, 2]}", ""},
		{"an alternative that contradicts itself", "3.1.0", "{oneOf: [{type: string, enum: [1]}, {type: integer}]}", ""},
		{"a constant", "3.1.0", "{const: true}", "boolean"},
		{"a broken reference", "3.1.0", "{$ref: '#/nowhere'}", ""},
		{"a broken reference beside a type", "3.1.0", "{type: string, $ref: '#/nowhere'}", "string"},
		{"an anchor", "3.1.0", "{$ref: '#anchor'}", ""},
		{"its own reference", "3.1.0", "{$ref: '#/components/schemas/Loop'}", ""},
		{"alternatives without end", "3.1.0", "{$ref: '#/components/schemas/Forever'}", ""},
		{"allOf of itself", "3.1.0", "{$ref: '#/components/schemas/All'}", "string"},
	}
	for _, test := range tests {
		if got := strings.Join(schema(t, test.version, test.schema).Types(), " "); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// TestSchemaProperty finds members. "absent" has to be certain: what could add
// the member in any way keeps it open.
func TestSchemaProperty(t *testing.T) {
	t.Parallel()
	const closed, closed2, open = "{$ref: '#/components/schemas/Closed'}", "{$ref: '#/components/schemas/Closed2'}", "{$ref: '#/components/schemas/Open'}"
	tests := []struct{ name, schema, property, want string }{
		{"named", open, "a", "integer"},
		{"not named", open, "b", "unknown"},
		{"closed", closed, "a", "integer"},
		{"not named in a closed one", closed, "b", "absent"},
		{"other members have a schema", "{additionalProperties: {type: string}}", "b", "string"},
		{"patterns", "{type: object, additionalProperties: false, patternProperties: {x: {}}}", "b", "unknown"},
		{"patterns and other members", "{patternProperties: {b: {}}, additionalProperties: {type: string}}", "b", "unknown"},
		{"no object", "{type: [string, array]}", "b", "absent"},
		{"a closed one that may be null", "{type: [object, 'null'], additionalProperties: false}", "b", "absent"},
		{"a type that is not known", "{additionalProperties: false}", "b", "absent"},
		{"closed, and another names it", "{allOf: [" + closed + ", {properties: {b: {type: string}}}]}", "b", "string"},
		{"closed, and nobody names it", "{allOf: [" + closed + ", {properties: {c: {}}}]}", "b", "absent"},
		{"closed, beside what is broken", "{allOf: [" + closed + ", {$ref: '#/nowhere'}]}", "b", "unknown"},
		{"closed, beside any other member", "{allOf: [" + closed + ", {additionalProperties: {}}]}", "b", "[]"},
		{"closed, beside damage", "{allOf: [" + closed + ", 7]}", "b", "unknown"},
		{"types that contradict one another", "{allOf: [{type: string}, {type: integer}]}", "b", "unknown"},
		{"closed under a condition", "{allOf: [" + closed + ", {if: {}, then: {}}]}", "b", "unknown"},
		{"unevaluated", "{type: object, unevaluatedProperties: false, properties: {a: {}}}", "b", "absent"},
		{"unevaluated, and a part names it", "{unevaluatedProperties: false, allOf: [" + open + "]}", "a", "integer"},
		{"unevaluated, and no part names it", "{unevaluatedProperties: false, allOf: [" + open + "]}", "b", "absent"},
		{"one of two closed", "{oneOf: [" + closed + ", " + closed2 + "]}", "b", "boolean"},
		{"in both", "{oneOf: [" + closed + ", " + closed2 + "]}", "a", "integer string"},
		{"in neither", "{oneOf: [" + closed + ", " + closed2 + "]}", "c", "absent"},
		{"one is open", "{oneOf: [" + closed + ", " + open + "]}", "b", "unknown"},
		{"one is open and names it", "{oneOf: [" + closed2 + ", " + open + "]}", "a", "integer string"},
		{"one is no object", "{oneOf: [{type: string}, " + closed + "]}", "b", "absent"},
		{"one is broken", "{oneOf: [{$ref: '#/nowhere'}, " + closed + "]}", "b", "unknown"},
		{"named inside and outside", "{properties: {a: {type: [integer, string]}}, oneOf: [" + open + "]}", "a", "integer"},
		{"without end", "{$ref: '#/components/schemas/Forever'}", "a", "unknown"},
		{"its own reference", "{$ref: '#/components/schemas/Loop'}", "a", "unknown"},
		{"a base of its own", "{$ref: '#/components/schemas/Based'}", "a", "[]"},
	}
	for _, test := range tests {
		if got := known(schema(t, "3.1.0", test.schema).Property(test.property)); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func known(s *openapi.Schema, absent bool) string {
	switch {
	case absent && s != nil:
		return "absent and there"
	case absent:
		return "absent"
	case s == nil:
		return "unknown"
	case len(s.Types()) == 0:
		return "[]"
	}
	return strings.Join(s.Types(), " ")
}

func TestSchemaAt(t *testing.T) {
	t.Parallel()
	const tree = "{$ref: '#/components/schemas/Tree'}"
	tests := []struct{ name, schema, pointer, want string }{
		{"the whole", tree, "", "object"},
		{"a schema within itself", tree, strings.Repeat("/children/0", 50) + "/name", "string"},
		{"a name in an array", tree, "/children/name", "absent"},
		{"an index with a zero before it", tree, "/children/01", "absent"},
		{"below a text", tree, "/name/x", "absent"},
		{"below what is not known", tree, "/other/x", "unknown"},
		{"the first items", "{type: array, prefixItems: [{type: string}], items: {type: integer}}", "/0", "string"},
		{"the items after them", "{type: array, prefixItems: [{type: string}], items: {type: integer}}", "/1", "integer"},
		{"a list of items", "{type: array, items: [{type: string}], additionalItems: {type: integer}}", "/1", "integer"},
		{"an array or an object", "{oneOf: [{type: array, items: {type: string}}, {type: object, additionalProperties: {type: integer}}]}", "/0", "integer string"},
		{"no type, and members", "{properties: {a: {type: string}}}", "/a", "string"},
		{"no type, and a number", "{properties: {0: {type: string}}}", "/0", "unknown"},
		{"items of alternatives", "{type: array, items: {oneOf: [{type: string}, {type: object, properties: {a: {type: boolean}}}]}}", "/3/a", "boolean"},
		{"alternatives within themselves", "{$ref: '#/components/schemas/Both'}", strings.Repeat("/a", 50) + "/n", "integer string"},
		{"alternatives that grow", "{$ref: '#/components/schemas/Forever'}", strings.Repeat("/a", 100), "unknown"},
	}
	for _, test := range tests {
		tokens := strings.Split(test.pointer, "/")[1:]
		if test.pointer == "" {
			tokens = nil
		}
		if got := known(schema(t, "3.1.0", test.schema).At(tokens)); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
	if got := known(schema(t, "3.1.0", "{items: {type: string}}").Items(), false); got != "string" {
		t.Errorf("every item: got %s", got)
	}
	if got := known(schema(t, "3.1.0", "{prefixItems: [{}], items: {type: string}}").Items(), false); got != "unknown" {
		t.Errorf("every item where the first differ: got %s", got)
	}
}

func TestSchemaValues(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, schema string
		want         []any
	}{
		{"nothing said", "{type: string}", nil},
		{"YAML 1.2", "{enum: [yes, 010, 0o10, 1e3, ~, '', 'true', TRUE, 1_000, 2020-01-01, +1]}", []any{
			"yes", json.Number("10"), json.Number("8"), json.Number("1e3"), nil, "", "true", true, "1_000", "2020-01-01", json.Number("1"),
		}},
		{"a number that JSON does not have", "{enum: [1, .inf]}", nil},
		{"lists and objects", "{enum: [[1, {a: b}]]}", []any{[]any{json.Number("1"), map[string]any{"a": "b"}}}},
		{"a constant", "{const: 5}", []any{json.Number("5")}},
		{"alternatives", "{oneOf: [{const: 1}, {enum: [2]}]}", []any{json.Number("1"), json.Number("2")}},
		{"alternatives, one without", "{oneOf: [{const: 1}, {}]}", nil},
		{"nullable", "{enum: [a], nullable: true}", []any{"a", nil}},
		{"a tag", "{enum: [!!str 1]}", []any{"1"}},
		{"a tag that JSON does not have", "{enum: [!!binary aGk=]}", nil},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, schema(t, "3.1.0", test.schema).Enum()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestSchemaAnnotations(t *testing.T) {
	t.Parallel()
	s := schema(t, "3.1.0", "{allOf: [{$ref: '#/components/schemas/Text'}, {$ref: '#/components/schemas/Closed'}, {required: [b, a, 7, {}]}]}")
	value, present := s.Default()
	got := fmt.Sprintf("%s|%s|%v %t|%s|%s", s.Format(), s.Description(), value, present, s.Required(), s.Position())
	if want := "date|A date|2020-01-01 true|[b a 7]|api.yml:2:78"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, present := schema(t, "3.1.0", "{}").Default(); present {
		t.Error("a schema without a default has one")
	}
	var none *openapi.Schema
	_, present = none.Default()
	if _, absent := none.At([]string{"a"}); absent || present || none.Types() != nil || none.Items() != nil || none.Enum() != nil {
		t.Error("something is known of no schema")
	}
	if _, absent := none.Property("a"); absent || none.Format()+none.Description() != "" || none.Required() != nil || none.Position().Line != 0 {
		t.Error("something is known of no schema")
	}
}

// TestSchemaNullable reads OpenAPI 2.0, where null is an extension.
func TestSchemaNullable(t *testing.T) {
	t.Parallel()
	op, _ := load(t, "swagger: '2.0'\npaths: {/a: {get: {operationId: a, parameters: [{name: q, in: query, type: string, x-nullable: true}]}}}").Operation("a")
	if got := op.Parameters[0].Schema.Types(); !slices.Equal(got, []string{"null", "string"}) {
		t.Errorf("got %v", got)
	}
}

// FuzzSchema asks every question of any schema: no answer may contradict another.
func FuzzSchema(f *testing.F) {
	f.Add("{oneOf: [{$ref: '#/components/schemas/Forever'}, {type: object, additionalProperties: false}]}", "/a/0/b")
	f.Add("{allOf: [{type: array, items: {$ref: '#/components/schemas/Tree'}}]}", "/0/children/1/name")
	f.Add("&a {anyOf: [*a, {properties: {x: *a}}], type: [object, 'null']}", "/x/x")
	f.Fuzz(func(t *testing.T, text, pointer string) {
		d, _ := openapi.Load(file("openapi: 3.1.0\npaths: {/a: {get: {operationId: a, responses: {200: {content: {a/b: {schema: "+text+"}}}}}}}"+components), nil)
		if d == nil {
			return
		}
		op, _ := d.Operation("a")
		if op == nil || len(op.Responses) == 0 || len(op.Responses[0].Content) == 0 {
			return
		}
		s := op.Responses[0].Content[0].Schema
		for _, token := range strings.Split(pointer, "/") {
			next, absent := s.At([]string{token})
			if absent && next != nil {
				t.Fatalf("%q is absent and there", token)
			}
			if _, certain := s.Property(token); certain && !absent && !slices.Contains(append(s.Types(), "array"), "array") {
				t.Fatalf("%q is absent as a member and not in all", token)
			}
			s.Enum()
			s.Required()
			s.Items()
			s = next
		}
	})
}
