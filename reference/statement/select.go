package statement

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// RowWidth is how many values an array of nested values has at most; where a record
// has more, it is an array of such arrays. Postgres passes no more arguments to a
// function (FUNC_MAX_ARGS in its sources).
const RowWidth = 100

// selection is what is selected of the records of a scope: the columns, the joins
// that they need beside the records' own table, and what becomes of them.
type selection struct {
	columns []string
	joins   string
	shape   []Member
}

// selection reads what is selected. Values of nested records are to stand in JSON.
func (b *builder) selection(s scope, selected []*queryschema.Selected, nested bool) selection {
	var all selection
	for _, one := range selected {
		switch {
		case one.Field != nil && nested:
			all.add(inJSON(s, one.Field), Member{Key: one.Key, Kind: Scalar, Field: one.Field})
		case one.Field != nil:
			all.add(s.column(one.Field), Member{Key: one.Key, Kind: Scalar, Field: one.Field})
		case one.Relation != nil:
			b.nest(s, one, &all)
		default:
			b.counts(s, one, &all)
		}
	}
	return all
}

func (l *selection) add(column string, m Member) {
	l.columns = append(l.columns, column)
	l.shape = append(l.shape, m)
}

// inJSON is a column as it is put in a JSON array: as what Postgres makes of it, or as
// text where that is not enough to tell what is to be answered.
func inJSON(s scope, f *prisma.Field) string {
	if f.List || f.Type == prisma.DateTime || f.Type == prisma.JSON {
		return s.column(f) + "::text"
	}
	return s.column(f)
}

// array makes one JSON value of a record's columns.
func array(columns []string) string {
	if len(columns) <= RowWidth {
		return "json_build_array(" + list(columns) + ")"
	}
	var arrays []string
	for chunk := range slices.Chunk(columns, RowWidth) {
		arrays = append(arrays, array(chunk))
	}
	return array(arrays)
}

// nest adds a relation: a record or null, or a list.
func (b *builder) nest(s scope, one *queryschema.Selected, all *selection) {
	kind, name, subquery := One, "row", ""
	to, tables, conditions := b.related(s, one.Relation)
	var shape []Member
	if one.Relation.List {
		kind, name = Many, "rows"
		subquery, shape = b.rows(to, tables, conditions, one)
	} else {
		inner := b.selection(to, one.Selection, true)
		subquery = "SELECT " + array(inner.columns) + ` AS "row" FROM ` + tables + inner.joins + where(conditions) + b.single(one.Relation)
		shape = inner.shape
	}
	alias := b.alias()
	all.joins += " LEFT JOIN LATERAL (" + subquery + ") AS " + alias + " ON TRUE"
	all.add(alias+"."+quoted(name), Member{Key: one.Key, Kind: kind, Members: shape})
}

// single keeps a record from being there twice where a relation to one leads to two: it
// may be the Prisma schema alone that calls a key unique. By the primary key it leads
// to one, and without LIMIT Postgres may join in the order it likes, which it finds
// the harder the more there are.
func (b *builder) single(r *prisma.Relation) string {
	if r.Holds && r.Model.ID != nil && slices.Equal(r.References, r.Model.ID.Fields) && b.joined < maxJoined {
		b.joined++
		return ""
	}
	return " LIMIT 1"
}

// rows is the subquery of a list of related records. Where they are limited, their
// order is that of the subquery they come from; else it is the aggregate's own.
func (b *builder) rows(s scope, tables string, conditions []string, one *queryschema.Selected) (string, []Member) {
	p := b.page(s, tables, conditions, one.Arguments, readerOf(one.Selection))
	inner := b.selection(p.scope, one.Selection, true)
	p.from += inner.joins
	row := array(inner.columns)
	if p.limit == "" {
		terms := p.terms
		p.terms = nil
		return p.text([]string{"coalesce(json_agg(" + row + orderBy(terms) + `), '[]') AS "rows"`}), inner.shape
	}
	alias := b.alias()
	return "SELECT coalesce(json_agg(" + alias + `."row"), '[]') AS "rows" FROM (` + p.text([]string{row + ` AS "row"`}) + ") AS " + alias, inner.shape
}

// counts adds _count: how many records relations lead to.
func (b *builder) counts(s scope, one *queryschema.Selected, all *selection) {
	group := Member{Key: one.Key, Kind: Group}
	for _, counted := range one.Selection {
		filter, _ := counted.Arguments["where"].(map[string]any)
		all.columns = append(all.columns, b.count(s, counted.Relation, filter))
		group.Members = append(group.Members, Member{Key: counted.Key, Kind: Number})
	}
	all.shape = append(all.shape, group)
}

// readerOf is what a selection needs of the page of its records.
func readerOf(selected []*queryschema.Selected) reader {
	var r reader
	for _, one := range selected {
		switch {
		case one.Field != nil:
			r.columns = append(r.columns, one.Field)
			continue
		case one.Relation != nil:
			r.columns = append(r.columns, one.Relation.Fields...)
		}
		r.nested = true
		for _, counted := range one.Selection {
			if one.Relation == nil && counted.Relation != nil {
				r.columns = append(r.columns, counted.Relation.Fields...)
			}
		}
	}
	return r
}

// Scalars are the fields of a selection that has nothing else, and the shape of a row of
// them; nil of any other.
func Scalars(selected []*queryschema.Selected) ([]*prisma.Field, []Member) {
	fields, shape := make([]*prisma.Field, len(selected)), make([]Member, len(selected))
	for i, one := range selected {
		if one.Field == nil {
			return nil, nil
		}
		fields[i], shape[i] = one.Field, Member{Key: one.Key, Field: one.Field}
	}
	return fields, shape
}
