package statement

import (
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// Value is what a column is set to.
type Value struct {
	Field *prisma.Field
	// Text is as Postgres prints it, nil for NULL.
	Text *string
	// operator is the SQL of how a changed column comes about from what it was and
	// Text, see operators; "" where it becomes Text.
	operator string
}

// Values are those of a new record, in the order of the model's fields.
func Values(m *prisma.Model, record *queryschema.Record) ([]Value, error) {
	var values []Value
	for _, f := range m.Fields {
		given, ok := record.Values[f.Name]
		if !ok {
			continue
		}
		text, err := f.Parameter(given)
		if err != nil {
			return nil, prisma.Invalid(f.Name, "%s", err)
		}
		values = append(values, Value{Field: f, Text: text})
	}
	return values, nil
}

// Changes are those of a record that exists, in the order of the model's fields.
func Changes(m *prisma.Model, record *queryschema.Record) ([]Value, error) {
	var changes []Value
	for _, f := range m.Fields {
		operations, _ := record.Values[f.Name].(map[string]any)
		for _, name := range sorted(operations) {
			text, err := f.Parameter(operations[name])
			if err != nil {
				return nil, prisma.Invalid(f.Name, "%s", err)
			}
			changes = append(changes, Value{f, text, operators[name]})
		}
	}
	return changes, nil
}

// operators are the SQL of the operations that change a number or a list; %[1]s is
// the column and %[2]s the value.
var operators = map[string]string{
	"increment": "%[1]s + %[2]s",
	"decrement": "%[1]s - %[2]s",
	"multiply":  "%[1]s * %[2]s",
	"divide":    "%[1]s / %[2]s",
	// The operator || would not tell a list from an element.
	"push": "array_cat(%[1]s, %[2]s)",
}
