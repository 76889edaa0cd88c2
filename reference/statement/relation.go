package statement

import (
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// related are the records that a relation leads to from the record of a scope: their
// own scope, what stands in FROM, and what must hold.
func (b *builder) related(from scope, r *prisma.Relation) (to scope, tables string, conditions []string) {
	to = scope{model: r.Model, alias: b.alias()}
	if r.Join == nil {
		return to, to.table(), equal(to.columns(r.References), from.columns(r.Fields))
	}
	join := b.alias()
	own, other := join+"."+quoted(r.Join.Own), join+"."+quoted(r.Join.Other)
	on := equal([]string{other}, to.columns(r.References))
	tables = table(r.Join.Namespace, r.Join.Table, join) + " INNER JOIN " + to.table() + " ON " + on[0]
	return to, tables, equal([]string{own}, from.columns(r.Fields))
}

// lead is related for a filter or an order, of which there is a bounded number.
func (b *builder) lead(from scope, r *prisma.Relation) (to scope, tables string, conditions []string) {
	to, tables, conditions = b.related(from, r)
	to.depth = from.depth + 1
	b.bound(r, to.depth)
	return to, tables, conditions
}

func (b *builder) bound(r *prisma.Relation, depth int) {
	b.led++
	switch {
	case b.led > maxLed:
		b.fail(prisma.Invalid(r.Name, "filters and orders lead over more than %d relations", maxLed))
	case depth > maxDepth:
		b.fail(prisma.Invalid(r.Name, "filters and orders lead over relations of relations, more than %d deep", maxDepth))
	}
}

// equal are the conditions that columns equal others, one beside the other.
func equal(columns, others []string) []string {
	conditions := make([]string, len(columns))
	for i := range columns {
		conditions[i] = columns[i] + " = " + others[i]
	}
	return conditions
}

// relation are the conditions of a relation's filter.
func (b *builder) relation(s scope, r *prisma.Relation, operations map[string]any) []string {
	var conditions []string
	for _, operation := range sorted(operations) {
		filter, ok := operations[operation].(map[string]any)
		switch operation {
		case "some":
			conditions = append(conditions, b.exists(s, r, filter))
		case "none":
			conditions = append(conditions, "NOT "+b.exists(s, r, filter))
		case "every":
			conditions = append(conditions, b.every(s, r, filter)...)
		case "is", "isNot":
			conditions = append(conditions, b.one(s, r, filter, !ok, operation == "isNot"))
		default:
			b.fail(prisma.Invalid(r.Name, "the operation %s is not supported on a relation", operation))
		}
	}
	return conditions
}

// exists holds where a related record is found by the filter.
func (b *builder) exists(s scope, r *prisma.Relation, filter map[string]any) string {
	to, tables, conditions := b.lead(s, r)
	return "EXISTS (SELECT 1 FROM " + tables + where(append(conditions, b.conditions(to, filter)...)) + ")"
}

// every holds where no related record contradicts the filter: of one of which the
// filter is neither true nor false, it is not said that it does.
func (b *builder) every(s scope, r *prisma.Relation, filter map[string]any) []string {
	to, tables, conditions := b.lead(s, r)
	to.negated = true
	all := b.conditions(to, filter)
	if len(all) == 0 {
		return nil
	}
	return []string{"NOT EXISTS (SELECT 1 FROM " + tables + where(append(conditions, not(all))) + ")"}
}

// one is the filter of a relation to one record: null asks whether there is none. Of a
// record of which the filter is neither true nor false, neither is nor isNot holds.
func (b *builder) one(s scope, r *prisma.Relation, filter map[string]any, null, isNot bool) string {
	if null && r.Holds {
		return isNull(s.columns(r.Fields), isNot)
	}
	if null {
		isNot = !isNot
	}
	to, tables, conditions := b.lead(s, r)
	to.negated = s.negated != isNot
	all := b.conditions(to, filter)
	if to.negated && len(all) > 0 {
		all = []string{"(" + strings.Join(all, " AND ") + ") IS NOT FALSE"}
	}
	conditions = append(conditions, all...)
	text := "EXISTS (SELECT 1 FROM " + tables + where(conditions) + ")"
	if isNot {
		return "NOT " + text
	}
	return text
}

// isNull tells that no column has a value, or that not none has.
func isNull(columns []string, isNot bool) string {
	test, operator := " IS NULL", " AND "
	if isNot {
		test, operator = " IS NOT NULL", " OR "
	}
	for i := range columns {
		columns[i] += test
	}
	return joined(columns, operator)
}

// count is how many related records a filter finds, as an expression.
func (b *builder) count(s scope, r *prisma.Relation, filter map[string]any) string {
	to, tables, conditions := b.related(s, r)
	return "(SELECT count(*) FROM " + tables + where(append(conditions, b.conditions(to, filter)...)) + ")"
}

func list(columns []string) string { return strings.Join(columns, ", ") }
