package prisma

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

// relations gives the models the relations of the schema, each to both sides. One of
// which a model, a field or the table between is missing is left out; so is one of
// which a part is ignored, and one to a view.
func (f *fitting) relations() {
	f.joins = map[*psl.Field]*psl.Join{}
	for _, j := range f.file.Joins() {
		f.joins[j.Field] = j
	}
	for _, m := range f.file.Models {
		for _, field := range m.Fields {
			if field.Kind != psl.RelationKind || f.models[m.Name] == nil {
				continue
			}
			if r := f.relation(m, field); r != nil {
				f.models[m.Name].Relations = append(f.models[m.Name].Relations, r)
			}
		}
	}
	for _, m := range f.models {
		for _, r := range m.Relations {
			r.Inverse, _ = r.Model.Relation(f.declared[m.Name].Field(r.Name).Relation.Opposite)
		}
	}
}

// relation is one side of a relation.
func (f *fitting) relation(m *psl.Model, field *psl.Field) *Relation {
	other := f.declared[field.Type]
	opposite := other.Field(field.Relation.Opposite)
	model, leads := f.models[m.Name], f.models[other.Name]
	if leads == nil || field.IsIgnored || opposite.IsIgnored {
		return nil
	}
	r := &Relation{Name: field.Name, Title: psl.RelationName(m, field), Model: leads, List: field.IsList, Required: !field.IsList && !field.IsOptional}
	switch {
	case field.IsList && opposite.IsList:
		return f.manyToMany(r, model, f.joins[field], f.joins[opposite])
	case len(field.Relation.Fields) > 0:
		r.Holds = true
		r.OnDelete = onDelete(m, field)
		r.Fields, r.References = model.fields(field.Relation.Fields), leads.fields(field.Relation.References)
	default:
		r.OnDelete = onDelete(other, opposite)
		r.Fields, r.References = model.fields(opposite.Relation.References), leads.fields(opposite.Relation.Fields)
	}
	if r.Fields == nil || r.References == nil {
		return nil
	}
	return r
}

// fields finds fields by their names, nil where one is missing.
func (m *Model) fields(names []string) []*Field {
	fields := make([]*Field, len(names))
	for i, name := range names {
		var ok bool
		if fields[i], ok = m.Field(name); !ok {
			return nil
		}
	}
	return fields
}

// onDelete is the referential action of the side that holds the key: where it says
// nothing, one of which all may be null is set null, and any other refuses.
func onDelete(m *psl.Model, holder *psl.Field) string {
	if holder.Relation.OnDelete != "" {
		return holder.Relation.OnDelete
	}
	required := slices.ContainsFunc(holder.Relation.Fields, func(name string) bool { return !m.Field(name).IsOptional })
	if required {
		return "Restrict"
	}
	return "SetNull"
}

// manyToMany finds the table between two models: of those of the two fields there is
// one, that of the field from whose model column A is.
func (f *fitting) manyToMany(r *Relation, model *Model, forward, back *psl.Join) *Relation {
	join, first := forward, model
	own, other := "A", "B"
	if forward == nil {
		join, first = back, r.Model
		own, other = other, own
	}
	r.OnDelete = "Cascade"
	r.Join = &JoinTable{Namespace: first.Namespace, Table: join.Table, Own: own, Other: other}
	if !f.database.hasJoin(r.Join) {
		if forward != nil {
			f.problem(join.Field.Position, "field %s.%s: expected the table %s with the columns A and B, which the database does not have: %s the relation's name",
				model.Name, r.Name, qualified(r.Join.Namespace, r.Join.Table), migrate)
		}
		return nil
	}
	if model.ID == nil || r.Model.ID == nil {
		return nil
	}
	r.Fields, r.References = model.ID.Fields, r.Model.ID.Fields
	return r
}

// hasJoin tells whether the database has the table, with whatever keys.
func (s *Schema) hasJoin(j *JoinTable) bool {
	for _, tables := range [][]*Model{s.Joins, s.Models} {
		table, ok := find(tables, func(m *Model) bool { return m.Namespace == j.Namespace && m.Table == j.Table })
		if !ok {
			continue
		}
		_, own := table.Column(j.Own)
		_, other := table.Column(j.Other)
		return own && other
	}
	return false
}
