package openapi_test

import (
	"fmt"
	"testing"
)

func TestSchemaMembers(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, version, schema, want string }{
		{"named", "3.1.0", "{type: object, properties: {a: {}, b: {}}}", "[a b] true"},
		{"closed", "3.1.0", "{$ref: '#/components/schemas/Closed'}", "[a] true"},
		{"all together, each once", "3.1.0", "{allOf: [{properties: {a: {}, b: {}}}, {properties: {b: {}, c: {}}}]}", "[a b c] true"},
		{"alternatives", "3.1.0", "{oneOf: [{properties: {a: {}}}, {type: string, properties: {b: {}}}]}", "[a] true"},
		{"a pattern", "3.1.0", "{properties: {a: {}}, patternProperties: {^x-: {}}}", "[a] false"},
		{"further members are described", "3.1.0", "{properties: {a: {}}, additionalProperties: {type: string}}", "[a] false"},
		{"further members are allowed in so many words", "3.1.0", "{properties: {a: {}}, additionalProperties: true}", "[a] false"},
		{"a condition", "3.1.0", "{properties: {a: {}}, if: {}, then: {properties: {b: {}}}}", "[a] false"},
		{"a condition in an alternative", "3.1.0", "{anyOf: [{properties: {a: {}}}, {not: {}}]}", "[a] false"},
		{"no object", "3.1.0", "{type: string, properties: {a: {}}}", "[] true"},
		{"a reference that leads nowhere", "3.1.0", "{$ref: '#/nowhere'}", "[] false"},
		{"a base that others build on", "3.0.3", "{$ref: '#/components/schemas/Alias'}", "[kind] false"},
		{"one that builds on it", "3.0.3", "{$ref: '#/components/schemas/Cat'}", "[claws kind] true"},
		{"alternatives of themselves", "3.1.0", "{$ref: '#/components/schemas/Forever'}", "[] false"},
		{"no schema", "3.1.0", "", "[] false"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := schema(t, test.version, test.schema)
			if test.schema == "" {
				s = nil
			}
			names, all := s.Members()
			if got := fmt.Sprint(names, all); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestSchemaReadOnly(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, schema string
		want         bool
	}{
		{"read only", "{type: string, readOnly: true}", true},
		{"in allOf", "{allOf: [{readOnly: true}, {type: string}]}", true},
		{"not", "{type: string, readOnly: false}", false},
		{"not said", "{type: string}", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := schema(t, "3.1.0", test.schema).ReadOnly(); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}
