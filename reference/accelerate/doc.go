// Package accelerate is the Accelerate API on a Postgres database: Prisma's
// GraphQL queries over HTTP, answered through a connection pool. It follows
// specs/prisma-accelerate-openapi.yml.
//
// # The life of a query
//
//	handler.go    routes, authorization, refusals; health.go
//	envelope.go   the JSON body: query, variables, a valid cache strategy
//	query.go      the query itself, and the answer:
//	              graphql reads its text, queryschema says what it means,
//	              engine runs it
//	fault.go      what went wrong
//
// What is understood of Prisma's query language stands in package queryschema. No
// argument is ever ignored and no result is partial.
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
