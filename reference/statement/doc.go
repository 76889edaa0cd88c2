// Package statement makes SQL of checked operations: one statement, its bound
// values, and what becomes of its rows. It is pure: equal operations give equal
// statements.
//
// Names are the schema's own, quoted, and every value is a bound parameter: nothing
// of a request is in the text, but of a raw query, whose text is the caller's.
//
//	statement.go  an operation's statement
//	filter.go     where; condition.go one operation of a field's filter
//	order.go      ORDER BY, LIMIT and OFFSET
//	record.go     data
//	raw.go        the values of a raw query; raw_sql.go what it must not begin with
package statement
