package queryschema

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// dataOf says which data of a model is meant. Checked data names related records by the
// relation; unchecked data has the foreign keys themselves. Data that is nested below
// another record leaves out the relation that leads back to it.
type dataOf struct {
	model       *prisma.Model
	isUnchecked bool
	without     *prisma.Relation
}

// name is what Prisma calls the object with this data.
func (d dataOf) name(verb string) string {
	name := d.model.Name
	if d.isUnchecked {
		name += "Unchecked"
	}
	name += verb
	if d.without != nil {
		name += "Without" + capital(d.without.Name)
	}
	return name + "Input"
}

// scalars are the fields whose values may stand in the data.
func (d dataOf) scalars() []*prisma.Field {
	return chosen(d.model, func(f *prisma.Field) bool {
		if d.isUnchecked {
			return d.without == nil || !d.without.Holds || !slices.Contains(d.without.Fields, f)
		}
		return !isForeignKey(d.model, f) && !isMadeID(d.model, f)
	})
}

// relations are the relations whose records may be written with the data.
func (d dataOf) relations() []*prisma.Relation {
	return slices.DeleteFunc(slices.Clone(d.model.Relations), func(r *prisma.Relation) bool {
		return r == d.without || d.isUnchecked && r.Holds
	})
}

// isForeignKey tells whether a field belongs to a relation that the model holds.
func isForeignKey(model *prisma.Model, f *prisma.Field) bool {
	return slices.ContainsFunc(model.Relations, func(r *prisma.Relation) bool { return r.Holds && slices.Contains(r.Fields, f) })
}

// isMadeID tells whether a field is the id that the database counts up, which only
// unchecked data may have.
func isMadeID(model *prisma.Model, f *prisma.Field) bool {
	return f.Type == prisma.Int && f.Default.Kind == prisma.DatabaseDefault &&
		model.ID != nil && len(model.ID.Fields) == 1 && model.ID.Fields[0] == f
}

// either is checked or unchecked data.
func either(of func(dataOf) *inputObject, model *prisma.Model, without *prisma.Relation) []inputType {
	return []inputType{object(of(dataOf{model, false, without})), object(of(dataOf{model, true, without}))}
}

// creatable tells whether every field that a new record needs can be given.
func creatable(model *prisma.Model) bool {
	return !slices.ContainsFunc(model.Fields, func(f *prisma.Field) bool {
		return f.Type == prisma.Unsupported && f.Required && f.Default.Kind == prisma.NoDefault
	})
}

// create is the data of a new record.
func (t *types) create(d dataOf) *inputObject {
	return t.input(inputObject{name: d.name("Create"), shape: recorded, model: d.model}, nil, func() []*inputField {
		fields := t.createdScalars(d.model, d.scalars())
		for _, r := range d.relations() {
			// Of a record that can be neither made nor found nothing can be written.
			if creatable(r.Model) || t.unique(r.Model) != nil {
				writes := object(t.createNested(r, d.isUnchecked))
				fields = append(fields, &inputField{name: r.Name, isRequired: isNeeded(r), types: []inputType{writes}, relation: r})
			}
		}
		return fields
	})
}

// isNeeded tells whether a new record cannot be without a related one.
func isNeeded(r *prisma.Relation) bool {
	return r.Required && r.Holds && slices.ContainsFunc(r.Fields, func(f *prisma.Field) bool { return f.Default.Kind == prisma.NoDefault })
}

// createMany is the data of one of many new records: scalars alone, without those of
// the foreign key of a relation to the record that they are nested in.
func (t *types) createMany(model *prisma.Model, without *prisma.Relation) *inputObject {
	name := model.Name + "CreateMany"
	if without != nil {
		name += capital(without.Name)
	}
	return t.input(inputObject{name: name + "Input", shape: recorded, model: model}, nil, func() []*inputField {
		return t.createdScalars(model, dataOf{model, true, without}.scalars())
	})
}

func (t *types) createdScalars(model *prisma.Model, of []*prisma.Field) []*inputField {
	var fields []*inputField
	for _, f := range of {
		fields = append(fields, &inputField{name: f.Name, isRequired: isRequiredNew(f), types: t.created(model, f)})
	}
	return fields
}

// isRequiredNew tells whether a new record has to be given a value of a field.
func isRequiredNew(f *prisma.Field) bool {
	return f.Required && !f.List && f.Default.Kind == prisma.NoDefault && !f.UpdatedAt
}

// created is what a field of a new record takes.
func (t *types) created(model *prisma.Model, f *prisma.Field) []inputType {
	value := t.valueOf(f)
	switch {
	case f.List:
		set := object(t.input(inputObject{name: model.Name + "Create" + f.Name + "Input", least: 1, most: 1}, nil, func() []*inputField {
			return []*inputField{needed("set", value.list())}
		}))
		set.form.unwrapped = true
		return []inputType{set, value.list()}
	case f.Type == prisma.JSON:
		return []inputType{jsonNulls(f), value}
	}
	return orNull(f, value)
}

// jsonNulls are the nulls that a field of Json takes.
func jsonNulls(f *prisma.Field) inputType {
	if f.Required {
		return inputType{enum: jsonNull}
	}
	return inputType{enum: jsonOrDBNull}
}

// The enums of the nulls of Json.
var (
	jsonNull     = &enum{name: "JsonNullValueInput", values: []string{"JsonNull"}}
	jsonOrDBNull = &enum{name: "NullableJsonNullValueInput", values: []string{"DbNull", "JsonNull"}}
)

// update is the data of a change of one record.
func (t *types) update(d dataOf) *inputObject {
	return t.input(inputObject{name: d.name("Update"), shape: recorded, model: d.model}, nil, func() []*inputField {
		fields := t.updatedScalars(d.model, d.scalars())
		for _, r := range d.relations() {
			writes := object(t.updateNested(r, d.isUnchecked))
			fields = append(fields, &inputField{name: r.Name, types: []inputType{writes}, relation: r})
		}
		return fields
	})
}

// updateMany is the data of a change of many records: scalars alone.
func (t *types) updateMany(model *prisma.Model) []inputType {
	return []inputType{
		object(t.input(inputObject{name: model.Name + "UpdateManyMutationInput", shape: recorded, model: model}, nil, func() []*inputField {
			return t.updatedScalars(model, dataOf{model, false, nil}.scalars())
		})),
		object(t.input(inputObject{name: model.Name + "UncheckedUpdateManyInput", shape: recorded, model: model}, nil, func() []*inputField {
			return t.updatedScalars(model, dataOf{model, true, nil}.scalars())
		})),
	}
}

// updateManyNested is the data of a change of many records that r leads to. Prisma
// calls it after r, by which several objects may have one name.
func (t *types) updateManyNested(r *prisma.Relation) []inputType {
	kind := inputObject{name: r.Model.Name + "UncheckedUpdateManyWithout" + capital(r.Name) + "Input", shape: recorded, model: r.Model}
	return []inputType{t.updateMany(r.Model)[0], object(t.input(kind, r, func() []*inputField {
		return t.updatedScalars(r.Model, dataOf{r.Model, true, r.Inverse}.scalars())
	}))}
}

func (t *types) updatedScalars(model *prisma.Model, of []*prisma.Field) []*inputField {
	var fields []*inputField
	for _, f := range of {
		fields = append(fields, field(f.Name, t.updated(model, f)...))
	}
	return fields
}

// updated is what a field of a record that is changed takes.
func (t *types) updated(model *prisma.Model, f *prisma.Field) []inputType {
	value := t.valueOf(f)
	switch {
	case f.List:
		operations := t.input(inputObject{name: model.Name + "Update" + f.Name + "Input", least: 1, most: 1}, nil, func() []*inputField {
			return []*inputField{field("set", value.list()), field("push", value.listed(), value.list())}
		})
		return []inputType{object(operations), value.list().as("set")}
	case f.Type == prisma.JSON:
		return []inputType{jsonNulls(f).as("set"), value.as("set")}
	}
	types := []inputType{value.as("set"), object(t.updateOperations(f))}
	if !f.Required {
		types = append(types, null.as("set"))
	}
	return types
}

// updateOperations are the changes of a scalar.
func (t *types) updateOperations(f *prisma.Field) *inputObject {
	name := base(f)
	if f.Type == prisma.String {
		name = string(prisma.String)
	}
	if !f.Required {
		name = "Nullable" + name
	}
	kind := inputObject{name: name + "FieldUpdateOperationsInput", least: 1, most: 1}
	return t.input(kind, nil, func() []*inputField {
		value := t.valueOf(f)
		fields := []*inputField{field("set", orNull(f, value)...)}
		if isNumeric(f) {
			for _, operation := range []string{"increment", "decrement", "multiply", "divide"} {
				fields = append(fields, field(operation, value))
			}
		}
		return fields
	})
}
