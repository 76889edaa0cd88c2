package engine

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// record is a record in the database that a mutation is about: the values of the
// fields that it is known by, as Postgres prints them.
type record struct {
	model  *prisma.Model
	values map[*prisma.Field]*string
	// isNew is set of one that the mutation creates.
	isNew bool
}

// known are the fields of a model that a record is known by: those of its key, and those
// that relations go by, on this side of them. There is at least one.
func known(m *prisma.Model) []*prisma.Field {
	fields := slices.Clone(statement.Identity(m).Fields)
	for _, r := range m.Relations {
		fields = append(fields, r.Fields...)
	}
	if len(fields) == 0 {
		return m.Fields[:min(1, len(m.Fields))]
	}
	return slices.DeleteFunc(slices.Clone(m.Fields), func(f *prisma.Field) bool { return !slices.Contains(fields, f) })
}

// itself selects the record. Without a key none is.
func (r *record) itself() statement.Selector {
	key := statement.Identity(r.model).Fields
	if len(key) == 0 {
		return statement.Selector{Unique: []any{}}
	}
	return statement.Selector{Equal: r.as(key, key)}
}

// as are the values of own fields for as many others.
func (r *record) as(own, others []*prisma.Field) []statement.Value {
	values := make([]statement.Value, len(own))
	for i, f := range own {
		values[i] = statement.Value{Field: others[i], Text: r.values[f]}
	}
	return values
}

// key is what the record's own side of a relation is to the other: the foreign key there,
// or what it refers to.
func (r *record) key(relation *prisma.Relation) []statement.Value {
	return r.as(relation.Fields, relation.References)
}

// related selects the records that a relation leads to.
func (r *record) related(relation *prisma.Relation) statement.Selector {
	if relation.Join != nil {
		return statement.Selector{Joined: &statement.Joined{Relation: relation, ID: r.id(relation)}}
	}
	return statement.Selector{Equal: r.key(relation)}
}

// relatedBy selects those of the related records that where uniques find; of a
// relation to one the only one.
func (r *record) relatedBy(relation *prisma.Relation, uniques any) statement.Selector {
	s := r.related(relation)
	if relation.List {
		s.Unique = list(uniques)
	}
	return s
}

// id is what stands for the record in a join table.
func (r *record) id(relation *prisma.Relation) *string { return r.values[relation.Fields[0]] }

// isRelated tells whether a relation, not over a join table, leads to another record.
func (r *record) isRelated(relation *prisma.Relation, other *record) bool {
	for i, f := range relation.Fields {
		a, b := r.values[f], other.values[relation.References[i]]
		if a == nil || b == nil || *a != *b {
			return false
		}
	}
	return true
}

func nulls(fields []*prisma.Field) []statement.Value {
	values := make([]statement.Value, len(fields))
	for i, f := range fields {
		values[i].Field = f
	}
	return values
}
