package statement

import (
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// MaxParameters is how many values Postgres takes beside a statement.
const MaxParameters = 65535

// own is the alias of the table that a statement writes to.
const own = "t"

// Insert adds a record and answers the fields of it that are asked for.
func Insert(m *prisma.Model, values []Value, returning []*prisma.Field) *Statement {
	b := &builder{}
	s := scope{model: m, alias: own}
	return &Statement{SQL: "INSERT INTO " + s.table() + b.inserted(values) + s.returning(returning), Args: b.args}
}

// inserted is what follows the table in an INSERT of one record.
func (b *builder) inserted(values []Value) string {
	if len(values) == 0 {
		return " DEFAULT VALUES"
	}
	var columns, placeholders []string
	for _, v := range values {
		columns = append(columns, quoted(v.Field.Column))
		placeholders = append(placeholders, b.bind(v.Text))
	}
	return " (" + list(columns) + ") VALUES (" + list(placeholders) + ")"
}

// returning is the clause RETURNING, with the space before it.
func (s scope) returning(fields []*prisma.Field) string {
	if len(fields) == 0 {
		return ""
	}
	return " RETURNING " + list(s.columns(fields))
}

// names are the columns of fields where SQL wants no table before them.
func names(fields []*prisma.Field) string { return list(scope{}.columns(fields)) }

// InsertMany adds records, in as few statements as Postgres' limit on parameters
// allows. A column that only some of them have a value for gets its default in the
// others. With skipDuplicates a record is left out that clashes with another.
func InsertMany(m *prisma.Model, records [][]Value, skipDuplicates bool) []*Statement {
	fields := fieldsOf(m, records)
	var statements []*Statement
	for len(records) > 0 {
		n := rowsThatFit(records)
		b := &builder{}
		rows := make([]string, n)
		for i, values := range records[:n] {
			rows[i] = b.row(fields, values)
		}
		sql := "INSERT INTO " + scope{model: m}.table() + " (" + names(fields) + ") VALUES " + strings.Join(rows, ", ")
		if skipDuplicates {
			sql += " ON CONFLICT DO NOTHING"
		}
		statements = append(statements, &Statement{SQL: sql, Args: b.args, Once: true})
		records = records[n:]
	}
	return statements
}

// rowsThatFit is how many records, from the first, one statement can have.
func rowsThatFit(records [][]Value) int {
	parameters := 0
	for i, values := range records {
		if parameters += len(values); parameters > MaxParameters || i == MaxParameters {
			return i
		}
	}
	return len(records)
}

// fieldsOf are the fields that any of the records has a value for; where there is
// none, one for every record to set to its default.
func fieldsOf(m *prisma.Model, records [][]Value) []*prisma.Field {
	given := map[*prisma.Field]bool{}
	for _, values := range records {
		for _, v := range values {
			given[v.Field] = true
		}
	}
	if len(given) == 0 {
		return m.Fields[:min(1, len(m.Fields))]
	}
	return slices.DeleteFunc(slices.Clone(m.Fields), func(f *prisma.Field) bool { return !given[f] })
}

// row is one record of several in an INSERT. Its values are in the order of fields.
func (b *builder) row(fields []*prisma.Field, values []Value) string {
	placeholders := make([]string, len(fields))
	for i, f := range fields {
		placeholders[i] = "DEFAULT"
		if len(values) > 0 && values[0].Field == f {
			placeholders[i] = b.bind(values[0].Text)
			values = values[1:]
		}
	}
	return "(" + list(placeholders) + ")"
}

// Upsert adds a record, or changes the one that has its values of the key, which are
// among values. There is at least one change.
func Upsert(m *prisma.Model, key []*prisma.Field, values, changes []Value, returning []*prisma.Field) *Statement {
	b := &builder{}
	s := scope{model: m, alias: own}
	sql := "INSERT INTO " + s.table() + b.inserted(values) +
		" ON CONFLICT (" + names(key) + ") DO UPDATE SET " + b.changed(s, changes) + s.returning(returning)
	return &Statement{SQL: sql, Args: b.args}
}
