package queryschema

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// newTypes derives what can be asked of a schema.
func newTypes(schema *prisma.Schema) *types {
	t := &types{
		schema:  schema,
		roots:   map[rootName]*rootField{},
		inputs:  map[objectName]*inputObject{},
		outputs: map[string]*outputObject{},
		enums:   map[string]*enum{},
	}
	for _, model := range schema.Models {
		t.add(t.reads(model)...)
	}
	for _, model := range schema.Models {
		t.add(t.writes(model)...)
	}
	t.add(t.raw(ExecuteRaw), t.raw(QueryRaw))
	return t
}

// add makes root fields known. Of two of one name, as findUniqueXOrThrow of a model X
// and findUnique of a model XOrThrow, the first is meant.
func (t *types) add(fields ...*rootField) {
	for _, f := range fields {
		key := rootName{f.operation, f.name}
		if _, ok := t.roots[key]; !ok {
			t.roots[key] = f
			t.ordered = append(t.ordered, f)
		}
	}
}

// arguments are those of a field, which have no name as an object.
func (t *types) arguments(build func() []*inputField) *inputObject {
	object := &inputObject{}
	object.takes(build)
	return object
}

// reads are the queries on a model.
func (t *types) reads(model *prisma.Model) []*rootField {
	page := func(isDistinct bool) *inputObject {
		return t.arguments(func() []*inputField { return t.page(model, isDistinct) })
	}
	unique := t.arguments(func() []*inputField { return []*inputField{needed("where", object(t.unique(model)))} })
	one, many := outputType{object: t.record(model)}, outputType{isList: true, object: t.record(model)}
	query := func(action Action, suffix string, arguments *inputObject, output outputType, isRequired bool) *rootField {
		return &rootField{
			name: string(action) + model.Name + suffix, operation: ast.Query, action: action, orThrow: suffix != "",
			model: model, arguments: arguments, output: output, isRequired: isRequired,
		}
	}
	fields := []*rootField{
		query(FindFirst, "", page(true), one, false),
		query(FindFirst, "OrThrow", page(true), one, false),
		query(FindMany, "", page(true), many, true),
		query(Aggregate, "", page(false), outputType{object: t.aggregate(model)}, true),
		query(GroupBy, "", t.arguments(func() []*inputField { return t.groupBy(model) }), outputType{isList: true, object: t.groups(model)}, true),
	}
	if t.unique(model) != nil {
		fields = append(fields, query(FindUnique, "", unique, one, false), query(FindUnique, "OrThrow", unique, one, false))
	}
	return fields
}

// page are the arguments of a list of records.
func (t *types) page(model *prisma.Model, isDistinct bool) []*inputField {
	order := object(t.orderWithRelation(model))
	fields := []*inputField{field("where", object(t.where(model))), field("orderBy", order.list(), order.listed())}
	if unique := t.unique(model); unique != nil {
		fields = append(fields, field("cursor", object(unique)))
	}
	fields = append(fields, field("take", scalar(prisma.Int)), field("skip", scalar(prisma.Int)))
	if isDistinct {
		names := t.fieldEnum(model)
		fields = append(fields, field("distinct", names.listed(), names.list()))
	}
	return fields
}

// groupBy are the arguments of a list of groups.
func (t *types) groupBy(model *prisma.Model) []*inputField {
	order, names := object(t.orderWithAggregation(model)), t.fieldEnum(model)
	return []*inputField{
		field("where", object(t.where(model))),
		field("orderBy", order.list(), order.listed()),
		needed("by", names.list(), names.listed()),
		field("having", object(t.having(model))),
		field("take", scalar(prisma.Int)),
		field("skip", scalar(prisma.Int)),
	}
}

// writes are the mutations of a model: those of one record need a key to find it by,
// and new ones that all they need can be given.
func (t *types) writes(model *prisma.Model) []*rootField {
	mutation := func(action Action, output outputType, isRequired bool, arguments func() []*inputField) *rootField {
		return &rootField{
			name: string(action) + model.Name, operation: ast.Mutation, action: action,
			model: model, arguments: t.arguments(arguments), output: output, isRequired: isRequired,
		}
	}
	unique := func() *inputField { return needed("where", object(t.unique(model))) }
	where := func() *inputField { return field("where", object(t.where(model))) }
	one, count := outputType{object: t.record(model)}, outputType{object: t.affected()}
	fields := []*rootField{
		mutation(CreateOne, one, true, func() []*inputField { return []*inputField{t.newRecord(model)} }),
		mutation(UpsertOne, one, true, func() []*inputField {
			return []*inputField{unique(), needed("create", either(t.create, model, nil)...), needed("update", either(t.update, model, nil)...)}
		}),
		mutation(CreateMany, count, true, func() []*inputField {
			data := object(t.createMany(model, nil))
			return []*inputField{needed("data", data.listed(), data.list()), field("skipDuplicates", scalar(prisma.Boolean))}
		}),
		mutation(DeleteOne, one, false, func() []*inputField { return []*inputField{unique()} }),
		mutation(UpdateOne, one, false, func() []*inputField {
			return []*inputField{needed("data", either(t.update, model, nil)...), unique()}
		}),
		mutation(UpdateMany, count, true, func() []*inputField { return []*inputField{needed("data", t.updateMany(model)...), where()} }),
		mutation(DeleteMany, count, true, func() []*inputField { return []*inputField{where()} }),
	}
	return slices.DeleteFunc(fields, func(f *rootField) bool {
		return f.action != CreateOne && f.action.ofOne() && t.unique(model) == nil || f.action.creates() && !creatable(model)
	})
}

// newRecord is the data of createOne, which may be left out where nothing is required.
func (t *types) newRecord(model *prisma.Model) *inputField {
	data := needed("data", either(t.create, model, nil)...)
	data.isRequired = slices.ContainsFunc(model.Fields, isRequiredNew) ||
		slices.ContainsFunc(model.Relations, func(r *prisma.Relation) bool { return r.Required && !r.List })
	return data
}

// ofOne tells whether an action writes one record.
func (a Action) ofOne() bool {
	return a == CreateOne || a == UpsertOne || a == DeleteOne || a == UpdateOne
}

// creates tells whether an action may make a record.
func (a Action) creates() bool { return a == CreateOne || a == UpsertOne || a == CreateMany }

// raw is SQL that is run as it is.
func (t *types) raw(action Action) *rootField {
	return &rootField{
		name: string(action), operation: ast.Mutation, action: action, isRequired: true, output: outputType{scalar: "Json"},
		arguments: t.arguments(func() []*inputField {
			return []*inputField{needed("query", scalar(prisma.String)), field("parameters", scalar(prisma.JSON))}
		}),
	}
}
