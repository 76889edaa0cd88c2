// Package prisma reads a Postgres database in the terms of the Prisma Schema
// Language: which models and enums there are, and what their values look like
// as JSON.
//
// Introspect builds a Schema from the system catalogs. Without a Prisma schema
// file nothing is mapped: a model is named as its table and a field as its
// column. Partitions, views, temporary tables, the system's own schemas and
// Prisma's migration table are left out. Fit gives what it found the names of a
// Prisma schema; views are left out there too, for they have no changes, and with
// them relations to them.
//
// # Names that clash
//
// Where two Postgres schemas hold a table (or an enum) of one name, the one
// that comes first on the search path, then by the schema's name, keeps the
// plain name. Every other is called schema_Table, as Prisma does, followed by
// underscores while that is taken too.
//
// # Relations
//
// Without a Prisma schema a relation is a foreign key, and its fields are named as
// prisma db pull names them: each as the model it leads to, the back one of a model
// that is related to itself with other_ before. Where there are several relations
// between two models, or another field has that name, they are called
// Model_Referencing_fieldsToReferenced, the fields being those of the key. One leads to
// one record at most where a key of the model is within the fields. A table is no
// model, but a relation from many to many, that is called with an underscore before,
// has two columns, A and B, which are a key in that order, and each refers to the id
// of a model, A to the one whose table comes first in the alphabet.
//
// With a Prisma schema relations, keys and defaults are those of the schema: Prisma
// needs no foreign keys.
//
// # Values
//
// AppendJSON turns the text that Postgres prints for a column into JSON, the form
// in which Pulse delivers events, and Value into the same as a Go value:
//
//	String, Enum   string; bytes that are no UTF-8 become U+FFFD
//	Boolean        bool
//	Int, Float     json.Number, digits as Postgres prints them
//	BigInt         string of digits: JSON readers lose digits beyond 2^53
//	Decimal        string without trailing zeros, "12.30" is "12.3"
//	DateTime       string, ISO 8601 in UTC with milliseconds; a time of day is
//	               on 1970-01-01; years beyond 0..9999 have a sign and at least
//	               six digits
//	Bytes          string, base64
//	Json           json.RawMessage without insignificant white space
//	list           []any; a null list is an empty one, an array of several
//	               dimensions a list of lists
//	Unsupported    string, what Postgres prints
//
// What JSON or ISO 8601 has no form for stays the word Postgres uses, as a
// string: "NaN", "Infinity", "-Infinity", "infinity", "-infinity".
//
// AppendGraphQL is the same for the GraphQL protocol of Accelerate, where Json is
// a string of JSON text. Parameter goes the other way, from an input value to
// the text of a bound parameter.
//
// The text must be printed under Settings.
package prisma
