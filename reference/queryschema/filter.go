package queryschema

import (
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// where is the filter of a model's records: its scalars and its relations.
func (t *types) where(model *prisma.Model) *inputObject {
	name := model.Name + "WhereInput"
	return t.filter(name, model, func() []*inputField {
		fields := t.scalarFilters(model, plain)
		for _, r := range model.Relations {
			fields = append(fields, &inputField{name: r.Name, types: t.relationFilter(r), weight: aFilter})
		}
		return fields
	})
}

// scalarWhere is a filter without relations, of records that a nested write changes.
func (t *types) scalarWhere(model *prisma.Model) *inputObject {
	return t.filter(model.Name+"ScalarWhereInput", model, func() []*inputField { return t.scalarFilters(model, plain) })
}

// having is a filter of groups.
func (t *types) having(model *prisma.Model) *inputObject {
	return t.filter(model.Name+"ScalarWhereWithAggregatesInput", model, func() []*inputField {
		return t.scalarFilters(model, aggregated)
	})
}

// filter is an object of members that are combined by AND, OR and NOT of such objects.
func (t *types) filter(name string, model *prisma.Model, build func() []*inputField) *inputObject {
	return t.input(inputObject{name: name, model: model}, nil, func() []*inputField {
		self := object(t.filter(name, model, nil))
		return append([]*inputField{
			field("AND", self.listed(), self.list()),
			{name: "OR", types: []inputType{self.list()}, isDisjunction: true},
			{name: "NOT", types: []inputType{self.listed(), self.list()}, isDisjunction: true},
		}, build()...)
	})
}

// relationFilter is what a relation is filtered by.
func (t *types) relationFilter(r *prisma.Relation) []inputType {
	where := object(t.where(r.Model))
	if r.List {
		return []inputType{object(t.input(inputObject{name: r.Model.Name + "ListRelationFilter"}, nil, func() []*inputField {
			return []*inputField{field("every", where), field("some", where), field("none", where)}
		}))}
	}
	filter := object(t.input(inputObject{name: r.Model.Name + "RelationFilter"}, nil, func() []*inputField {
		return []*inputField{field("is", where, null), field("isNot", where, null)}
	}))
	types := []inputType{filter, where.as("is")}
	if !r.Required {
		types = append(types, null.as("is"))
	}
	return types
}

// variant is which of the filters of a scalar is meant.
type variant struct{ isNested, hasAggregates bool }

var (
	plain      = variant{}
	aggregated = variant{hasAggregates: true}
)

func (t *types) scalarFilters(model *prisma.Model, v variant) []*inputField {
	var fields []*inputField
	for _, f := range known(model) {
		fields = append(fields, field(f.Name, t.fieldFilter(f, v)...))
	}
	return fields
}

// fieldFilter is what a field of where may be: an object of operations, or a value that
// it equals.
func (t *types) fieldFilter(f *prisma.Field, v variant) []inputType {
	switch {
	case f.List:
		return []inputType{object(t.listFilter(f))}
	case f.Type == prisma.JSON:
		return []inputType{object(t.operations(f, v))}
	}
	types := []inputType{object(t.operations(f, v)), t.valueOf(f).as("equals")}
	if !f.Required {
		types = append(types, null.as("equals"))
	}
	return types
}

// listFilter are the operations on a list.
func (t *types) listFilter(f *prisma.Field) *inputObject {
	// Of a list of uuids the name is that of a list of any text.
	name := base(f)
	if f.Type == prisma.String {
		name = string(prisma.String)
	}
	kind := inputObject{name: name + "NullableListFilter", least: 1, most: 1}
	return t.input(kind, nil, func() []*inputField {
		element := t.valueOf(f)
		return []*inputField{
			field("equals", element.list(), null),
			field("has", element, null),
			field("hasEvery", element.list()),
			field("hasSome", element.list()),
			field("isEmpty", scalar(prisma.Boolean)),
		}
	})
}

// operations are the operations on a scalar that is no list.
func (t *types) operations(f *prisma.Field, v variant) *inputObject {
	name := base(f)
	if v.isNested {
		name = "Nested" + name
	}
	if !f.Required {
		name += "Nullable"
	}
	if v.hasAggregates {
		name += "WithAggregates"
	}
	return t.input(inputObject{name: name + "Filter"}, nil, func() []*inputField {
		if f.Type == prisma.JSON {
			return append(t.jsonOperations(), t.aggregates(f, v)...)
		}
		return append(t.scalarOperations(f, v), t.aggregates(f, v)...)
	})
}

func (t *types) scalarOperations(f *prisma.Field, v variant) []*inputField {
	value := t.valueOf(f)
	fields := []*inputField{field("equals", orNull(f, value)...)}
	if f.Type != prisma.Boolean {
		fields = append(fields, field("in", orNull(f, value.list(), value.listed())...), field("notIn", orNull(f, value.list(), value.listed())...))
	}
	switch f.Type {
	case prisma.Boolean, prisma.Bytes, prisma.EnumType:
	default:
		fields = append(fields, comparisons(value)...)
	}
	if f.Type == prisma.String && !isUUID(f) {
		fields = append(fields, field("contains", value), field("startsWith", value), field("endsWith", value))
	}
	if f.Type == prisma.String && !v.isNested {
		fields = append(fields, field("mode", inputType{enum: queryMode}))
	}
	nested := t.operations(f, variant{isNested: true, hasAggregates: v.hasAggregates})
	return append(fields, field("not", orNull(f, value, object(nested))...))
}

func comparisons(value inputType) []*inputField {
	return []*inputField{field("lt", value), field("lte", value), field("gt", value), field("gte", value)}
}

func (t *types) jsonOperations() []*inputField {
	value, text := scalar(prisma.JSON), scalar(prisma.String)
	nulls := inputType{enum: jsonNullFilter}
	fields := []*inputField{
		field("equals", value, nulls),
		field("path", text.list()),
		field("string_contains", text),
		field("string_starts_with", text),
		field("string_ends_with", text),
		field("array_contains", value, null),
		field("array_starts_with", value, null),
		field("array_ends_with", value, null),
	}
	return append(append(fields, comparisons(value)...), field("not", value, nulls))
}

// aggregates are the filters on what a group's values come to.
func (t *types) aggregates(f *prisma.Field, v variant) []*inputField {
	if !v.hasAggregates {
		return nil
	}
	of := func(typ prisma.Type) inputType {
		return object(t.operations(&prisma.Field{Type: typ, Enum: f.Enum, Required: f.Required}, variant{isNested: true}))
	}
	fields := []*inputField{field("_count", of(prisma.Int))}
	if isNumeric(f) {
		fields = append(fields, field("_avg", of(averageOf(f))), field("_sum", of(f.Type)))
	}
	return append(fields, field("_min", of(f.Type)), field("_max", of(f.Type)))
}

// averageOf is the type of an average.
func averageOf(f *prisma.Field) prisma.Type {
	if f.Type == prisma.Decimal {
		return prisma.Decimal
	}
	return prisma.Float
}

// The enums of filters.
var (
	queryMode      = &enum{name: "QueryMode", values: []string{"default", "insensitive"}}
	jsonNullFilter = &enum{name: "JsonNullValueFilter", values: []string{"DbNull", "JsonNull", "AnyNull"}}
)
