package queryschema

import (
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// unique finds at most one record of a model, by one of its keys. It is nil for a
// model that has none.
func (t *types) unique(model *prisma.Model) *inputObject {
	if model.ID == nil && len(model.Unique) == 0 {
		return nil
	}
	kind := inputObject{name: model.Name + "WhereUniqueInput", least: 1, most: 1, model: model}
	return t.input(kind, nil, func() []*inputField {
		var fields []*inputField
		for _, f := range known(model) {
			if f.Unique {
				fields = append(fields, field(f.Name, t.valueOf(f)))
			}
		}
		for _, key := range model.Unique {
			fields = t.appendCompound(fields, model, key)
		}
		return t.appendCompound(fields, model, model.ID)
	})
}

// appendCompound adds a key of several fields, of which Prisma has a type for each.
func (t *types) appendCompound(fields []*inputField, model *prisma.Model, key *prisma.Key) []*inputField {
	if key == nil || len(key.Fields) < 2 || slices.ContainsFunc(key.Fields, func(f *prisma.Field) bool { return f.Type == prisma.Unsupported }) {
		return fields
	}
	return append(fields, field(key.Name, object(t.input(inputObject{name: compoundName(model, key)}, nil, func() []*inputField {
		var members []*inputField
		for _, f := range key.Fields {
			members = append(members, needed(f.Name, t.valueOf(f)))
		}
		return members
	}))))
}

// compoundName joins the names of a key's fields, where it has no name of its own.
func compoundName(model *prisma.Model, key *prisma.Key) string {
	names := fieldNames(key.Fields)
	if key.Name != strings.Join(names, "_") {
		names = []string{key.Name}
	}
	name := model.Name
	for _, n := range names {
		name += capital(n)
	}
	return name + "CompoundUniqueInput"
}
