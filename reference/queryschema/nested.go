package queryschema

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// arity is how the names of nested writes tell a relation to one from one to many.
func arity(r *prisma.Relation) string {
	if r.List {
		return "Many"
	}
	return "One"
}

// back is how they name the relation that leads back, which their data leaves out.
func back(r *prisma.Relation) string { return "Without" + capital(r.Inverse.Name) + "Input" }

// elements is what an operation takes for each of its records: of a relation to many
// one or a list, to one exactly one. In the normal form it is always a list.
func elements(r *prisma.Relation, types ...inputType) []inputType {
	var all []inputType
	for _, t := range types {
		all = append(all, t.listed())
		if r.List {
			all = append(all, t.list())
		}
	}
	return all
}

func unchecked(isUnchecked bool, name string) string {
	if isUnchecked {
		return "Unchecked" + name
	}
	return name
}

// createNested are the writes to records that r leads to, with a new record.
func (t *types) createNested(r *prisma.Relation, isUnchecked bool) *inputObject {
	name := r.Model.Name + unchecked(isUnchecked, "CreateNested"+arity(r)) + back(r)
	return t.input(inputObject{name: name, shape: nested, model: r.Model}, nil, func() []*inputField {
		return slices.Concat(t.createOrConnect(r), t.createManyNested(r), t.byUnique(r, "connect"))
	})
}

// createOrConnect are the operations create and connectOrCreate.
func (t *types) createOrConnect(r *prisma.Relation) []*inputField {
	if !creatable(r.Model) {
		return nil
	}
	create := either(t.create, r.Model, r.Inverse)
	fields := []*inputField{field("create", elements(r, create...)...)}
	if unique := t.unique(r.Model); unique != nil {
		orConnect := t.input(inputObject{name: r.Model.Name + "CreateOrConnect" + back(r)}, nil, func() []*inputField {
			return []*inputField{needed("where", object(unique)), needed("create", create...)}
		})
		fields = append(fields, field("connectOrCreate", elements(r, object(orConnect))...))
	}
	return fields
}

// createManyNested is the operation createMany: of a relation over a join table a record
// is not enough.
func (t *types) createManyNested(r *prisma.Relation) []*inputField {
	if !r.List || r.Join != nil || !creatable(r.Model) {
		return nil
	}
	many := r.Model.Name + "CreateMany" + capital(r.Inverse.Name) + "Input"
	return []*inputField{field("createMany", object(t.input(inputObject{name: many + "Envelope"}, nil, func() []*inputField {
		data := object(t.createMany(r.Model, r.Inverse))
		return []*inputField{needed("data", data.listed(), data.list()), field("skipDuplicates", scalar(prisma.Boolean))}
	})))}
}

// byUnique is an operation on records that are found by a key.
func (t *types) byUnique(r *prisma.Relation, operation string) []*inputField {
	unique := t.unique(r.Model)
	if unique == nil {
		return nil
	}
	return []*inputField{field(operation, elements(r, object(unique))...)}
}

// updateNested are the writes to records that r leads to, with a change of a record.
func (t *types) updateNested(r *prisma.Relation, isUnchecked bool) *inputObject {
	name := "Update" + arity(r)
	if r.Required && !r.List {
		name += "Required"
	}
	name = r.Model.Name + unchecked(isUnchecked, name) + "Without" + capital(r.Inverse.Name) + "NestedInput"
	return t.input(inputObject{name: name, shape: nested, model: r.Model}, nil, func() []*inputField {
		if r.List {
			return t.changesOfMany(r)
		}
		return t.changesOfOne(r)
	})
}

func (t *types) changesOfMany(r *prisma.Relation) []*inputField {
	scalarWhere := object(t.scalarWhere(r.Model))
	updateMany := object(t.input(inputObject{name: r.Model.Name + "UpdateManyWithWhere" + back(r)}, nil, func() []*inputField {
		return []*inputField{needed("where", scalarWhere), needed("data", t.updateManyNested(r)...)}
	}))
	return slices.Concat(
		t.createOrConnect(r),
		t.upsertMany(r),
		t.createManyNested(r),
		t.byUnique(r, "set"), t.byUnique(r, "disconnect"), t.byUnique(r, "delete"), t.byUnique(r, "connect"),
		t.updateByUnique(r),
		[]*inputField{
			field("updateMany", elements(r, updateMany)...),
			field("deleteMany", elements(r, scalarWhere)...),
		},
	)
}

// upsertMany is the operation upsert of a relation to many.
func (t *types) upsertMany(r *prisma.Relation) []*inputField {
	unique := t.unique(r.Model)
	if unique == nil || !creatable(r.Model) {
		return nil
	}
	upsert := t.input(inputObject{name: r.Model.Name + "UpsertWithWhereUnique" + back(r)}, nil, func() []*inputField {
		return []*inputField{
			needed("where", object(unique)),
			needed("update", either(t.update, r.Model, r.Inverse)...),
			needed("create", either(t.create, r.Model, r.Inverse)...),
		}
	})
	return []*inputField{field("upsert", elements(r, object(upsert))...)}
}

// updateByUnique is the operation update of a relation to many.
func (t *types) updateByUnique(r *prisma.Relation) []*inputField {
	unique := t.unique(r.Model)
	if unique == nil {
		return nil
	}
	update := t.input(inputObject{name: r.Model.Name + "UpdateWithWhereUnique" + back(r)}, nil, func() []*inputField {
		return []*inputField{needed("where", object(unique)), needed("data", either(t.update, r.Model, r.Inverse)...)}
	})
	return []*inputField{field("update", elements(r, object(update))...)}
}

func (t *types) changesOfOne(r *prisma.Relation) []*inputField {
	update := either(t.update, r.Model, r.Inverse)
	var upsert, leave []*inputField
	if creatable(r.Model) {
		kind := inputObject{name: r.Model.Name + "Upsert" + back(r)}
		upsert = []*inputField{field("upsert", elements(r, object(t.input(kind, nil, func() []*inputField {
			return []*inputField{needed("update", update...), needed("create", either(t.create, r.Model, r.Inverse)...)}
		})))...)}
	}
	if !r.Required {
		yes := scalar(prisma.Boolean)
		leave = []*inputField{field("disconnect", yes), field("delete", yes)}
	}
	return slices.Concat(t.createOrConnect(r), upsert, leave, t.byUnique(r, "connect"), []*inputField{field("update", elements(r, update...)...)})
}
