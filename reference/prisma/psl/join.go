package psl

import "cmp"

// Join is the table of an implicit many-to-many relation, as Prisma makes it.
type Join struct {
	// Namespace is the Postgres schema, empty where the models have none.
	Namespace, Table string
	// First is the model whose records stand in column A: the one that comes first in
	// the alphabet. Field is its field, of a model that is related to itself the one
	// that comes first. Second is the model of column B.
	First, Second *Model
	Field         *Field
}

// Joins are the tables of all implicit many-to-many relations.
func (s *Schema) Joins() []*Join {
	var joins []*Join
	models := map[string]*Model{}
	for _, m := range s.Models {
		models[m.Name] = m
	}
	for _, m := range s.Models {
		for _, f := range m.Fields {
			if j := s.join(m, f, models[f.Type]); j != nil {
				joins = append(joins, j)
			}
		}
	}
	return joins
}

// join is that of a field which leads from the first model of such a relation, else
// nil.
func (s *Schema) join(m *Model, f *Field, other *Model) *Join {
	if f.Kind != RelationKind || !f.IsList || cmp.Or(cmp.Compare(m.Name, f.Type), cmp.Compare(f.Name, f.Relation.Opposite)) > 0 {
		return nil
	}
	if opposite := other.Field(f.Relation.Opposite); opposite == nil || !opposite.IsList {
		return nil
	}
	return &Join{Namespace: m.Namespace, Table: "_" + RelationName(m, f), First: m, Second: other, Field: f}
}

// RelationName is what a relation is called: the name that @relation gives, else those
// of the two models in the order of the alphabet, as in PostToUser.
func RelationName(m *Model, f *Field) string {
	return cmp.Or(f.Relation.Name, min(m.Name, f.Type)+"To"+max(m.Name, f.Type))
}
