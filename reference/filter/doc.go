// Package filter decides which events a stream or a subscription gets: schema
// EventFilter of specs/prisma-pulse-openapi.yml, with the operators of Prisma's
// scalar filters.
//
// # What a filter says
//
// A member create, update or delete selects that action, several are a union,
// none means all. What stands under it is a field set: conditions on fields, all
// of which must hold, and AND, OR and NOT of field sets. An update's stands under
// after: it is judged by what it made of the row.
//
//	{"create": {}, "update": {"after": {"age": {"gte": 18}, "NOT": {"role": "ADMIN"}}}}
//
// A field's condition is a value, which it must equal, or an object of operators,
// all of which must hold:
//
//	every type but lists                equals in notIn not
//	String Int BigInt Float Decimal
//	DateTime                            lt lte gt gte
//	String                              contains startsWith endsWith, with mode
//	lists                               equals has hasEvery hasSome isEmpty
//	Boolean                             equals not, and no other
//	Json, Unsupported                   none: such a condition is refused
//
// # Null, and what is not known
//
// Conditions are judged as Postgres judges them, and so as Prisma Client's are:
// with three truth values. Every comparison with a null is unknown, its negation
// too; only equals, not, in and notIn of null itself ask for null. An event is
// let through when its filter is true, not when it is unknown. A field that the
// event does not tell, such as a column beside the key of a deleted row, makes a
// condition unknown in the same way: it matches neither a condition nor its
// negation, and never is an error.
//
// # Values
//
// Values compare as Postgres compares them, as far as an event tells them: numbers
// by value (NaN equals itself and is greater than all others), DateTime to the
// millisecond, String by code point (collation "C"), whole lists element by element.
// With mode insensitive, String compares without case, by Unicode's simple case
// folding. A value may stand as JSON has it or tagged as Prisma Client sends it,
// {"$type": "BigInt", "value": "5"}.
//
// # Cost
//
// A filter is parsed once and asked for every event of the log. It looks only at
// the fields that it needs, in the event's bytes, and allocates nothing unless one
// of them is a text with escapes or a long one without case.
package filter
