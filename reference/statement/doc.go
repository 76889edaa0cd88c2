// Package statement makes SQL of checked operations: one statement, its bound
// values, and what becomes of its rows. It is pure: equal operations give equal
// statements.
//
// Names are the schema's own, quoted, and every value is a bound parameter: nothing
// of a request is in the text.
//
//	statement.go  an operation's statement
//	filter.go     where; condition.go one operation of a field's filter
//	order.go      ORDER BY, LIMIT and OFFSET
//	record.go     data
package statement
