package openapi

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Members lists the names that the schema gives to the members of objects, each
// once. All is true when it says nothing of any other member: no pattern, no
// schema for further members and no condition could describe one, and no schema
// of its file builds on it by allOf. Where the schema is open an object may have
// others all the same.
func (s *Schema) Members() (names []string, all bool) {
	if s == nil {
		return nil, false
	}
	m := s.answers.members.once(s.memberNames)
	return m.names, m.all
}

// memberNames is the answer of Members.
type memberNames struct {
	names []string
	all   bool
}

func (s *Schema) memberNames() (m memberNames) {
	seen := map[string]bool{}
	l := s.look()
	m.all = l.members(s, func(name string) {
		if !seen[name] {
			seen[name] = true
			m.names = append(m.names, name)
		}
	})
	m.names = slices.Clip(m.names)
	m.all = m.all && !l.extended(s)
	return m
}

// ReadOnly tells that the value belongs to responses alone: no request needs it,
// also where it is required (OpenAPI 3.0.4, section 4.7.24.2).
func (s *Schema) ReadOnly() bool {
	return s != nil && s.answers.readOnly.once(func() bool { return truth(s.first("readOnly").node, false) })
}

// members visits the names that a schema gives, see [Schema.Members].
func (l *look) members(s *Schema, visit func(name string)) bool {
	c := l.whole(s)
	if l.types(s)&kindObject == 0 {
		return true // what is no object adds no members
	}
	all := !c.open
	for _, o := range c.objects {
		for _, m := range o.child("properties").members() {
			visit(m.key.node.Value)
		}
		all = all && !mayAddOther(o)
	}
	for _, union := range c.unions {
		for _, s := range union {
			all = l.members(s, visit) && all
		}
	}
	return all
}

// extended tells whether other schemas of the file build on this one: where it is
// named, one of them may be meant.
func (l *look) extended(s *Schema) bool {
	base := map[*yaml.Node]bool{}
	for _, p := range s.parts {
		for p.exists() && !base[p.node] {
			base[p.node] = true
			p, _ = l.follow(p.child("$ref"))
		}
	}
	if len(s.parts) == 0 {
		return false
	}
	root := s.parts[0].in.root
	for _, m := range slices.Concat(root.child("components").child("schemas").members(), root.child("definitions").members()) {
		for _, item := range m.value.child("allOf").items() {
			if ref := item.child("$ref"); strings.HasPrefix(ref.text(), "#") {
				if found, _ := l.follow(ref); found.exists() && base[found.node] {
					return true
				}
			}
		}
	}
	return false
}

// mayAddOther tells whether a Schema Object may describe members that it does not
// name.
func mayAddOther(p part) bool {
	further := slices.ContainsFunc([]string{"additionalProperties", "unevaluatedProperties"}, func(keyword string) bool {
		other := p.child(keyword)
		return other.exists() && !isFalse(other)
	})
	return further || slices.ContainsFunc(adding, func(keyword string) bool { return p.child(keyword).exists() })
}
