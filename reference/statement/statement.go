package statement

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// Statement is one SQL statement and what becomes of its rows.
type Statement struct {
	SQL string
	// Args are bound as text, nil as NULL; Postgres infers their types.
	Args []*string
	// Columns are what each row has, in order.
	Columns []Column
	// Many is true for a list of records; else there is one, and NotFound says what
	// is wrong when there is none.
	Many     bool
	NotFound string
}

// Column is one column of a row, and the member of the record that it is.
type Column struct {
	Key   string
	Field *prisma.Field
}

// Of makes the statement of an operation. It does nothing else, so equal input gives
// equal statements. Its errors are [*prisma.Error].
func Of(o *queryschema.Operation) (*Statement, error) {
	b := &builder{model: o.Model}
	for _, s := range o.Selection {
		if s.Field == nil {
			return nil, prisma.Invalid(o.Name+"."+s.Name, "this is not supported")
		}
	}
	for _, name := range []string{"cursor", "distinct"} {
		if o.Arguments[name] != nil {
			return nil, prisma.Invalid(o.Name+"."+name, "this is not supported")
		}
	}
	switch o.Action {
	case queryschema.FindMany:
		return b.findMany(o)
	case queryschema.CreateOne:
		return b.createOne(o)
	case queryschema.UpdateOne:
		return b.updateOne(o)
	case queryschema.DeleteOne:
		return b.deleteOne(o)
	}
	return nil, prisma.Invalid(o.Name, "this is not supported")
}

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
	return nil, prisma.Invalid(path, "%s has no scalar field %q; it has: %s", b.model.Name, name, strings.Join(names, ", "))
}

// columns is the list for SELECT or RETURNING.
func columns(o *queryschema.Operation) (list string, all []Column) {
	var names []string
	for _, s := range o.Selection {
		names = append(names, column(s.Field))
		all = append(all, Column{s.Key, s.Field})
	}
	return strings.Join(names, ", "), all
}

func (b *builder) findMany(o *queryschema.Operation) (*Statement, error) {
	list, all := columns(o)
	sql := "SELECT " + list + " FROM " + b.table()
	if where, ok := o.Arguments["where"]; ok {
		condition, err := b.where(o.Name+".where", where, 0)
		if err != nil {
			return nil, err
		}
		if condition != "" {
			sql += " WHERE " + condition
		}
	}
	tail, err := b.orderAndPage(o)
	return &Statement{SQL: sql + tail, Args: b.args, Columns: all, Many: true}, err
}

func (b *builder) createOne(o *queryschema.Operation) (*Statement, error) {
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
	return &Statement{SQL: sql, Args: b.args, Columns: all, NotFound: "The record that was created is not visible."}, nil
}

func (b *builder) updateOne(o *queryschema.Operation) (*Statement, error) {
	list, all := columns(o)
	assignments, err := b.record(o.Name+".data", o.Arguments["data"], true)
	if err != nil {
		return nil, err
	}
	var set []string
	for _, a := range assignments {
		set = append(set, column(a.field)+" = "+b.bind(a.text))
	}
	condition, err := b.unique(o.Name+".where", o.Arguments["where"])
	if err != nil {
		return nil, err
	}
	// Nothing to set is no error: the record is answered as it is.
	sql := "SELECT " + list + " FROM " + b.table() + " WHERE " + condition
	if len(set) > 0 {
		sql = fmt.Sprintf("UPDATE %s SET %s WHERE %s RETURNING %s", b.table(), strings.Join(set, ", "), condition, list)
	}
	return &Statement{SQL: sql, Args: b.args, Columns: all, NotFound: "Record to update not found."}, nil
}

func (b *builder) deleteOne(o *queryschema.Operation) (*Statement, error) {
	list, all := columns(o)
	condition, err := b.unique(o.Name+".where", o.Arguments["where"])
	if err != nil {
		return nil, err
	}
	sql := "DELETE FROM " + b.table() + " WHERE " + condition + " RETURNING " + list
	return &Statement{SQL: sql, Args: b.args, Columns: all, NotFound: "Record to delete does not exist."}, nil
}

// sorted are the names of members, in an order that does not change from run to
// run.
func sorted(members map[string]any) []string { return slices.Sorted(maps.Keys(members)) }
