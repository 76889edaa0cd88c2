package published_test

import (
	"slices"
	"strings"
)

// schema is what all of its parts say together: a Schema Object, what it refers to,
// what it takes in, and one of each of its alternatives.
type schema []part

type part struct {
	raw map[string]any
	api *description
}

// read makes a schema; choice says which of the alternatives it takes.
func read(raw any, api *description, choice int) schema {
	return readWithin(raw, api, choice, 0)
}

func readWithin(raw any, api *description, choice, depth int) schema {
	m := object(raw)
	if len(m) == 0 || depth > 12 {
		return nil
	}
	if ref, ok := m["$ref"].(string); ok && api != nil {
		found := readWithin(api.at(ref), api, choice, depth+1)
		if strings.HasPrefix(api.version, "3.0") || api.isSwagger() || len(m) == 1 {
			return found
		}
		beside := map[string]any{}
		for name, value := range m {
			if name != "$ref" {
				beside[name] = value
			}
		}
		return append(readWithin(beside, api, choice, depth+1), found...)
	}
	s := schema{{m, api}}
	for _, one := range list(m, "allOf") {
		s = append(s, readWithin(one, api, choice, depth+1)...)
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if some := list(m, keyword); len(some) > 0 {
			s = append(s, alternative(some, m, api, choice, depth)...)
		}
	}
	return s
}

// alternative takes the one that the choice asks for, null as the last of all.
func alternative(some []any, m map[string]any, api *description, choice, depth int) schema {
	some = slices.DeleteFunc(slices.Clone(some), func(one any) bool { return text(one, "type") == "null" })
	if len(some) == 0 {
		return nil
	}
	taken := some[choice%len(some)]
	s := readWithin(taken, api, choice, depth+1)
	property := text(get(m, "discriminator"), "propertyName")
	ref := text(taken, "$ref")
	if property == "" || ref == "" {
		return s
	}
	name := ref[strings.LastIndexByte(ref, '/')+1:]
	for key, target := range object(get(get(m, "discriminator"), "mapping")) {
		if target == ref || target == name {
			name = key
		}
	}
	if one, _ := s.property(property, choice); one.enumeration() == nil {
		s = append(s, part{map[string]any{"properties": map[string]any{property: map[string]any{"const": name}}}, api})
	}
	return s
}

// types are those that all parts allow; empty where none says anything, or where
// they contradict one another.
func (s schema) types() []string {
	var allowed []string
	known := false
	for _, p := range s {
		own := p.types()
		switch {
		case own == nil:
		case !known:
			allowed, known = own, true
		default:
			allowed = intersection(allowed, own)
		}
	}
	return allowed
}

func (p part) types() []string {
	var found []string
	switch t := p.raw["type"].(type) {
	case string:
		found = []string{t}
	case []any:
		for _, one := range t {
			if name, ok := one.(string); ok && name != "null" {
				found = append(found, name)
			}
		}
	default:
		if p.raw["properties"] != nil || p.raw["additionalProperties"] != nil {
			found = []string{"object"}
		} else if p.raw["items"] != nil {
			found = []string{"array"}
		}
	}
	if slices.Contains(found, "number") {
		found = append(found, "integer")
	}
	return found
}

func intersection(a, b []string) []string {
	both := []string{}
	for _, one := range a {
		if slices.Contains(b, one) {
			both = append(both, one)
		}
	}
	return both
}

// contradicts tells whether no value can be right for both.
func (s schema) contradicts(other schema) bool {
	a, b := s.types(), other.types()
	if len(a) > 0 && len(b) > 0 && len(intersection(a, b)) == 0 {
		return true
	}
	return s.enumeration() != nil && other.enumeration() != nil && len(append(s[:len(s):len(s)], other...).enumeration()) == 0
}

// enumeration lists the values that all parts allow, nil where none lists any.
func (s schema) enumeration() []any {
	var allowed []any
	known := false
	for _, p := range s {
		own, ok := p.raw["enum"].([]any)
		if fixed, isFixed := p.raw["const"]; isFixed {
			own, ok = []any{fixed}, true
		}
		switch {
		case !ok:
		case !known:
			allowed, known = own, true
		default:
			allowed = slices.DeleteFunc(slices.Clone(allowed), func(v any) bool {
				return !slices.ContainsFunc(own, func(other any) bool { return same(v, other) })
			})
		}
	}
	if known && allowed == nil {
		return []any{}
	}
	return allowed
}

// property is what is said of a member; closed means that there can be none.
func (s schema) property(name string, choice int) (found schema, closed bool) {
	known := false
	for _, p := range s {
		if own, ok := object(p.raw["properties"])[name]; ok {
			found, known = append(found, read(own, p.api, choice)...), true
		}
	}
	if known {
		return found, false
	}
	for _, p := range s {
		switch more := p.raw["additionalProperties"].(type) {
		case bool:
			closed = closed || !more
		case map[string]any:
			found = append(found, read(more, p.api, choice)...)
		}
	}
	return found, closed
}

func (s schema) items(choice int) schema {
	var found schema
	for _, p := range s {
		found = append(found, read(p.raw["items"], p.api, choice)...)
	}
	return found
}

// properties are the names of the members that are described, and those of them, and
// of others, that are required.
func (s schema) properties() (names, required []string) {
	for _, p := range s {
		for _, name := range sortedKeys(object(p.raw["properties"])) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		for _, name := range list(p.raw, "required") {
			if name, ok := name.(string); ok && !slices.Contains(required, name) {
				required = append(required, name)
			}
		}
	}
	return names, required
}

// first is the first value of a keyword.
func (s schema) first(keyword string) any {
	for _, p := range s {
		if v, ok := p.raw[keyword]; ok {
			return v
		}
	}
	return nil
}

func (s schema) says(keyword string) bool {
	for _, p := range s {
		if p.raw[keyword] == true {
			return true
		}
	}
	return false
}
