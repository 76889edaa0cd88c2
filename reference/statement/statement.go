package statement

import (
	"encoding/json"
	"slices"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// Statement is one SQL statement and what becomes of its rows.
type Statement struct {
	SQL string
	// Args are bound as text, nil as NULL; Postgres infers their types.
	Args []*string
	// Once is true for a text that hardly comes a second time, as its length depends on
	// how many values there are.
	Once bool
	// Shape is what becomes of each row.
	Shape []Member
	// Many is true for a list of records. Else there is one or none, and where there
	// has to be one, NotFound says what is wrong.
	Many     bool
	NotFound string
}

// Member is one member of a record: what it is called, and what becomes of its column.
type Member struct {
	Key  string
	Kind Kind
	// Field is that of a Scalar.
	Field *prisma.Field
	// Members are those of the record or records of any other kind.
	Members []Member
}

// Kind is how a member stands in a row.
type Kind int

const (
	// Scalar is a value of a field, as Postgres prints it.
	Scalar Kind = iota
	// Number is a number as JSON has it.
	Number
	// One is a record as a JSON array of its members, see [RowWidth], or null. Within
	// JSON a Scalar is what json_build_array makes of it; lists, dates and Json are a
	// string of what Postgres prints.
	One
	// Many is a JSON array of such records.
	Many
	// Group is an object whose members have columns of this row, one after the other.
	Group
)

// Of makes the statement of an operation. It does nothing else, so equal input gives
// equal statements. Its errors are [*prisma.Error].
func Of(o *queryschema.Operation) (*Statement, error) {
	switch o.Action {
	case queryschema.FindUnique, queryschema.FindFirst, queryschema.FindMany:
		return once(o, (*builder).find)
	case queryschema.Aggregate:
		return once(o, (*builder).aggregate)
	case queryschema.GroupBy:
		return once(o, (*builder).groupBy)
	}
	return nil, prisma.Invalid(o.Name, "this is not supported")
}

// once makes a statement. One about one table alone has no use for aliases; whether it
// is, shows when it is made.
func once(o *queryschema.Operation, write func(*builder, *queryschema.Operation, scope) *Statement) (*Statement, error) {
	b := &builder{}
	s := scope{model: o.Model}
	if isNested(o.Selection) {
		s.alias = b.alias()
	}
	statement := write(b, o, s)
	if s.alias == "" && b.aliases > 0 {
		b = &builder{}
		s.alias = b.alias()
		statement = write(b, o, s)
	}
	statement.Args = b.args
	return statement, b.err
}

// isNested tells whether more is selected of a record than its own columns.
func isNested(selected []*queryschema.Selected) bool {
	return slices.ContainsFunc(selected, func(one *queryschema.Selected) bool {
		return one.Relation != nil || isNested(one.Selection)
	})
}

// find reads records.
func (b *builder) find(o *queryschema.Operation, s scope) *Statement {
	statement := &Statement{Many: o.Action == queryschema.FindMany}
	if o.OrThrow {
		statement.NotFound = "No record was found for a query."
	}
	p := &page{scope: s, from: s.table()}
	if o.Action == queryschema.FindUnique {
		where, _ := o.Arguments["where"].(map[string]any)
		p.conditions = b.unique(s, where)
	} else {
		p = b.page(s, s.table(), nil, b.limited(o), readerOf(o.Selection))
	}
	b.selected(statement, p, o.Selection)
	return statement
}

// limited are the arguments of an operation, of which findFirst takes one record.
func (b *builder) limited(o *queryschema.Operation) map[string]any {
	if o.Action != queryschema.FindFirst {
		return o.Arguments
	}
	arguments := map[string]any{"take": json.Number("1")}
	for name, value := range o.Arguments {
		if value != nil {
			arguments[name] = value
		}
	}
	if take, _ := whole(arguments["take"]); take != 1 && take != -1 {
		b.fail(inputError("The 'findFirst' operation cannot be used with a 'take' argument that isn't 1 or -1"))
	}
	return arguments
}

// inputError is a value that fits the schema and still cannot be meant, P2019.
func inputError(details string) error {
	return prisma.NewError("P2019", "Input error. "+details, map[string]any{"details": details})
}

// selected completes a statement with what is selected of a page.
func (b *builder) selected(statement *Statement, p *page, selected []*queryschema.Selected) {
	l := b.selection(p.scope, selected, false)
	p.from += l.joins
	statement.SQL, statement.Shape = p.text(l.columns), l.shape
}

// ByKey reads what is selected of the one record whose key has these values, as text
// to bind.
func ByKey(o *queryschema.Operation, key *prisma.Key, values []*string) (*Statement, error) {
	b := &builder{}
	s := scope{model: o.Model}
	if isNested(o.Selection) {
		s.alias = b.alias()
	}
	p := &page{scope: s, from: s.table()}
	for i, f := range key.Fields {
		p.conditions = append(p.conditions, s.column(f)+" = "+b.bind(values[i]))
	}
	statement := &Statement{}
	b.selected(statement, p, o.Selection)
	statement.Args = b.args
	return statement, b.err
}
