package accelerate

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// builder collects the bound values of one statement on one model.
type builder struct {
	model *prisma.Model
	args  []*string
}

// bind adds a value and is its placeholder.
func (b *builder) bind(text *string) string {
	b.args = append(b.args, text)
	return "$" + strconv.Itoa(len(b.args))
}

func (b *builder) table() string {
	return pgx.Identifier{b.model.Namespace, b.model.Table}.Sanitize()
}

func column(f *prisma.Field) string { return pgx.Identifier{f.Column}.Sanitize() }

// field looks a name of the request up.
func (b *builder) field(path, name string) (*prisma.Field, error) {
	if f, ok := b.model.Field(name); ok {
		return f, nil
	}
	var names []string
	for _, f := range b.model.Fields {
		names = append(names, f.Name)
	}
	return nil, invalid(path, "%s has no scalar field %q; it has: %s", b.model.Name, name, strings.Join(names, ", "))
}

// output looks up what is selected; columns is the list for SELECT or RETURNING.
func (b *builder) output(field rootField) (columns string, outputs []output, err error) {
	if len(field.Selection) == 0 {
		return "", nil, invalid(field.Name, "expected a selection of scalar fields, such as { id }")
	}
	var list []string
	for _, s := range field.Selection {
		path := field.Name + "." + s.Name
		f, err := b.field(path, s.Name)
		if err != nil {
			return "", nil, err
		}
		if f.Type == prisma.Unsupported {
			return "", nil, invalid(path, "Prisma has no scalar for the column's type %s", f.NativeType)
		}
		list = append(list, column(f))
		outputs = append(outputs, output{s.Key, f})
	}
	return strings.Join(list, ", "), outputs, nil
}

func (b *builder) findMany(field rootField) (plan, error) {
	columns, outputs, err := b.output(field)
	if err != nil {
		return plan{}, err
	}
	sql := "SELECT " + columns + " FROM " + b.table()
	if where, ok := field.Arguments["where"]; ok {
		condition, err := b.where(field.Name+".where", where, 0)
		if err != nil {
			return plan{}, err
		}
		if condition != "" {
			sql += " WHERE " + condition
		}
	}
	tail, err := b.orderAndPage(field)
	return plan{sql: sql + tail, args: b.args, output: outputs, many: true}, err
}

func (b *builder) createOne(field rootField) (plan, error) {
	columns, outputs, err := b.output(field)
	if err != nil {
		return plan{}, err
	}
	assignments, err := b.record(field.Name+".data", field.Arguments["data"], false)
	if err != nil {
		return plan{}, err
	}
	sql := "INSERT INTO " + b.table() + " DEFAULT VALUES RETURNING " + columns
	if len(assignments) > 0 {
		var names, values []string
		for _, a := range assignments {
			names = append(names, column(a.field))
			values = append(values, b.bind(a.text))
		}
		sql = fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s) RETURNING %s",
			b.table(), strings.Join(names, ", "), strings.Join(values, ", "), columns)
	}
	return plan{sql: sql, args: b.args, output: outputs, notFound: "The record that was created is not visible."}, nil
}

func (b *builder) updateOne(field rootField) (plan, error) {
	columns, outputs, err := b.output(field)
	if err != nil {
		return plan{}, err
	}
	assignments, err := b.record(field.Name+".data", field.Arguments["data"], true)
	if err != nil {
		return plan{}, err
	}
	var set []string
	for _, a := range assignments {
		set = append(set, column(a.field)+" = "+b.bind(a.text))
	}
	condition, err := b.unique(field.Name+".where", field.Arguments["where"])
	if err != nil {
		return plan{}, err
	}
	// Nothing to set is no error: the record is answered as it is.
	sql := "SELECT " + columns + " FROM " + b.table() + " WHERE " + condition
	if len(set) > 0 {
		sql = fmt.Sprintf("UPDATE %s SET %s WHERE %s RETURNING %s", b.table(), strings.Join(set, ", "), condition, columns)
	}
	return plan{sql: sql, args: b.args, output: outputs, notFound: "Record to update not found."}, nil
}

func (b *builder) deleteOne(field rootField) (plan, error) {
	columns, outputs, err := b.output(field)
	if err != nil {
		return plan{}, err
	}
	condition, err := b.unique(field.Name+".where", field.Arguments["where"])
	if err != nil {
		return plan{}, err
	}
	sql := "DELETE FROM " + b.table() + " WHERE " + condition + " RETURNING " + columns
	return plan{sql: sql, args: b.args, output: outputs, notFound: "Record to delete does not exist."}, nil
}

// sorted are the names of members, in an order that does not change from run to
// run.
func sorted(members map[string]any) []string { return slices.Sorted(maps.Keys(members)) }
