package psl

import (
	"unicode"
	"unicode/utf8"
)

// pairRelations finds the two fields of each relation: each leads to the model of the
// other, under one name.
func (r *resolver) pairRelations() {
	for _, m := range r.schema.Models {
		for _, f := range m.Fields {
			if f.Kind == RelationKind {
				r.pair(m, f)
			}
		}
	}
}

func (r *resolver) pair(m *Model, f *Field) {
	other := r.modelsByName[f.Type]
	var opposite []*Field
	for _, o := range other.Fields {
		if o != f && o.Kind == RelationKind && o.Type == m.Name && o.Relation.Name == f.Relation.Name {
			opposite = append(opposite, o)
		}
	}
	switch len(opposite) {
	case 1:
		f.Relation.Opposite = opposite[0].Name
	case 0:
		under := ""
		if f.Relation.Name != "" {
			under = " under the relation's name " + shown(f.Relation.Name)
		}
		r.wrong(f.Position, "expected a field of "+other.Name+" that leads back to "+m.Name+under+", found none: add one, such as "+backward(m, f))
	default:
		r.wrong(f.Position, "expected one field of "+other.Name+" that leads back to "+m.Name+", found "+opposite[0].Name+" and "+opposite[1].Name+`: name each relation on both of its sides, as in @relation("Name")`)
	}
}

// backward is a field that could lead back from where f leads.
func backward(m *Model, f *Field) string {
	if len(f.Relation.Fields) > 0 {
		return shown(firstLower(m.Name) + "s " + m.Name + "[]")
	}
	return shown(firstLower(m.Name) + " " + m.Name + "?")
}

// firstLower is a name as fields are called.
func firstLower(name string) string {
	r, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(r)) + name[size:]
}
