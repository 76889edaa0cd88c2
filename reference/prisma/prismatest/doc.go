// Package prismatest makes schemas, and databases, of Prisma Schema Language text
// alone, for tests. Schema is a pure function: it gives what Introspect and Fit would
// give if the database were exactly what Prisma's migrations make of the text. Database
// makes that database. Everything is a text that has all that a schema may have.
package prismatest
