package statement

import (
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// assignment is one column of data and the text to bind to it.
type assignment struct {
	field *prisma.Field
	text  *string
}

// record reads the argument data into assignments in the order of the table. For
// a new record it asks for every value that the table does not give itself; a
// list may be left out in any case, as Prisma has it.
func (b *builder) record(path string, input any, isUpdate bool) ([]assignment, error) {
	record, ok := input.(*queryschema.Record)
	if !ok {
		record = &queryschema.Record{}
	}
	if len(record.Writes) > 0 {
		return nil, prisma.Invalid(path+"."+record.Writes[0].Relation.Name, "nested writes are not supported")
	}
	data := record.Values
	var assignments []assignment
	for _, f := range b.model.Fields {
		value, ok := data[f.Name]
		if !ok {
			if !isUpdate && f.Required && f.Default.Kind == prisma.NoDefault && !f.List {
				return nil, prisma.Missing(path + "." + f.Name)
			}
			continue
		}
		text, err := b.assigned(path+"."+f.Name, f, value, isUpdate)
		if err != nil {
			return nil, err
		}
		assignments = append(assignments, assignment{f, text})
	}
	return assignments, nil
}

// assigned reads a value or {set: value}, which a new record knows for lists
// only.
func (b *builder) assigned(path string, f *prisma.Field, value any, isUpdate bool) (*string, error) {
	operations, ok := value.(map[string]any)
	if !ok {
		return b.parameter(path, f, value)
	}
	if !isUpdate && !f.List {
		return nil, prisma.Invalid(path, "expected a value, found %s", prisma.Describe(value))
	}
	set, ok := operations["set"]
	if names := sorted(operations); !ok || len(names) != 1 {
		return nil, prisma.Invalid(path, "expected a value or exactly the operation set, found {%s}", strings.Join(names, ", "))
	}
	return b.parameter(path+".set", f, set)
}

// unique is the condition of a where that finds at most one record: exactly one
// unique field, as Prisma 4 has it.
func (b *builder) unique(path string, input any) (string, error) {
	where, ok := input.(map[string]any)
	if names := sorted(where); !ok || len(names) != 1 {
		return "", prisma.Invalid(path, "expected exactly one unique field, found %s", found(input, names))
	}
	for name, value := range where {
		path += "." + name
		f, err := b.field(path, name)
		if err != nil {
			return "", err
		}
		if !f.Unique {
			return "", prisma.Invalid(path, "%s is not unique by itself in %s", name, b.model.Name)
		}
		if value == nil {
			return "", prisma.Missing(path)
		}
		text, err := b.parameter(path, f, value)
		return column(f) + " = " + b.bind(text), err
	}
	return "", nil
}

// found shows what stands in place of one unique field.
func found(input any, names []string) string {
	if len(names) == 0 {
		return prisma.Describe(input)
	}
	return "{" + strings.Join(names, ", ") + "}"
}

// parameter is the text to bind for a value of f.
func (b *builder) parameter(path string, f *prisma.Field, value any) (*string, error) {
	text, err := f.Parameter(value)
	if err != nil {
		return nil, prisma.Invalid(path, "%s", err)
	}
	if text == nil && f.Required {
		return nil, prisma.Missing(path)
	}
	return text, checkEnum(path, f, value)
}

// checkEnum refuses what is no value of an enum field's enum.
func checkEnum(path string, f *prisma.Field, value any) error {
	if f.Type != prisma.EnumType {
		return nil
	}
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	for _, value := range list {
		if value != nil && !slices.Contains(f.Enum.Values, symbol(value)) {
			return prisma.Invalid(path, "%s has no value %q; it has: %s", f.Enum.Name, symbol(value), strings.Join(f.Enum.Values, ", "))
		}
	}
	return nil
}
