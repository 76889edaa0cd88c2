package statement

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// aggregate tells one thing of many records. Their order counts only where not all of
// them do.
func (b *builder) aggregate(o *queryschema.Operation, s scope) *Statement {
	arguments := o.Arguments
	if !isPaged(arguments) {
		arguments = map[string]any{"where": arguments["where"]}
	}
	// As a table, the page has no more records than there are in it.
	p := b.page(s, s.table(), nil, arguments, reader{columns: aggregatedFields(o.Selection), nested: true})
	p.terms = nil
	var all selection
	for _, one := range o.Selection {
		all.aggregates(p.scope, one)
	}
	return &Statement{SQL: p.text(all.columns), Shape: all.shape}
}

// isPaged tells whether not all records that where finds are asked for.
func isPaged(arguments map[string]any) bool {
	_, taken := whole(arguments["take"])
	skip, _ := whole(arguments["skip"])
	return taken || skip > 0 || arguments["cursor"] != nil
}

// aggregatedFields are the fields that aggregates are of.
func aggregatedFields(selected []*queryschema.Selected) []*prisma.Field {
	var fields []*prisma.Field
	for _, one := range selected {
		for _, member := range one.Selection {
			if member.Field != nil && !slices.Contains(fields, member.Field) {
				fields = append(fields, member.Field)
			}
		}
	}
	return fields
}

// aggregates adds a member such as _avg, with what is selected of it.
func (l *selection) aggregates(s scope, one *queryschema.Selected) {
	group := Member{Key: one.Key, Kind: Group}
	for _, member := range one.Selection {
		value := aggregateOf(s, one.Name, member.Field)
		column := value.expression
		if one.Name == "_avg" && value.field.Type != member.Field.Type {
			// An average of whole numbers is numeric in Postgres.
			column += "::float8"
		}
		l.columns = append(l.columns, column)
		group.Members = append(group.Members, Member{Key: member.Key, Kind: Scalar, Field: value.field})
	}
	l.shape = append(l.shape, group)
}

// aggregated is what the values of a field come to: an expression, and a field that
// has such values.
type aggregated struct {
	expression string
	field      *prisma.Field
}

// aggregateOf is an aggregate of a field, or of whole records where there is none. Of
// nothing a count is 0, and anything else is null.
func aggregateOf(s scope, name string, f *prisma.Field) aggregated {
	if f == nil {
		return aggregated{"count(*)", &prisma.Field{Type: prisma.Int}}
	}
	column := s.column(f)
	of := func(t prisma.Type) *prisma.Field {
		return &prisma.Field{Name: f.Name, Column: f.Column, Type: t, NativeType: f.NativeType}
	}
	switch name {
	case "_count":
		return aggregated{"count(" + column + ")", of(prisma.Int)}
	case "_avg":
		average := prisma.Float
		if f.Type == prisma.Decimal {
			average = prisma.Decimal
		}
		return aggregated{"avg(" + number(column, f) + ")", of(average)}
	case "_sum":
		return aggregated{"sum(" + number(column, f) + ")", of(f.Type)}
	case "_min":
		return aggregated{extreme("min", "bool_and", column, f), optional(f)}
	default:
		return aggregated{extreme("max", "bool_or", column, f), optional(f)}
	}
}

// optional is a field whose value may be null.
func optional(f *prisma.Field) *prisma.Field {
	field := *f
	field.Required = false
	return &field
}

// number is a column as a number that Postgres has aggregates of.
func number(column string, f *prisma.Field) string {
	switch f.NativeType {
	case "money":
		return column + "::numeric"
	case "oid":
		return column + "::bigint"
	}
	return column
}

// extreme is the least or the greatest value, also of types that Postgres has an order
// but no such aggregate of: false is less than true, and the text of a uuid is ordered
// as the uuid is.
func extreme(aggregate, ofBooleans, column string, f *prisma.Field) string {
	switch f.NativeType {
	case "boolean":
		return ofBooleans + "(" + column + ")"
	case "uuid":
		return aggregate + "(" + column + "::text)::uuid"
	}
	return aggregate + "(" + column + ")"
}
