package statement

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// Selector tells which records of a model a write is about: those of which all holds
// that it says. The empty one is about every record.
type Selector struct {
	// Equal are values that fields have; none has the value NULL.
	Equal []Value
	// Joined are records that a join table relates to one record.
	Joined *Joined
	// Unique finds records by where uniques, of which one holds. Empty and not nil it
	// finds nothing.
	Unique []any
	// Except leaves out what where uniques find.
	Except []any
	// Where is a filter.
	Where map[string]any
}

// Joined are the records that Relation, one over a join table, leads to from the
// record whose id is ID.
type Joined struct {
	Relation *prisma.Relation
	ID       *string
}

// matching are the conditions of a selector.
func (b *builder) matching(s scope, selector Selector) []string {
	var conditions []string
	for _, v := range selector.Equal {
		conditions = append(conditions, s.column(v.Field)+" = "+b.bind(v.Text))
	}
	if selector.Joined != nil {
		conditions = append(conditions, b.isJoined(s, selector.Joined))
	}
	if selector.Unique != nil {
		conditions = append(conditions, b.anyUnique(s, selector.Unique))
	}
	if len(selector.Except) > 0 {
		conditions = append(conditions, "NOT ("+b.anyUnique(s, selector.Except)+")")
	}
	return append(conditions, b.conditions(s, selector.Where)...)
}

// isJoined asks the join table whether a record is related.
func (b *builder) isJoined(s scope, j *Joined) string {
	join := j.Relation.Join
	return s.column(j.Relation.References[0]) + " IN (SELECT " + quoted(join.Other) +
		" FROM " + table(join.Namespace, join.Table, "") + " WHERE " + quoted(join.Own) + " = " + b.bind(j.ID) + ")"
}

// anyUnique is the condition that one of several where uniques holds. Those by one
// and the same field are one array, so that the text does not grow with them.
func (b *builder) anyUnique(s scope, uniques []any) string {
	var conditions []string
	values := map[*prisma.Field][]any{}
	for _, unique := range uniques {
		where, _ := unique.(map[string]any)
		if f, value := uniqueField(s.model, where); f != nil {
			values[f] = append(values[f], value)
			continue
		}
		conditions = append(conditions, joined(b.unique(s, where), " AND "))
	}
	for _, f := range s.model.Fields {
		switch list := values[f]; len(list) {
		case 0:
		case 1:
			conditions = append(conditions, s.column(f)+" = "+b.value(f, list[0]))
		default:
			conditions = append(conditions, s.column(f)+" = ANY ("+b.values(f, list)+")")
		}
	}
	if len(conditions) == 0 {
		return "FALSE"
	}
	return joined(conditions, " OR ")
}

// uniqueField is the field of a where unique and its value, nil of one by a key of
// several fields.
func uniqueField(m *prisma.Model, where map[string]any) (*prisma.Field, any) {
	for name, value := range where {
		if f, ok := m.Field(name); ok {
			return f, value
		}
	}
	return nil, nil
}

// Identity are the fields that tell a model's records apart in every case: those of the
// primary key, else of the first key whose fields are all required.
func Identity(m *prisma.Model) *prisma.Key {
	for _, key := range keys(m) {
		required := true
		for _, f := range key.Fields {
			required = required && f.Required
		}
		if required {
			return key
		}
	}
	return &prisma.Key{}
}

// KeyOf is the key of a where unique, if the values have what it asks for; else nil.
func KeyOf(m *prisma.Model, unique map[string]any, values []Value) *prisma.Key {
	for _, key := range keys(m) {
		asked, ok := unique[key.Name]
		if !ok {
			continue
		}
		for _, f := range key.Fields {
			of := asked
			if several, ok := asked.(map[string]any); ok {
				of = several[f.Name]
			}
			if text, err := f.Parameter(of); err != nil || !holds(values, Value{Field: f, Text: text}) {
				return nil
			}
		}
		return key
	}
	return nil
}

func holds(values []Value, want Value) bool {
	return slices.ContainsFunc(values, func(v Value) bool {
		return v.Field == want.Field && v.Text != nil && want.Text != nil && *v.Text == *want.Text
	})
}
