// Package accelerate is the Accelerate API on a Postgres database: Prisma's
// GraphQL queries over HTTP, answered through a connection pool. It follows
// specs/prisma-accelerate-openapi.yml.
//
// # The life of a query
//
//	handler.go    routes, authorization, refusals; health.go
//	envelope.go   the JSON body: query, variables, a valid cache strategy
//	document.go   GraphQL text -> root fields; variable.go fills values in
//	plan.go       root field and prisma.Schema -> plan, pure
//	statement.go  its one SQL statement; filter.go, condition.go, order.go and
//	              record.go write the parts
//	execute.go    statements -> rows -> JSON, in a transaction where it matters
//	fault.go      what went wrong; database.go names what Postgres refused
//	query.go      all of the above in turn, and the answer
//
// # What is understood
//
// findManyX(where, orderBy, take, skip), createOneX(data),
// updateOneX(where, data) and deleteOneX(where) on the scalar fields of every
// introspected model, with aliases, variables and several root fields in order.
// Everything else, such as relations, fragments or directives, is an error that
// names it: no argument is ever ignored and no result is partial. A document of
// several root fields is one transaction; if one fails, none happened.
//
// Names that come with a request are only ever looked up in the schema; what
// stands in the SQL text is the schema's own name, quoted, and every value is a
// bound parameter. So a request cannot write SQL.
//
// # Errors
//
// A query that failed answers 200 with errors and without data. The members of
// an error are those of the OpenAPI document and those the query engine sends:
// code is P6000, meta.prismaCode and user_facing_error.error_code say P2002 and
// the like. Anything wrong with the request around the query, or with the
// service, is an HTTP status and an AccelerateError.
//
// # Caching
//
// There is no cache: a valid cacheStrategy is accepted and every answer's cache
// status is none. /invalidate and /invalidate-all do not exist.
package accelerate
