// Package accelerate is the Accelerate API on a Postgres database: Prisma's
// GraphQL queries over HTTP, answered through a connection pool. It follows
// specs/prisma-accelerate-openapi.yml.
//
// # The life of a query
//
//	service.go    what is served, and with what
//	handler.go    routes, authorization, refusals; health.go
//	query.go      a request, from the cache or by
//	envelope.go   the JSON body: query, variables, cache strategy
//	              graphql, which reads the query's text
//	look.go       the schema as it is at present
//	              queryschema, which says what the query means by it
//	              engine, which runs it
//	batch.go      several queries in one request
//	answer.go     the signed result, what is told of it, the response
//	fault.go      what went wrong; guard.go
//	sdl.go        what can be asked, for people and their tools
//
// and of the cache:
//
//	strategy.go   how old an answer may be, by body or headers
//	question.go   what is asked for: the key, and what a request meant last time
//	invalidate.go what drops answers, and how often a caller may
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
// Package cache says how old an answer may be, how loads are shared and what an
// invalidation does. Here stands what is kept there: the result of a query (never of a
// mutation, raw SQL, a batch, and never an error), under a digest of the schema's
// fingerprint and the canonical query with its variables. Each environment has a service
// and so a cache of its own. The strategy is the body's, else the headers'; it is no part
// of the key.
//
// A request that was read once is recognised by a digest of its bytes (questions): an
// answer from the cache costs no reading of JSON and GraphQL. The schema is looked at
// beside the queries, twice a second while there are any: a query waits for a look only
// when the last is more than a second old, and not for long.
//
// Other nodes of the environment are [cache.Peers]: an invalidation is a success when they
// are certain to have done it within their bound, and while they are not heard nothing is
// served from the cache. How they are told is no matter of this package.
package accelerate
