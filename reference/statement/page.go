package statement

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// page is a SELECT of records of one model that is not complete: what is selected of
// them is still to be said.
type page struct {
	scope
	from       string
	conditions []string
	terms      []term
	// distinct is DISTINCT ON and what is to differ, limit LIMIT and OFFSET; "" without.
	distinct, limit string
}

// text is the statement that selects these columns.
func (p *page) text(columns []string) string {
	return "SELECT " + p.distinct + list(columns) + " FROM " + p.from + where(p.conditions) + orderBy(p.terms) + p.limit
}

// reader is what a page is read for: its columns, and whether more is read of each of
// its records, so that no more records may be at hand than the page has.
type reader struct {
	columns []*prisma.Field
	nested  bool
}

// page makes one of the arguments of a list: the records that where finds, in order,
// from the cursor on, the first with each of the distinct values, and of these as many
// as are taken after what is skipped. tables and conditions are what the records are
// of beside that.
func (b *builder) page(s scope, tables string, conditions []string, arguments map[string]any, r reader) *page {
	filter, _ := arguments["where"].(map[string]any)
	p := &page{scope: s, from: tables, conditions: append(conditions, b.conditions(s, filter)...)}
	asked, joins := b.terms(s, arguments["orderBy"])
	p.terms, p.from = asked, p.from+joins
	take, taken := whole(arguments["take"])
	skip, _ := whole(arguments["skip"])
	cursor, _ := arguments["cursor"].(map[string]any)
	_, isDistinct := arguments["distinct"].([]any)
	distinct := fieldsNamed(s.model, arguments["distinct"])
	if taken || skip > 0 || cursor != nil || isDistinct {
		p.terms = total(s, asked)
	}
	// What is taken from the end is taken from the beginning of the opposite order.
	backwards := take < 0
	if backwards {
		p.terms = reversed(p.terms)
		take = -take
	}
	r.columns = append(slices.Clip(r.columns), distinct...)
	if cursor != nil {
		b.start(p, cursor, len(conditions) == 0, r.columns)
	}
	if isDistinct {
		b.first(p, distinct, r.columns)
	}
	p.limit = b.limit(take, taken, skip)
	if p.limit != "" && r.nested || backwards {
		b.enclose(p, r.columns)
	}
	if backwards {
		p.terms = reversed(p.terms)
	}
	return p
}

func (b *builder) limit(take int64, taken bool, skip int64) string {
	limit := ""
	if taken {
		limit = " LIMIT " + b.number(take)
	}
	if skip > 0 {
		limit += " OFFSET " + b.number(skip)
	}
	return limit
}

func (b *builder) number(n int64) string {
	text := strconv.FormatInt(n, 10)
	return b.bind(&text)
}

// start leaves out the records before the cursor's. Where the order is by values that
// every record has and that tell it from all others, it is where these values are that
// counts, whether or not the filter finds the cursor's record, and an index leads
// there; otherwise, and in a list of related records, it is the cursor's own record in
// the list, and without it there is nothing. So it is in Prisma's query engine.
func (b *builder) start(p *page, cursor map[string]any, isTop bool, columns []*prisma.Field) {
	if isTop && isKeyed(p.model, p.terms) {
		p.conditions = append(p.conditions, b.since(p, p.terms, cursor))
		return
	}
	found := p.unused("found")
	here := strings.Join(b.unique(p.scope, cursor), " AND ")
	running := "bool_or(" + here + ") OVER (" + strings.TrimPrefix(orderBy(p.terms), " ") + " ROWS UNBOUNDED PRECEDING) AS " + found
	terms := p.terms
	p.terms = nil
	b.within(p, terms, columns, running)
	p.conditions = []string{p.alias + "." + found}
}

// isKeyed tells whether terms are columns that cannot be null and hold a whole key.
func isKeyed(model *prisma.Model, terms []term) bool {
	return isTotal(model, terms) && !slices.ContainsFunc(terms, func(t term) bool {
		return t.field == nil || !t.field.Required || t.field.List
	})
}

// since holds for the records that are, by the terms, where the cursor's record is or
// beyond it.
func (b *builder) since(p *page, terms []term, cursor map[string]any) string {
	t := terms[0]
	operator := " > "
	if t.descending {
		operator = " < "
	}
	isAt := t.expression + strings.TrimRight(operator, " ") + "= " + b.atCursor(p.model, t.field, cursor)
	if len(terms) == 1 || t.field.Unique {
		return isAt
	}
	isBeyond := t.expression + operator + b.atCursor(p.model, t.field, cursor)
	return isAt + " AND (" + isBeyond + " OR " + b.since(p, terms[1:], cursor) + ")"
}

// atCursor is the value of a field of the cursor's record.
func (b *builder) atCursor(model *prisma.Model, f *prisma.Field, cursor map[string]any) string {
	s := scope{model: model, alias: b.alias()}
	return "(SELECT " + s.column(f) + " FROM " + s.table() + where(b.unique(s, cursor)) + ")"
}

// first keeps of the records with the same values the first one. By no values all are
// the same.
func (b *builder) first(p *page, distinct, columns []*prisma.Field) {
	if len(distinct) == 0 {
		p.limit = " LIMIT 1"
		b.enclose(p, columns)
		return
	}
	keys := make([]term, len(distinct))
	names := make([]string, len(distinct))
	for i, f := range distinct {
		names[i] = sameness(p.scope, f)
		keys[i] = term{expression: names[i]}
	}
	p.distinct = "DISTINCT ON (" + list(names) + ") "
	terms := p.terms
	p.terms = append(keys, terms...)
	b.within(p, terms, columns)
}

// sameness is a field's column as it is told from others: a list that is null is the
// same as an empty one, as in every answer.
func sameness(s scope, f *prisma.Field) string {
	switch {
	case f.List:
		return "coalesce(" + s.column(f) + ", '{}')"
	case f.NativeType == "json":
		return s.column(f) + "::jsonb"
	}
	return comparable(s, f)
}

// enclose makes the page as it is a table under the same alias.
func (b *builder) enclose(p *page, columns []*prisma.Field) { b.within(p, p.terms, columns) }

// within makes the page as it is a table under the same alias, to go on from in the
// order of terms. It has the columns, those that terms need, and extra ones.
func (b *builder) within(p *page, terms []term, columns []*prisma.Field, extra ...string) {
	if p.alias == "" {
		// Other statements of an alias come about when it is asked for.
		b.alias()
	}
	var names []string
	var seen []*prisma.Field
	for _, f := range columns {
		if !slices.Contains(seen, f) {
			seen, names = append(seen, f), append(names, p.column(f))
		}
	}
	after := slices.Clone(terms)
	for i, t := range terms {
		switch {
		case t.field == nil:
			name := p.unused("order" + strconv.Itoa(i+1))
			names = append(names, t.expression+" AS "+name)
			after[i].expression = p.alias + "." + name
		case !slices.Contains(seen, t.field):
			seen, names = append(seen, t.field), append(names, p.column(t.field))
		}
	}
	inner := p.text(append(names, extra...))
	*p = page{scope: p.scope, from: "(" + inner + ") AS " + p.alias, terms: after}
}

// whole is a number of an argument, ok where there is one.
func whole(value any) (n int64, ok bool) {
	number, _ := value.(json.Number)
	n, err := strconv.ParseInt(number.String(), 10, 64)
	return n, err == nil
}

// fieldsNamed are the fields of an argument such as distinct.
func fieldsNamed(model *prisma.Model, argument any) []*prisma.Field {
	names, _ := argument.([]any)
	var fields []*prisma.Field
	for _, name := range names {
		symbol, _ := name.(prisma.Symbol)
		if f, ok := model.Field(string(symbol)); ok {
			fields = append(fields, f)
		}
	}
	return fields
}
