// Package statement makes SQL of checked operations: one statement, its bound
// values, and what becomes of its rows. It is pure: equal operations give equal
// statements.
//
// Names are the schema's own, quoted, and every value is a bound parameter: nothing
// of a request is in the text, but of a raw query, whose text is the caller's.
//
//	statement.go  an operation's statement, and the shape of its answer
//	builder.go    bound values, aliases, quoted names
//	select.go     what is selected: columns, and related records to any depth
//	page.go       which records: filter, order, cursor, distinct, take and skip
//	order.go      orderBy
//	filter.go     where; relation.go, condition.go, list.go and json.go the filters of
//	              a relation, a scalar, a list and a Json field
//	aggregate.go  what many records come to; group.go each group of them
//	value.go      data; insert.go, update.go and join.go what is done with it, and
//	              selector.go to which records
//	raw.go        the values of a raw query; raw_sql.go what it must not begin with
//
// # Reading
//
// A read is one statement. The records of the top model come as rows, whose columns
// are text as Postgres prints it. Related records come in one column for each
// relation, from a LEFT JOIN LATERAL, as JSON arrays without names:
//
//	SELECT t0."id", t2."rows" FROM "User" AS t0
//	LEFT JOIN LATERAL (
//	    SELECT coalesce(json_agg(json_build_array(t1."id", t1."title")), '[]') AS "rows"
//	    FROM "Post" AS t1 WHERE t1."authorId" = t0."id"
//	) AS t2 ON TRUE
//
// What the names are says [Statement.Shape]. A list that is cut to a page is a
// subquery of its own, so that nothing is read of a record that is not in the page.
// A statement about one table alone has no aliases.
//
// # Writing
//
// Insert, Update, Delete, Join and the others are the single steps of a write. Which
// ones, and in what order, is decided by package engine while it runs them: each is
// about records that earlier ones found.
//
// # Semantics
//
// What filters mean where a value is NULL, where a cursor is that no filter finds, in
// which order distinct, skip and take happen: all that is as in Prisma's query engine.
// Beyond it, a page is in an order that is total, by the primary key at last.
package statement
