package psl

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// side is one of the two fields of a relation, with the model that it is of.
type side struct {
	model *Model
	field *Field
}

func (s side) String() string { return s.model.Name + "." + s.field.Name }

// holds tells whether the side has the foreign key.
func (s side) holds() bool { return len(s.field.Relation.Fields) > 0 }

// opposite is the other side.
func (r *resolver) opposite(s side) side {
	other := r.modelsByName[s.field.Type]
	return side{other, r.fieldsByName[other][s.field.Relation.Opposite]}
}

// judgeRelations judges the relations of a schema that is right otherwise.
func (r *resolver) judgeRelations() {
	for _, m := range r.schema.Models {
		for _, f := range m.Fields {
			if f.Kind == RelationKind {
				r.judge(side{m, f})
			}
		}
	}
}

// judge wants one side of a relation to be such that it leads to what it says. A
// relation to a view is none in the database.
func (r *resolver) judge(s side) {
	o := r.opposite(s)
	if s.model.IsView || o.model.IsView {
		return
	}
	switch {
	case s.field.IsList && o.field.IsList:
		r.judgeManyToMany(s, o)
		return
	case s.field.IsList && s.holds():
		r.wrong(s.field.Position, "expected no fields and references in @relation on a list, found them: write them on "+o.String()+", which leads to one "+s.model.Name)
		return
	case s.field.IsList:
		return
	case o.field.IsList && !s.holds():
		r.wrong(s.field.Position, "expected the fields that hold the key, and what they refer to, found none: write "+keyExample(s, o))
	case !o.field.IsList:
		r.judgeOneToOne(s, o)
	}
	if s.holds() {
		r.judgeKey(s, o)
	}
}

// keyExample shows what holds a key.
func keyExample(s, o side) string {
	id := "id"
	if o.model.ID != nil && len(o.model.ID.Fields) == 1 {
		id = o.model.ID.Fields[0]
	}
	first, size := utf8.DecodeRuneInString(id)
	return "@relation(fields: [" + s.field.Name + string(unicode.ToUpper(first)) + id[size:] + "], references: [" + id + "])"
}

// judgeManyToMany wants two models with one id each; Prisma keeps the table between
// them by itself.
func (r *resolver) judgeManyToMany(s, o side) {
	if s.holds() {
		r.wrong(s.field.Position, "expected no fields in @relation of a relation from many to many, found them: leave them out, or make a model of the table between "+s.model.Name+" and "+o.model.Name)
		return
	}
	if id := o.model.ID; id == nil || len(id.Fields) != 1 {
		r.wrong(s.field.Position, "expected "+o.model.Name+" to have an @id of one field, as a relation from many to many needs: make a model of the table between, or give it one")
	}
}

// judgeOneToOne wants one side to hold the key, in fields that tell its records apart,
// and the other to be optional: the database cannot see to it that there is one.
func (r *resolver) judgeOneToOne(s, o side) {
	switch {
	case s.holds() && o.holds():
		r.wrong(s.field.Position, "expected fields and references in @relation on one side, found them on "+s.String()+" and on "+o.String()+": leave them out on one")
	case s.holds():
		if fields := s.field.Relation.Fields; !s.model.tellsApart(fields) {
			r.wrong(s.field.Position, "expected fields of their own for each "+s.model.Name+", as a relation from one to one needs, found ["+strings.Join(fields, ", ")+"]: mark them @unique (several with @@unique), or make "+o.String()+" a list")
		}
	case o.holds():
		if !s.field.IsOptional {
			r.wrong(s.field.Position, "expected the side that has no fields in @relation to be optional, found "+s.field.Type+": write "+s.field.Type+"?")
		}
	case s.model.Name < o.model.Name || s.model == o.model && s.field.Name < o.field.Name:
		r.wrong(s.field.Position, "expected the fields that hold the key, and what they refer to, on "+s.String()+" or on "+o.String()+", found none: write "+keyExample(s, o))
	}
}

// tellsApart tells whether the fields are a key.
func (m *Model) tellsApart(fields []string) bool {
	is := func(k *Key) bool { return sameNames(k.Fields, fields) }
	return m.ID != nil && is(m.ID) || slices.ContainsFunc(m.Unique, is)
}

// sameNames tells whether names are the same, in whatever order.
func sameNames(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// judgeKey wants the fields of a key to be as what they refer to, which tells the
// records of the other model apart.
func (r *resolver) judgeKey(s, o side) {
	relation := s.field.Relation
	for i, name := range relation.Fields {
		field, reference := r.fieldsByName[s.model][name], r.fieldsByName[o.model][relation.References[i]]
		if field.Type != reference.Type || field.IsList || reference.IsList {
			r.wrong(field.TypePosition, "expected the type of "+o.model.Name+"."+reference.Name+", "+typeText(reference)+", to which this field refers in "+s.String()+", found "+typeText(field))
		}
		if field.IsOptional && !s.field.IsOptional {
			r.wrong(s.field.Position, "expected "+s.field.Type+"?, as "+s.model.Name+"."+name+" may be null, found "+s.field.Type)
		}
	}
	if !o.model.tellsApart(relation.References) {
		r.wrong(s.field.Position, "expected references that tell each "+o.model.Name+" apart, found ["+strings.Join(relation.References, ", ")+"]: refer to its @id or to what is @unique (several fields with @@unique)")
	}
}

// typeText is a type as it is written.
func typeText(f *Field) string {
	text := f.Type
	if f.Kind == Unsupported {
		text = "Unsupported(" + shown(f.Type) + ")"
	}
	if f.IsList {
		text += "[]"
	}
	return text
}
