package queryschema

import (
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// record is what can be selected of a record.
func (t *types) record(model *prisma.Model) *outputObject {
	return t.output(model.Name, func() []*outputField {
		fields := scalarOutputs(known(model))
		hasLists := false
		for _, r := range model.Relations {
			f := &outputField{name: r.Name, relation: r, output: outputType{isList: r.List, object: t.record(r.Model)}}
			if r.List {
				hasLists = true
				f.arguments = t.arguments(func() []*inputField { return t.page(r.Model, true) })
			}
			fields = append(fields, f)
		}
		if hasLists {
			fields = append(fields, &outputField{name: "_count", output: outputType{object: t.counts(model)}})
		}
		return fields
	})
}

func scalarOutputs(of []*prisma.Field) []*outputField {
	var fields []*outputField
	for _, f := range of {
		fields = append(fields, &outputField{name: f.Name, field: f, output: outputType{isList: f.List, scalar: scalarName(f)}})
	}
	return fields
}

// scalarName is the type of a field's values.
func scalarName(f *prisma.Field) string {
	if f.Type == prisma.EnumType {
		return f.Enum.Name
	}
	return string(f.Type)
}

// counts are the numbers of related records.
func (t *types) counts(model *prisma.Model) *outputObject {
	return t.output(model.Name+"CountOutputType", func() []*outputField {
		var fields []*outputField
		for _, r := range model.Relations {
			if r.List {
				where := t.arguments(func() []*inputField { return []*inputField{field("where", object(t.where(r.Model)))} })
				fields = append(fields, &outputField{name: r.Name, relation: r, arguments: where, output: outputType{scalar: "Int"}})
			}
		}
		return fields
	})
}

// aggregate is what can be asked of all records that are found.
func (t *types) aggregate(model *prisma.Model) *outputObject {
	return t.output("Aggregate"+model.Name, func() []*outputField { return t.aggregateOutputs(model) })
}

// groups is what can be asked of a group of records.
func (t *types) groups(model *prisma.Model) *outputObject {
	return t.output(model.Name+"GroupByOutputType", func() []*outputField {
		return append(scalarOutputs(known(model)), t.aggregateOutputs(model)...)
	})
}

func (t *types) aggregateOutputs(model *prisma.Model) []*outputField {
	var fields []*outputField
	for _, a := range []struct {
		name   string
		wanted func(*prisma.Field) bool
		typeOf func(*prisma.Field) outputType
	}{
		{"_count", everyField, func(*prisma.Field) outputType { return outputType{scalar: "Int"} }},
		{"_avg", isNumeric, func(f *prisma.Field) outputType { return outputType{scalar: string(averageOf(f))} }},
		{"_sum", isNumeric, func(f *prisma.Field) outputType { return outputType{scalar: string(f.Type), isList: f.List} }},
		{"_min", isOrdered, func(f *prisma.Field) outputType { return outputType{scalar: scalarName(f)} }},
		{"_max", isOrdered, func(f *prisma.Field) outputType { return outputType{scalar: scalarName(f)} }},
	} {
		of := chosen(model, a.wanted)
		if len(of) == 0 {
			continue
		}
		object := t.output(model.Name+capital(a.name[1:])+"AggregateOutputType", func() []*outputField {
			var members []*outputField
			for _, f := range of {
				members = append(members, &outputField{name: f.Name, field: f, output: a.typeOf(f)})
			}
			if a.name == "_count" {
				members = append(members, &outputField{name: "_all", output: outputType{scalar: "Int"}})
			}
			return members
		})
		fields = append(fields, &outputField{name: a.name, output: outputType{object: object}})
	}
	return fields
}

// affected is how many records were written.
func (t *types) affected() *outputObject {
	return t.output("AffectedRowsOutput", func() []*outputField {
		return []*outputField{{name: "count", output: outputType{scalar: "Int"}}}
	})
}
