package statement

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// writer is a builder of a statement that writes.
type writer struct {
	builder
	model *prisma.Model
}

func (b *writer) table() string {
	return pgx.Identifier{b.model.Namespace, b.model.Table}.Sanitize()
}

func column(f *prisma.Field) string { return pgx.Identifier{f.Column}.Sanitize() }

// field looks a name of the request up.
func (b *writer) field(path, name string) (*prisma.Field, error) {
	if f, ok := b.model.Field(name); ok {
		return f, nil
	}
	var names []string
	for _, f := range b.model.Fields {
		names = append(names, f.Name)
	}
	return nil, prisma.Invalid(path, "%s has no scalar field %q; it has: %s", b.model.Name, name, strings.Join(names, ", "))
}

// columns is the list for SELECT or RETURNING.
func columns(o *queryschema.Operation) (list string, all []Member) {
	var names []string
	for _, s := range o.Selection {
		names = append(names, column(s.Field))
		all = append(all, Member{Key: s.Key, Kind: Scalar, Field: s.Field})
	}
	return strings.Join(names, ", "), all
}

func (b *writer) createOne(o *queryschema.Operation) (*Statement, error) {
	list, all := columns(o)
	assignments, err := b.record(o.Name+".data", o.Arguments["data"], false)
	if err != nil {
		return nil, err
	}
	sql := "INSERT INTO " + b.table() + " DEFAULT VALUES RETURNING " + list
	if len(assignments) > 0 {
		var names, values []string
		for _, a := range assignments {
			names = append(names, column(a.field))
			values = append(values, b.bind(a.text))
		}
		sql = fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s) RETURNING %s",
			b.table(), strings.Join(names, ", "), strings.Join(values, ", "), list)
	}
	return &Statement{SQL: sql, Args: b.args, Shape: all, NotFound: "The record that was created is not visible."}, nil
}

func (b *writer) updateOne(o *queryschema.Operation) (*Statement, error) {
	list, all := columns(o)
	assignments, err := b.record(o.Name+".data", o.Arguments["data"], true)
	if err != nil {
		return nil, err
	}
	var set []string
	for _, a := range assignments {
		set = append(set, column(a.field)+" = "+b.bind(a.text))
	}
	condition, err := b.uniqueOf(o.Name+".where", o.Arguments["where"])
	if err != nil {
		return nil, err
	}
	// Nothing to set is no error: the record is answered as it is.
	sql := "SELECT " + list + " FROM " + b.table() + " WHERE " + condition
	if len(set) > 0 {
		sql = fmt.Sprintf("UPDATE %s SET %s WHERE %s RETURNING %s", b.table(), strings.Join(set, ", "), condition, list)
	}
	return &Statement{SQL: sql, Args: b.args, Shape: all, NotFound: "Record to update not found."}, nil
}

func (b *writer) deleteOne(o *queryschema.Operation) (*Statement, error) {
	list, all := columns(o)
	condition, err := b.uniqueOf(o.Name+".where", o.Arguments["where"])
	if err != nil {
		return nil, err
	}
	sql := "DELETE FROM " + b.table() + " WHERE " + condition + " RETURNING " + list
	return &Statement{SQL: sql, Args: b.args, Shape: all, NotFound: "Record to delete does not exist."}, nil
}

// assignment is one column of data and the text to bind to it.
type assignment struct {
	field *prisma.Field
	text  *string
}

// record reads the argument data into assignments in the order of the table. For
// a new record it asks for every value that the table does not give itself; a
// list may be left out in any case, as Prisma has it.
func (b *writer) record(path string, input any, isUpdate bool) ([]assignment, error) {
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
func (b *writer) assigned(path string, f *prisma.Field, value any, isUpdate bool) (*string, error) {
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
func (b *writer) uniqueOf(path string, input any) (string, error) {
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
func (b *writer) parameter(path string, f *prisma.Field, value any) (*string, error) {
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

// symbol is a member of an enum: bare in the document, a string in a variable.
func symbol(value any) string {
	switch v := value.(type) {
	case prisma.Symbol:
		return string(v)
	case string:
		return v
	}
	return ""
}

// ofWrite makes the statement of an operation that writes.
func ofWrite(o *queryschema.Operation) (*Statement, error) {
	b := &writer{model: o.Model}
	for _, s := range o.Selection {
		if s.Field == nil {
			return nil, prisma.Invalid(o.Name+"."+s.Name, "this is not supported")
		}
	}
	switch o.Action {
	case queryschema.CreateOne:
		return b.createOne(o)
	case queryschema.UpdateOne:
		return b.updateOne(o)
	case queryschema.DeleteOne:
		return b.deleteOne(o)
	}
	return nil, prisma.Invalid(o.Name, "this is not supported")
}
