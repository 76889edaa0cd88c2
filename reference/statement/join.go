package statement

import "github.com/arazzo-conformance/arazzo/reference/prisma"

// Join relates the record whose id is ID to every one that is selected, where it is
// not yet. Its one row is how many were selected.
func Join(r *prisma.Relation, id *string, selector Selector) (*Statement, error) {
	b := &builder{}
	self, other := scope{model: r.Inverse.Model, alias: "self"}, scope{model: r.Model, alias: own}
	// The record's own id is read from its table, for its type.
	sql := "WITH other AS (SELECT " + other.column(r.References[0]) + " AS id FROM " + other.table() + where(b.matching(other, selector)) +
		"), joined AS (INSERT INTO " + table(r.Join.Namespace, r.Join.Table, "") +
		" (" + quoted(r.Join.Own) + ", " + quoted(r.Join.Other) + ")" +
		" SELECT " + self.column(r.Fields[0]) + ", other.id FROM " + self.table() + ", other" +
		" WHERE " + self.column(r.Fields[0]) + " = " + b.bind(id) + " ON CONFLICT DO NOTHING) SELECT count(*) FROM other"
	return &Statement{SQL: sql, Args: b.args}, b.err
}

// Part ends the relation of the record whose id is ID to every one that is selected.
func Part(r *prisma.Relation, id *string, selector Selector) (*Statement, error) {
	b := &builder{}
	other := scope{model: r.Model, alias: own}
	sql := "DELETE FROM " + table(r.Join.Namespace, r.Join.Table, "") + " WHERE " + quoted(r.Join.Own) + " = " + b.bind(id)
	if selected := b.matching(other, selector); len(selected) > 0 {
		sql += " AND " + quoted(r.Join.Other) + " IN (SELECT " + other.column(r.References[0]) + " FROM " + other.table() + where(selected) + ")"
	}
	return &Statement{SQL: sql, Args: b.args}, b.err
}
