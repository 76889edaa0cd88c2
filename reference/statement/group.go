package statement

import (
	"cmp"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// groupBy tells something of each group of records that have the same values.
func (b *builder) groupBy(o *queryschema.Operation, s scope) *Statement {
	by := fieldsNamed(s.model, o.Arguments["by"])
	filter, _ := o.Arguments["where"].(map[string]any)
	having, _ := o.Arguments["having"].(map[string]any)
	var all selection
	for _, one := range o.Selection {
		if one.Field != nil {
			all.add(groupKey(s, one.Field), Member{Key: one.Key, Kind: Scalar, Field: one.Field})
		} else {
			all.aggregates(s, one)
		}
	}
	keys := make([]string, len(by))
	for i, f := range by {
		keys[i] = groupKey(s, f)
	}
	p := page{scope: s, from: s.table(), conditions: b.conditions(s, filter)}
	text := p.text(all.columns) + " GROUP BY " + list(keys)
	if conditions := b.having(s, having); len(conditions) > 0 {
		text += " HAVING " + strings.Join(conditions, " AND ")
	}
	return &Statement{SQL: text + b.groupPage(s, o.Arguments), Shape: all.shape, Many: true}
}

// groupPage is ORDER BY, LIMIT and OFFSET of groups. What is taken from the end is taken
// from the beginning of the opposite order, and stands in that: so it is in Prisma's
// query engine.
func (b *builder) groupPage(s scope, arguments map[string]any) string {
	terms := b.groupTerms(s, arguments)
	take, taken := whole(arguments["take"])
	skip, _ := whole(arguments["skip"])
	if take < 0 {
		terms, take = reversed(terms), -take
	}
	return orderBy(terms) + b.limit(take, taken, skip)
}

// groupKey is a field's column as groups are told apart by it: json has no equality.
func groupKey(s scope, f *prisma.Field) string {
	if f.NativeType == "json" {
		return s.column(f) + "::jsonb"
	}
	return comparable(s, f)
}

// groupTerms is the order of groups. Where only some of them are asked for, in no order,
// it is that of the records' key, which they are by then.
func (b *builder) groupTerms(s scope, arguments map[string]any) []term {
	var terms []term
	criteria, _ := arguments["orderBy"].([]any)
	for _, criterion := range criteria {
		members, _ := criterion.(map[string]any)
		for name, value := range members {
			terms = append(terms, b.groupTerm(s, name, value))
		}
	}
	if len(terms) > 0 || !isPaged(arguments) {
		return terms
	}
	return total(s, nil)
}

// groupTerm is the order by a field that groups are by, or by an aggregate.
func (b *builder) groupTerm(s scope, name string, value any) term {
	if f, ok := s.model.Field(name); ok {
		return directed(term{expression: groupKey(s, f), field: f}, value)
	}
	members, _ := value.(map[string]any)
	for member, direction := range members {
		if f, ok := s.model.Field(member); ok {
			return directed(term{expression: aggregateOf(s, name, f).expression}, direction)
		}
	}
	b.fail(prisma.Invalid(name, "groups of %s cannot be ordered by %q", s.model.Name, name))
	return term{}
}

// having are what must hold of a group that a filter object finds, all of them.
func (b *builder) having(s scope, filter map[string]any) []string {
	var conditions []string
	for _, name := range sorted(filter) {
		if f, ok := s.model.Field(name); ok {
			operations, _ := filter[name].(map[string]any)
			conditions = append(conditions, b.havingField(s, f, operations, nil, false)...)
			continue
		}
		elements, _ := filter[name].([]any)
		within := s.within(name)
		conditions = append(conditions, s.combination(name, elements, func(filter map[string]any) []string { return b.having(within, filter) })...)
	}
	return conditions
}

// havingField are the conditions of a field's filter: on what its values come to, and,
// of a field that groups are by, on its value, in a mode that not has from around it.
// Within not each is negated but that of a value, see comparison.all.
func (b *builder) havingField(s scope, f *prisma.Field, operations map[string]any, mode any, isNot bool) []string {
	var conditions []string
	mode = cmp.Or(operations["mode"], mode)
	plain, other := map[string]any{}, map[string]any{}
	for _, name := range sorted(operations) {
		value, isObject := operations[name].(map[string]any)
		switch {
		case name == "mode":
		case strings.HasPrefix(name, "_"):
			a := aggregateOf(s, name, f)
			conditions = append(conditions, comparison{b, a.expression, a.field, false}.all(value, isNot)...)
		case name == "not" && isObject:
			conditions = append(conditions, b.havingField(s, f, value, mode, !isNot)...)
		case name == "not" && isNot:
			other[name] = operations[name]
		default:
			plain[name] = operations[name]
		}
	}
	for _, condition := range b.havingValue(s, f, plain, mode) {
		if isNot {
			condition = not([]string{condition})
		}
		conditions = append(conditions, condition)
	}
	return append(conditions, b.havingValue(s, f, other, mode)...)
}

// havingValue are the conditions on the value of a field that groups are by.
func (b *builder) havingValue(s scope, f *prisma.Field, operations map[string]any, mode any) []string {
	if len(operations) == 0 {
		return nil
	}
	if mode != nil {
		operations["mode"] = mode
	}
	return b.member(s, f.Name, operations)
}
