package queryschema

import (
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// record is what can be selected of a record.
func (t *types) record(model *prisma.Model) *outputObject {
	return t.output(model.Name, func() []*outputField {
		fields := t.scalarOutputs(model)
		hasLists := false
		for _, r := range model.Relations {
			f := &outputField{name: r.Name, relation: r, output: outputType{isList: r.List, object: t.record(r.Model)}}
			f.isRequired = r.List || r.Required
			if r.List {
				hasLists = true
				f.arguments = t.arguments(func() []*inputField { return t.page(r.Model, true) })
			}
			fields = append(fields, f)
		}
		if hasLists {
			fields = append(fields, &outputField{name: "_count", isRequired: true, output: outputType{object: t.counts(model)}})
		}
		return fields
	})
}

func (t *types) scalarOutputs(model *prisma.Model) []*outputField {
	var fields []*outputField
	for _, f := range known(model) {
		output := t.outputOf(f)
		output.isList = f.List
		fields = append(fields, &outputField{name: f.Name, field: f, output: output, isRequired: f.Required || f.List})
	}
	return fields
}

// outputOf is the type of one value of a field.
func (t *types) outputOf(f *prisma.Field) outputType {
	if f.Type == prisma.EnumType {
		return outputType{scalar: f.Enum.Name, enum: t.valueOf(f).enum}
	}
	return outputType{scalar: string(f.Type)}
}

// number is the output type of what is counted.
var number = outputType{scalar: string(prisma.Int)}

// counts are the numbers of related records.
func (t *types) counts(model *prisma.Model) *outputObject {
	return t.output(model.Name+"CountOutputType", func() []*outputField {
		var fields []*outputField
		for _, r := range model.Relations {
			if r.List {
				where := t.arguments(func() []*inputField { return []*inputField{field("where", object(t.where(r.Model)))} })
				fields = append(fields, &outputField{name: r.Name, relation: r, arguments: where, isRequired: true, output: number})
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
		return append(t.scalarOutputs(model), t.aggregateOutputs(model)...)
	})
}

func (t *types) aggregateOutputs(model *prisma.Model) []*outputField {
	var fields []*outputField
	for _, a := range []struct {
		name   string
		wanted func(*prisma.Field) bool
		typeOf func(*prisma.Field) outputType
	}{
		{"_count", everyField, func(*prisma.Field) outputType { return number }},
		{"_avg", isNumeric, func(f *prisma.Field) outputType { return outputType{scalar: string(averageOf(f))} }},
		{"_sum", isNumeric, func(f *prisma.Field) outputType { return outputType{scalar: string(f.Type), isList: f.List} }},
		{"_min", isOrdered, t.outputOf},
		{"_max", isOrdered, t.outputOf},
	} {
		of := chosen(model, a.wanted)
		if len(of) == 0 {
			continue
		}
		object := t.output(model.Name+capital(a.name[1:])+"AggregateOutputType", func() []*outputField {
			var members []*outputField
			for _, f := range of {
				members = append(members, &outputField{name: f.Name, field: f, output: a.typeOf(f), isRequired: a.name == "_count"})
			}
			if a.name == "_count" {
				members = append(members, &outputField{name: "_all", output: number, isRequired: true})
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
		return []*outputField{{name: "count", output: number, isRequired: true}}
	})
}
