// Package queryschema is what can be asked of a database: the query schema that
// Prisma 4's query engine derives from a Prisma schema, its root fields with their
// input and output types.
//
// Check reads a GraphQL document by it. What it hands on are operations in which
// every name is looked up, every value is of a type that is expected at its place,
// and everything is written in one normal form, so that who makes SQL of it judges
// nothing again:
//
//	where         AND, OR and NOT are lists of objects. A scalar field is an object
//	              of its operations: {equals: v} for v. A relation to one is an
//	              object with is or isNot, whose value is an object or nil; to many
//	              with some, every or none.
//	where unique  exactly one member: a unique field and its value, or the name of a
//	              key of several fields and an object of their values
//	in, notIn     a list, or nil; has... of a list field: as their type says
//	orderBy       a list of objects of one member: a prisma.Symbol, {sort, nulls}, or
//	              an object for a relation or an aggregate
//	distinct, by  a list of prisma.Symbol
//	data          a *Record, of createMany a list of them; so are create and update of
//	              an upsert; an empty one where it may be left out and was
//	take, skip    json.Number, a whole number within 32 bits
//	enums         prisma.Symbol
//
// A scalar's value is what prisma.Field.Parameter takes, and has been taken by it. The
// operation not, and that of a Json field, is as it was written: a value or an object.
//
//	types.go    what types are; recent.go those of the schemas that are asked
//	root.go     the root fields and their arguments; scalar.go the types of values
//	filter.go   where and having; unique.go, order.go
//	data.go     records that are written; nested.go what is written with them
//	output.go   what is answered
//	check.go    a document -> operations (operation.go); value.go and object.go its
//	            values, group.go what holds of groups, bound.go of all there is, fault.go
//	            what does not fit
//	sdl.go      the types as GraphQL has them; sdl_input.go
package queryschema
