package openapi

import (
	"slices"
	"strconv"
)

// property finds a member, see [Schema.Property].
func (l *look) property(s *Schema, name string) (*Schema, bool) {
	if l.closed(s) && !l.mentions(s, name) {
		return nil, true
	}
	c := l.whole(s)
	var parts []part
	for _, o := range c.objects {
		if p := ownProperty(o, name); p.exists() {
			parts = append(parts, p)
		}
	}
	unions := [][]*Schema{}
	for _, union := range c.unions {
		var some []*Schema
		for _, s := range union {
			if found, absent := l.property(s, name); !absent {
				some = append(some, found)
			}
		}
		if found := l.either(some); found != nil {
			unions = append(unions, []*Schema{found})
		}
	}
	return l.together(parts, unions), false
}

// ownProperty is what one Schema Object says of a member by itself. Patterns are
// not matched: with them nothing is known of a member that is not named.
func ownProperty(p part, name string) part {
	if named := p.child("properties").child(name); named.exists() {
		return named
	}
	if other := p.child("additionalProperties"); other.isMapping() && !p.child("patternProperties").exists() {
		return other
	}
	return part{}
}

// closed tells whether objects of the schema are closed, or are none. Sub-schemas
// that do not know of one another may still name members: see mentions.
func (l *look) closed(s *Schema) bool {
	if l.types(s)&kindObject == 0 {
		return true
	}
	c := l.whole(s)
	if slices.ContainsFunc(c.objects, func(o part) bool {
		return isFalse(o.child("additionalProperties")) || isFalse(o.child("unevaluatedProperties"))
	}) {
		return true
	}
	return slices.ContainsFunc(c.unions, func(union []*Schema) bool {
		return !slices.ContainsFunc(union, func(s *Schema) bool { return !l.closed(s) })
	})
}

// adding are the keywords that may add members in ways that are not followed.
var adding = []string{
	"patternProperties", "if", "then", "else", "dependentSchemas", "dependencies", "not", "$dynamicRef", "$recursiveRef",
}

// mentions tells whether anything in the schema names the member or could add
// it. Of a schema that allows no object nothing does.
func (l *look) mentions(s *Schema, name string) bool {
	c := l.whole(s)
	if l.types(s)&kindObject == 0 {
		return false
	}
	if c.open || slices.ContainsFunc(c.objects, func(o part) bool { return mayAdd(o, name) }) {
		return true
	}
	return slices.ContainsFunc(c.unions, func(union []*Schema) bool {
		return slices.ContainsFunc(union, func(s *Schema) bool { return l.mentions(s, name) })
	})
}

func mayAdd(p part, name string) bool {
	return p.child("properties").child(name).exists() || mayAddOther(p)
}

func isFalse(p part) bool { return p.exists() && p.node.Tag == "!!bool" && !truth(p.node, true) }

// item finds the schema of the item at an index, of every item when the index is
// negative.
func (l *look) item(s *Schema, index int) *Schema {
	c := l.whole(s)
	var parts []part
	for _, o := range c.objects {
		p, known := ownItem(o, index)
		if !known {
			return nil
		}
		if p.exists() {
			parts = append(parts, p)
		}
	}
	var unions [][]*Schema
	for _, union := range c.unions {
		var some []*Schema
		for _, s := range union {
			if l.types(s)&kindArray != 0 {
				some = append(some, l.item(s, index))
			}
		}
		if found := l.either(some); found != nil {
			unions = append(unions, []*Schema{found})
		}
	}
	return l.together(parts, unions)
}

// ownItem is what one Schema Object says of an item by itself. It is not known
// of every item where the first ones differ: prefixItems, or a list of items
// before JSON Schema 2020-12.
func ownItem(p part, index int) (item part, known bool) {
	items := p.child("items")
	first := p.child("prefixItems").items()
	if items.isList() {
		first, items = items.items(), p.child("additionalItems")
	}
	switch {
	case index < 0 && len(first) > 0:
		return part{}, false
	case index >= 0 && index < len(first):
		return first[index], true
	}
	return items, true
}

// at takes one step of a JSON Pointer.
func (l *look) at(s *Schema, token string) (*Schema, bool) {
	possible := l.types(s)
	var some []*Schema
	if possible&kindObject != 0 {
		if found, absent := l.property(s, token); !absent {
			some = append(some, found)
		}
	}
	if index, err := strconv.Atoi(token); err == nil && index >= 0 && strconv.Itoa(index) == token && possible&kindArray != 0 {
		some = append(some, l.item(s, index))
	}
	return l.either(some), len(some) == 0
}
