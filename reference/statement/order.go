package statement

import (
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// term is what records are ordered by, one after the other.
type term struct {
	// expression is SQL; field is set where it is a column of the model itself.
	expression string
	field      *prisma.Field
	descending bool
	// nulls is "first" or "last", "" where Postgres' own rule holds: null is greater
	// than any value.
	nulls string
}

func (t term) sql() string {
	text := t.expression + " ASC"
	if t.descending {
		text = t.expression + " DESC"
	}
	if t.nulls != "" {
		text += " NULLS " + strings.ToUpper(t.nulls)
	}
	return text
}

// reversed is the term that orders the other way round.
func (t term) reversed() term {
	t.descending = !t.descending
	switch t.nulls {
	case "first":
		t.nulls = "last"
	case "last":
		t.nulls = "first"
	}
	return t
}

func reversed(terms []term) []term {
	back := make([]term, len(terms))
	for i, t := range terms {
		back[i] = t.reversed()
	}
	return back
}

// orderBy is ORDER BY, "" where any order will do.
func orderBy(terms []term) string {
	if len(terms) == 0 {
		return ""
	}
	texts := make([]string, len(terms))
	for i, t := range terms {
		texts[i] = t.sql()
	}
	return " ORDER BY " + list(texts)
}

// terms reads the argument orderBy. joins are the tables that it needs beside the
// model's own, each with at most one row for a record.
func (b *builder) terms(s scope, argument any) (terms []term, joins string) {
	objects, _ := argument.([]any)
	for _, object := range objects {
		members, _ := object.(map[string]any)
		for name, value := range members {
			t, join := b.term(s, name, value)
			terms, joins = append(terms, t), joins+join
		}
	}
	return terms, joins
}

// term is the order by a field, by a field of the record that a relation leads to, or
// by how many it leads to.
func (b *builder) term(s scope, name string, value any) (t term, joins string) {
	if f, ok := s.model.Field(name); ok {
		return directed(term{expression: comparable(s, f), field: f}, value), ""
	}
	r, ok := s.model.Relation(name)
	members, _ := value.(map[string]any)
	if !ok || len(members) != 1 {
		b.fail(prisma.Invalid(name, "%s cannot be ordered by %q", s.model.Name, name))
		return term{}, ""
	}
	for name, value := range members {
		if r.List && name == "_count" {
			b.bound(r, s.depth+1)
			return directed(term{expression: b.count(s, r, nil)}, value), ""
		}
		to, tables, conditions := b.lead(s, r)
		t, joins = b.term(to, name, value)
		t.field = nil
		joins = " LEFT JOIN " + tables + " ON " + strings.Join(conditions, " AND ") + joins
	}
	return t, joins
}

// directed reads a SortOrder, or {sort, nulls}.
func directed(t term, value any) term {
	if order, ok := value.(map[string]any); ok {
		nulls, _ := order["nulls"].(prisma.Symbol)
		t.nulls, value = string(nulls), order["sort"]
	}
	t.descending = value == prisma.Symbol("desc")
	return t
}

// total completes terms so that no two records are in the same place: by the primary
// key, or the first key there is.
func total(s scope, terms []term) []term {
	all := keys(s.model)
	if len(all) == 0 || isTotal(s.model, terms) {
		return terms
	}
	terms = slices.Clone(terms)
	for _, f := range all[0].Fields {
		if !slices.ContainsFunc(terms, func(t term) bool { return t.field == f }) {
			terms = append(terms, term{expression: s.column(f), field: f})
		}
	}
	return terms
}

// isTotal tells whether terms hold a whole key, none of whose fields can be null.
func isTotal(model *prisma.Model, terms []term) bool {
	return slices.ContainsFunc(keys(model), func(key *prisma.Key) bool {
		return !slices.ContainsFunc(key.Fields, func(f *prisma.Field) bool {
			return !f.Required || !slices.ContainsFunc(terms, func(t term) bool { return t.field == f })
		})
	})
}
