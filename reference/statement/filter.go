package statement

import (
	"maps"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// conditions are what must hold of a record that a filter object finds, all of them.
func (b *builder) conditions(s scope, filter map[string]any) []string {
	var conditions []string
	for _, name := range sorted(filter) {
		conditions = append(conditions, b.member(s, name, filter[name])...)
	}
	return conditions
}

// member is one member of a filter object: a combination of filter objects, a
// relation's filter or a field's.
func (b *builder) member(s scope, name string, value any) []string {
	switch name {
	case "AND", "OR", "NOT":
		list, _ := value.([]any)
		return b.combination(s, name, list)
	}
	operations, _ := value.(map[string]any)
	if r, ok := s.model.Relation(name); ok {
		return b.relation(s, r, operations)
	}
	f, ok := s.model.Field(name)
	switch {
	case !ok:
		b.fail(prisma.Invalid(name, "%s has no field %q", s.model.Name, name))
		return nil
	case f.List:
		return b.list(s, f, operations)
	case f.Type == prisma.JSON:
		return b.json(s, f, operations)
	}
	return b.scalar(s, f, operations)
}

// combination combines filter objects of records.
func (b *builder) combination(s scope, name string, list []any) []string {
	within := s.within(name)
	return s.combination(name, list, func(filter map[string]any) []string { return b.conditions(within, filter) })
}

// combination is AND (all hold), OR (one holds) or NOT (none holds) of filter objects, of
// which those that filter nothing do not count. An AND of nothing finds everything. So
// does an OR of nothing within another combination, as in Prisma's query engine; by
// itself it finds nothing.
func (s scope) combination(name string, list []any, read func(filter map[string]any) []string) []string {
	var conditions []string
	for _, element := range list {
		filter, _ := element.(map[string]any)
		all := read(filter)
		switch {
		case len(all) == 0:
		case name == "NOT":
			conditions = append(conditions, not(all))
		default:
			conditions = append(conditions, joined(all, " AND "))
		}
	}
	switch {
	case name != "OR", len(conditions) == 0 && s.combined:
		return conditions
	case len(conditions) == 0:
		return []string{"FALSE"}
	}
	return []string{joined(conditions, " OR ")}
}

// not holds where not all of the conditions do.
func not(conditions []string) string { return "NOT (" + strings.Join(conditions, " AND ") + ")" }

// unique is the condition that finds the one record of a unique filter.
func (b *builder) unique(s scope, filter map[string]any) []string {
	var conditions []string
	for name, value := range filter {
		if f, ok := s.model.Field(name); ok {
			conditions = append(conditions, s.column(f)+" = "+b.value(f, value))
			continue
		}
		key, ok := keyNamed(s.model, name)
		if !ok {
			b.fail(prisma.Invalid(name, "%s has no key %q", s.model.Name, name))
			return nil
		}
		values, _ := value.(map[string]any)
		for _, f := range key.Fields {
			conditions = append(conditions, s.column(f)+" = "+b.value(f, values[f.Name]))
		}
	}
	return conditions
}

func keyNamed(model *prisma.Model, name string) (*prisma.Key, bool) {
	for _, key := range keys(model) {
		if key.Name == name {
			return key, true
		}
	}
	return nil, false
}

// keys are all keys of a model, the primary key first.
func keys(model *prisma.Model) []*prisma.Key {
	if model.ID == nil {
		return model.Unique
	}
	return append([]*prisma.Key{model.ID}, model.Unique...)
}

// sorted are the names of members, in an order that does not change from run to
// run.
func sorted(members map[string]any) []string { return slices.Sorted(maps.Keys(members)) }
