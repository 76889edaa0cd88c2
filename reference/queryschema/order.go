package queryschema

import "github.com/arazzo-conformance/arazzo/reference/prisma"

// The enums of orders.
var (
	sortOrder  = &enum{name: "SortOrder", values: []string{"asc", "desc"}}
	nullsOrder = &enum{name: "NullsOrder", values: []string{"first", "last"}}
)

// orderWithRelation is one criterion of an order of records.
func (t *types) orderWithRelation(model *prisma.Model) *inputObject {
	kind := inputObject{name: model.Name + "OrderByWithRelationInput", most: 1, model: model}
	return t.input(kind, nil, func() []*inputField {
		fields := t.scalarOrders(model)
		for _, r := range model.Relations {
			by := field(r.Name, object(t.orderWithRelation(r.Model)))
			if r.List {
				by = &inputField{name: r.Name, types: []inputType{object(t.orderByCount(r.Model))}, weight: anOrder}
			}
			fields = append(fields, by)
		}
		return fields
	})
}

// orderByCount is an order by the number of related records.
func (t *types) orderByCount(model *prisma.Model) *inputObject {
	kind := inputObject{name: model.Name + "OrderByRelationAggregateInput", least: 1, most: 1}
	return t.input(kind, nil, func() []*inputField { return []*inputField{field("_count", inputType{enum: sortOrder})} })
}

// scalarOrders are orders by a field; of one that may be null, nulls have a place.
func (t *types) scalarOrders(model *prisma.Model) []*inputField {
	var fields []*inputField
	for _, f := range known(model) {
		types := []inputType{{enum: sortOrder}}
		if !f.Required && !f.List {
			types = append(types, object(t.input(inputObject{name: "SortOrderInput"}, nil, func() []*inputField {
				return []*inputField{needed("sort", inputType{enum: sortOrder}), field("nulls", inputType{enum: nullsOrder})}
			})))
		}
		fields = append(fields, &inputField{name: f.Name, types: types, weight: anOrder})
	}
	return fields
}

// orderWithAggregation is one criterion of an order of groups.
func (t *types) orderWithAggregation(model *prisma.Model) *inputObject {
	kind := inputObject{name: model.Name + "OrderByWithAggregationInput", most: 1, model: model}
	return t.input(kind, nil, func() []*inputField {
		fields := t.scalarOrders(model)
		for _, a := range []struct {
			name   string
			wanted func(*prisma.Field) bool
		}{{"_count", everyField}, {"_avg", isNumeric}, {"_max", isOrdered}, {"_min", isOrdered}, {"_sum", isNumeric}} {
			if of := chosen(model, a.wanted); len(of) > 0 {
				by := object(t.orderByAggregate(model, a.name, of))
				fields = append(fields, &inputField{name: a.name, types: []inputType{by}, weight: anOrder})
			}
		}
		return fields
	})
}

func everyField(*prisma.Field) bool { return true }

// orderByAggregate is an order by what the values of one field come to.
func (t *types) orderByAggregate(model *prisma.Model, aggregate string, of []*prisma.Field) *inputObject {
	kind := inputObject{name: model.Name + capital(aggregate[1:]) + "OrderByAggregateInput", least: 1, most: 1}
	return t.input(kind, nil, func() []*inputField {
		var fields []*inputField
		for _, f := range of {
			fields = append(fields, field(f.Name, inputType{enum: sortOrder}))
		}
		return fields
	})
}

// fieldEnum are the names of a model's fields.
func (t *types) fieldEnum(model *prisma.Model) inputType {
	return inputType{enum: t.enumOf(model.Name+"ScalarFieldEnum", false, fieldNames(known(model))...)}
}
