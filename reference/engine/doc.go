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
//	mutate.go   what a root field that writes asks for: in one statement, else
//	            write.go creates and updates records, upsert.go does either,
//	            nested.go and connect.go change what is related to them, record.go
//	            is what is known of one meanwhile
//	generate.go the values that the query engine gives a new record
//	broken.go   what a write needs and does not find, in Prisma's codes
//	batch.go    several documents: each by itself, or all in one transaction
//	raw.go      SQL of the caller's own
//	refused.go  what Postgres refused, in Prisma's codes
//	fault.go    what is wrong with the service, not with the query
//
// A document of several root fields is one transaction; if one fails, none happened.
package engine
