package openapi

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Schema is a view of a schema for static analysis. It reads nothing until it is
// asked, and then only what the question needs: references are followed, also
// into other files, allOf is taken together, oneOf and anyOf are alternatives.
//
// What it says holds for every value that the schema allows, or it says nothing:
// an answer is never more certain than the schema. A reference that cannot be
// followed, a schema without end and one that contradicts itself are unknown.
// Every method works on a nil Schema, of which nothing is known.
type Schema struct {
	document *Document
	// parts are Schema Objects that all hold.
	parts []part
	// unions are alternatives: of each, at least one schema holds.
	unions [][]*Schema
	// nesting counts the alternatives that this is one of.
	nesting int
	answers answers
}

// schema is the view of one Schema Object, nil when there is none.
func (d *Document) schema(p part) *Schema {
	if !p.exists() {
		return nil
	}
	return &Schema{document: d, parts: []part{p}}
}

// Position is where the schema stands, before its $ref is followed.
func (s *Schema) Position() source.Position {
	if s == nil || len(s.parts) == 0 {
		return source.Position{}
	}
	return s.parts[0].at()
}

// Types lists the JSON types that a value may have, in the order of their names:
// array, boolean, integer, null, number, object, string. With number, integer is
// left out. It is empty when the type is not known; so is OpenAPI 2.0's file,
// whose content may be anything.
func (s *Schema) Types() []string {
	if s == nil {
		return nil
	}
	return s.answers.types.once(func() []string { return slices.Clip(s.look().types(s).names()) })
}

// Property is the schema of an object's member, nil when it is not known.
// Absent is true when no value has the member: every form of it is closed by
// additionalProperties or unevaluatedProperties, or is no object, and nothing in
// the schema names the member or could add it.
func (s *Schema) Property(name string) (property *Schema, absent bool) {
	if s == nil {
		return nil, false
	}
	return s.answers.step(&s.answers.properties, name, func() (*Schema, bool) { return s.look().property(s, name) })
}

// Items is the schema of every item of an array, nil when it is not known.
func (s *Schema) Items() *Schema {
	if s == nil {
		return nil
	}
	return s.look().item(s, -1)
}

// At follows the tokens of a JSON Pointer through members and items. The schema
// is nil when it is not known; absent is true when no value has anything there.
func (s *Schema) At(tokens []string) (found *Schema, absent bool) {
	if s == nil {
		return nil, false
	}
	for _, token := range tokens {
		if s, absent = s.step(token); s == nil {
			return nil, absent
		}
	}
	return s, false
}

// Enum lists the only values that are allowed, as [source.Value.Data] has them;
// nil when there is no such list. The list must not be changed.
func (s *Schema) Enum() []any {
	if s == nil {
		return nil
	}
	return s.answers.enum.once(func() []any { return slices.Clip(s.look().enum(s)) })
}

// Format is the first format that the schema names; it may be empty.
func (s *Schema) Format() string { return s.first("format").text() }

// Description is the first description that the schema has; it may be empty.
func (s *Schema) Description() string { return s.first("description").text() }

// Default is the first default that the schema has, as [source.Value.Data] has
// it. Present is false when there is none.
func (s *Schema) Default() (value any, present bool) {
	p := s.first("default")
	if !p.exists() {
		return nil, false
	}
	return data(p)
}

// first is the first value of a keyword among what holds together.
func (s *Schema) first(keyword string) part {
	if s == nil {
		return part{}
	}
	for _, object := range s.look().whole(s).objects {
		if found := object.child(keyword); found.exists() {
			return found
		}
	}
	return part{}
}

// Required lists members that every object has to have, each once. The list must not
// be changed.
func (s *Schema) Required() []string {
	if s == nil {
		return nil
	}
	return s.answers.required.once(s.requiredNames)
}

func (s *Schema) requiredNames() []string {
	var names []string
	for _, object := range s.look().whole(s).objects {
		for _, name := range textsOf(object.child("required").items()) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return slices.Clip(names)
}

// ContentMediaType is the media type of what a text holds (OpenAPI 3.1.1, section
// 4.8.15.1): what contentMediaType says, application/octet-stream for a
// contentEncoding and for the format binary; empty when the schema says nothing of it.
func (s *Schema) ContentMediaType() string {
	if named := s.first("contentMediaType").text(); named != "" {
		return named
	}
	if s.first("contentEncoding").exists() || s.Format() == "binary" {
		return "application/octet-stream"
	}
	return ""
}
