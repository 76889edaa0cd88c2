package openapi

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// maxObjects bounds the Schema Objects that one question passes. Real answers
// take a few; the largest unions known have some hundred alternatives.
const maxObjects = 2000

// maxNesting bounds alternatives within alternatives of one value. Real schemas
// have three or four; more are alternatives of themselves.
const maxNesting = 16

// look answers one question about a schema.
type look struct {
	reader
	// left is how many Schema Objects may still be passed.
	left int
	// known are the conjunctions that were taken already.
	known map[*Schema]*conjunction
}

func (s *Schema) look() *look {
	return &look{reader: reader{document: s.document}, left: maxObjects, known: map[*Schema]*conjunction{}}
}

// conjunction is a schema with its references and allOf followed.
type conjunction struct {
	// objects are Schema Objects that all hold, unions alternatives of which one
	// holds each.
	objects []part
	unions  [][]*Schema
	// open is true when something else may hold too, that could not be read.
	open bool
	// nullable is true when null is allowed beside the types.
	nullable bool
}

// whole takes a schema together.
func (l *look) whole(s *Schema) *conjunction {
	if c := l.known[s]; c != nil {
		return c
	}
	c := &conjunction{unions: slices.Clone(s.unions)}
	l.known[s] = c
	seen := map[*yaml.Node]bool{}
	queue := slices.Clone(s.parts)
	for i := 0; i < len(queue); i++ {
		p := queue[i]
		if seen[p.node] {
			continue
		}
		seen[p.node] = true
		if l.left--; l.left < 0 || s.nesting > maxNesting || !l.spend(p) {
			c.open = true
			return c
		}
		queue = append(queue, l.take(c, p, s.nesting)...)
	}
	return c
}

// take adds one Schema Object to what holds, and lists those that hold with it.
func (l *look) take(c *conjunction, p part, nesting int) (more []part) {
	if !p.isMapping() {
		// true allows everything; false and damage say nothing that is certain.
		c.open = c.open || !truth(p.node, false)
		return nil
	}
	edition := l.document.edition
	p.rebased = p.rebased || p.rebases()
	c.nullable = c.nullable || truth(p.child("nullable").node, false) || truth(p.child("x-nullable").node, false)
	if ref := p.child("$ref"); ref.exists() {
		if found, problem := l.follow(ref); problem != "" || p.rebased {
			c.open = true
		} else {
			more = append(more, found)
		}
		if edition < edition31 { // what stands beside a reference is ignored
			return more
		}
	}
	c.objects = append(c.objects, p)
	more = append(more, p.child("allOf").items()...)
	for _, keyword := range []string{"oneOf", "anyOf"} {
		var union []*Schema
		for _, item := range p.child(keyword).items() {
			union = append(union, &Schema{document: l.document, parts: []part{item}, nesting: nesting + 1})
		}
		if len(union) > 0 {
			c.unions = append(c.unions, union)
		}
	}
	return more
}

// together is the schema of parts that all hold, nil when there are none.
func (l *look) together(parts []part, unions [][]*Schema) *Schema {
	if len(parts) == 0 && len(unions) == 0 {
		return nil
	}
	return &Schema{document: l.document, parts: parts, unions: unions}
}

// either is the schema of alternatives, nil when one of them is not known.
func (l *look) either(schemas []*Schema) *Schema {
	var different []*Schema
	for _, s := range schemas {
		if s == nil {
			return nil
		}
		different = s.addTo(different)
	}
	switch len(different) {
	case 0:
		return nil
	case 1:
		return different[0]
	}
	return l.together(nil, [][]*Schema{different})
}

// addTo adds a schema to alternatives that do not have it: one that is itself
// alternatives and nothing else, by each of them. Without this the alternatives
// of a schema within itself would double at every step.
func (s *Schema) addTo(list []*Schema) []*Schema {
	if len(s.parts) == 0 && len(s.unions) == 1 {
		for _, one := range s.unions[0] {
			list = one.addTo(list)
		}
		return list
	}
	if slices.ContainsFunc(list, s.same) {
		return list
	}
	return append(list, s)
}

// same tells whether two schemas are one Schema Object.
func (s *Schema) same(other *Schema) bool {
	return len(s.parts) == 1 && len(other.parts) == 1 && s.parts[0] == other.parts[0] && len(s.unions)+len(other.unions) == 0
}
