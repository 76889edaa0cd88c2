// Package engine is the query engine: it runs checked operations on a Postgres
// database through a pool of connections, and answers JSON.
//
//	engine.go   what a document of operations comes to
//	pool.go     the connections, and what queries may take
//	execute.go  statements -> rows, in a transaction where it matters
//	ask.go      one statement, which is prepared once for each connection
//	answer.go   rows -> JSON: row.go writes a row, scan.go the JSON arrays in which
//	            nested records come
//	log.go      every statement, for who wants to see them
//	raw.go      SQL of the caller's own
//	refused.go  what Postgres refused, in Prisma's codes
//	fault.go    what is wrong with the service, not with the query
//
// A document of several root fields is one transaction; if one fails, none happened.
package engine
